"""What a feed's history lets expect."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from pipeline.collect.rhythm import begun, continued, expected, recent_per_hour, slot_of, window_s
from pipeline.records import DateEvidence, FeedEntry

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
WEEK = timedelta(weeks=1)


def entry(published_at=None):
    date = DateEvidence(published_at=published_at, source="feed") if published_at else None
    return FeedEntry(entry_id="e", outlet_id="o", feed_url="f", url="u", canonical_url="u", date=date)


def every(span, count, *, until=NOON):
    return [entry(until - number * span) for number in range(count)]


def test_the_first_window_is_history_already():
    """
    What a feed lists at its first poll says how much it brings, and since when that is known.
    """
    rhythm = begun(every(HOUR, 10, until=NOON - timedelta(minutes=1)), NOON)

    assert NOON - 10 * HOUR == rhythm.since
    assert 10 == sum(rhythm.counts)
    assert 0.9 < expected(rhythm, NOON).per_hour(slot_of(NOON)) < 1.4


def test_a_first_window_without_dates_tells_nothing():
    """
    Then half an entry an hour is expected, and less with each hour that brings none.
    """
    rhythm = begun([entry(), entry(NOON + HOUR)], NOON)

    assert 0.5 == expected(rhythm, NOON).per_hour(0)
    assert 0.1 > expected(rhythm, NOON + 6 * HOUR).per_hour(0)


def test_old_pinned_entries_do_not_stretch_history():
    """
    What was published months ago is no part of the rhythm.
    """
    rhythm = begun([*every(HOUR, 5), entry(NOON - 60 * WEEK)], NOON)

    assert NOON - 4 * HOUR == rhythm.since


@pytest.mark.parametrize(
    ("published_at", "counted_at"),
    [
        (NOON - timedelta(minutes=90), NOON - 2 * HOUR),  # since the last poll
        (NOON - 9 * HOUR, NOON),  # published before it, shown only now
        (NOON + 3 * HOUR, NOON),  # labelled with the wrong zone
        (None, NOON),
    ],
)
def test_an_entry_counts_when_it_could_be_had(published_at, counted_at):
    """
    Its own date where that lies between two polls, the poll itself otherwise.
    """
    rhythm = continued(
        begun([], NOON - 3 * HOUR), [entry(published_at)], last_polled_at=NOON - 3 * HOUR, now=NOON
    )

    assert [slot_of(counted_at)] == [slot for slot, count in enumerate(rhythm.counts) if count]


def test_hours_of_the_day_are_learnt_before_hours_of_the_week():
    """
    Three mornings watched say something of the fourth; so does a Sunday of the next Sunday.
    """
    morning = NOON.replace(hour=8)
    rhythm = begun(
        [
            entry(morning - timedelta(days=day) + timedelta(minutes=minute))
            for day in range(4)
            for minute in (0, 9, 18)
        ],
        NOON,
    )
    rates = expected(rhythm, NOON)

    assert rates.per_hour(slot_of(morning + timedelta(days=1))) > 1.0
    assert rates.per_hour(slot_of(morning + 7 * HOUR)) < 0.2


def test_no_hour_is_written_off():
    """
    The quietest is believed to bring half of what an average hour brings.
    """
    rhythm = begun(every(timedelta(minutes=1), 60, until=NOON - 3 * WEEK), NOON)

    assert expected(rhythm, NOON).per_hour(0) == pytest.approx(0.5 * 60 / (3 * 168), rel=0.05)


def test_what_is_long_past_fades():
    """
    Counts are halved when they are twice as old as the memory; the rate stays what it was.
    """
    then = begun(every(HOUR, 100, until=NOON), NOON)
    later = NOON + 9 * WEEK
    faded = continued(then, [], last_polled_at=NOON, now=later)

    assert later - 4 * WEEK == faded.since
    assert sum(then.counts) / (later - then.since).days == pytest.approx(
        sum(faded.counts) / (later - faded.since).days, rel=0.02
    )


def test_a_window_is_measured_without_what_is_pinned():
    """
    One old entry in ten does not make it long; dates to come, or too few, tell nothing.
    """
    hourly = every(HOUR, 10)

    assert 8 * 3600 == window_s(hourly, NOON)
    assert 9 * 3600 == window_s([*hourly, entry(NOON - 99 * WEEK)], NOON)
    assert 8 * 3600 == window_s([*hourly, entry(NOON + 3 * HOUR)], NOON)
    assert 0.0 == window_s(hourly[:4], NOON)


def test_the_moment_has_a_rate_of_its_own():
    """
    Three entries in ten minutes are four and a half an hour; none is none.
    """
    assert 4.5 == recent_per_hour(3, 600)
    assert 0.0 == recent_per_hour(0, 600)
