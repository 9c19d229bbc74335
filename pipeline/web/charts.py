"""
Shapes of the drawings: numbers in, coordinates out. Templates write them as SVG, which needs no script
and no inline style. Time runs the way the page is read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final

from pipeline.answers import Bucket

#: Fewer would be as broad as walls.
MIN_BARS: Final = 28
#: More bars than a screen has room for are not drawn one by one.
MAX_BARS: Final = 400
_STEPS: Final = {"hour": timedelta(hours=1), "day": timedelta(days=1)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A time, how high it stands, and how much of all coverage it is."""

    x: int
    height: float  #: 0 to 100
    share: float  #: 0 to 100, of the largest share
    start: datetime
    end: datetime
    count: int
    coverage: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """Bars in the order of time; `x` already runs the way the page does."""

    bars: tuple[Bar, ...]
    by: str
    highest: int

    @property
    def width(self) -> int:
        """In bars."""
        return len(self.bars)

    @property
    def tells_share(self) -> bool:
        """Whether it differs from the whole: the newest of everything is all there is."""
        return any(bar.count != bar.coverage for bar in self.bars)

    def share_line(self) -> str:
        """The share of all coverage as points of a polyline."""
        ordered = sorted(self.bars, key=lambda bar: bar.x)
        return " ".join(f"{bar.x + 0.5},{100 - bar.share:.1f}" for bar in ordered)


def timeline(buckets: Sequence[Bucket], by: str, *, mirrored: bool) -> Timeline | None:
    """A bar for each bucket, and one of no height for each time between that has none."""
    if not buckets:
        return None
    filled = _led_in(_filled(buckets, by)[-MAX_BARS:], by)
    highest = max(bucket.count for bucket in filled)
    largest = max(bucket.share for bucket in filled) or 1.0
    return Timeline(
        bars=tuple(
            Bar(
                x=len(filled) - 1 - place if mirrored else place,
                height=round(100 * bucket.count / (highest or 1), 1),
                share=round(100 * bucket.share / largest, 1),
                start=bucket.start,
                end=following(bucket.start, by),
                count=bucket.count,
                coverage=bucket.coverage,
            )
            for place, bucket in enumerate(filled)
        ),
        by=by,
        highest=highest,
    )


def following(start: datetime, by: str) -> datetime:
    """When the next bucket begins; `start` is in the reader's zone, and so are days and months.

    >>> following(datetime(2026, 12, 1), "month").isoformat()
    '2027-01-01T00:00:00'
    """
    if by == "month":
        return start.replace(year=start.year + start.month // 12, month=start.month % 12 + 1)
    return start + _STEPS[by]


def preceding(start: datetime, by: str) -> datetime:
    """When the bucket before began.

    >>> preceding(datetime(2027, 1, 1), "month").isoformat()
    '2026-12-01T00:00:00'
    """
    if by == "month":
        return start.replace(year=start.year - (start.month == 1), month=(start.month + 10) % 12 + 1)
    return start - _STEPS[by]


def _led_in(buckets: list[Bucket], by: str) -> list[Bucket]:
    """With the empty times before, so that a few bars are no wall."""
    while len(buckets) < MIN_BARS:
        buckets = [Bucket(start=preceding(buckets[0].start, by), count=0, coverage=0), *buckets]
    return buckets


def _filled(buckets: Sequence[Bucket], by: str) -> list[Bucket]:
    made: list[Bucket] = []
    for bucket in buckets:
        while made and len(made) < 10 * MAX_BARS:
            expected = following(made[-1].start, by)
            if expected >= bucket.start:
                break
            made.append(Bucket(start=expected, count=0, coverage=0))
        made.append(bucket)
    return made


@dataclass(frozen=True, slots=True, kw_only=True)
class Stripe:
    """An hour of a feed."""

    x: int
    level: int  #: 0: nothing new; 1 to 4: how much
    gap: bool  #: silent for longer than this feed ever is
    start: datetime
    count: int


def stripes(
    entries: Mapping[datetime, int],
    *,
    since: datetime,
    watched_since: datetime,
    now: datetime,
    usual: timedelta,
    mirrored: bool,
) -> list[Stripe]:
    """A feed's last days hour by hour, with the silences that are longer than usual.

    Args:
        watched_since: before it nobody looked, so nothing was missed.
        usual: the longest silence that means nothing.
    """
    first = since.replace(minute=0, second=0, microsecond=0)
    hours = [first + timedelta(hours=hour) for hour in range(int((now - first) / timedelta(hours=1)) + 1)]
    silent = _silences(sorted(entries), max(first, watched_since), now, usual)
    busiest = max(entries.values(), default=1)
    return [
        Stripe(
            x=len(hours) - 1 - place if mirrored else place,
            level=_level(entries.get(hour, 0), busiest),
            gap=any(start <= hour < end for start, end in silent),
            start=hour,
            count=entries.get(hour, 0),
        )
        for place, hour in enumerate(hours)
    ]


def usual_silence(hours: Iterable[datetime]) -> timedelta:
    """The longest silence that means nothing: thrice what nine of ten silences last, six hours at least.

    >>> noon = datetime(2026, 1, 1, 12)
    >>> usual_silence(noon + timedelta(hours=4 * hour) for hour in range(20))
    datetime.timedelta(seconds=43200)
    """
    silences = sorted(after - before for before, after in pairwise(sorted(hours)))
    if not silences:
        return timedelta(days=2)
    return max(timedelta(hours=6), 3 * silences[int(0.9 * (len(silences) - 1))])


def _silences(
    hours: Sequence[datetime], first: datetime, now: datetime, usual: timedelta
) -> list[tuple[datetime, datetime]]:
    edges = [*([] if hours and hours[0] <= first else [first - timedelta(hours=1)]), *hours, now]
    after_each = [(before + timedelta(hours=1), after) for before, after in pairwise(edges)]
    return [(start, end) for start, end in after_each if end - start >= usual]


def _level(count: int, busiest: int) -> int:
    return 0 if not count else 1 + min(3, 4 * (count - 1) // max(1, busiest))


def percentile(values: Sequence[float], part: float) -> float:
    """The value that `part` of them do not exceed; values in order.

    >>> percentile([1, 2, 3, 4], 0.5), percentile([7], 0.95)
    (2, 7)
    """
    return values[max(0, -(-int(part * 1000) * len(values) // 1000) - 1)]
