"""
Topics over a corpus: what is drawn, what people said of it, and the figures that come of both.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipeline.cli import app
from pipeline.config import load_topics
from pipeline.errors import ConfigError
from pipeline.evaluate.alarms import figures_of, read_judged, unjudged
from pipeline.evaluate.survey import half_of, survey

ROOT = Path(__file__).resolve().parent.parent.parent
BRIDGES = """
title: الجسور
title_en: Bridges
threshold: 10
required: [bridge, event]
points: {title_part: 10, throughout: 9}
groups:
  bridge:
    8: [جسر]
  event:
    8: [افتتاح]
examples:
  match: [افتتاح جسر]
  no_match: [طبيب]
"""
OPENED = "افتتاح جسر جديد فوق الوادي"  # a bridge is opened
BAKERY = "مخبز قديم في وسط المدينة"  # a bakery


def record(name, title, body="", date=""):
    """A record of a corpus."""
    return {"id": name, "title": title, "body": body, "date": date, "outlet": "one"}


CORPUS = [
    *(record(f"bridge-{n}", f"{OPENED} {n}", date=f"2026-03-0{1 + n % 2}") for n in range(6)),
    record("bakery", BAKERY, date="2026-03-01"),
    record("passing", BAKERY, OPENED),
]


@pytest.fixture
def config(tmp_path):
    """A folder of configuration with one topic."""
    (tmp_path / "config" / "topics").mkdir(parents=True)
    (tmp_path / "config" / "outlets").mkdir()
    (tmp_path / "config" / "topics" / "bridges.yml").write_text(BRIDGES, "utf-8")
    return tmp_path / "config"


@pytest.fixture
def surveyed(config):
    """What the topic says over the corpus."""
    topics = load_topics(config)
    return lambda corpus=CORPUS, **wishes: survey(corpus, topics, **wishes)


def test_of_what_is_flagged_the_judged_are_counted(surveyed):
    """
    Right, borderline and wrong, their share with its interval, and how often the topic speaks.
    """
    judged = {
        ("bridges", name): said
        for name, said in [
            ("bridge-0", "yes"),
            ("bridge-1", "yes"),
            ("bridge-2", "no"),
            ("bridge-3", "borderline"),
        ]
    }

    figures = figures_of(surveyed(), judged, 50)

    bridges = figures["topics"]["bridges"]
    assert (8, 2) == (figures["articles"], figures["days"])
    assert (6, 6, 4) == (bridges["flagged"], bridges["drawn"], bridges["read"])
    assert (2, 1, 1) == (bridges["right"], bridges["borderline"], bridges["wrong"])
    assert (750.0, 3.0) == (bridges["per_1000"], bridges["per_day"])
    assert (0.5, 2 / 3) == (bridges["precision"], bridges["precision_clear"])
    low, high = bridges["precision_interval"]
    assert 0 < low < 0.5 < high < 1


def test_what_is_nearly_flagged_tells_of_recall(surveyed):
    """
    What belongs and is too weak counts as missed, in the measure in which it was drawn.
    """
    said = {("bridges", f"bridge-{n}"): "yes" for n in range(6)}

    without = figures_of(surveyed(), said, 50)["topics"]["bridges"]
    missed = figures_of(surveyed(), said | {("bridges", "passing"): "yes"}, 50)
    fine = figures_of(surveyed(), said | {("bridges", "passing"): "no"}, 50)

    assert (1, None) == (without["near"], without["recall"])
    assert 6 / 7 == pytest.approx(missed["topics"]["bridges"]["recall"])
    assert 1.0 == fine["topics"]["bridges"]["recall"]


def test_a_sample_stays_the_same_when_more_is_flagged(surveyed):
    """
    What was drawn once is drawn again, but where another article comes before it.
    """
    fewer = surveyed(CORPUS[2:])

    first = {article.article_id for _, _, article in unjudged(surveyed(), {}, 3)}
    then = {article.article_id for _, _, article in unjudged(fewer, {}, 3)}

    assert first - {"bridge-0", "bridge-1"} <= then


def test_labelled_articles_are_counted_and_never_drawn(surveyed):
    """
    Terms were written by people who had seen them.
    """
    told = surveyed(labelled={"bridge-0"})

    figures = figures_of(told, {}, 50)["topics"]["bridges"]

    assert (6, 5) == (figures["flagged"], figures["drawn"])


def test_the_halves_share_nothing_and_are_all(surveyed):
    """
    What is looked at for mistakes is not what the figures are of.
    """
    steer, held = (
        {article.article_id for _, _, article in unjudged(surveyed(half=half), {}, 50)}
        for half in ("steer", "held")
    )

    assert not steer & held
    assert {f"bridge-{n}" for n in range(6)} | {"passing"} == steer | held
    assert all("steer" == half_of(name) for name in steer)


@pytest.mark.parametrize("bad", ["one", "one\tbridges", "one\tbridges\tmaybe", "first\tbridges\tyes"])
def test_a_line_that_judges_nothing_is_named(tmp_path, bad):
    """
    Whoever judges by hand learns which line to mend; nor is an article judged twice.
    """
    file = tmp_path / "judged.tsv"
    file.write_text(f"# id, topic, verdict\nfirst\tbridges\tyes\n{bad}\n", "utf-8")

    with pytest.raises(ConfigError, match=r"judged\.tsv:3: "):
        read_judged(file)


def test_what_is_not_judged_yet_is_shown(tmp_path, config):
    """
    `rasd evaluate alarms --to-read` prints figures, then id, topic, headline and opening of the rest.
    """
    corpus, judged = tmp_path / "corpus.jsonl", tmp_path / "judged.tsv"
    corpus.write_text("\n".join(json.dumps(each, ensure_ascii=False) for each in CORPUS), "utf-8")
    (tmp_path / "labelled.jsonl").write_text('{"id": "bridge-5", "labels": []}\n', "utf-8")
    judged.write_text("".join(f"bridge-{n}\tbridges\tyes\n" for n in range(4)), "utf-8")
    asked = ["evaluate", "alarms", "--corpus", str(corpus), "--judged", str(judged)]
    asked += ["--topic", "bridges", "--to-read"]

    runner = CliRunner(env={"RASD_CONFIG": str(config)})
    told = runner.invoke(app, asked)
    as_json = runner.invoke(app, [*asked, "--json"])

    assert 0 == told.exit_code, told.output
    assert "bridges" in told.output
    assert f"bridge-4\tbridges\t(flagged)\n{OPENED} 4" in told.output
    assert "bridge-5" not in told.output
    figures = json.loads(as_json.stdout)
    row = figures["topics"]["bridges"]
    assert (4, 5, 4) == (row["read"], row["drawn"], row["right"])
    assert [("bridge-4", "flagged"), ("passing", "near")] == [
        (each["id"], each["kind"]) for each in figures["to_read"]
    ]


def test_the_judged_ids_that_ship_can_be_read():
    """
    Each line names a topic there is; no sentence of a corpus is among them.
    """
    judged = read_judged(ROOT / "tests" / "evaluate" / "judged.tsv")

    assert {topic for topic, _ in judged} <= set(load_topics(ROOT / "config"))
    assert all(article_id.isalnum() and article_id.isascii() for _, article_id in judged)
