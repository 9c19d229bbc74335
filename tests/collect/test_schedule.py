"""When a feed is asked again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from pipeline.collect.answer import Answer
from pipeline.collect.schedule import (
    MAX_HINT_S,
    MAX_INTERVAL_S,
    MAX_LIVELY_INTERVAL_S,
    adapted_interval_s,
    fresh_for_s,
    is_proof_due,
    next_poll_after_failure,
    next_poll_at,
    retry_after_s,
    spread,
)
from pipeline.records import DateEvidence, FeedEntry

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def entries(count, *, newest=timedelta(), every=timedelta(minutes=30)):
    return [
        FeedEntry(
            entry_id=str(number), outlet_id="o", feed_url="f", url="u", canonical_url="u",
            date=DateEvidence(published_at=NOON - newest - number * every, source="feed"),
        )
        for number in range(count)
    ]  # fmt: skip


def interval(before, listed, fresh, **more):
    return adapted_interval_s(
        before,
        **{"at_most_every_s": 600, "hint_s": 0, "now": NOON, "entries": listed, "fresh": fresh, **more},
    )


@pytest.mark.parametrize(
    ("before", "listed", "fresh", "expected"),
    [
        (0.0, entries(20), 20, 600),  # the first poll: as often as allowed
        (600, entries(20), 20, 600),  # never more often
        (1200, entries(20), 8, 600),
        (1200, entries(20), 3, 600),
        (1200, entries(20), 1, 1200),  # about right
        (1200, entries(20), 0, 1800),
        (1200, [], 0, 1800),  # unchanged
        (3600, entries(20), 0, MAX_LIVELY_INTERVAL_S),
        (3600, entries(20, newest=timedelta(days=9)), 0, 5400),
        (5 * 3600, entries(20, newest=timedelta(days=9)), 0, 11400),  # a third of a window of 9.5 hours
        (5 * 3600, entries(20, newest=timedelta(days=9), every=timedelta(hours=4)), 0, MAX_INTERVAL_S),
        (3600, entries(20, every=timedelta(minutes=3)), 1, 1140),  # a third of a window of 57 minutes
        (3600, entries(20, every=timedelta(0)), 1, 3600),  # dates that say nothing
    ],
)
def test_the_interval_follows_what_a_feed_brings(before, listed, fresh, expected):
    """
    News shortens it, none lengthens it; a window is looked at three times before it has passed.
    """
    assert expected == interval(before, listed, fresh)


def test_a_feed_may_ask_for_less():
    """
    Its own hint is a floor, up to an hour.
    """
    assert 1800 == interval(600, entries(20), 20, hint_s=1800)
    assert MAX_HINT_S == interval(600, entries(20), 20, hint_s=10**6)


def test_polls_come_a_little_early_rather_than_a_run_late():
    """
    A feed due every ten minutes is due when the run ten minutes on begins some seconds early.
    """
    assert NOON + timedelta(seconds=540) == next_poll_at(NOON, 600)


@pytest.mark.parametrize(
    ("fresh_s", "skip_hours", "expected"),
    [
        (1800, frozenset(), timedelta(minutes=30)),
        (60, frozenset(), timedelta(minutes=9)),
        (10**6, frozenset(), timedelta(hours=1)),
        (0, frozenset({12, 13}), timedelta(hours=2)),
        (0, frozenset(range(24)), timedelta(hours=24)),
    ],
)
def test_hints_push_later_never_earlier(fresh_s, skip_hours, expected):
    """
    Freshness up to an hour, and hours to be skipped.
    """
    due = next_poll_at(NOON, 600, fresh_s=fresh_s, skip_hours=skip_hours)

    assert expected <= due - NOON <= expected + timedelta(minutes=10)


class TestFailures:
    """Backing off."""

    def waits(self, name="unreachable", *, failures, retry_after=None, url="https://a.example/f"):
        due = next_poll_after_failure(
            NOON, name=name, feed_url=url, failures=failures, at_most_every_s=600, retry_after_s=retry_after
        )
        return (due - NOON).total_seconds()

    def test_each_failure_doubles_the_wait_to_a_ceiling(self):
        """
        Ten minutes, twenty, forty, … six hours, never for ever; a day for who says no.
        """
        waits = [self.waits(failures=number) for number in range(1, 60)]

        assert 600 <= waits[0] <= 750
        assert 2400 <= waits[2] <= 3000
        assert 6 * 3600 <= waits[-1] <= 6 * 3600 * 1.25
        assert 24 * 3600 <= self.waits("blocked", failures=60) <= 24 * 3600 * 1.25

    def test_retry_after_is_kept(self):
        """
        When it is longer than our own wait, up to a day.
        """
        assert 7200 == self.waits(failures=1, retry_after=7200)
        assert 600 <= self.waits(failures=1, retry_after=5) <= 750
        assert 24 * 3600 == self.waits(failures=1, retry_after=10**8)

    def test_feeds_that_failed_together_do_not_return_together(self):
        """
        The spread is by feed, and the same at every reckoning.
        """
        urls = [f"https://a.example/{number}" for number in range(50)]
        waits = [self.waits(failures=3, url=url) for url in urls]

        assert waits == [self.waits(failures=3, url=url) for url in urls]
        assert 40 < len(set(waits))


def answer(**headers):
    pairs = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return Answer(requested_url="u", final_url="u", status=200, headers=pairs, body=b"")


@pytest.mark.parametrize(
    ("headers", "fresh_s"),
    [
        ({}, 0),
        ({"cache_control": "public, max-age=900"}, 900),
        ({"cache_control": "Max-Age=900", "age": "300"}, 600),
        ({"cache_control": "max-age=900", "age": "9000"}, 0),
        ({"cache_control": "no-cache, max-age=900"}, 0),
        ({"cache_control": "max-age=soon"}, 0),
        ({"expires": "Tue, 24 Nov 2026 12:10:00 GMT"}, 600),
        ({"expires": "Tue, 24 Nov 2020 12:10:00 GMT"}, 0),
        ({"expires": "0"}, 0),
        ({"expires": "Tue, 24 Nov 2026 12:10:00 GMT", "cache_control": "max-age=60"}, 60),
    ],
)
def test_freshness_is_read_as_http_means_it(headers, fresh_s):
    """
    Cache-Control before Expires, less the age; nonsense is nought.
    """
    assert fresh_s == fresh_for_s(answer(**headers), NOON)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120.0),
        ("Tue, 24 Nov 2026 12:02:00 GMT", 120.0),
        ("Tue, 24 Nov 2020 12:02:00 GMT", 0.0),
        ("in a while", None),
        ("", None),
        ("-5", None),
    ],
)
def test_retry_after_is_seconds_or_a_date(value, seconds):
    """
    Either form; anything else says nothing.
    """
    assert seconds == retry_after_s(answer(retry_after=value), NOON)


def test_now_and_then_a_feed_is_asked_without_validators():
    """
    About one poll in fifty, spread over feeds.
    """
    due = sum(
        is_proof_due(f"https://a.example/{feed}", NOON + timedelta(minutes=10 * poll))
        for feed in range(50)
        for poll in range(50)
    )

    assert 25 <= due <= 80
    assert 0.0 <= spread("x") < 1.0
