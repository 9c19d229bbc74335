"""
A feed's rhythm: how many entries it brings, by hour of the week, learnt from what it has brought.

168 counts a feed, and since when they are counted: a few hundred bytes. An hour of the week seen
once or twice says little, so its rate leans on that of the hour of the day, and that on the feed's
rate as a whole, each as strongly as it has been watched. Pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from pipeline.habits import Rhythm
from pipeline.records import FeedEntry

_HOUR = timedelta(hours=1)
HOURS_A_WEEK = 168
_DAY_HOURS = 24
#: The memory: at twice as many weeks, what is known counts for half.
_MEMORY_WEEKS = 4
#: Of a feed never seen before: half an entry in an hour, which an hour's watching outweighs.
_PRIOR_ENTRIES, _PRIOR_HOURS = 0.5, 1.0
#: Hours of watching after which an hour of the day, or of the week, counts for as much as what it
#: leans on.
_LEANS_HOURS = 3.0
#: No hour is believed to bring less than this share of the feed's average: news that nobody expects
#: breaks at night as well.
_LEAST_SHARE = 0.5
#: Fewer dates than these tell nothing of a window; of more, one in so many may be a pinned old entry.
_TELLING_DATES, _PINNED_ONE_IN = 5, 10
#: A burst is over some time after its last entry: this is added to the time it was counted in.
_LULL_HOURS = 0.5


@dataclass(frozen=True, slots=True)
class Expected:
    """What a rhythm lets expect; made by :func:`expected`."""

    counts: tuple[float, ...]
    since_slot: int
    hours: float  #: watched so far

    def per_hour(self, slot: int) -> float:
        """Entries in an hour of the week, 0 to 167, on average."""
        of_day = slot % _DAY_HOURS
        overall = (sum(self.counts) + _PRIOR_ENTRIES) / (self.hours + _PRIOR_HOURS)
        daily = _leaning(sum(self.counts[of_day::_DAY_HOURS]), self._watched(of_day, _DAY_HOURS), overall)
        usual = _leaning(self.counts[slot], self._watched(slot, HOURS_A_WEEK), daily)
        return max(usual, _LEAST_SHARE * overall)

    def _watched(self, slot: int, cycle: int) -> float:
        """How many hours of this kind have been watched; the one under way counts in part."""
        whole, rest = divmod(self.hours, cycle)
        return whole + min(1.0, max(0.0, rest - (slot - self.since_slot) % cycle))


def expected(rhythm: Rhythm, now: datetime) -> Expected:
    """What `rhythm`, watched until `now`, lets expect."""
    watched = max(0.0, (now - rhythm.since) / _HOUR)
    return Expected(counts=rhythm.counts, since_slot=slot_of(rhythm.since), hours=watched)


def slot_of(at: datetime) -> int:
    """The hour of the week, UTC, Monday's first being 0.

    >>> slot_of(datetime(2026, 11, 24, 12, 30, tzinfo=UTC))  # a Tuesday
    36
    """
    at = at.astimezone(UTC)
    return at.weekday() * _DAY_HOURS + at.hour


def begun(entries: Sequence[FeedEntry], now: datetime) -> Rhythm:
    """The rhythm at the first poll: the feed's window is its history already."""
    horizon = now - timedelta(weeks=2 * _MEMORY_WEEKS)
    dates = [entry.date.published_at for entry in entries if entry.date]
    past = [date for date in dates if horizon < date <= now]
    since = min(past, default=now).astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    return _with(Rhythm(since=since, counts=(0.0,) * HOURS_A_WEEK), past)


def continued(
    rhythm: Rhythm, fresh: Sequence[FeedEntry], *, last_polled_at: datetime, now: datetime
) -> Rhythm:
    """The rhythm after a poll that brought `fresh` entries.

    An entry counts where it says it was published, if that lies between the polls; what was
    published before but shows only now counts now, for now is when it can be had.
    """
    found = [
        entry.date.published_at if entry.date and last_polled_at < entry.date.published_at <= now else now
        for entry in fresh
    ]
    return _with(_halved(rhythm, now), found)


def window_s(entries: Sequence[FeedEntry], now: datetime) -> float:
    """How far back a feed lists its entries, pinned ones aside; 0 when its dates do not tell."""
    dates = sorted(
        entry.date.published_at for entry in entries if entry.date and entry.date.published_at <= now
    )
    if len(dates) < _TELLING_DATES:
        return 0.0
    return (dates[-1] - dates[len(dates) // _PINNED_ONE_IN]).total_seconds()


def recent_per_hour(fresh: int, elapsed_s: float) -> float:
    """The rate of the moment: what the last poll found, over the time it had to gather."""
    return fresh / (elapsed_s / 3600 + _LULL_HOURS)


def _leaning(count: float, watched: float, on: float) -> float:
    return (count + _LEANS_HOURS * on) / (watched + _LEANS_HOURS)


def _with(rhythm: Rhythm, dates: Sequence[datetime]) -> Rhythm:
    counts = list(rhythm.counts)
    for date in dates:
        counts[slot_of(date)] += 1
    return Rhythm(since=rhythm.since, counts=tuple(counts))


def _halved(rhythm: Rhythm, now: datetime) -> Rhythm:
    memory = timedelta(weeks=_MEMORY_WEEKS)
    if now - rhythm.since < 2 * memory:
        return rhythm
    since = now.astimezone(UTC).replace(minute=0, second=0, microsecond=0) - memory
    watched = (now - rhythm.since) / memory
    return Rhythm(since=since, counts=tuple(round(count / watched, 3) for count in rhythm.counts))
