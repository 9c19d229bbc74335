"""
How every feed is doing, as the sources page and the API tell it: health, pace, delay, gaps.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby, pairwise
from typing import Final

from pipeline.reports import FeedHealth, StepRun
from pipeline.web import charts
from pipeline.web.desk import Desk

#: What is drawn.
WEEK: Final = timedelta(days=7)
#: Rasd polls every ten minutes; without a poll for longer than this it was not looking.
LAPSE: Final = timedelta(minutes=45)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A feed with what was seen of it in the last week."""

    feed: FeedHealth
    state: str  #: well | failing | stopped | off | waiting
    median_s: float | None  #: its outlet's, from publication to searchable; None: nothing to go by
    p95_s: float | None
    stripes: tuple[charts.Stripe, ...]  #: hour by hour

    @property
    def bad(self) -> bool:
        """Whether somebody should look."""
        return self.state in {"failing", "stopped"}

    @property
    def gaps(self) -> int:
        """Silences longer than its own rhythm explains."""
        return sum(now.gap and not before.gap for before, now in pairwise([_NO_STRIPE, *self.in_order]))

    @property
    def in_order(self) -> list[charts.Stripe]:
        """Stripes in the order of time."""
        return sorted(self.stripes, key=lambda stripe: stripe.start)

    @property
    def runs(self) -> list[Run]:
        """Equal stripes side by side as one: fewer things to draw."""
        ordered = sorted(self.stripes, key=lambda stripe: stripe.x)
        found = []
        for (gap, level), group in groupby(ordered, key=lambda stripe: (stripe.gap, stripe.level)):
            stripes = list(group)
            if gap or level:
                found.append(Run(x=stripes[0].x, width=len(stripes), gap=gap, level=level))
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Hours of one kind."""

    x: int
    width: int
    gap: bool
    level: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Lapse:
    """A time in which Rasd itself asked no feed."""

    start: datetime
    seconds: float


_NO_STRIPE: Final = charts.Stripe(x=-1, level=0, gap=False, start=datetime.min.replace(tzinfo=UTC), count=0)


def sources(desk: Desk, *, mirrored: bool = False) -> list[Source]:
    """Every feed, those in trouble first, then by outlet."""
    now = desk.now()
    since = now - WEEK
    health = desk.ledger.feed_health(now=now)
    hours = desk.ledger.entries_by_hour(since)
    delays: dict[str, list[float]] = defaultdict(list)
    for each in desk.ledger.delays(since):
        delays[each.outlet_id].append(each.delay_s)
    for values in delays.values():
        values.sort()
    found = []
    for feed in health:
        entries, waited = hours.get(feed.feed_url, {}), delays.get(feed.outlet_id)
        found.append(
            Source(
                feed=feed,
                state=state_of(feed),
                median_s=charts.percentile(waited, 0.5) if waited else None,
                p95_s=charts.percentile(waited, 0.95) if waited else None,
                stripes=tuple(
                    charts.stripes(
                        entries,
                        since=since,
                        watched_since=feed.first_polled_at or now,
                        now=now,
                        usual=charts.usual_silence(entries),
                        mirrored=mirrored,
                    )
                ),
            )
        )
    return sorted(found, key=lambda source: (not source.bad, source.feed.outlet_id, source.feed.feed_url))


def lapses(desk: Desk) -> list[Lapse]:
    """When Rasd was not looking in the last week, latest first."""
    runs = desk.ledger.runs_since("poll", desk.now() - WEEK)
    return lapses_between(runs, now=desk.now())[::-1]


def lapses_between(runs: Sequence[StepRun], *, now: datetime) -> list[Lapse]:
    """Times between runs that are too long; before the first run there was nobody to look."""
    ends = [*((run.started_at, run.ended_at) for run in runs), (now, now)]
    return [
        Lapse(start=ended, seconds=(started - ended).total_seconds())
        for (_, ended), (started, _) in pairwise(ends)
        if started - ended > LAPSE
    ]


def state_of(feed: FeedHealth) -> str:
    """One word for a feed's health."""
    if not feed.enabled:
        return "off"
    if feed.last_polled_at is None:
        return "waiting"
    if feed.next_poll_at is None:
        return "stopped"
    return "failing" if feed.failures else "well"
