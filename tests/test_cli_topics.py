"""
`rasd topics …` and `rasd redo detect --topic` as a topic editor types them, over a ledger of its own.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipeline.cli import app
from pipeline.errors import ConfigError

CONFIG = Path(__file__).resolve().parent.parent / "config"
BRIDGES = """
title: الجسور
title_en: Bridges
description: Bridges, built, closed and repaired.
threshold: 5
required: [bridge, event]
groups:
  bridge:
    8: [جسر]
  event:
    6: [افتتاح]
guards:
  teeth: [جسر أسنان]
examples:
  match:
    - افتتاح جسر جديد فوق الوادي
  no_match:
    - افتتاح عيادة تركب لكل زائر جسر أسنان
"""
ARTICLES = {
    "opened": ("افتتاح جسر جديد فوق الوادي", "افتتاح الجسر حضره سكان القرى."),  # a bridge is opened
    "closed": ("إغلاق جسر قديم للصيانة", "إغلاق الجسر يبدأ غدا ويستمر أسبوعا."),  # a bridge is closed
    "bakery": ("مخبز قديم يفتح أبوابه", "عاد الخباز إلى فرنه بعد غياب طويل."),  # a bakery opens
}


def configured(folder):
    """The file of the only topic there is, in a folder of configuration."""
    shutil.copytree(CONFIG, folder, ignore=shutil.ignore_patterns("topics", "outlets"))
    for name in ("topics", "outlets"):
        (folder / name).mkdir()
    file = folder / "topics" / "bridges.yml"
    file.write_text(BRIDGES, "utf-8")
    return file


@pytest.fixture(scope="module")
def imported(tmp_path_factory):
    """A home into which the three articles were imported; every test has a copy."""
    folder = tmp_path_factory.mktemp("imported")
    lines = [
        {"url": url(name), "title": title, "body": body, "outlet": name, "date": "2026-03-02"}
        for name, (title, body) in ARTICLES.items()
    ]
    file = folder / "articles.jsonl"
    file.write_text("\n".join(json.dumps(line, ensure_ascii=False) for line in lines), "utf-8")
    config = configured(folder / "config").parent.parent
    told = CliRunner(env={"RASD_HOME": str(folder / "var"), "RASD_CONFIG": str(config)}).invoke(
        app, ["import", str(file)]
    )
    assert 0 == told.exit_code, told.output
    return folder / "var"


@pytest.fixture
def topic(tmp_path):
    """The file of the only topic there is."""
    return configured(tmp_path / "config")


@pytest.fixture
def rasd(topic, tmp_path, monkeypatch):
    """Run a command in a home of its own, as a user at a wide terminal would."""
    monkeypatch.setenv("RASD_HOME", str(tmp_path / "var"))
    monkeypatch.setenv("RASD_CONFIG", str(topic.parent.parent))
    monkeypatch.setenv("RASD_LOG_LEVEL", "error")
    monkeypatch.setenv("COLUMNS", "200")
    return lambda *words: CliRunner().invoke(app, list(words))


@pytest.fixture
def stored(imported, tmp_path):
    """The three articles, imported, detected and indexed."""
    shutil.copytree(imported, tmp_path / "var")


def url(name):
    """The address of an article."""
    return f"https://{name}.example/1"


def follow_closures(topic):
    """The editor has closed bridges found as well, and opened ones no longer."""
    topic.write_text(
        BRIDGES.replace("[افتتاح]", "[إغلاق]").replace("- افتتاح جسر جديد", "- إغلاق جسر جديد"), "utf-8"
    )


def found_by(rasd):
    """The outlets of the articles found under the topic."""
    told = rasd("search", "topic:bridges", "--format", "json")
    return {hit["outlet"] for hit in json.loads(told.stdout)["hits"]}


def test_list_shows_what_is_followed(rasd):
    """
    Each topic with its titles, terms, threshold and examples.
    """
    told = rasd("topics", "list")

    assert ["bridges", "الجسور", "Bridges", "2", "5", "2"] == told.stdout.splitlines()[-2].split()


def test_examples_are_run_and_a_failed_one_is_named(rasd, topic):
    """
    Exit code 3, the example and why; 0 when all hold.
    """
    held = rasd("topics", "test")
    topic.write_text(BRIDGES.replace("افتتاح جسر جديد فوق الوادي", "مخبز فوق الوادي"), "utf-8")

    failed = rasd("topics", "test", "bridges")

    assert 0 == held.exit_code
    assert "1 topics, 2 examples, 0 failed" in held.stdout
    assert 3 == failed.exit_code
    assert "مخبز فوق الوادي" in failed.stdout  # a bakery above the valley
    assert "1 failed" in failed.stdout


@pytest.mark.parametrize("words", [("test",), ("explain", "نص"), ("backtest",), ("review",)])
def test_a_topic_that_is_not_there_is_told_with_those_that_are(rasd, stored, words):
    """
    Whoever mistypes a topic's id sees the ids there are.
    """
    command, *rest = words

    told = rasd("topics", command, "bridge", *rest)

    assert isinstance(told.exception, ConfigError)
    assert "no topic bridge; there are bridges" == str(told.exception)


def test_a_text_a_file_and_a_stored_article_are_explained(rasd, stored, tmp_path):
    """
    The verdict, the evidence, and what does not count and why; the same as JSON.
    """
    title, body = ARTICLES["opened"]
    (tmp_path / "text.txt").write_text(f"{title}\n{body}", "utf-8")

    of_text = rasd("topics", "explain", "bridges", title)
    of_file = rasd("topics", "explain", "bridges", str(tmp_path / "text.txt"))
    of_url = rasd("topics", "explain", "bridges", url("opened"))
    of_teeth = rasd("topics", "explain", "bridges", "افتتاح عيادة تركب جسر أسنان")
    as_json = rasd("topics", "explain", "bridges", url("opened"), "--json")

    assert all("bridges: matches with" in told.stdout for told in (of_text, of_file, of_url))
    assert of_file.stdout == of_url.stdout
    assert "does not count: جسر in title (teeth)" in of_teeth.stdout
    (match,) = json.loads(as_json.stdout)
    assert ("bridges", [], 5) == (match["topic_id"], match["missing"], match["threshold"])


def test_an_article_that_is_not_stored_cannot_be_explained(rasd, stored):
    """
    The message says where to ask for it.
    """
    told = rasd("topics", "explain", "bridges", url("nowhere"))

    assert 2 == told.exit_code
    assert "is not stored" in told.stderr


def test_forms_of_a_term_are_shown_before_it_is_used(rasd):
    """
    What is accepted, what is nearest and rejected, and the class that was guessed.
    """
    told, as_json = (rasd("topics", "forms", "جسر", *more) for more in ([], ["--json"]))
    refused = rasd("topics", "forms", "جسر", "--class", "bridge")

    assert "جسر: noun (guessed" in told.stdout
    assert "accepted" in told.stdout
    assert "rejected" in told.stdout
    accepted = {form for form, _ in json.loads(as_json.stdout)["words"][0]["accepted"]}
    assert {"جسر", "الجسر", "جسور"} <= accepted  # a bridge, the bridge, bridges
    assert isinstance(refused.exception, ConfigError)


def test_what_people_judge_is_reviewed(rasd, stored):
    """
    Precision with its interval, and each disagreement as an example to put into words of one's own.
    """
    for name, verdict in (("opened", "yes"), ("closed", "yes"), ("bakery", "no")):
        noted = rasd("topics", "judge", url(name), "bridges", verdict, "--why", "read it")
        assert 0 == noted.exit_code, noted.output

    told = rasd("topics", "review")

    assert "bridges: 3 judged, precision 1.00 (0.21 to 1.00)" in told.stdout
    assert f"{url('closed')}" in told.stdout
    assert "under match:" in told.stdout
    assert f"- |  # read it\n      {ARTICLES['closed'][0]}" in told.stdout
    assert ARTICLES["opened"][0] not in told.stdout


def test_a_judgement_that_cannot_be_noted_is_refused(rasd, stored):
    """
    A verdict is yes or no, and the article one that was seen; then there is nothing to review.
    """
    maybe = rasd("topics", "judge", url("opened"), "bridges", "maybe")
    unseen = rasd("topics", "judge", url("nowhere"), "bridges", "yes")
    review = rasd("topics", "review")

    assert (2, 3) == (maybe.exit_code, unseen.exit_code)
    assert "neither yes nor no" in maybe.stderr
    assert url("nowhere") in unseen.stderr
    assert "nothing is judged yet" in review.stdout


def test_an_edit_is_tried_on_what_is_stored_then_applied(rasd, stored, topic):
    """
    `backtest` shows what is gained and lost, and why; `redo detect --topic` does it, and search
    follows.
    """
    before = found_by(rasd)
    follow_closures(topic)

    tried = rasd("topics", "backtest", "bridges")
    still = found_by(rasd)
    applied = rasd("redo", "detect", "--topic", "bridges")
    again = rasd("topics", "backtest", "bridges")

    gained, lost = tried.stdout.split("1 lost")
    assert "1 gained" in gained
    assert ARTICLES["closed"][0] in gained
    assert ARTICLES["opened"][0] in lost
    assert "2026-03" in lost
    assert "3 articles, 2 changes" in tried.stdout
    assert ({"opened"}, {"opened"}) == (before, still)
    assert "2 articles are put back to detect" in applied.stdout
    assert {"closed"} == found_by(rasd)
    assert "3 articles, 0 changes" in again.stdout


def test_an_edit_is_held_against_a_revision(rasd, stored, topic):
    """
    Not against what is stored, but against the file as Git has it; one that it has not is named.
    """
    folder = topic.parent.parent
    for words in (("init", "-q"), ("add", "-A"), ("commit", "-q", "-m", "bridges")):
        who = ("-c", "user.name=editor", "-c", "user.email=editor@example.com")
        subprocess.run(["git", *who, *words], cwd=folder, check=True)
    follow_closures(topic)
    rasd("redo", "detect", "--topic", "bridges")

    told = rasd("topics", "backtest", "bridges", "--against", "HEAD", "--since", "2026-01")
    later = rasd("topics", "backtest", "bridges", "--against", "HEAD", "--since", "2026-04")
    unknown = rasd("topics", "backtest", "bridges", "--against", "yesterday")

    assert "3 articles, 2 changes" in told.stdout
    assert "0 articles, 0 changes" in later.stdout
    assert isinstance(unknown.exception, ConfigError)
    assert "yesterday" in str(unknown.exception)


def test_points_are_learnt_from_labelled_articles_and_written(rasd, topic, tmp_path):
    """
    Shown first; `--write` puts whole numbers into the files and leaves the rest of them alone.
    """
    labelled = [
        {
            "id": f"{name}-{n}",
            "title": f"{title} {n}",
            "body": body,
            "labels": ["bridges"] * (name == "opened"),
        }
        for n in range(8)
        for name, (title, body) in ARTICLES.items()
    ]
    file = tmp_path / "labelled.jsonl"
    file.write_text("\n".join(json.dumps(line, ensure_ascii=False) for line in labelled), "utf-8")
    evidence = topic.parent.parent / "evidence.yml"
    comments = [line.split("#")[1:] for line in evidence.read_text("utf-8").splitlines()]

    shown = rasd("topics", "fit", str(file))
    untouched = topic.read_text("utf-8")
    written = rasd("topics", "fit", str(file), "--write")

    assert 0 == shown.exit_code, shown.output
    assert "threshold of bridges" in shown.stdout
    assert BRIDGES == untouched
    assert shown.stdout == written.stdout
    assert "threshold: 5" not in topic.read_text("utf-8")
    assert comments == [line.split("#")[1:] for line in evidence.read_text("utf-8").splitlines()]
    assert 0 == rasd("topics", "test").exit_code
