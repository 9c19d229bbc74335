"""What a feed gets wrong in all its dates is learnt, and never from little."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from pipeline.collect.answer import Answer
from pipeline.collect.date_rules import KEPT, learnt_rule
from pipeline.collect.polled import parsed_feed
from pipeline.records import DateRule, Feed, Outlet
from pipeline.work import FeedState
from tests.collect.documents import item, rss
from tests.collect.press import (
    HOUR,
    SUMMER,
    WINTER,
    Press,
    local_as_utc,
    true_local,
    true_utc,
    winter_offset_all_year,
    without_zone,
)


@pytest.mark.parametrize("every_s", [300, 600, 1800, 3600])
@pytest.mark.parametrize(
    ("zone", "begin"),
    [
        ("Asia/Riyadh", WINTER),
        ("Asia/Dubai", SUMMER),
        ("Asia/Tehran", WINTER),
        ("Africa/Cairo", WINTER),
        ("Africa/Cairo", SUMMER),
        ("Africa/Tunis", WINTER),
        ("Africa/Algiers", SUMMER),
        ("Africa/Casablanca", SUMMER),
        ("Europe/London", SUMMER),
    ],
)
def test_local_time_labelled_utc_is_learnt(zone, begin, every_s):
    """
    As a rule about the outlet's zone, be it four hours ahead of UTC or one.
    """
    press = Press(zone, local_as_utc, every_s=every_s)

    assert DateRule(zone=zone, claimed_s=0) == press.polls(begin, 15)


@pytest.mark.parametrize("label", [true_utc, true_local, without_zone])
@pytest.mark.parametrize("zone", ["Asia/Riyadh", "Africa/Tunis", "Africa/Nouakchott", "Europe/London"])
def test_a_right_label_is_left_alone(zone, label):
    """
    However long it is watched.
    """
    press = Press(zone, label)

    assert {None} == {press.poll(SUMMER + turn * press.every) for turn in range(60)}


def test_an_offset_that_forgot_the_clock_change_is_learnt_too():
    """
    Cairo's +02:00 in summer claims an hour that is not so; in winter it is true, and stays so.
    """
    press = Press("Africa/Cairo", winter_offset_all_year)

    assert DateRule(zone="Africa/Cairo", claimed_s=7200) == press.polls(SUMMER, 12)
    assert press.polls(SUMMER + timedelta(days=180), 12) == press.rule


def test_a_rule_holds_over_clock_changes():
    """
    Learnt in winter two hours ahead, it is still the rule in summer, three hours ahead.
    """
    press = Press("Africa/Cairo", local_as_utc)
    learnt = press.polls(WINTER, 12)

    rules = {press.poll(SUMMER + turn * press.every) for turn in range(60)}

    assert {learnt} == rules


def test_a_month_in_which_both_readings_agree_says_nothing():
    """
    In Ramadan Morocco's clocks show UTC: the rule neither gains by that nor is lost.
    """
    press = Press("Africa/Casablanca", local_as_utc)
    learnt = press.polls(datetime(2026, 1, 12, tzinfo=UTC), 20)
    before = press.evidence

    press.polls(datetime(2026, 2, 25, tzinfo=UTC), 40)

    assert before == press.evidence
    assert DateRule(zone="Africa/Casablanca", claimed_s=0) == learnt == press.rule


@pytest.mark.parametrize("entries", [1, 4, 40])
def test_nothing_is_learnt_from_one_entry_or_one_poll(entries):
    """
    A single date in the future may be a slip, and a single poll the slip of a minute.
    """
    press = Press("Asia/Riyadh", local_as_utc)

    assert press.poll(WINTER, entries=entries) is None
    assert press.poll(WINTER + press.every, entries=entries) is None


def test_one_slip_among_right_dates_moves_nothing():
    """
    Nor do several, scattered among dates that are right.
    """
    press = Press("Asia/Riyadh", true_utc)

    for turn in range(40):
        press.label = local_as_utc if turn % 8 == 0 else true_utc
        assert press.poll(WINTER + turn * press.every) is None


@pytest.mark.parametrize("ahead_h", [(0.5, 1), (0.3, 6), (4, 48), (0, 2)])
def test_entries_scheduled_ahead_are_no_wrong_label(ahead_h):
    """
    An outlet that dates some of its entries at the hour they are meant for keeps its label.
    """
    press = Press("Asia/Amman", None)
    low, high = ahead_h
    press.label = lambda at, zone: true_utc(
        at + HOUR * press.chance.uniform(low, high) if press.chance.random() < 0.4 else at, zone
    )

    assert {None} == {press.poll(SUMMER + turn * press.every) for turn in range(80)}


def test_another_lead_than_the_zones_is_not_explained_by_it():
    """
    Dates three hours ahead are no mistake of London's clock; whoever knows better names a zone.
    """
    press = Press("Europe/London", lambda at, zone: local_as_utc(at, ZoneInfo("Asia/Riyadh")))

    assert press.polls(SUMMER, 20) is None
    assert learnt_rule(press.evidence, zone="Asia/Riyadh") is not None


def test_a_feed_that_is_mended_loses_its_rule():
    """
    As soon as the run of right dates is too long for chance: within some polls.
    """
    press = Press("Asia/Riyadh", local_as_utc)
    press.polls(WINTER, 20)

    press.label = true_utc
    rules = [press.poll(WINTER + (20 + turn) * press.every) for turn in range(4)]

    assert rules[0] is not None
    assert rules[-1] is None


@pytest.mark.parametrize("every_s", [600, 7200])
def test_stragglers_do_not_shake_a_rule(every_s):
    """
    An entry listed half a day after its date is timely as labelled, and only late.
    """
    press = Press("Asia/Baghdad", local_as_utc, every_s=every_s)
    press.polls(WINTER, 30)

    for turn in range(30, 90):
        press.delay = 9 * HOUR if turn % 7 == 0 else timedelta(minutes=1)
        assert press.poll(WINTER + turn * press.every) is not None


def test_only_so_much_is_kept():
    """
    The newest evidence, and of one poll not so much that it stands alone.
    """
    press = Press("Asia/Riyadh", local_as_utc)

    press.poll(WINTER, entries=200)
    assert 10 == len(press.evidence)

    press.polls(WINTER, 200)
    assert KEPT == len(press.evidence)


# -- in a poll --------------------------------------------------------------------------------

OUTLET = Outlet(
    outlet_id="alnahr", title="النهر", title_en="The River", home="https://alnahr.example/",
    country="iq", time_zone="Asia/Baghdad",
)  # fmt: skip
FEED = Feed(url="https://alnahr.example/rss.xml", outlet_id="alnahr")
STATE = FeedState(feed=FEED, url=FEED.url, listed=("x",))


def polled(state, now, *ages_min, told=()):
    """A poll of a feed that labels Baghdad's time as UTC; the state the next one starts from."""
    items = "".join(
        item(
            link=f"/{now:%H%M}-{age}",
            more=f"<pubDate>{local_as_utc(now - timedelta(minutes=age), ZoneInfo('Asia/Baghdad'))}</pubDate>",
        )
        for age in ages_min
    )
    answer = Answer(
        requested_url=FEED.url, final_url=FEED.url, status=200, headers=(), body=rss(items).encode()
    )
    parsed = parsed_feed(state, answer, OUTLET, now, with_pages=told)
    listed = tuple(entry.entry_id for entry in parsed.entries)
    return parsed, FeedState(
        feed=FEED,
        url=FEED.url,
        listed=listed,
        date_rule=parsed.date_rule,
        date_evidence=parsed.date_evidence,
    )


def test_a_poll_that_learns_reads_its_own_entries_by_the_rule():
    """
    Before, what lies ahead has no date; from then on, every entry has the right one, and says why.
    """
    now, state = WINTER, STATE
    found = []
    for turn in range(4):
        now = WINTER + turn * timedelta(minutes=10)
        parsed, state = polled(state, now, 2, 8)
        found.append(parsed)

    early, late = found[0].entries[0], found[-1].entries[0]
    assert early.date is None
    assert "Mon, 12 Jan 2026 08:58:00 GMT" == early.raw_date
    assert now - timedelta(minutes=2) == late.date.published_at
    assert "named month, labels Asia/Baghdad as UTC" == late.date.rule
    assert DateRule(zone="Asia/Baghdad", claimed_s=0) == state.date_rule


def test_a_first_poll_is_no_evidence():
    """
    It cannot tell what is new from what is old.
    """
    first = FeedState(feed=FEED, url=FEED.url)

    parsed, _ = polled(first, WINTER, 1, 2, 3, 4, 5, 6)

    assert () == parsed.date_evidence


def test_a_poll_hears_of_the_pages_listed_before():
    """
    They state their instants by now, and dates that never were ahead are put right.
    """
    now, state, told = WINTER, STATE, []
    for turn in range(4):
        now = WINTER + turn * timedelta(minutes=40)
        parsed, state = polled(state, now, 300, 420, told=told)
        told = [
            replace(entry.date, page_at=now - timedelta(minutes=age))
            for age, entry in zip((300, 420), parsed.entries, strict=True)
        ]

    assert DateRule(zone="Asia/Baghdad", claimed_s=0) == state.date_rule
    assert now - timedelta(minutes=300) == parsed.entries[0].date.published_at
