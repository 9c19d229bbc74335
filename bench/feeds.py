"""
Make-believe feeds with the rhythms of real ones: how many entries, at which hours, in what window.

The kinds are those measured in Arabic feeds: a wire of 360 entries a day that keeps 100, a newsroom
that keeps 20, a broadcaster that keeps a day, a paper that keeps 300, ten-entry windows, sections,
the feed that brings one entry a day, and the one that is alive and brings nothing. Within a kind
feeds differ, by day and night, by weekend, and by bursts of breaking news.
"""

from __future__ import annotations

import math
import random
from bisect import bisect_right
from dataclasses import dataclass

DAY_S = 86400.0
_HOUR_S = 3600.0
#: What a weekday's hours bring, local time: mornings and evenings, and little at night.
_DAY_CURVE = (2, 1, 1, 1, 1, 2, 4, 7, 9, 10, 11, 11, 10, 9, 9, 8, 8, 8, 9, 10, 10, 8, 6, 4)
_WEEKEND = 0.6
_BURST_HOURS, _BURST_TIMES = 2, 12.0


@dataclass(frozen=True)
class Kind:
    """A kind of feed."""

    name: str
    share: float  #: of all feeds
    a_day: float  #: entries, on average
    window: int  #: entries listed at a time
    awake: float  #: of its entries, the part that comes as evenly by night as by day
    bursts_a_week: float = 0.0
    edition: int = 0  #: entries that a daily edition puts online at once


KINDS = (
    Kind("wire", 0.02, 360, 100, awake=0.5, bursts_a_week=2),
    Kind("newsroom", 0.04, 100, 20, awake=0.3, bursts_a_week=2),
    Kind("broadcaster", 0.04, 72, 72, awake=0.3, bursts_a_week=1),
    Kind("paper", 0.04, 60, 300, awake=0.1, bursts_a_week=1),
    Kind("ten entries", 0.06, 25, 10, awake=0.1, bursts_a_week=1),
    Kind("edition", 0.02, 6, 15, awake=0.1, edition=18),
    Kind("section", 0.38, 6, 20, awake=0.1),
    Kind("one a day", 0.25, 0.9, 30, awake=0.1),
    Kind("silent", 0.15, 0.02, 20, awake=0.1),
)


@dataclass(frozen=True)
class MadeFeed:
    """What a feed publishes, and when: seconds since the simulation begins, history before 0."""

    kind: Kind
    number: int
    published: tuple[float, ...]

    def window(self, at_s: float) -> tuple[int, int]:
        """Of `published`, what is listed at a moment: from, to."""
        end = bisect_right(self.published, at_s)
        return max(0, end - self.kind.window), end


def kind_of(number: int, feeds: int) -> Kind:
    """Feeds by their number, each kind with its share."""
    place, passed = (number + 0.5) / feeds, 0.0
    for kind in KINDS:
        passed += kind.share
        if place < passed:
            return kind
    return KINDS[-1]


def made_feed(number: int, feeds: int, *, days: int) -> MadeFeed:
    """The feed of that number, the same each time."""
    chance = random.Random(f"feed {number}")  # noqa: S311 - it only has to be repeatable
    kind = kind_of(number, feeds)
    a_day = kind.a_day * chance.lognormvariate(0, 0.5)
    zone = chance.choice((0, 1, 2, 2, 3, 3, 3, 4))
    history_days = min(60, math.ceil(kind.window / max(a_day, 0.01)) + 1)
    bursts = {
        round(chance.uniform(0, days * 24)) for _ in range(_poisson(chance, kind.bursts_a_week * days / 7))
    }
    times: list[float] = []
    for hour in range(-24 * history_days, 24 * days):
        busy = _BURST_TIMES if any(0 <= hour - begin < _BURST_HOURS for begin in bursts) else 1.0
        rate = busy * a_day / 24 * _weight(hour + zone, kind.awake)
        times += (hour * _HOUR_S + chance.uniform(0, _HOUR_S) for _ in range(_poisson(chance, rate)))
        if kind.edition and (hour + zone) % 24 == 3:
            online = hour * _HOUR_S + chance.uniform(0, _HOUR_S)
            times += (online + chance.uniform(0, 60) for _ in range(kind.edition))
    return MadeFeed(kind, number, tuple(sorted(times)))


def _weight(local_hour: int, awake: float) -> float:
    """Of an hour, against the average one; the simulation begins on a Monday."""
    day, hour = divmod(local_hour, 24)
    curve = _DAY_CURVE[hour] * 24 / sum(_DAY_CURVE)
    weekend = _WEEKEND if day % 7 in {4, 5} else 1.0
    return weekend * (awake + (1 - awake) * curve)


def _poisson(chance: random.Random, mean: float) -> int:
    count, product, least = 0, chance.random(), math.exp(-mean)
    while product > least:
        count, product = count + 1, product * chance.random()
    return count
