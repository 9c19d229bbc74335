"""
What is learnt of a feed from poll to poll: when it brings news, what it says about being asked, and
what its dates show of its clock.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedHints:
    """What a feed itself says about being asked."""

    ttl_s: float = 0.0  #: not worth asking again sooner: RSS `ttl`, `sy:updatePeriod`
    skip_hours: frozenset[int] = field(default_factory=frozenset)  #: of the day, UTC
    skip_days: frozenset[int] = field(default_factory=frozenset)  #: of the week, UTC, Monday is 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """When a feed brings news: what was counted since it is known, by hour of the week."""

    since: datetime  #: a whole hour
    counts: tuple[float, ...]  #: 168 of them, UTC, Monday's first hour first


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedHabits:
    """What the schedule goes by."""

    rhythm: Rhythm | None = None  #: None before the first poll
    window_s: float = 0.0  #: from the oldest to the newest entry as last listed; 0: not known
    hints: FeedHints = FeedHints()


NO_HABITS = FeedHabits()


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstSight:
    """What the date of an entry said when its feed first listed it: evidence on the feed's clock."""

    wall: datetime  #: naive: the time of day stated
    claimed_s: int  #: seconds east of Greenwich of the zone stated
    seen_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PageSight:
    """What the page of an entry stated beside the entry's date: evidence on the feed's clock."""

    wall: datetime  #: naive: the time of day the feed stated
    claimed_s: int  #: seconds east of Greenwich of the zone it stated
    page_at: datetime


ClockSight: TypeAlias = FirstSight | PageSight
