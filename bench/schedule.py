"""
A week of polls on a fake clock: the real schedule against a poll of every feed every ten minutes.

Both can ask at Airflow's ticks only, and both find each feed at the same moment of a run; the
fixed poll asks every feed in every run, so nothing could see an entry sooner.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Self

from bench.feeds import DAY_S, MadeFeed, made_feed
from bench.table import Row
from pipeline.collect.rhythm import begun, continued, recent_per_hour
from pipeline.collect.schedule import adapted_interval_s, next_poll_at
from pipeline.habits import Rhythm
from pipeline.records import DateEvidence, FeedEntry

FEEDS = 10_000
DAYS = 7
TICK_S = 600.0
#: A run begins up to so much after its tick, and reaches a feed up to so much after it began.
_LATE_S, _REACHED_S = 5.0, 45.0
#: A feed with so many entries a day is active.
ACTIVE_A_DAY = 24
#: A Monday.
_BEGIN = datetime(2026, 3, 2, tzinfo=UTC)


@dataclass
class Tally:
    """What a way of polling cost and gave."""

    requests: int = 0
    lost: int = 0
    waits: Counter[int] = field(default_factory=Counter)  #: seconds from publication to first seen
    active_waits: Counter[int] = field(default_factory=Counter)
    by_kind: Counter[str] = field(default_factory=Counter)  #: requests

    def __iadd__(self, other: Tally) -> Self:
        self.requests += other.requests
        self.lost += other.lost
        self.waits += other.waits
        self.active_waits += other.active_waits
        self.by_kind += other.by_kind
        return self


def measure(feeds: int = FEEDS) -> list[Row]:
    """Simulate a week; the rows to print."""
    share = 250
    adaptive, fixed = Tally(), Tally()
    with ProcessPoolExecutor(os.cpu_count()) as processes:
        parts = [(begin, min(begin + share, feeds), feeds) for begin in range(0, feeds, share)]
        for ours, theirs in processes.map(_simulated, parts):
            adaptive += ours
            fixed += theirs
    asked = adaptive.requests / fixed.requests
    kinds = ", ".join(f"{kind} {count / fixed.by_kind[kind]:.0%}" for kind, count in adaptive.by_kind.items())
    return [
        Row(f"{feeds:,} feeds, {DAYS} days, every feed every ten minutes", _told(fixed)),
        Row("the same with the schedule of poll", _told(adaptive)),
        Row("requests against the fixed poll", f"{asked:.1%} ({kinds})", "under 40%"),
        Row(
            f"active feeds (from {ACTIVE_A_DAY} entries a day), published → first seen",
            f"median {_quantile(adaptive.active_waits, 0.5) / 60:.2f} min, fixed "
            f"{_quantile(fixed.active_waits, 0.5) / 60:.2f}; 95% within "
            f"{_quantile(adaptive.active_waits, 0.95) / 60:.2f} min, fixed "
            f"{_quantile(fixed.active_waits, 0.95) / 60:.2f}",
            "median no later",
        ),
        Row("entries lost out of windows", f"{adaptive.lost:,}, fixed {fixed.lost:,}", "no more"),
    ]


def _told(tally: Tally) -> str:
    return (
        f"{tally.requests:,} requests; published → first seen: median "
        f"{_quantile(tally.waits, 0.5) / 60:.2f} min, 95% within {_quantile(tally.waits, 0.95) / 60:.2f} min"
    )


def _simulated(part: tuple[int, int, int]) -> tuple[Tally, Tally]:
    begin, end, feeds = part
    adaptive, fixed = Tally(), Tally()
    for number in range(begin, end):
        feed = made_feed(number, feeds, days=DAYS)
        moments = _moments(number)
        _fixed(feed, moments, fixed)
        _adaptive(feed, moments, adaptive)
    return adaptive, fixed


def _moments(number: int) -> list[float]:
    """When each run would ask the feed."""
    chance = random.Random(f"run {number}")  # noqa: S311 - it only has to be repeatable
    return [
        tick * TICK_S + chance.uniform(0, _LATE_S) + chance.uniform(0, _REACHED_S)
        for tick in range(int(DAYS * DAY_S / TICK_S))
    ]


def _fixed(feed: MadeFeed, moments: list[float], tally: Tally) -> None:
    seen = feed.window(moments[0])[1]
    for at_s in moments[1:]:
        seen = _look(feed, at_s, seen, tally)
    tally.requests += 1  # the first
    tally.by_kind[feed.kind.name] += 1


def _adaptive(feed: MadeFeed, moments: list[float], tally: Tally) -> None:
    rhythm, seen, due, last = None, 0, _BEGIN, _BEGIN
    for at_s in moments:
        now = _BEGIN + timedelta(seconds=at_s)
        if due > now:
            continue
        first, end = feed.window(at_s)
        if rhythm is None:
            listed = _entries(feed, first, end)
            rhythm, recent = begun(listed, now), 0.0
            tally.requests += 1
            tally.by_kind[feed.kind.name] += 1
        else:
            fresh = _entries(feed, max(first, seen), end)
            recent = recent_per_hour(len(fresh), (now - last).total_seconds())
            if fresh:
                rhythm = continued(rhythm, fresh, last_polled_at=last, now=now)
            _look(feed, at_s, seen, tally)
        seen, last = end, now
        due = next_poll_at(now, _interval_s(feed, rhythm, recent, now, (first, end)))


def _interval_s(
    feed: MadeFeed, rhythm: Rhythm, recent: float, now: datetime, window: tuple[int, int]
) -> float:
    first, end = window
    return adapted_interval_s(
        rhythm,
        now,
        at_most_every_s=TICK_S,
        recent_per_hour=recent,
        window_s=feed.published[end - 1] - feed.published[first] if end - first > 1 else 0.0,
    )


def _look(feed: MadeFeed, at_s: float, seen: int, tally: Tally) -> int:
    """One poll after the first: what it finds, and what it comes too late for."""
    first, end = feed.window(at_s)
    tally.requests += 1
    tally.by_kind[feed.kind.name] += 1
    tally.lost += max(0, first - seen)
    for published in feed.published[max(first, seen) : end]:
        wait = round(at_s - published)
        tally.waits[wait] += 1
        if _is_active(feed):
            tally.active_waits[wait] += 1
    return end


def _is_active(feed: MadeFeed) -> bool:
    return len(feed.published) - feed.window(0)[1] >= ACTIVE_A_DAY * DAYS


def _entries(feed: MadeFeed, first: int, end: int) -> list[FeedEntry]:
    """Newest first, as feeds list them."""
    return [
        FeedEntry(
            entry_id=str(place),
            outlet_id="",
            feed_url="",
            url="",
            canonical_url="",
            date=DateEvidence(published_at=_BEGIN + timedelta(seconds=feed.published[place]), source="feed"),
        )
        for place in range(end - 1, first - 1, -1)
    ]


def _quantile(waits: Counter[int], share: float) -> float:
    wanted, passed = share * waits.total(), 0
    for wait in sorted(waits):
        passed += waits[wait]
        if passed >= wanted:
            return wait
    return 0.0
