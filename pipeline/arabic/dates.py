"""
Dates as Arabic sites print them → an instant.

One grammar for machine forms (ISO 8601, RFC 822), names of months from the Gulf to the Maghreb,
numbers day first, Hijri dates by Umm al-Qura, and relative times. A line is read as a date only when
it is little else than a date: no answer rather than a wrong one.

Pure: what "now" is, and whose clock an unnamed zone means, are arguments.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from pipeline.arabic.characters import fold
from pipeline.arabic.date_relative import is_just_now, read_days_back, read_relative
from pipeline.arabic.date_spans import DateSpan, find_dates
from pipeline.arabic.date_times import TimeSpan, ZoneSpan, find_times, find_zones
from pipeline.arabic.date_words import any_of, words

#: Clocks differ: a date this far ahead of ours is not yet in the future.
AHEAD = timedelta(minutes=10)
#: Nothing longer is a date line.
_MAX_CHARS = 300
#: What stands between byline, date and length on one line.
_BARS = re.compile(r"[|\u2022\u00b7]")
#: Stands for a letter of a date; no letter itself.
_TAKEN = "\x00"
#: Words that are no part of a date, beside which it still is one: a byline, a city.
_OTHER_WORDS = 4


class ReadDate(NamedTuple):
    """An instant, how precisely it was stated, and how it was read.

    A date without a time of day is the local noon of its day, so that it is that day in most zones.
    """

    instant: datetime  #: aware, UTC
    precision: str  #: second | minute | hour | day | week | month
    rule: str


def parse_date(raw: str, *, zone: str, now: datetime) -> ReadDate | None:
    """Read a date as published, or nothing at all.

    `zone` is the IANA name of the publisher's zone, for dates that name none. `now` is when the line
    was read: relative dates count from it, and no answer is later than it and ten minutes.

    >>> from datetime import UTC, datetime
    >>> now = datetime(2025, 5, 2, 12, tzinfo=UTC)
    >>> parse_date("Fri, 25 Apr 2025 14:05:00 +0300", zone="Asia/Riyadh", now=now).instant.isoformat()
    '2025-04-25T11:05:00+00:00'
    """
    line = date_line(raw)
    if not line or len(line) > _MAX_CHARS:
        return None
    times = find_times(line)
    if times is None:
        return None
    local = ZoneInfo(zone)
    dates, zones = find_dates(line), find_zones(line)
    if not dates:
        return _relative(line, times, zones, local, now)
    chosen = _choose(line, dates)
    if chosen is None or _other_words(line, [*dates, *times, *zones]) > _OTHER_WORDS:
        return None
    at = _time_for(chosen, dates, times)
    return _not_ahead(_made(chosen, at, _zone_for(at, times, zones), line, local, now), now)


def date_line(raw: str) -> str:
    """One folded line with plain punctuation, as the parts of this grammar expect it."""
    plain = re.sub(r"[\u2010-\u2015\u2212]", "-", fold(raw)).replace("،", ",").replace("؛", ",")
    return " ".join(plain.split())


def happens_once(wall: datetime, zone: ZoneInfo) -> bool:
    """Whether clocks in a zone show a (naive) time once; changing, they skip an hour, or repeat one.

    >>> happens_once(datetime(2026, 10, 29, 23, 30), ZoneInfo("Africa/Cairo"))
    False
    """
    first, second = (wall.replace(tzinfo=zone, fold=fold).utcoffset() for fold in (0, 1))
    return first == second


# -- which of the dates -----------------------------------------------------------------------


def _choose(line: str, dates: Sequence[DateSpan]) -> DateSpan | None:
    """The day of publication among those on the line; None when they cannot be told apart."""
    if re.search(words().foreign_marks, line[: dates[0].start]) or _bounds().search(line[: dates[0].start]):
        return None
    christian = [span for span in dates if not span.is_hijri] or list(dates)
    published = [span for span in christian if not _is_update(line, dates, span)]
    if not published:
        return christian[0]
    return published[0] if len({span.day for span in published}) == 1 else None


@cache
def _bounds() -> re.Pattern[str]:
    """Matches where a text ends in a word that makes the date after it one that is told of."""
    days = any_of([*words().weekdays, "يوم", "تاريخ", "في", "من"])  # "day", "date", "on", "from"
    return re.compile(rf"{words().bounds}\s*(?:{days}[\s,]*)*$")


def _is_update(line: str, dates: Sequence[DateSpan], span: DateSpan) -> bool:
    before = max((other.end for other in dates if other.end <= span.start), default=0)
    return bool(re.search(words().update_marks, line[before : span.start]))


def _time_for(chosen: DateSpan, dates: Sequence[DateSpan], times: Sequence[TimeSpan]) -> TimeSpan | None:
    """The time of day that belongs to a day: lines write either times or days first throughout."""
    if times and times[0].start < dates[0].start:
        floor = max((span.end for span in dates if span.end <= chosen.start), default=0)
        before = [span for span in times if floor <= span.start and span.end <= chosen.start]
        return before[-1] if before else None
    ceiling = min((span.start for span in dates if span.start >= chosen.end), default=_MAX_CHARS)
    after = [span for span in times if chosen.end <= span.start < ceiling]
    # A Hijri date may stand between the day and its time.
    return after[0] if after else times[0] if len(times) == 1 and times[0].start >= chosen.end else None


def _zone_for(at: TimeSpan | None, times: Sequence[TimeSpan], zones: Sequence[ZoneSpan]) -> ZoneSpan | None:
    """The zone written after a time, up to the next time; else the one before it."""
    if at is None:
        return None
    ceiling = min((span.start for span in times if span.start >= at.end), default=_MAX_CHARS)
    after = [span for span in zones if at.end <= span.start + 1 and span.start < ceiling]
    floor = max((span.end for span in times if span.end <= at.start), default=0)
    before = [span for span in zones if floor <= span.start and span.end <= at.start]
    return after[0] if after else before[-1] if before else None


@cache
def _known_words() -> re.Pattern[str]:
    vocabulary = words()
    names = any_of([*vocabulary.weekdays, *vocabulary.meridiems, *vocabulary.days_back])
    return re.compile(
        f"{vocabulary.labels}|{vocabulary.update_marks}|{vocabulary.zone_marks}|{names}|t(?=\\d)"
    )


def _other_words(line: str, spans: Sequence[DateSpan | TimeSpan | ZoneSpan]) -> int:
    """How many words beside a date are no part of it; what bars part from it is another matter."""
    letters = list(line)
    for span in spans:
        letters[span.start : span.end] = _TAKEN * (span.end - span.start)
    beside = (part for part in _BARS.split("".join(letters)) if _TAKEN in part)
    rest = _known_words().sub(" ", " ".join(beside))
    return len(re.findall(r"[^\W\d_]{2,}", rest))


# -- which instant ----------------------------------------------------------------------------


def _made(
    chosen: DateSpan, at: TimeSpan | None, named: ZoneSpan | None, line: str, local: ZoneInfo, now: datetime
) -> ReadDate | None:
    day, rule = _by_weekday(chosen, line)
    if day is None:
        return None
    if at is None:
        return _whole_day(day, rule, local, now)
    return _timed(day, at, named, rule, local)


def _timed(day: date, at: TimeSpan, named: ZoneSpan | None, rule: str, local: ZoneInfo) -> ReadDate | None:
    wall = datetime.combine(day, time(at.hour, at.minute, at.second))
    if named is None:
        precision = at.precision if happens_once(wall, local) else "hour"
        return ReadDate(wall.replace(tzinfo=local).astimezone(UTC), precision, f"{rule}, outlet zone assumed")
    instant = _in_zone(wall, named, local)
    return ReadDate(instant, at.precision, f"{rule}, zone stated") if instant else None


def _in_zone(wall: datetime, named: ZoneSpan, local: ZoneInfo) -> datetime | None:
    """The instant at which clocks of the named zone show `wall`; None when the name is not enough."""
    meanings = named.meanings
    if len(meanings) > 1:
        here = wall.replace(tzinfo=local).utcoffset()
        meanings = tuple(minutes for minutes in meanings if here == timedelta(minutes=int(minutes)))
    if not meanings:
        return None
    if isinstance(meanings[0], str):
        return wall.replace(tzinfo=ZoneInfo(meanings[0])).astimezone(UTC)
    return (wall - timedelta(minutes=meanings[0])).replace(tzinfo=UTC)


def _whole_day(day: date, rule: str, local: ZoneInfo, now: datetime) -> ReadDate | None:
    """Noon of a day or, where it has begun and noon is yet to come, now."""
    begin = datetime.combine(day, time(), tzinfo=local).astimezone(UTC)
    noon = datetime.combine(day, time(12), tzinfo=local).astimezone(UTC)
    instant = now.astimezone(UTC).replace(microsecond=0) if begin <= now < noon else noon
    return ReadDate(instant, "day", rule)


@cache
def _weekdays() -> re.Pattern[str]:
    return re.compile(any_of(words().weekdays))


def _weekdays_on(line: str) -> set[int]:
    return {words().weekdays[name] for name in _weekdays().findall(line)}


def _by_weekday(chosen: DateSpan, line: str) -> tuple[date | None, str]:
    """Let the name of the weekday settle what numbers leave open.

    Day or month first, and the day by which Hijri calendars differ. Numbers that fit the weekday
    in no order are not believed.
    """
    weekdays = _weekdays_on(line)
    if len(weekdays) != 1 or chosen.day.weekday() in weekdays:
        return chosen.day, chosen.rule
    weekday = weekdays.pop()
    if chosen.is_hijri:
        nearby = (chosen.day + timedelta(days=shift) for shift in (-1, 1))
        return next((day for day in nearby if day.weekday() == weekday), chosen.day), chosen.rule
    if chosen.rule != "numeric day first":
        return chosen.day, chosen.rule
    if chosen.other and chosen.other.weekday() == weekday:
        return chosen.other, "numeric month first"
    return None, chosen.rule


def _relative(
    line: str, times: Sequence[TimeSpan], zones: Sequence[ZoneSpan], local: ZoneInfo, now: datetime
) -> ReadDate | None:
    counted = read_relative(line, now)
    if counted:
        return ReadDate(counted.instant, counted.precision, "relative")
    if is_just_now(line):
        return ReadDate(now.astimezone(UTC), "hour", "relative")
    back = read_days_back(line, times=_places(times) + _places(zones))
    if back is None or len(times) > 1:
        return None
    day = now.astimezone(local).date() - timedelta(days=back)
    if _weekdays_on(line) - {day.weekday()}:
        return None
    if not times:
        return _whole_day(day, "relative day", local, now)
    made = _timed(day, times[0], _zone_for(times[0], times, zones), "relative day", local)
    return _not_ahead(made, now)


def _places(spans: Sequence[TimeSpan | ZoneSpan]) -> list[tuple[int, int]]:
    return [(span.start, span.end) for span in spans]


def _not_ahead(read: ReadDate | None, now: datetime) -> ReadDate | None:
    return read if read and read.instant <= now + AHEAD else None
