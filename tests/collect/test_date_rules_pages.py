"""What a feed gets wrong in all its dates is learnt from what its entries' pages state, too."""

from __future__ import annotations

from datetime import UTC, timedelta
from zoneinfo import ZoneInfo

import pytest

from pipeline.collect.date_rules import first_sights, page_sights, with_newer
from pipeline.collect.dating import stated_clock
from pipeline.records import DateEvidence, DateRule
from tests.collect.press import HOUR, SUMMER, WINTER, Press, local_as_utc, true_utc


class LatePress(Press):
    """A feed so late that no date of it ever lies ahead; of its pages, too, is known what they state."""

    def __init__(self, zone, label, on_page, *, hours_late=(5, 9), **more):
        super().__init__(zone, label, **more)
        self.on_page, self.hours_late = on_page, hours_late

    def poll(self, now, entries=2):
        self.delay = HOUR * self.chance.uniform(*self.hours_late)
        listed = [self._entry(now) for _ in range(entries)]
        pages = page_sights([self._dated(entry) for entry in listed], zone=self.zone)
        first = first_sights(listed, zone=self.zone, seen_at=now)
        self.evidence = with_newer(self.evidence, (*first, *pages))
        return self.rule

    def _dated(self, entry):
        page_at = self.on_page(entry, self.published[entry.entry_id])
        return DateEvidence(published_at=WINTER, source="feed", raw=entry.raw_date, page_at=page_at)


def truth(entry, at):
    return at.replace(microsecond=0)


def as_the_feed_says(entry, at):
    stated = stated_clock(entry.raw_date)
    return stated.wall.replace(tzinfo=UTC) - timedelta(seconds=stated.claimed_s)


def by_local_clock(entry, at):
    return stated_clock(entry.raw_date).wall.replace(tzinfo=ZoneInfo("Asia/Riyadh")).astimezone(UTC)


@pytest.mark.parametrize(
    ("zone", "begin"),
    [("Asia/Riyadh", WINTER), ("Africa/Cairo", SUMMER), ("Africa/Tunis", WINTER), ("Asia/Tehran", SUMMER)],
)
def test_what_never_lies_ahead_is_learnt_from_pages(zone, begin):
    """
    Each states another instant than the feed, earlier by as much as the zone is ahead just then.
    """
    press = LatePress(zone, local_as_utc, truth)

    assert DateRule(zone=zone, claimed_s=0) == press.polls(begin, 20)
    assert DateRule(zone=zone, claimed_s=0) == press.polls(begin + timedelta(days=180), 20)


def test_pages_that_say_what_the_feed_says_teach_nothing():
    """
    Whether both are right or both are wrong.
    """
    for label, on_page in ((true_utc, truth), (local_as_utc, as_the_feed_says)):
        press = LatePress("Asia/Riyadh", label, on_page)

        assert {None} == {press.poll(WINTER + turn * press.every) for turn in range(40)}


def test_pages_off_by_anything_else_teach_nothing():
    """
    An hour of the last change, or a minute here and there, is no wrong label.
    """
    for off in (HOUR, 2 * HOUR, timedelta(hours=2, minutes=50)):
        press = LatePress("Asia/Riyadh", local_as_utc, lambda entry, at, off=off: at + off)

        assert {None} == {press.poll(WINTER + turn * press.every) for turn in range(40)}


@pytest.mark.parametrize("entries", [1, 4, 40])
def test_nothing_is_learnt_from_one_page_or_the_pages_of_one_moment(entries):
    """
    However many there are of them.
    """
    press = LatePress("Asia/Riyadh", local_as_utc, truth)

    assert press.poll(WINTER, entries=entries) is None


def test_pages_are_not_believed_against_a_feed_that_is_fresh():
    """
    A feed that dates what came out just now at just now is right; its pages mislabel their own time.
    """
    press = LatePress("Asia/Riyadh", true_utc, by_local_clock, hours_late=(0, 0.5))

    assert {None} == {press.poll(WINTER + turn * press.every) for turn in range(60)}


def test_pages_unlearn_what_pages_taught():
    """
    As soon as some bear the label out, for the feed has been mended.
    """
    press = LatePress("Asia/Riyadh", local_as_utc, truth)
    press.polls(WINTER, 30)

    press.label = true_utc
    rules = [press.poll(WINTER + (30 + turn) * press.every) for turn in range(3)]

    assert rules[0] is not None
    assert rules[-1] is None


def test_a_page_counts_once():
    """
    It stays listed for many polls.
    """
    press = LatePress("Asia/Riyadh", local_as_utc, truth)
    press.poll(WINTER)
    pages = press.evidence[2:]

    assert 2 == len(pages)
    assert press.evidence == with_newer(press.evidence, pages)
