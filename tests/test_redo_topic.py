"""
An edited topic over stored articles: what it gains comes in, what it loses goes, the index follows.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from pipeline import wiring
from pipeline.settings import Settings

CONFIG = Path(__file__).parent.parent / "config"
BAKERIES = """
title: المخابز
threshold: 5
required: [bakery]
groups:
  bakery:
    8: [{terms}]
"""
BREAD, CAKES = "مخبز", "حلويات"  # a bakery, sweets
ARTICLES = {
    "one": "مخبز قديم يفتح أبوابه من جديد",  # an old bakery reopens
    "two": "متجر حلويات يعرض كعكة عملاقة",  # a sweet shop shows a giant cake
}


@pytest.fixture
def monitor_of(tmp_path):
    """A monitor over one ledger whose topic `bakeries` has the terms given; articles wait in a file."""
    folder = tmp_path / "config"
    shutil.copytree(CONFIG, folder, ignore=shutil.ignore_patterns("topics", "outlets"))
    for name in ("topics", "outlets"):
        (folder / name).mkdir()
    lines = [
        json.dumps(
            {"url": f"https://{name}.example/1", "title": title, "outlet": name, "body": f"{title}. " * 5}
        )
        for name, title in ARTICLES.items()
    ]
    (tmp_path / "articles.jsonl").write_text("\n".join(lines), "utf-8")

    def opened(terms):
        (folder / "topics" / "bakeries.yml").write_text(BAKERIES.format(terms=terms), "utf-8")
        return wiring.open_monitor(Settings(home=tmp_path / "var", config=folder))

    with opened(BREAD) as monitor:
        monitor.import_file(tmp_path / "articles.jsonl")
        monitor.run()
    return opened


@pytest.mark.parametrize(
    ("terms", "narrowed", "count", "found"),
    [
        (f"{BREAD}, {CAKES}", {}, 2, {"one", "two"}),
        (CAKES, {}, 2, {"two"}),
        (CAKES, {"outlet": "two"}, 1, {"one", "two"}),
        (CAKES, {"until": "1999"}, 0, {"one"}),
        (CAKES, {"only_failed": True}, 0, {"one"}),
    ],
)
def test_a_topic_done_again_gains_and_loses(monitor_of, terms, narrowed, count, found):
    """
    Put back are the articles that matched and those that would now, within what was chosen.
    """
    with monitor_of(terms) as monitor:
        put_back = monitor.redo("detect", topic="bakeries", **narrowed)
        monitor.detect()
        monitor.index()

        documents = (monitor.ledger.story_of(f"https://{name}.example/1") for name in ARTICLES)
        matching = {story.article.outlet_id for story in documents if story.matches}
        assert (count, found) == (put_back, matching)


def test_a_topic_taken_away_is_taken_out(monitor_of, tmp_path):
    """
    A topic that has no file any more finds nothing new and loses what it had.
    """
    with monitor_of(BREAD):
        (tmp_path / "config" / "topics" / "bakeries.yml").rename(tmp_path / "config" / "topics" / "shops.yml")
    with wiring.open_monitor(Settings(home=tmp_path / "var", config=tmp_path / "config")) as monitor:
        assert 1 == monitor.redo("detect", topic="bakeries")
        monitor.detect()

        story = monitor.ledger.story_of("https://one.example/1")
        assert ["shops"] == [match.topic_id for match in story.matches]
