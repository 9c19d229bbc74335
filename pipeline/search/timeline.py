"""
Timelines: how many articles were found in each hour, day or month of the reader's zone, and how many
there were at all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from pipeline.answers import Bucket

#: Times up to this long are drawn by the hour.
_HOURLY: Final = timedelta(days=4)
#: More days with articles than this are drawn by the month.
_DAYS_DRAWN: Final = 400
_BACK_TO: Final = {
    "hour": {"minute": 0, "second": 0, "microsecond": 0},
    "day": {"hour": 0, "minute": 0, "second": 0, "microsecond": 0},
    "month": {"day": 1, "hour": 0, "minute": 0, "second": 0, "microsecond": 0},
}


def step_of(wanted: str, start: datetime | None, end: datetime | None, now: datetime) -> str:
    """What to count by at first: hours of a short time, else days; `rolled` decides about months."""
    if wanted != "auto":
        return wanted
    return "hour" if start is not None and (end or now) - start <= _HOURLY else "day"


@lru_cache(maxsize=65_536)
def bucket_start(at: datetime, step: str, zone: str) -> datetime:
    """The beginning of the hour, day or month of `zone` that `at` is in.

    >>> from datetime import UTC
    >>> bucket_start(datetime(2026, 3, 1, 22, 30, tzinfo=UTC), "day", "Asia/Amman").isoformat()
    '2026-03-02T00:00:00+03:00'
    """
    local = at.astimezone(_zone(zone))
    if step == "hour":  # not by replacing: an hour that comes twice keeps its own beginning
        within = timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
        return (at - within).astimezone(_zone(zone))
    start = local.replace(fold=0, **_BACK_TO[step])  # type: ignore[arg-type]
    return start.astimezone(_zone("UTC")).astimezone(_zone(zone))  # a day may begin at one o'clock


def buckets(counts: Mapping[datetime, int], coverage: Mapping[datetime, int]) -> tuple[Bucket, ...]:
    """The timeline, in order; both are by the beginnings of buckets."""
    return tuple(
        Bucket(start=start, count=counts[start], coverage=coverage.get(start, 0)) for start in sorted(counts)
    )


def summed(counted: Iterable[tuple[datetime, int]], step: str, zone: str) -> Counter[datetime]:
    """Counts of small stretches of time, added up by bucket."""
    found: Counter[datetime] = Counter()
    for at, count in counted:
        found[bucket_start(at, step, zone)] += count
    return found


def step_drawn(wanted: str, step: str, days: int) -> str:
    """What a timeline is drawn by: months where there are too many days."""
    return "month" if wanted == "auto" and step == "day" and days > _DAYS_DRAWN else step


@lru_cache(maxsize=16)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)
