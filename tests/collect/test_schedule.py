"""When a feed is asked again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from pipeline.collect.answer import Answer
from pipeline.collect.rhythm import recent_per_hour
from pipeline.collect.schedule import (
    MAX_HINT_S,
    MAX_INTERVAL_S,
    adapted_interval_s,
    fresh_for_s,
    is_proof_due,
    next_poll_after_failure,
    next_poll_at,
    retry_after_s,
    spread,
)
from pipeline.habits import FeedHints, Rhythm

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


#: Watched for four weeks.
SINCE = NOON - timedelta(weeks=4)


def steady(a_day):
    """A feed that brings as much at any hour."""
    return Rhythm(since=SINCE, counts=(a_day * 28 / 168,) * 168)


def interval(rhythm, *, now=NOON, **more):
    return adapted_interval_s(rhythm, now, **{"at_most_every_s": 600, **more})


@pytest.mark.parametrize(
    ("a_day", "expected_s"),
    [(360, 600), (24, 600), (12, 720), (4, 2160), (1, 8600), (0, MAX_INTERVAL_S)],
)
def test_a_feed_is_asked_when_a_tenth_of_an_entry_is_due(a_day, expected_s):
    """
    Busy ones as often as their file allows, quiet ones seldom, none less than every six hours.
    """
    assert expected_s == pytest.approx(interval(steady(a_day)), rel=0.02)


def test_an_outlet_that_sleeps_is_let_sleep():
    """
    The same feed is asked often in its mornings and seldom in its nights, and again in time for the
    next morning.
    """
    mornings = tuple(8.0 if hour % 24 in {7, 8, 9} else 0.0 for hour in range(168))
    paper = Rhythm(since=SINCE, counts=mornings)
    at = NOON.replace

    assert 600 == interval(paper, now=at(hour=8))
    assert 2880 == pytest.approx(interval(paper, now=at(hour=1)), rel=0.03)  # half the average of 0.25/h
    assert at(hour=7, minute=30) > at(hour=6, minute=50) + timedelta(
        seconds=interval(paper, now=at(hour=6, minute=50))
    )


def test_a_burst_is_followed():
    """
    What the last poll found counts for more than what was ever usual.
    """
    assert 600 == interval(steady(1), recent_per_hour=recent_per_hour(3, 7200))
    assert 6000 < interval(steady(1), recent_per_hour=recent_per_hour(0, 7200))


def test_nothing_scrolls_out_unseen():
    """
    A window is looked at three times before it has passed, however quiet the feed.
    """
    assert 1140 == interval(steady(0.1), window_s=57 * 60)
    assert 600 == interval(steady(0.1), window_s=60)


def test_a_feed_may_ask_for_less():
    """
    Its own hint is a floor, up to an hour; it never shortens anything.
    """
    assert 1800 == interval(steady(360), hint_s=1800)
    assert MAX_HINT_S == interval(steady(360), hint_s=10**6)
    assert interval(steady(1)) == interval(steady(1), hint_s=60)


def test_polls_come_a_little_early_rather_than_a_run_late():
    """
    A feed due every ten minutes is due when the run ten minutes on begins some seconds early.
    """
    assert NOON + timedelta(seconds=540) == next_poll_at(NOON, 600)


@pytest.mark.parametrize(
    ("fresh_s", "hints", "expected"),
    [
        (1800, FeedHints(), timedelta(minutes=30)),
        (60, FeedHints(), timedelta(minutes=9)),
        (10**6, FeedHints(), timedelta(hours=1)),
        (0, FeedHints(skip_hours=frozenset({12, 13})), timedelta(hours=2)),
        (0, FeedHints(skip_days=frozenset({1, 2})), timedelta(hours=36)),  # NOON is a Tuesday's
        (0, FeedHints(skip_days=frozenset({1}), skip_hours=frozenset({0})), timedelta(hours=13)),
        (0, FeedHints(skip_hours=frozenset(range(24)), skip_days=frozenset(range(7))), timedelta(minutes=9)),
    ],
)
def test_hints_push_later_never_earlier(fresh_s, hints, expected):
    """
    Freshness up to an hour, and hours and days to be skipped; who skips all says nothing.
    """
    due = next_poll_at(NOON, 600, fresh_s=fresh_s, hints=hints)

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
