"""
Dates as analysts write them.
"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from pipeline.errors import QueryError
from pipeline.search.days import edges_of
from pipeline.search.request import request_of

NOW = datetime(2026, 4, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "start", "end"),
    [
        ("2026", "2025-12-31T22:00", "2026-12-31T22:00"),
        ("2026-02", "2026-01-31T22:00", "2026-02-28T22:00"),
        ("2026-03-02", "2026-03-01T22:00", "2026-03-02T22:00"),
        ("2026/3/2", "2026-03-01T22:00", "2026-03-02T22:00"),
        ("٢٠٢٦-٠٣-٠٢", "2026-03-01T22:00", "2026-03-02T22:00"),
        ("2026-03-02T14", "2026-03-02T12:00", "2026-03-02T13:00"),
        ("2026-03-02T14:00", "2026-03-02T12:00", "2026-03-02T12:00"),
        ("2026-03-02T14:00+00:00", "2026-03-02T14:00", "2026-03-02T14:00"),
        ("2026-03-02T14:00Z", "2026-03-02T14:00", "2026-03-02T14:00"),
        ("7d", "2026-03-25T12:00", "2026-03-25T12:00"),
        ("12h", "2026-04-01T00:00", "2026-04-01T00:00"),
        ("٧أيام", "2026-03-25T12:00", "2026-03-25T12:00"),
    ],
)
def test_dates_are_local_days_of_the_readers_zone(written, start, end):
    """
    A day begins and ends where the reader is; instants with an offset keep it.
    """
    edges = edges_of(written, zone="Africa/Tripoli", now=NOW)

    assert (start, end) == tuple(edge.isoformat()[:16] for edge in edges)


def test_a_day_of_a_clock_change_has_its_own_length():
    """
    The day on which clocks go forward has 23 hours.
    """
    start, end = edges_of("2026-04-24", zone="Africa/Cairo", now=NOW)

    assert 23 * 3600 == (end - start).total_seconds()


@pytest.mark.parametrize(
    "wrong",
    [
        {"since": "غدا"},
        {"until": "2026-13"},
        {"since": "2026-02-30"},
        {"sort": "size"},
        {"limit": 0},
        {"offset": 20_000},
        {"timeline_by": "week"},
    ],
)
def test_what_cannot_be_asked_is_an_error(wrong):
    """
    Dates, orders and limits that make no sense are refused with a word.
    """
    with pytest.raises(QueryError):
        request_of("قمة", zone="UTC", now=NOW, **wrong)
