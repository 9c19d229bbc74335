"""
Several queries over the same time: whose press it is, and when each had its day. Numbers in, shapes out.

All lines share one scale and one axis of time, from the first to the last moment asked about in which
anything was published.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from pipeline.answers import Bucket, Counted, SearchPage
from pipeline.errors import QueryError
from pipeline.web.charts import MAX_BARS, following

#: More lines are no comparison but a tangle.
MAX_QUERIES: Final = 4
#: Outlets held against each other, those with most articles first.
_OUTLETS: Final = 15
#: Times up to this long are drawn by the hour.
HOURLY: Final = timedelta(days=4)


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """A query, and what became of it."""

    query: str
    found: SearchPage | None = None
    error: QueryError | None = None

    @property
    def total(self) -> int:
        return self.found.total if self.found else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A time with how many articles each query found in it."""

    x: int
    start: datetime
    end: datetime
    coverage: int
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Lines over moments, in the order of the queries."""

    moments: tuple[Moment, ...]  #: in the order of time
    by: str
    lines: tuple[str, ...]  #: each as points of a polyline, 0 to 100 high
    highest: float  #: articles, or their share of all coverage, at the top of the drawing

    @property
    def width(self) -> int:
        return len(self.moments)


def step_for(start: datetime | None, end: datetime) -> str:
    """What a time is drawn by."""
    if start is None or end - start > timedelta(days=MAX_BARS):
        return "month"
    return "hour" if end - start <= HOURLY else "day"


def fitting(by: str, coverage: Sequence[Bucket]) -> str:
    """The same, or by the hour where there is coverage of so few days that lines would have three points."""
    few = coverage and coverage[-1].start - coverage[0].start <= HOURLY
    return "hour" if by == "day" and few else by


def compared(
    answers: Sequence[Compared], coverage: Sequence[Bucket], by: str, *, share: bool, mirrored: bool
) -> Comparison | None:
    """The lines; None where nobody published anything.

    Args:
        coverage: all articles of the time, whatever they are about.
        share: of each moment's coverage, not the articles themselves.
        mirrored: time runs from the right.
    """
    found = [{each.start: each.count for each in (answer.found.timeline if answer.found else ())}
             for answer in answers]  # fmt: skip
    everything = {each.start: each.coverage for each in coverage}
    if not everything:
        return None
    starts = _axis(min(everything), max(everything), by)
    moments = tuple(
        Moment(
            x=len(starts) - 1 - place if mirrored else place,
            start=start,
            end=following(start, by),
            coverage=everything.get(start, 0),
            counts=tuple(each.get(start, 0) for each in found),
        )
        for place, start in enumerate(starts)
    )
    values = [[_value(moment, place, share=share) for moment in moments] for place in range(len(answers))]
    highest = max((value for line in values for value in line), default=0)
    lines = tuple(_points(moments, line, highest or 1) for line in values)
    return Comparison(moments=moments, by=by, lines=lines, highest=highest)


def by_outlet(answers: Sequence[Compared]) -> list[tuple[Counted, tuple[int, ...]]]:
    """Outlets with what each query finds of theirs, those with most first."""
    facets = [answer.found.facets.get("outlet", ()) if answer.found else () for answer in answers]
    totals: Counter[str] = Counter()
    for facet in facets:
        totals.update({each.value: each.count for each in facet})
    outlets = {each.value: each for facet in facets for each in facet}
    counts = [{each.value: each.count for each in facet} for facet in facets]
    return [
        (outlets[value], tuple(each.get(value, 0) for each in counts))
        for value, _ in totals.most_common(_OUTLETS)
    ]


def _axis(first: datetime, last: datetime, by: str) -> list[datetime]:
    starts = [first]
    while (after := following(starts[-1], by)) <= last and len(starts) < 10 * MAX_BARS:
        starts.append(after)
    return starts[-MAX_BARS:]


def _value(moment: Moment, place: int, *, share: bool) -> float:
    if not share:
        return moment.counts[place]
    return moment.counts[place] / moment.coverage if moment.coverage else 0.0


def _points(moments: Sequence[Moment], values: Sequence[float], highest: float) -> str:
    placed = sorted(zip((moment.x for moment in moments), values, strict=True))
    return " ".join(f"{x + 0.5},{100 - 96 * value / highest:.1f}" for x, value in placed)
