"""
Poll: what a feed lists is written down in one transaction with what stands for it.
"""

from __future__ import annotations

import pytest

from pipeline.errors import StoreError
from pipeline.records import Outcome, Stage
from tests.ledger.desk import (
    DAILY,
    DAILY_SPORTS,
    DAY,
    HOUR,
    MINUTE,
    NOON,
    OUTLETS,
    WEEKLY,
    article,
    entry,
    key,
)


def counts(polled):
    return polled.listed, polled.new, polled.changed, polled.known, polled.vanished


def test_new_entries_wait_for_fetch(desk):
    """
    What was unknown is new, and waits for its page.
    """
    polled = desk.list(entry("dam"), entry("oil"))

    assert (2, 2, 0, 0, 0) == counts(polled)
    assert (None, Stage.FETCH) == desk.state("dam")


def test_entry_listed_again_is_known(desk):
    """
    The same entry in the same words costs nothing more.
    """
    desk.publish("dam")

    polled = desk.list(entry("dam"), now=NOON + HOUR)

    assert (1, 0, 0, 1, 0) == counts(polled)
    assert (Outcome.INDEXED, None) == desk.state("dam")


def test_entry_in_two_feeds_is_one_entry_with_two_sightings(desk):
    """
    A second feed's listing is a sighting more, and no edit, whatever words it uses.
    """
    desk.publish("dam")

    polled = desk.list(entry("dam", DAILY_SPORTS, content_hash="in other words"), feed=DAILY_SPORTS)

    assert (1, 0, 0, 1, 0) == counts(polled)
    assert [DAILY, DAILY_SPORTS] == [sighting.feed_url for sighting in desk.story("dam").sightings]
    assert (Outcome.INDEXED, None) == desk.state("dam")


def test_entry_edited_by_its_feed_is_looked_at_again(desk):
    """
    Other words in the same feed send the entry back to fetch; its article stays what it is.
    """
    desk.publish("dam")

    polled = desk.list(entry("dam", content_hash="edited"), now=NOON + HOUR)

    assert (1, 0, 1, 0, 0) == counts(polled)
    assert (Outcome.INDEXED, Stage.FETCH) == desk.state("dam")


def test_entry_that_vanished_from_the_middle_is_looked_at_once(desk):
    """
    What is gone from the middle of a feed may have been withdrawn; one look tells.
    """
    desk.publish("dam", "oil")

    first = desk.list(entry("oil"), vanished=(key("dam"),), now=NOON + HOUR)
    second = desk.list(entry("oil"), vanished=(key("dam"),), now=NOON + 2 * HOUR)

    assert (1, 0) == (first.vanished, second.vanished)
    assert (Outcome.INDEXED, Stage.FETCH) == desk.state("dam")
    assert NOON + HOUR == desk.story("dam").sightings[0].vanished_at


def test_vanished_entry_without_an_article_is_left_alone(desk):
    """
    Where there is nothing to withdraw nothing is asked for.
    """
    desk.list(entry("dam"))
    desk.pages()
    desk.ended("dam", Outcome.GONE)

    polled = desk.list(vanished=(key("dam"),), now=NOON + HOUR)

    assert 0 == polled.vanished
    assert (Outcome.GONE, None) == desk.state("dam")


def test_validators_are_kept_byte_for_byte(desk):
    """
    What the server said of its feed goes back at the next poll; a poll that failed keeps it.
    """
    given = {"etag": 'W/"a-b"', "last_modified": "Sun, 01 Mar 2026 11:59:00 GMT", "body_hash": "h"}
    desk.list(entry("dam"), **given)
    desk.list(status="unreachable", next_poll_at=NOON, failures=1)

    (state,) = [
        state
        for state in desk.ledger.due_feeds(desk.lease("daily.example", "poll"), now=NOON)
        if DAILY == state.feed.url
    ]

    assert given == {name: getattr(state, name) for name in given}
    assert (key("dam"),) == state.listed
    assert 1 == state.failures


def test_feed_that_moved_is_asked_at_its_new_host(desk):
    """
    The lease of a host covers the feeds that live there now.
    """
    desk.list(feed=WEEKLY, fetch_url="http://moved.example/feed", next_poll_at=NOON)

    (state,) = desk.ledger.due_feeds(desk.lease("moved.example", "poll"), now=NOON)

    assert (WEEKLY, "http://moved.example/feed") == (state.feed.url, state.url)


def test_stopped_feed_is_not_due_until_it_is_configured_anew(desk):
    """
    After 410 nobody asks again; a feed taken out and put back is asked.
    """
    desk.list(feed=WEEKLY, status="gone", next_poll_at=None)

    assert desk.lease("weekly.example", "poll", now=NOON + 30 * DAY) is None


def test_outlet_taken_out_is_not_polled_and_not_forgotten(desk):
    """
    Its articles stay; its feeds are no longer asked, until it is there again.
    """
    desk.publish("dam")
    desk.ledger.sync_outlets({"weekly": OUTLETS["weekly"]}, now=NOON + HOUR)
    without = desk.lease("daily.example", "poll", now=NOON + DAY)

    desk.ledger.sync_outlets(OUTLETS, now=NOON + DAY)

    assert without is None
    assert desk.lease("daily.example", "poll", now=NOON + DAY) is not None
    assert (Outcome.INDEXED, None) == desk.state("dam")


def test_unknown_feed_is_an_error(desk):
    """
    A poll of a feed nobody configured is refused, with its address.
    """
    with pytest.raises(StoreError, match=r"no feed http://nowhere\.example/feed"):
        desk.list(feed="http://nowhere.example/feed")


def test_fuller_text_of_another_feed_is_kept(desk):
    """
    Of two feeds the one that says more is what may stand in for the page.
    """
    desk.list(entry("dam", body="قصير"))  # short
    desk.list(entry("dam", DAILY_SPORTS, body="أطول من ذلك بكثير"), feed=DAILY_SPORTS)  # much longer
    desk.list(entry("dam", content_hash="edited", body="قصير"), now=NOON + MINUTE)

    desk.fetch()

    (pending,) = desk.extractions()
    assert "أطول من ذلك بكثير" == pending.entry.body


def test_entry_without_host_waits_for_nobody(desk):
    """
    A feed's entries wait under the host of their own page, not of the feed.
    """
    desk.list(entry("dam", url="http://pages.example/dam"))

    assert desk.lease("daily.example", "fetch") is None
    assert desk.lease("pages.example", "fetch") is not None


def test_settled_poll_of_hundreds_of_entries_keeps_their_order(desk):
    """
    Undated entries are fetched as their feed lists them.
    """
    desk.list(feed=DAILY)
    names = [f"n{number:03}" for number in range(60)]
    desk.list(*(entry(name) for name in names), now=NOON + MINUTE)

    pages = desk.pages(now=NOON + MINUTE, limit=60)

    assert [key(name) for name in names] == [page.entry_id for page in pages]
    assert article("n000").article_id == pages[0].entry_id


def test_feeds_can_be_made_due(desk):
    """
    An operator need not wait for a feed's next time; one that stopped with a 410 is asked once more.
    """
    desk.list(entry("dam"), entry("oil"))
    desk.list(entry("tea", WEEKLY), feed=WEEKLY)

    assert 2 == desk.ledger.make_due(now=NOON, outlet_id="daily")

    due = {health.feed_url for health in desk.ledger.feed_health(now=NOON) if health.next_poll_at == NOON}
    assert {DAILY, DAILY_SPORTS} == due
