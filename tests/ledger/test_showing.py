"""What the pages show beside search, on both engines."""

from __future__ import annotations

from dataclasses import replace

from pipeline.records import DateEvidence, Stage
from tests.ledger.desk import DAILY, DAY, HOUR, MINUTE, NOON, article, entry, key, match


def test_new_rules_are_told_from_new_texts(ledger, desk):
    """
    What a topic gained or lost while the text stayed the same, its rules changed; a first look is no change.
    """
    desk.publish("a")
    ledger.redo(Stage.DETECT, now=NOON)

    desk.detect(match("water"), now=NOON + HOUR)
    desk.index(now=NOON + HOUR)
    ledger.redo(Stage.DETECT, now=NOON + HOUR)
    desk.detect(match("dams", version="v2"), now=NOON + 2 * HOUR)

    water, dams = ledger.topic_changes("water"), ledger.topic_changes("dams")
    assert [(False, "v1"), (True, "v1")] == [(each.gained, each.topic_version) for each in water]
    assert [(key("a"), True, "v2", NOON + 2 * HOUR)] == [
        (each.article_id, each.gained, each.topic_version, each.changed_at) for each in dams
    ]


def test_a_new_text_is_no_change_of_rules(ledger, desk):
    """
    An article edited into a topic did not get there by its rules.
    """
    desk.publish("a")
    ledger.redo(Stage.EXTRACT, now=NOON)
    desk.read(article("a", body="another text altogether"), now=NOON + HOUR)
    desk.detect(match("water"), now=NOON + HOUR)

    assert ("water",) == tuple(each.topic_id for each in desk.story("a").matches)
    assert [] == ledger.topic_changes("water")


def test_evidence_comes_for_many_articles_at_once(ledger, desk):
    """
    An export reads its match reasons a page at a time.
    """
    desk.publish("a", "b")
    ledger.redo(Stage.DETECT, now=NOON)
    desk.detect(match("dams", score=0.6), match("water", score=0.9))

    found = ledger.matches_of([key("a"), key("b"), key("nobody")])

    assert {key("a"), key("b")} == set(found)
    assert ["water", "dams"] == [each.topic_id for each in found[key("a")]]


def test_feeds_are_counted_by_the_hour(ledger, desk):
    """
    An hour without anything new is left out: that is where gaps show.
    """
    desk.list(entry("a"), entry("b"), now=NOON + MINUTE)
    desk.list(entry("c"), entry("a"), entry("b"), now=NOON + 3 * HOUR)

    assert {DAILY: {NOON: 2, NOON + 3 * HOUR: 1}} == ledger.entries_by_hour(NOON - DAY)
    assert {DAILY: {NOON + 3 * HOUR: 1}} == ledger.entries_by_hour(NOON + HOUR)


def test_a_delay_is_from_publication_to_first_searchable(ledger, desk):
    """
    A rebuild makes no article late; a backlog and articles without a date do not count.
    """
    fresh = DateEvidence(published_at=NOON + MINUTE, source="feed")
    desk.list(entry("fresh"), entry("old"), entry("undated"), now=NOON + HOUR)
    desk.fetch(now=NOON + HOUR)
    desk.read(
        article("fresh", date=fresh),
        article("old", date=replace(fresh, published_at=NOON - DAY)),
        article("undated"),
        now=NOON + HOUR,
    )
    desk.detect(now=NOON + HOUR)
    desk.index(now=NOON + HOUR)
    ledger.redo(Stage.INDEX, now=NOON + DAY)
    desk.index(now=NOON + DAY)

    assert [("daily", 59 * 60.0)] == [(each.outlet_id, each.delay_s) for each in ledger.delays(NOON)]
