"""Feeds are scored file by file, whatever a file does to its reader."""

from __future__ import annotations

import json
import os
import tarfile

import pytest
from typer.testing import CliRunner

from pipeline.cli import app
from pipeline.errors import ConfigError
from pipeline.evaluate.feeds import _Reader, evaluate_feeds
from tests.collect.documents import ATOM, JSON, TITLE, item, rss

TEN = rss("".join(item(title=f"{TITLE} {number}", link=f"/{number}") for number in range(10)))


@pytest.fixture
def folder(tmp_path):
    """Two good feeds, a page, and a feed with three damaged copies of it."""
    (tmp_path / "deep" / "er").mkdir(parents=True)
    (tmp_path / "deep" / "er" / "atom.xml").write_text(ATOM, "utf-8")
    (tmp_path / "deep" / "feed.json").write_text(JSON, "utf-8")
    (tmp_path / "page.html").write_text("<html><body>hello", "utf-8")
    damaged = tmp_path / "damaged"
    damaged.mkdir()
    (damaged / "utf8_ok.xml").write_text(TEN, "utf-8")
    (damaged / "cp1256.xml").write_bytes(TEN.replace("utf-8", "x", 1).encode("cp1256"))
    (damaged / "ampersands.xml").write_text(TEN.replace("</title>", " AT&T &</title>"), "utf-8")
    (damaged / "wrong.xml").write_text(TEN.replace(f"{TITLE} 3", "something else"), "utf-8")
    return tmp_path


def test_every_file_is_read_and_counted(folder):
    """
    Entries, links and dates; what is no feed by its name; feedparser beside us.
    """
    figures = evaluate_feeds(folder)

    assert (7, 0, 0, 0) == tuple(figures[name] for name in ("files", "crashed", "hung", "over_2s"))
    assert (42, 42, 2) == tuple(figures[name] for name in ("entries", "linked", "dated"))
    assert {"not_a_feed": 1, "read": 6} == figures["outcomes"]
    assert (41, 0) == (figures["feedparser_entries"], figures["fewer_than_feedparser"])
    assert 0 < figures["peak_mb"] < 300
    assert ["damaged/ampersands.xml", "page.html"] == [
        figures["per_file"][place]["file"] for place in (0, -1)
    ]


def test_damaged_copies_are_held_against_the_undamaged(folder):
    """
    Title by title; what a stray ampersand put after one may stand.
    """
    damaged = evaluate_feeds(folder)["damaged"]

    assert {
        "damaged/ampersands.xml": 10,
        "damaged/cp1256.xml": 10,
        "damaged/utf8_ok.xml": 10,
        "damaged/wrong.xml": 9,
    } == {name: figures["titles_right"] for name, figures in damaged.items()}


def test_an_archive_is_unpacked_first(folder, tmp_path_factory):
    """
    A .tar.xz in place of a folder gives the same figures.
    """
    packed = tmp_path_factory.mktemp("packed") / "feeds.tar.xz"
    with tarfile.open(packed, "w:xz") as archive:
        archive.add(folder, ".")

    printed = CliRunner().invoke(app, ["evaluate", "feeds", str(packed), "--json"]).stdout

    figures = json.loads(printed)
    assert (7, 42) == (figures["files"], figures["entries"])


def test_a_folder_without_files_is_a_mistake(tmp_path):
    """
    Nought of nought is no score.
    """
    with pytest.raises(ConfigError, match="no files"):
        evaluate_feeds(tmp_path)


def test_a_file_that_hangs_its_reader_costs_its_deadline(tmp_path):
    """
    It is given up, and another reader goes on.
    """
    endless, good = tmp_path / "endless", tmp_path / "good.xml"
    os.mkfifo(endless)
    good.write_text(TEN, "utf-8")

    with _Reader("ours", deadline_s=2) as reader:
        reader.ask(endless)
        hung = reader.report()
        reader.ask(good)
        read = reader.report()

    assert ("hung", 2) == (hung["outcome"], hung["seconds"])
    assert ("read", 10) == (read["outcome"], len(read["titles"]))


def test_a_file_that_kills_its_reader_is_a_crash(tmp_path):
    """
    It is counted, and another reader goes on.
    """
    good = tmp_path / "good.xml"
    good.write_text(TEN, "utf-8")

    with _Reader("ours") as reader:
        reader.ask(good)
        reader.report()
        reader._process.kill()
        died = reader.report()
        reader.ask(good)

        assert "died" == died["outcome"]
        assert "read" == reader.report()["outcome"]


@pytest.mark.shared
@pytest.mark.slow
def test_feed_parsers_own_suites_are_read(shared_data):
    """
    Some 6,000 files of fifteen test suites: none crashes, none is slow, none gives less than feedparser.
    """
    figures = evaluate_feeds(shared_data / "feeds" / "suites.tar.xz")

    assert 5_900 < figures["files"]
    assert (0, 0, 0) == tuple(figures[name] for name in ("crashed", "hung", "fewer_than_feedparser"))
    assert 300 > figures["peak_mb"]
    assert figures["titles_same"] > 0.999 * figures["titles_compared"]
