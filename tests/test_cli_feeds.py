"""`rasd feeds …` and `rasd archive …` as an operator types them."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from pipeline.cli import app
from pipeline.errors import ConfigError

OPML = """<opml version="2.0"><body><outline text="النهر">
  <outline text="a" xmlUrl="https://alnahr.com.jo/a"/><outline text="b" xmlUrl="https://alnahr.com.jo/b"/>
  </outline><outline text="c" xmlUrl="https://somewhere.example/c"/></body></opml>"""
FEED = """<rss version="2.0"><channel><title>النهر</title>
  <item><title>خبر</title><link>https://alnahr.com.jo/1</link></item></channel></rss>"""


@pytest.fixture
def rasd(tmp_path, monkeypatch):
    """Run a command in a home of its own, with no outlet configured."""
    for folder in ("outlets", "topics"):
        (tmp_path / "config" / folder).mkdir(parents=True)
    monkeypatch.setenv("RASD_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("RASD_CONFIG", str(tmp_path / "config"))
    monkeypatch.chdir(tmp_path)
    return lambda *words: CliRunner().invoke(app, list(words))


def test_an_opml_list_becomes_outlets(rasd, tmp_path):
    """
    First shown, then written, a file for each host; what cannot be placed is named; a second import
    finds everything configured; and the export lists it.
    """
    (tmp_path / "list.opml").write_text(OPML, encoding="utf-8")

    shown = rasd("feeds", "import", "list.opml")
    written = rasd("feeds", "import", "list.opml", "--write", "--country", "jo")
    again = rasd("feeds", "import", "list.opml")
    exported = rasd("feeds", "export")

    assert 3 == shown.exit_code
    assert "alnahr: 2 feeds, jo, Asia/Amman" in shown.stdout
    assert "somewhere.example" in shown.stderr
    assert ["alnahr.yml", "somewhere.yml"] == sorted(
        file.name for file in (tmp_path / "config" / "outlets").iterdir()
    )
    assert 0 == written.exit_code
    assert "3 feeds listed, 3 configured already" in again.stdout
    assert exported.stdout.count("xmlUrl") == 3


def test_a_file_is_never_written_over(rasd, tmp_path):
    """
    What an operator wrote stays, and the message says what to do.
    """
    (tmp_path / "list.opml").write_text(OPML, encoding="utf-8")
    rasd("feeds", "import", "list.opml", "--write", "--country", "jo")
    (tmp_path / "list.opml").write_text(OPML.replace("jo/a", "jo/other"), encoding="utf-8")

    again = rasd("feeds", "import", "list.opml", "--write", "--country", "jo")

    assert isinstance(again.exception, ConfigError)
    assert "--outlet" in str(again.exception)


def test_a_feed_in_a_file_is_checked(rasd, tmp_path):
    """
    As a table and as JSON; a file that is no feed is a no.
    """
    (tmp_path / "feed.xml").write_text(FEED, encoding="utf-8")
    (tmp_path / "page.html").write_text("<html>x</html>", encoding="utf-8")

    told, as_json, refused = (
        rasd("feeds", "check", *words) for words in (["feed.xml"], ["feed.xml", "--json"], ["page.html"])
    )

    assert "entries     1 in RSS 2.0, none with a date" in told.stdout
    assert 1 == json.loads(as_json.stdout)["entries"]
    assert 3 == refused.exit_code


def test_feeds_alone_lists_them(rasd):
    """
    The table, or JSON, of everything that is configured.
    """
    assert 0 == rasd("feeds").exit_code
    assert [] == json.loads(rasd("feeds", "--json").stdout)


def test_a_damaged_archive_is_a_no(rasd, tmp_path):
    """
    A sound one is read to its end; a flipped byte is found and its file named.
    """
    from datetime import UTC, datetime

    from pipeline.collect.answer import Answer
    from pipeline.collect.archive import open_archive

    now = datetime(2026, 11, 24, 12, tzinfo=UTC)
    archive = open_archive(tmp_path / "home" / "archive")
    url = "https://alnahr.example/1"
    given = Answer(requested_url=url, final_url=url, status=200, headers=(), body=b"text" * 500)
    archive.write(given, fetched_at=now, about={})
    archive.close()

    sound = rasd("archive", "verify")
    (file,) = (tmp_path / "home" / "archive").glob("*.warc.gz")
    damaged = bytearray(file.read_bytes())
    damaged[len(damaged) // 2] ^= 0xFF
    file.write_bytes(damaged)
    broken = rasd("archive", "verify")

    assert (0, 3) == (sound.exit_code, broken.exit_code)
    assert "1 files, 0 of them in use; 4 records read" in sound.stdout
    assert f"damaged: {file.name}" in broken.stdout
