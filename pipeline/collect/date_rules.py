"""
What a feed gets wrong in all its dates, learnt from when its entries were first seen, and from what
their pages state.

Many outlets write the time of day of their own city and claim it were UTC. What came out a minute
ago then lies hours ahead, by exactly as much as the city is ahead of Greenwich just then. What comes
out late never lies ahead; but its page states another instant, earlier by exactly as much. The mistake
is learnt as a rule about a zone, not as a number of hours, so that it holds over clock changes; and
never from one entry, nor from one moment.

Pure: functions of the evidence, which the ledger keeps with the feed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import NamedTuple
from zoneinfo import ZoneInfo

from pipeline.arabic.dates import AHEAD
from pipeline.collect.dating import stated_clock
from pipeline.habits import ClockSight, FirstSight, PageSight
from pipeline.records import DateEvidence, DateRule, FeedEntry

#: Evidence of either kind kept of a feed: the newest.
KEPT = 40
#: Of one poll, so that a burst does not push out what came before.
_KEPT_OF_A_POLL = 10
#: Nearer to one another than this, two readings of a date cannot be told apart.
_TOLD_APART = timedelta(minutes=25)
#: An entry older than this when first seen says nothing of its feed's clock.
_TOO_OLD = timedelta(days=1)
#: What is dated this long ago, at most, counts as fresh from the press.
_FRESH = timedelta(minutes=20)
#: Dates that cannot be, and polls they come from, before a label is doubted.
_MIN_AHEAD, _MIN_POLLS = 5, 3
#: Of all evidence, the least that must be ahead, and the most that may be so by the zone's clock.
_MIN_AHEAD_SHARE, _MAX_BEYOND_SHARE = 0.25, 0.05
#: Pages that state the zone's own clock, and the time they are spread over, before a label is doubted.
_MIN_PAGES, _MIN_SPREAD = 5, timedelta(hours=1)
#: Of all pages that state either, the most that may bear the label out.
_MAX_BORNE_OUT_SHARE = 0.05
#: Of first sights, the share of dates fresh as labelled that no pages can explain away.
_TIMELY_SHARE = 0.25
#: Nearer than this, two instants are one.
_SAME = timedelta(minutes=1)
#: A run of timely dates as unlikely as this, were the label still wrong, shows that it is right now.
_CEASED = 0.001


class _Reading(NamedTuple):
    """How far ahead of its first sight a date lies, as labelled and by the zone's own clock."""

    seen_at: datetime
    labelled: timedelta
    local: timedelta


def first_sights(entries: Iterable[FeedEntry], *, zone: str, seen_at: datetime) -> tuple[FirstSight, ...]:
    """Evidence from entries that were not listed at the poll before; the newest of them.

    Only dates that claim another clock than their outlet's speak for or against its label.
    """
    found = []
    for entry in entries:
        stated = stated_clock(entry.raw_date)
        if stated is None:
            continue
        sight = FirstSight(wall=stated.wall, claimed_s=stated.claimed_s, seen_at=seen_at)
        reading = _reading(sight, ZoneInfo(zone))
        if reading.labelled - reading.local >= _TOLD_APART and reading.labelled >= -_TOO_OLD:
            found.append(sight)
    return tuple(sorted(found, key=lambda sight: sight.wall, reverse=True)[:_KEPT_OF_A_POLL])


def page_sights(dates: Iterable[DateEvidence], *, zone: str) -> tuple[PageSight, ...]:
    """Evidence from a feed's dates beside which its entries' pages state an instant; oldest first."""
    found = []
    for date in dates:
        stated = stated_clock(date.raw)
        if date.page_at is None or date.source != "feed" or stated is None:
            continue
        sight = PageSight(wall=stated.wall, claimed_s=stated.claimed_s, page_at=date.page_at)
        labelled, local = _readings(sight, ZoneInfo(zone))
        if labelled - local >= _TOLD_APART:
            found.append(sight)
    return tuple(sorted(found, key=lambda sight: sight.page_at))


def with_newer(evidence: Sequence[ClockSight], newer: Sequence[ClockSight]) -> tuple[ClockSight, ...]:
    """The evidence to be kept: of either kind the newest, oldest first; of one page once."""
    sights = list(dict.fromkeys((*evidence, *newer)))
    pages = [sight for sight in sights if isinstance(sight, PageSight)]
    firsts = [sight for sight in (*evidence, *newer) if isinstance(sight, FirstSight)]
    return (*firsts[-KEPT:], *pages[-KEPT:])


def learnt_rule(evidence: Sequence[ClockSight], *, zone: str) -> DateRule | None:
    """The mistake a feed makes, if so much evidence bears it out and so little speaks against it.

    Args:
        evidence: oldest first.
        zone: IANA name: whose clock the outlet's people look at.
    """
    claims = Counter(sight.claimed_s for sight in evidence).most_common(1)
    for claimed_s, _ in claims:
        clock = ZoneInfo(zone)
        claiming = [sight for sight in evidence if sight.claimed_s == claimed_s]
        readings = [_reading(sight, clock) for sight in claiming if isinstance(sight, FirstSight)]
        readings = [reading for reading in readings if _differ(reading)]
        pages = [sight for sight in claiming if isinstance(sight, PageSight)]
        if _shows_local_clock(readings) or (
            _pages_show_local_clock(pages, clock) and not _bear_out(readings)
        ):
            return DateRule(zone=zone, claimed_s=claimed_s)
    return None


def _readings(sight: ClockSight, clock: ZoneInfo) -> tuple[datetime, datetime]:
    """What a date means as labelled, and by the zone's own clock."""
    labelled = sight.wall.replace(tzinfo=UTC) - timedelta(seconds=sight.claimed_s)
    return labelled, sight.wall.replace(tzinfo=clock).astimezone(UTC)


def _reading(sight: FirstSight, clock: ZoneInfo) -> _Reading:
    labelled, local = _readings(sight, clock)
    return _Reading(sight.seen_at, labelled - sight.seen_at, local - sight.seen_at)


def _differ(reading: _Reading) -> bool:
    return reading.labelled - reading.local >= _TOLD_APART


def _shows_local_clock(readings: Sequence[_Reading]) -> bool:
    """Whether the dates are impossible as labelled, and fit the zone's own clock."""
    ahead = [reading for reading in readings if reading.labelled > AHEAD]
    beyond = [reading for reading in readings if reading.local > AHEAD]
    fresh = [reading for reading in readings if -_FRESH <= reading.local <= AHEAD]
    fresh_as_labelled = [reading for reading in readings if -_FRESH <= reading.labelled <= AHEAD]
    return (
        len(ahead) >= max(_MIN_AHEAD, _MIN_AHEAD_SHARE * len(readings))
        and _polls(ahead) >= _MIN_POLLS
        and len(beyond) <= _MAX_BEYOND_SHARE * len(readings)
        and _polls(fresh) > 1
        and len(fresh) > 2 * len(fresh_as_labelled)
        and not _has_ceased(readings)
    )


def _pages_show_local_clock(sights: Sequence[PageSight], clock: ZoneInfo) -> bool:
    """Whether pages state, over and over, another instant than the label, off by the zone's offset."""
    borne_out, refuting = 0, []
    for sight in sights:
        labelled, local = _readings(sight, clock)
        borne_out += abs(sight.page_at - labelled) < _SAME
        if abs(sight.page_at - local) < _SAME:
            refuting.append(sight.page_at)
    return (
        len(refuting) >= _MIN_PAGES
        and max(refuting) - min(refuting) >= _MIN_SPREAD
        and borne_out <= _MAX_BORNE_OUT_SHARE * len(sights)
    )


def _bear_out(readings: Sequence[_Reading]) -> bool:
    """Whether dates are so often fresh from the press as labelled that it is the pages that are wrong."""
    fresh = [reading for reading in readings if -_FRESH <= reading.labelled <= AHEAD]
    timely = _polls(fresh) > 1 and len(fresh) >= _TIMELY_SHARE * len(readings)
    return timely or _has_ceased(readings)


def _polls(readings: Sequence[_Reading]) -> int:
    return len({reading.seen_at for reading in readings})


def _has_ceased(readings: Sequence[_Reading]) -> bool:
    """Whether the newest dates are so consistently timely that the feed must have been mended."""
    timely: list[_Reading] = []
    for poll in _newest_polls_first(readings):
        if any(reading.labelled > AHEAD for reading in poll):
            break
        timely += poll
    before = len(readings) - len(timely)
    ahead = sum(reading.labelled > AHEAD for reading in readings)
    usually_timely = 1 - ahead / (before + 2)
    return _polls(timely) > 1 and usually_timely ** len(timely) < _CEASED


def _newest_polls_first(readings: Sequence[_Reading]) -> Iterator[list[_Reading]]:
    ordered = sorted(readings, key=lambda reading: reading.seen_at, reverse=True)
    yield from (list(poll) for _, poll in groupby(ordered, key=lambda reading: reading.seen_at))
