"""
The command line, edge to edge on a ledger and an index of its own.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import typer.main

from pipeline.cli import app

RASD = Path(sys.executable).with_name("rasd")

ARTICLES = [
    {
        "url": "https://one.example/talks",
        "title": "اتصال هاتفي بين بوتين وترامب يمهد لقمة جديدة",
        "body": "أجرى الرئيسان الروسي والأمريكي اتصالا هاتفيا بحثا فيه العلاقات بين موسكو وواشنطن.\n"
        "وقال الكرملين إن وزيري الخارجية سيلتقيان قريبا للتحضير لقمة بين البلدين.",
        "date": "2026-03-02T10:00:00+00:00",
        "outlet": "one",
    },
    {
        "url": "https://two.example/bakery",
        "title": "مخبز قديم في وسط المدينة يفتح أبوابه من جديد",
        "body": "عاد الخباز إلى فرنه بعد غياب طويل، واصطف الزبائن منذ الفجر أمام الباب الخشبي.",
        "date": "2026-03-03",
        "outlet": "two",
    },
]


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A home into which the two articles were imported, with one broken line between them."""
    folder = tmp_path_factory.mktemp("home")
    lines = [
        json.dumps(ARTICLES[0], ensure_ascii=False),
        "{broken",
        json.dumps(ARTICLES[1], ensure_ascii=False),
    ]
    (folder / "articles.jsonl").write_text("\n".join(lines), "utf-8")
    told = rasd(folder, "import", str(folder / "articles.jsonl"))
    assert 0 == told.returncode, told.stderr
    assert "articles.jsonl:2" in told.stderr + told.stdout
    return folder


def rasd(home, *arguments, **environment):
    """Run the installed command as a user would."""
    return subprocess.run(
        [RASD, *arguments],
        env={
            **os.environ,
            "RASD_HOME": str(home / "var"),
            "RASD_LOG_LEVEL": "warning",
            "COLUMNS": "160",
            **environment,
        },
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_search_prints_one_object_with_highlights(home):
    """
    `search --format json` prints the total and every hit with its topics and highlights.
    """
    answer = json.loads(rasd(home, "search", "موسكو", "--format", "json").stdout)

    assert 1 == answer["total"]
    (hit,) = answer["hits"]
    assert ARTICLES[0]["url"] == hit["url"]
    assert ["us_russia_diplomacy"] == hit["topics"]
    assert "2026-03-02T10:00:00+00:00" == hit["published_at"]
    assert any("موسكو" in piece["text"] for piece in hit["highlights"])


@pytest.mark.parametrize(
    ("arguments", "total"),
    [
        (["الخبز"], 0),
        (["مخبز"], 1),
        (["المخبز"], 1),
        (["موسكو", "--topic", "us_russia_diplomacy"], 1),
        (["موسكو", "--outlet", "two"], 0),
        (["المدينة", "--since", "2026-03-03"], 1),
        (["المدينة", "--until", "2026-03-02"], 0),
        (["", "--topic", "us_russia_diplomacy"], 1),
    ],
)
def test_search_filters(home, arguments, total):
    """
    Topic, outlet and dates narrow the answer; a filter alone is a query.
    """
    answer = json.loads(rasd(home, "search", *arguments, "--format", "json").stdout)

    assert total == answer["total"]


def test_search_as_csv_opens_in_a_spreadsheet(home):
    """
    CSV begins with a byte order mark and a header.
    """
    told = rasd(home, "search", "موسكو", "--format", "csv").stdout

    assert told.startswith("\ufeff")
    assert 2 == len(told.strip().splitlines())


def test_a_query_that_cannot_be_read_says_where(home):
    """
    The error names the column, and the exit code is 2.
    """
    told = rasd(home, "search", '"موسكو')

    assert 2 == told.returncode
    assert "column 1" in told.stderr
    assert "Traceback" not in told.stderr


def test_why_tells_the_evidence(home):
    """
    `why` names the topic, the terms found and the outcome.
    """
    told = rasd(home, "why", ARTICLES[0]["url"])

    assert 0 == told.returncode
    assert "us_russia_diplomacy" in told.stdout
    assert "indexed" in told.stdout


def test_why_of_an_unknown_url_says_so(home):
    """
    A URL no feed listed is a plain no, with exit code 3.
    """
    told = rasd(home, "why", "https://nowhere.example/1")

    assert 3 == told.returncode
    assert "nowhere.example" in told.stdout + told.stderr


def test_an_imported_record_in_another_language_says_why_it_is_not_here(tmp_path):
    """
    It is counted, and `why` names its language; the same file once more knows it.
    """
    record = {
        "url": "https://three.example/harbour",
        "title": "The old harbour opens again",
        "body": "The old harbour of the town opens again on Sunday, the council said in a statement. " * 4,
        "outlet": "three",
    }
    file = tmp_path / "english.jsonl"
    file.write_text(json.dumps(record), "utf-8")

    first, again = (rasd(tmp_path, "import", str(file)).stdout for _ in range(2))
    told = rasd(tmp_path, "why", record["url"])
    counts = json.loads(rasd(tmp_path, "status", "--json").stdout)["outcomes"]

    assert "not_arabic 1" in first.splitlines()[0]
    assert "known 1" in again.splitlines()[0]
    assert (0, True) == (told.returncode, "not_arabic: en" in told.stdout)
    assert {"three": {"not_arabic": 1}} == counts


def test_forgotten_articles_are_gone_from_search(home, tmp_path):
    """
    `forget` takes an article out of ledger and index, and a second import does not bring it back.
    """
    url = ARTICLES[1]["url"]
    assert 0 == rasd(home, "backup", str(tmp_path / "before")).returncode

    assert 0 == rasd(home, "forget", url, "--yes").returncode
    rasd(home, "import", str(home / "articles.jsonl"))

    assert 0 == json.loads(rasd(home, "search", "مخبز", "--format", "json").stdout)["total"]
    assert 0 == rasd(home, "restore", str(tmp_path / "before"), "--yes").returncode
    assert 0 == rasd(home, "index", "rebuild").returncode
    assert 1 == json.loads(rasd(home, "search", "مخبز", "--format", "json").stdout)["total"]


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("RASD_TIME_ZONE", "Mars"),
        ("RASD_WORKERS", "many"),
        ("RASD_HOME", "/dev/null/rasd"),
        ("RASD_CONFIG", "/nonexistent"),
        ("RASD_ELASTICSEARCH_URL", "localhost:9200"),
        ("RASD_HOST_PAUSES", "5"),
    ],
)
def test_a_wrong_setting_is_one_line(home, variable, value):
    """
    A setting that cannot be is named in one line, before any work.
    """
    told = rasd(home, "run", "--once", **{variable: value})

    assert 1 == told.returncode
    assert 1 == len(told.stderr.strip().splitlines()), told.stderr
    assert f"{variable}: " in told.stderr or value in told.stderr


@pytest.mark.parametrize(
    ("arguments", "wrong"),
    [
        (("evaluate", "dates", "/nowhere"), "rasd: file: path '/nowhere' does not exist; see: rasd evaluate"),
        (("topics", "fit", "/nowhere"), "rasd: file: path '/nowhere' does not exist; see: rasd topics fit"),
        (("web", "--port", "70000"), "rasd: --port: 70000 is too much; write at most 65535; see: rasd web"),
        (("web", "--port", "high"), "rasd: --port: 'high' is no whole number"),
        (("redo", "polish"), "rasd: stage: 'polish' is not one of 'extract', 'detect', 'index'; see: rasd"),
        (("serch",), "rasd: no such command serch; did you mean 'search'"),
        (("search", "--topics", "dam"), "rasd: no such option --topics; there is"),
        (("search", "--topic"), "rasd: option '--topic' requires an argument"),
        (("why",), "rasd: the argument url is missing; see: rasd why --help"),
        (("why", "a", "b"), "rasd: got unexpected extra argument"),
        (("poll", "--outlet", "one"), "rasd: --outlet goes with --now"),
        (("search", "مخبز", "--since", "lately"), "rasd: 'lately' is no date; write 2026"),  # bakery
        (("search", "مخبز", "--sort", "odd"), "rasd: sort by relevance"),  # bakery
        (("search", "مخبز", "--limit", "0"), "rasd: a page holds 1 to"),  # bakery
    ],
)
def test_a_command_that_cannot_be_read_is_told_what_is_wrong(home, arguments, wrong):
    """
    Exit code 2 and one line with the value at fault; and no column where the query itself is fine.
    """
    told = rasd(home, *arguments)

    assert 2 == told.returncode, told.stderr
    (line,) = told.stderr.splitlines()
    assert line.startswith(wrong)
    assert "" == told.stdout


def test_without_a_command_there_is_help(home):
    """
    It is no mistake to ask what there is.
    """
    told = rasd(home, "topics")

    assert 2 == told.returncode
    assert "backtest" in told.stdout + told.stderr
    assert "rasd: " not in told.stderr


def test_who_says_no_stops_it(home):
    """
    Nothing is done, and that is said in a line.
    """
    told = rasd(home, "restore", str(home))  # nobody answers

    assert 1 == told.returncode
    assert told.stderr.endswith("rasd: stopped; nothing was done\n")


def test_a_filter_nothing_goes_by_is_told(home):
    """
    Beside an answer that finds nothing; an outlet that is only in what was imported is known.
    """
    wrong = rasd(home, "search", "--topic", "us_rusia", "--outlet", "one").stdout
    right = rasd(home, "search", "outlet:one country:jo").stdout

    assert "no topic is called 'us_rusia'; did you mean us_russia_diplomacy?" in wrong
    assert "no outlet" not in wrong
    assert "is called" not in right


def test_terms_stand_in_brackets_where_there_is_no_colour(home):
    """
    Each with the number of its group, which the line above explains.
    """
    told = rasd(home, "why", ARTICLES[0]["url"]).stdout

    assert "[1] " in told
    assert "[2] " in told
    assert re.search(r"\[بوتين وترامب \d\]", told), told  # Putin and Trump, named as one


def test_debug_shows_the_trace(home):
    """
    `--debug` shows where it went wrong.
    """
    told = rasd(home, "--debug", "search", '"موسكو')

    assert "Traceback" in told.stderr


def test_status_counts_add_up(home):
    """
    `status` shows what there is.
    """
    told = rasd(home, "status")

    assert 0 == told.returncode, told.stderr
    assert "indexed" in told.stdout


#: What collecting, extracting and the ledger need; it takes longer to load than a search does.
OF_THE_PIPELINE = {"feedparser", "httpx", "lxml", "sqlalchemy", "trafilatura", "warcio"}
LOADED = """
import atexit, sys
from pipeline.cli import main
atexit.register(lambda: print(*sys.modules, file=sys.stderr))
main()
"""


@pytest.mark.parametrize("arguments", [["--help"], ["search", "القمة"]])  # the summit
def test_a_search_does_not_wait_for_the_pipeline_to_load(home, arguments):
    """
    Help, and a search of the embedded index, load no library of the steps that bring articles in.
    """
    told = subprocess.run(
        [sys.executable, "-c", LOADED, *arguments],
        env={**os.environ, "RASD_HOME": str(home / "var")},
        capture_output=True,
        text=True,
        check=True,
    )

    assert "pipeline.cli" in told.stderr
    assert set() == OF_THE_PIPELINE & set(told.stderr.split())


def commands_of(name, command):
    """A command and all those below it, by their whole names."""
    yield name, command
    for word, child in getattr(command, "commands", {}).items():
        yield from commands_of(f"{name} {word}", child)


@pytest.mark.parametrize(("name", "command"), list(commands_of("rasd", typer.main.get_command(app))))
def test_every_command_says_what_it_does(name, command):
    """
    In a sentence, and what each of its words and options is for.
    """
    assert command.help.endswith("."), name
    assert [] == [part.name for part in command.params if not part.help]


@pytest.mark.parametrize("words", [("extract", "--apply"), ("detect",), ("index",)])
def test_redo_takes_no_limit_it_would_not_keep_to(tmp_path, words):
    """
    Whoever asks for ten articles does not get all of them done again.
    """
    told = rasd(tmp_path, "redo", *words, "--limit", "10")

    assert 2 == told.returncode
    assert "--limit" in told.stderr
    assert not (tmp_path / "var").exists()
