"""
What the ledger tells people: counts that add up, stories, the health of feeds.
"""

from __future__ import annotations

from tests.ledger.desk import WEEKLY, article, entry, match


def test_topics_are_counted_by_outlet(desk):
    """
    An article counts once for each of its topics, at its outlet, and only when it is searchable.
    """
    desk.list(entry("dam"), entry("oil"))
    desk.list(entry("river", WEEKLY), feed=WEEKLY)
    desk.fetch()
    desk.read(article("dam"), article("oil"), article("river", outlet_id="weekly"))
    desk.detect(match("water"), match("energy"))

    before = desk.ledger.topics_by_outlet()
    desk.index()

    assert {} == before
    assert {
        "water": {"daily": 2, "weekly": 1},
        "energy": {"daily": 2, "weekly": 1},
    } == desk.ledger.topics_by_outlet()
