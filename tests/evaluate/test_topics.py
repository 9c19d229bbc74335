"""
Learning what evidence is worth: from labelled articles, and from judged ones of a corpus.
"""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from pipeline.cli import app
from pipeline.config import load_topics
from pipeline.evaluate.labelled import is_closed
from pipeline.evaluate.survey import half_of
from pipeline.evaluate.topics import judged_cases

TOPIC = """
title: الجسور
threshold: 2
required: [bridge, event]
groups:
  bridge: {8: [جسر]}
  event: {8: [افتتاح]}
examples:
  match: [افتتاح جسر]
"""
EVIDENCE = "title_part: 1\nopening: 1\nthroughout: 1\nelsewhere: -1\n"
OPENED = "افتتاح جسر جديد فوق الوادي"  # a bridge is opened
LONG = f"مخبز قديم\n{OPENED}. {'عاد الخباز إلى فرنه بعد غياب طويل. ' * 20}"  # mostly about a baker


def named(half, count):
    """Ids of one half that no fifth is closed to."""
    return [name for name in map(str, range(400)) if half_of(name) == half and not is_closed(name)][:count]


def record(name, text, labels=None):
    title, _, body = text.partition("\n")
    return {"id": name, "title": title, "body": body, "labels": labels or []}


@pytest.fixture
def config(tmp_path):
    """A folder of configuration with one topic and points of all topics."""
    folder = tmp_path / "config"
    for name in ("topics", "outlets"):
        (folder / name).mkdir(parents=True)
    (folder / "topics" / "bridges.yml").write_text(TOPIC, "utf-8")
    (folder / "evidence.yml").write_text(EVIDENCE, "utf-8")
    return folder


def test_the_held_half_and_the_borderline_teach_nothing(config):
    """
    What measures is not learnt from; and of what a reader leaves open about half would be labelled.
    """
    (one, two), (other,) = named("steer", 2), named("held", 1)
    judged = {("bridges", one): "yes", ("bridges", two): "borderline", ("bridges", other): "yes"}
    records = [record(name, OPENED) for name in (one, two, other)]

    cases = judged_cases(judged, records, load_topics(config))

    assert [True] == [case.belongs for case in cases["bridges"]]


def test_learning_takes_labelled_and_judged_and_keeps_to_the_examples(config, tmp_path):
    """
    `rasd topics fit --write` sets no threshold that a topic's own examples would fail.
    """
    steer = named("steer", 30)
    labelled, corpus, judged = (tmp_path / name for name in ("labelled.jsonl", "corpus.jsonl", "judged.tsv"))
    texts = [(OPENED + "\n" + f"{OPENED}. " * 20, ["bridges"]), (LONG, [])] * 10
    labelled.write_text(
        "\n".join(json.dumps(record(f"x{n}", *each)) for n, each in enumerate(texts)), "utf-8"
    )
    corpus.write_text("\n".join(json.dumps(record(name, LONG)) for name in steer), "utf-8")
    judged.write_text("".join(f"{name}\tbridges\tno\n" for name in steer), "utf-8")
    runner = CliRunner(env={"RASD_CONFIG": str(config), "COLUMNS": "160"})
    asked = ["topics", "fit", str(labelled), "--corpus", str(corpus), "--judged", str(judged), "--write"]

    told = runner.invoke(app, asked)
    alone = runner.invoke(app, [*asked[:5]])
    tested = runner.invoke(app, ["topics", "test"])

    assert 0 == told.exit_code, told.output
    assert "30 judged pairs" in told.output
    assert "go together" in alone.output
    assert "1 examples, 0 failed" in tested.output
