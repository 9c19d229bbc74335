"""
What the ledger tells people: counts that add up, stories, the health of feeds.
"""

from __future__ import annotations

import pytest

from pipeline.ledger.ledger import open_ledger
from pipeline.records import Outcome
from tests.ledger.desk import DAILY, DAILY_SPORTS, DAY, HOUR, NOON, WEEKLY, Desk, article, entry, key, match


def test_topics_are_counted(desk):
    """
    An article counts once for each of its topics, and only when it is searchable.
    """
    desk.list(entry("dam"), entry("oil"))
    desk.list(entry("river", WEEKLY), feed=WEEKLY)
    desk.fetch()
    desk.read(article("dam"), article("oil"), article("river", outlet_id="weekly"))
    desk.detect(match("water"), match("energy"))

    before = desk.ledger.topic_counts()
    desk.index()

    assert {} == before
    assert {"water": 3, "energy": 3} == desk.ledger.topic_counts()


def test_outcomes_add_up_to_all_entries(desk):
    """
    Each entry is counted once: by its outcome, or else by what it waits for.
    """
    desk.publish("dam", "oil")
    desk.list(entry("dam", content_hash="edited"), entry("waits"))
    desk.list(entry("river", WEEKLY), feed=WEEKLY)
    desk.pages()
    desk.ended("river", Outcome.GONE)

    counts = desk.ledger.outcome_counts()

    assert {"daily": {"indexed": 2, "fetch": 1}, "weekly": {"gone": 1}} == counts
    assert desk.ledger.status(NOON).entries == sum(sum(row.values()) for row in counts.values())


@pytest.mark.parametrize(
    "named",
    [
        key("dam"),
        "http://daily.example/dam",
        "http://canonical.example/dam",
        "http://final.example/dam",
        f"  {key('dam')}\n",
    ],
)
def test_story_is_found_by_whatever_a_person_has_in_hand(desk, named):
    """
    Its id, the address listed, the canonical one, or the page's own.
    """
    desk.list(entry("dam", canonical_url="http://canonical.example/dam"))
    desk.fetch()
    desk.read(article("dam", url="http://final.example/dam"))

    assert key("dam") == desk.ledger.story_of(named).entry_id


def test_story_of_the_unknown_is_none(desk):
    """
    Nothing is made up.
    """
    assert desk.ledger.story_of("http://nowhere.example/") is None


def test_health_of_a_feed_says_how_it_does(desk):
    """
    State, reason, failures in a row, and what it brought in the last day.
    """
    desk.list(entry("dam"))
    desk.list(status="unreachable", reason="time-out", http_status=0, failures=2, now=NOON + HOUR)

    health = {feed.feed_url: feed for feed in desk.ledger.feed_health(now=NOON + 2 * HOUR)}

    assert {DAILY, DAILY_SPORTS, WEEKLY} == set(health)
    sick = health[DAILY]
    assert ("unreachable", "time-out", 2, NOON, NOON + HOUR) == (
        sick.status,
        sick.reason,
        sick.failures,
        sick.last_good_at,
        sick.last_polled_at,
    )
    assert (1, NOON) == (sick.entries_last_day, sick.newest_entry_at)
    assert (0, None) == (health[WEEKLY].entries_last_day, health[WEEKLY].last_polled_at)
    assert {DAILY: 0} == {
        feed.feed_url: feed.entries_last_day
        for feed in desk.ledger.feed_health(now=NOON + 2 * DAY)
        if feed.feed_url == DAILY
    }


def test_entries_of_the_last_day_are_counted_by_outlet(desk):
    """
    What housekeeping holds against each outlet's file.
    """
    desk.list(entry("dam"), entry("oil"))
    desk.list(entry("dam", DAILY_SPORTS), feed=DAILY_SPORTS)
    desk.ledger.import_articles([article("from a file")], now=NOON)

    assert {"daily": 2} == desk.ledger.entries_since(NOON - DAY)
    assert {} == desk.ledger.entries_since(NOON)


def test_address_is_found_in_any_spelling(ledger_url):
    """
    By the id its canonical form would have, whatever was listed; after it was forgotten as well.
    """
    with open_ledger(ledger_url, id_of=lambda url: key(url.lower().rsplit("/")[-1])) as ledger:
        desk = Desk(ledger)
        desk.publish("dam")

        known = ledger.story_of("HTTPS://daily.example/DAM")
        gone = ledger.forget("HTTPS://daily.example/DAM", now=NOON)

        assert key("dam") == known.entry_id == gone
        assert NOON == ledger.story_of("https://DAILY.example/dam").forgotten_at
