"""
When a feed says an entry was published: the string → an instant, or none rather than a wrong one.

What a feed is known to get wrong in all its dates (:mod:`pipeline.collect.date_rules`) is set right
here. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from pipeline.arabic.date_times import find_zones
from pipeline.arabic.dates import AHEAD, ReadDate, date_line, happens_once, parse_date
from pipeline.collect.markup import one_line
from pipeline.records import DateEvidence, DateRule

_MAX_DATE_CHARS = 100
#: Before this no outlet had a feed: 1970 and year 1 are defaults of software, not dates.
_FIRST_YEAR = 1995
#: Precisions an instant may have; "last month" places nothing.
_PRECISIONS = frozenset({"second", "minute", "hour", "day"})
#: How far ahead a date may lie and still be read, though not believed: no label is wrong by more.
_READ_AHEAD = timedelta(days=2)
#: Read by this clock no date lies ahead.
_FAR = datetime(9000, 1, 1, tzinfo=UTC)
_SHORT_YEAR = re.compile(r"\b(\d{1,2}[ -][A-Za-z]{3,9}[ -])(\d\d)(?=\s+\d{1,2}:\d\d)")
_EPOCH = re.compile(r"(\d{10})(?:\d{3}|\.\d{1,9})?")


class StatedClock(NamedTuple):
    """What a date with a zone says: the time its clock showed, and the zone it claims for that."""

    wall: datetime  #: naive
    claimed_s: int  #: seconds east of Greenwich


def feed_date(
    raws: Sequence[str], *, zone: str, rule: DateRule | None, fetched_at: datetime
) -> tuple[str, DateEvidence | None]:
    """The date of an entry: the string it stands on, and the instant where it can be believed.

    Args:
        raws: publication first, then what may stand in for it where that cannot be read.
        zone: IANA name, for dates that name none.
        rule: what the feed is known to get wrong.
        fetched_at: no later date is believed, ten minutes for unlike clocks aside.
    """
    lines = [line for raw in raws if (line := one_line(raw, max_chars=_MAX_DATE_CHARS))]
    for line in lines:
        read = _read(line, zone=zone, rule=rule, now=fetched_at + _READ_AHEAD)
        if read is None:
            continue
        if "relative" in read.rule:
            read = _read(line, zone=zone, rule=None, now=fetched_at)
        believed = read if read and read.instant <= fetched_at + AHEAD else None
        return line, believed and DateEvidence(
            published_at=believed.instant,
            source="feed",
            precision=believed.precision,
            raw=line,
            rule=believed.rule,
        )
    return next(iter(lines), ""), None


def stated_clock(raw: str) -> StatedClock | None:
    """The clock a raw date shows; None unless it names one zone, by its offset from UTC, and a time.

    >>> stated_clock("Tue, 24 Nov 2026 09:00:00 GMT")
    StatedClock(wall=datetime.datetime(2026, 11, 24, 9, 0), claimed_s=0)
    """
    zones = find_zones(date_line(raw))
    if len(zones) != 1 or len(zones[0].meanings) != 1 or not isinstance(zones[0].meanings[0], int):
        return None
    claimed = timedelta(minutes=zones[0].meanings[0])
    read = parse_date(_with_century(raw), zone="UTC", now=_FAR)
    if read is None or read.precision not in {"second", "minute"} or "stated" not in read.rule:
        return None
    return StatedClock((read.instant + claimed).replace(tzinfo=None), int(claimed.total_seconds()))


def _read(raw: str, *, zone: str, rule: DateRule | None, now: datetime) -> ReadDate | None:
    epoch = _EPOCH.fullmatch(raw)
    if epoch:
        return _plausible(
            ReadDate(datetime.fromtimestamp(int(epoch[1]), UTC), "second", "seconds since 1970")
        )
    read = _plausible(parse_date(_with_century(raw), zone=zone, now=now))
    if read and rule and (stated := stated_clock(raw)) and stated.claimed_s == rule.claimed_s:
        return _set_right(read, stated, rule)
    return read


def _with_century(raw: str) -> str:
    """RFC 822 of 1982 writes 24 Nov 26."""
    return _SHORT_YEAR.sub(r"\g<1>20\2", raw)


def _plausible(read: ReadDate | None) -> ReadDate | None:
    if read is None or read.precision not in _PRECISIONS or read.instant.year < _FIRST_YEAR:
        return None
    return read


def _set_right(read: ReadDate, stated: StatedClock, rule: DateRule) -> ReadDate:
    """The instant at which clocks in the rule's zone showed what the date says."""
    zone = ZoneInfo(rule.zone)
    precision = read.precision if happens_once(stated.wall, zone) else "hour"
    form = read.rule.partition(",")[0]
    return ReadDate(stated.wall.replace(tzinfo=zone).astimezone(UTC), precision, f"{form}, {rule}")
