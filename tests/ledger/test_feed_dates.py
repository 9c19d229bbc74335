"""What a feed gets wrong in its dates is kept with it, and what it dated wrongly is dated anew."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from pipeline.habits import FirstSight, PageSight
from pipeline.records import DateEvidence, DateRule, Outcome, Stage
from tests.ledger.desk import DAILY, DAILY_SPORTS, HOUR, MINUTE, NOON, article, entry, key

RULE = DateRule(zone="Asia/Amman", claimed_s=0)
EVIDENCE = (
    FirstSight(wall=datetime(2026, 3, 1, 14, 58), claimed_s=0, seen_at=NOON),  # noqa: DTZ001 - what a clock shows
    FirstSight(wall=datetime(2026, 3, 1, 15, 1), claimed_s=-3600, seen_at=NOON + MINUTE),  # noqa: DTZ001 - as above
    PageSight(wall=datetime(2026, 3, 1, 15, 1), claimed_s=0, page_at=NOON - HOUR),  # noqa: DTZ001 - as above
)


def state_of(desk, feed=DAILY, *, now):
    lease = desk.lease("daily.example", "poll", now=now)
    found = {state.feed.url: state for state in desk.ledger.due_feeds(lease, now=now)}
    desk.release(lease, now=now)
    return found[feed]


def stated(raw, at):
    return {"raw_date": raw, "date": DateEvidence(published_at=at, source="feed", raw=raw)}


def test_rule_and_evidence_come_back_as_they_went(desk):
    """
    With the next poll, and the rule with the feed's health; another feed has none.
    """
    desk.list(entry("a"), date_rule=RULE, date_evidence=EVIDENCE)

    state = state_of(desk, now=NOON + 2 * HOUR)

    assert (RULE, EVIDENCE) == (state.date_rule, state.date_evidence)
    assert {DAILY: RULE, DAILY_SPORTS: None} == {
        feed.feed_url: feed.date_rule
        for feed in desk.ledger.feed_health(now=NOON)
        if feed.outlet_id == "daily"
    }


@pytest.mark.parametrize("status", ["unchanged", "unreachable", "not_a_feed"])
def test_a_poll_that_read_nothing_costs_no_rule(desk, status):
    """
    What was learnt stays through unchanged polls and failures.
    """
    desk.list(entry("a"), date_rule=RULE, date_evidence=EVIDENCE)
    desk.list(status=status, now=NOON + HOUR)

    state = state_of(desk, now=NOON + 3 * HOUR)

    assert (RULE, EVIDENCE) == (state.date_rule, state.date_evidence)


def test_what_is_still_listed_is_dated_anew(desk):
    """
    When a rule is learnt, an entry whose date it changes is extracted again, from what is there.
    """
    wrong, right = NOON - HOUR, NOON - 4 * HOUR
    desk.list(entry("a", **stated("10:00 GMT", wrong)), entry("b", **stated("", right)))
    desk.fetch()
    desk.read(article("a"), article("b"))

    desk.list(
        entry("a", **stated("10:00 GMT", right)),
        entry("b", **stated("", right)),
        date_rule=RULE,
        redated=True,
        now=NOON + HOUR,
    )

    (again,) = desk.extractions(now=NOON + HOUR)
    assert ("http://daily.example/a", right) == (again.entry.url, again.entry.date.published_at)


def test_what_had_no_date_that_could_be_is_given_one(desk):
    """
    An entry whose date lay in the future has kept the string, and gets its instant.
    """
    desk.list(entry("a", raw_date="15:00 GMT"))
    desk.fetch()
    desk.read(article("a"))

    desk.list(entry("a", **stated("15:00 GMT", NOON)), date_rule=RULE, redated=True, now=NOON + HOUR)

    (again,) = desk.extractions(now=NOON + HOUR)
    assert ("15:00 GMT", NOON) == (again.entry.raw_date, again.entry.date.published_at)


def test_dates_move_by_a_rule_alone(desk):
    """
    A feed that states another date, and no rule has changed: the entry keeps its own.
    """
    desk.publish("a")

    desk.list(entry("a", **stated("later", NOON)), now=NOON + HOUR)

    assert (Outcome.INDEXED, None) == desk.state("a")


def test_another_feeds_dates_are_its_own(desk):
    """
    Only the feed an entry's text was taken from dates it.
    """
    desk.list(entry("a", DAILY_SPORTS, **stated("10:00 GMT", NOON - HOUR)), feed=DAILY_SPORTS)
    desk.fetch()
    desk.read(article("a"))

    desk.list(entry("a", **stated("x", NOON - 2 * HOUR)), date_rule=RULE, redated=True, now=NOON + HOUR)

    assert [] == list(desk.extractions(now=NOON + HOUR))


def test_what_is_on_its_way_is_left_there(desk):
    """
    An entry that waits to be fetched gets its date, and goes on waiting.
    """
    desk.list(entry("a", **stated("10:00 GMT", NOON - HOUR)))

    desk.list(entry("a", **stated("10:00 GMT", NOON - 4 * HOUR)), date_rule=RULE, redated=True)

    assert (None, Stage.FETCH) == desk.state("a")
    desk.fetch()
    assert [datetime(2026, 3, 1, 8, tzinfo=UTC)] == [
        each.entry.date.published_at for each in desk.extractions()
    ]


def test_what_pages_state_beside_their_feed_is_told(desk):
    """
    From when they are read, of those asked about, by the feed that dated them, and of none that states
    nothing.
    """
    date = DateEvidence(published_at=NOON, source="feed", raw="12:00 GMT")
    desk.list(entry("a"), entry("b"), entry("c"))
    desk.fetch()
    assert [] == desk.ledger.dates_with_pages(DAILY, [key("a"), key("b")])

    said = replace(date, page_at=NOON - 3 * HOUR)
    desk.read(article("a", date=said), article("b", date=date), article("c", date=said))

    (told,) = desk.ledger.dates_with_pages(DAILY, [key("a"), key("b"), key("d")])
    assert (said, said.page_at) == (told, told.page_at)
    assert [] == desk.ledger.dates_with_pages(DAILY_SPORTS, [key("a")])
