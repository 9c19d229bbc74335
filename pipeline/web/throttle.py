"""
How often somebody may ask, and how long a wrong password makes them wait. Pure but for their memory.

Kept in this process: one process serves the pages, and a restart forgives.
"""

from __future__ import annotations

import math
import threading
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

#: Visitors remembered; beyond it the one that was silent longest is forgotten.
_REMEMBERED: Final = 10_000
#: Wrong passwords that cost nothing: people mistype.
FREE_FAILURES: Final = 5
#: No wait is longer, or anybody could lock anybody out for a day.
LONGEST_WAIT: Final = timedelta(minutes=15)


@dataclass(slots=True)
class _Bucket:
    left: float
    at: datetime


class Allowance:
    """So many requests a minute for each visitor, the same number at once.

    >>> from datetime import UTC
    >>> allowance, noon = Allowance(per_minute=2), datetime(2026, 1, 1, 12, tzinfo=UTC)
    >>> [allowance.wait_s("me", now=noon) for _ in range(3)]
    [0, 0, 30]
    """

    def __init__(self, per_minute: float) -> None:
        self.per_minute = per_minute
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()
        self._lock = threading.Lock()

    def wait_s(self, visitor: str, *, now: datetime, cost: float = 1.0) -> int:
        """Take `cost` requests; 0 when they are granted, else the seconds until they would be."""
        with self._lock:
            bucket = self._buckets.pop(visitor, None) or _Bucket(self.per_minute, now)
            gained = (now - bucket.at).total_seconds() * self.per_minute / 60
            bucket.left, bucket.at = min(self.per_minute, bucket.left + max(0.0, gained)), now
            self._buckets[visitor] = bucket
            if len(self._buckets) > _REMEMBERED:
                self._buckets.popitem(last=False)
            cost = min(cost, self.per_minute)
            if bucket.left >= cost:
                bucket.left -= cost
                return 0
            return math.ceil((cost - bucket.left) * 60 / self.per_minute)


@dataclass(slots=True)
class _Failures:
    count: int
    blocked_until: datetime


class Patience:
    """After some wrong passwords each further one doubles the wait, up to `LONGEST_WAIT`.

    Counted for a name and for an address apart, so that neither many names from one place nor one
    name from many places goes faster.
    """

    def __init__(self) -> None:
        self._failures: OrderedDict[str, _Failures] = OrderedDict()
        self._lock = threading.Lock()

    def wait_s(self, *keys: str, now: datetime) -> int:
        """Seconds until the next try is looked at; 0 when it is now."""
        with self._lock:
            until = [self._failures[key].blocked_until for key in keys if key in self._failures]
        return max(0, math.ceil((max(until) - now).total_seconds())) if until else 0

    def failed(self, *keys: str, now: datetime) -> None:
        """Another wrong password."""
        with self._lock:
            for key in keys:
                count = self._count(key, now) + 1
                over = max(0, count - FREE_FAILURES)
                wait = min(LONGEST_WAIT, timedelta(seconds=2 ** min(over, 12))) if over else timedelta()
                self._failures[key] = _Failures(count, now + wait)
                if len(self._failures) > _REMEMBERED:
                    self._failures.popitem(last=False)

    def succeeded(self, *keys: str) -> None:
        """The right password: what was before is forgiven."""
        with self._lock:
            for key in keys:
                self._failures.pop(key, None)

    def _count(self, key: str, now: datetime) -> int:
        found = self._failures.pop(key, None)
        return found.count if found and now < found.blocked_until + LONGEST_WAIT else 0
