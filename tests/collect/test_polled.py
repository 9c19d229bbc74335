"""What a poll's answer means."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from pipeline.collect.answer import Answer, Hop
from pipeline.collect.feeds import ParsedFeed
from pipeline.collect.polled import (
    after_failure,
    after_new,
    after_unchanged,
    body_hash,
    complaint,
    feed_error,
    is_unchanged,
    vanished,
)
from pipeline.errors import DisallowedError, FeedError, HostDownError, UnusableError
from pipeline.habits import FeedHabits, FeedHints, Rhythm
from pipeline.records import Feed, FeedEntry
from pipeline.work import FeedState

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
URL = "https://alnahr.example/rss"
FEED = Feed(url=URL, outlet_id="alnahr")
STATE = FeedState(
    feed=FEED,
    url=URL,
    etag='"a"',
    last_modified="Mon",
    body_hash=body_hash(b"old"),
    interval_s=600,
    listed=("2", "1"),
    last_good_at=NOON - timedelta(hours=1),
    habits=FeedHabits(
        rhythm=Rhythm(since=NOON - timedelta(weeks=4), counts=(1.0,) * 168),
        window_s=36_000,
        hints=FeedHints(ttl_s=60, skip_hours=frozenset({13})),
    ),
)


def answer(status=200, *, body=b"new", hops=(), **headers):
    pairs = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return Answer(requested_url=URL, final_url=URL, status=status, headers=pairs, body=body, hops=hops)


def parsed(*ids):
    entries = tuple(
        FeedEntry(entry_id=key, outlet_id="alnahr", feed_url=URL, url="u", canonical_url="u") for key in ids
    )
    return ParsedFeed(entries=entries, hints=FeedHints(), listed=len(ids))


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        ([], ["2", "1"], ()),
        (["2", "1"], ["3", "2", "1"], ()),
        (["3", "2", "1"], ["4", "3", "2"], ()),  # the oldest scrolled out
        (["3", "2", "1"], ["4", "3", "1"], ("2",)),
        (["3", "2", "1"], ["2", "1"], ("3",)),  # the newest was taken back
        (["3", "2", "1"], ["9", "8", "7"], ()),  # all new: a busy hour, or another feed
        (list("987654321"), ["1"], ("9", "8", "7", "6", "5")),
    ],
)
def test_only_gaps_in_the_window_have_vanished(before, now, expected):
    """
    An entry is missed when an older one is still listed; five at most.
    """
    assert expected == vanished(before, now)


@pytest.mark.parametrize(
    ("state", "given", "expected"),
    [
        (STATE, answer(304, body=b""), True),
        (replace(STATE, body_hash=None), answer(304, body=b""), False),
        (STATE, answer(body=b"old"), True),
        (STATE, answer(body=b"new"), False),
        (STATE, answer(500, body=b"old"), False),
    ],
)
def test_unchanged_is_what_says_or_shows_it(state, given, expected):
    """
    304 to one who has read the feed before, or the same bytes again.
    """
    assert expected == is_unchanged(state, given)


@pytest.mark.parametrize(
    ("given", "name"),
    [
        (answer(404), "gone"),
        (answer(410), "gone"),
        (answer(401), "blocked"),
        (answer(403), "blocked"),
        (answer(451), "blocked"),
        (answer(403, body=b"<title>Just a moment...</title>"), "challenge"),
        (answer(503, cf_mitigated="challenge"), "challenge"),
        (answer(202, x_amzn_waf_action="challenge", body=b""), "challenge"),
        (answer(429, retry_after="60"), "unreachable"),
        (answer(500), "unreachable"),
        (answer(304), "unreachable"),
        (answer(204), "unreachable"),
        (answer(300), "unreachable"),
    ],
)
def test_every_other_status_is_a_failure_with_a_name(given, name):
    """
    The name says whose move it is.
    """
    assert name == complaint(STATE, given, NOON).name


def test_a_poll_that_brought_news_is_settled_whole():
    """
    Entries, what vanished, validators as sent, the hash of the body, and the next time.
    """
    settled = after_new(STATE, answer(etag='W/"b"', last_modified="Tue"), parsed("4", "3", "1"), NOON)

    assert ("new", 200, ("2",)) == (settled.status, settled.http_status, settled.vanished)
    assert ('W/"b"', "Tue", body_hash(b"new")) == (settled.etag, settled.last_modified, settled.body_hash)
    assert (600, 0, URL) == (settled.interval_s, settled.failures, settled.fetch_url)
    assert NOON < settled.next_poll_at
    assert (2, FeedHints()) == (sum(settled.habits.rhythm.counts) - 168, settled.habits.hints)


def test_validators_a_server_stops_sending_are_dropped():
    """
    Only those that stand for this very body are sent back.
    """
    settled = after_new(STATE, answer(), parsed("3"), NOON)

    assert (None, None) == (settled.etag, settled.last_modified)


def test_an_unchanged_feed_waits_longer_and_keeps_what_it_had():
    """
    304 may renew validators; those it does not name stay.
    """
    settled = after_unchanged(STATE, answer(304, etag='"c"'), NOON)

    assert ("unchanged", '"c"', "Mon", STATE.body_hash) == (
        settled.status, settled.etag, settled.last_modified, settled.body_hash,
    )  # fmt: skip
    assert 1440 == pytest.approx(settled.interval_s, rel=0.01)


def test_what_a_feed_once_said_holds_while_it_is_unchanged():
    """
    A 304 brings no hints along: the hours to be skipped are skipped all the same.
    """
    settled = after_unchanged(STATE, answer(304, cache_control="max-age=3600"), NOON)

    assert NOON + timedelta(hours=2) == settled.next_poll_at


def test_a_failure_costs_nothing_that_was_known():
    """
    Validators and interval survive; failures are counted, the next poll is later.
    """
    settled = after_failure(STATE, FeedError(URL, "not_a_feed", "a page"), NOON, http_status=200)

    assert ("not_a_feed", "a page", 1) == (settled.status, settled.reason, settled.failures)
    assert ('"a"', "Mon", STATE.body_hash, 600) == (
        settled.etag, settled.last_modified, settled.body_hash, settled.interval_s,
    )  # fmt: skip


def test_only_410_stops_a_feed():
    """
    404 comes back to life; 410 is the server's word.
    """
    gone = FeedError(URL, "gone", "x")

    assert after_failure(STATE, gone, NOON, http_status=410).next_poll_at is None
    assert after_failure(STATE, gone, NOON, http_status=404).next_poll_at > NOON


class TestMoves:
    """Permanent redirects."""

    hop = Hop(url=URL, status=301, location="https://new.example/rss")

    def settled(self, state, *hops):
        return after_new(state, answer(hops=hops), parsed("3"), NOON)

    def test_one_is_believed_at_its_third_sighting(self):
        """
        Until then the feed is asked for where it was.
        """
        first = self.settled(STATE, self.hop)
        second = self.settled(replace(STATE, moves=first.moves, moved_to=first.moved_to), self.hop)
        third = self.settled(replace(STATE, moves=second.moves, moved_to=second.moved_to), self.hop)

        assert [URL, URL, "https://new.example/rss"] == [one.fetch_url for one in (first, second, third)]
        assert [1, 2, 0] == [one.moves for one in (first, second, third)]

    def test_another_target_starts_the_count_again(self):
        """
        So does a poll without a redirect, or one that may change back.
        """
        seen_twice = replace(STATE, moves=2, moved_to="https://other.example/rss")

        assert 1 == self.settled(seen_twice, self.hop).moves
        assert 0 == self.settled(seen_twice).moves
        assert 0 == self.settled(seen_twice, replace(self.hop, status=302)).moves

    def test_from_http_to_https_is_a_move(self):
        """
        Entries are one article at both; a feed is asked where it says it is.
        """
        state = replace(STATE, url=URL.replace("https", "http"), moves=2, moved_to=URL)

        assert URL == self.settled(state, Hop(url=state.url, status=301, location=URL)).fetch_url

    def test_only_the_permanent_beginning_counts(self):
        """
        A permanent hop followed by a passing one leads to where the first points.
        """
        passing = Hop(url=self.hop.location, status=302, location="https://cdn.example/x")

        assert self.hop.location == self.settled(STATE, self.hop, passing).moved_to


@pytest.mark.parametrize(
    ("error", "name"),
    [
        (DisallowedError(URL, "x"), "disallowed"),
        (HostDownError(URL, "x"), "unreachable"),
        (UnusableError(URL, "x"), "too_large"),
    ],
)
def test_errors_of_requests_become_errors_of_feeds(error, name):
    """
    With the feed's own address, so that an operator finds it.
    """
    assert (name, "f") == (feed_error("f", error).name, feed_error("f", error).url)
