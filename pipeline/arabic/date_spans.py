"""
Where in a folded line dates, times of day and zones stand, and what they say.

Knows how they are written; which of several counts, and what instant comes of it, is decided in
`pipeline.arabic.dates`. Only what exists in a calendar is found: no 31st of February.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache

from hijridate import Hijri

from pipeline.arabic.date_words import any_of, named, words

#: A year before this is a typing error or somebody's birthday.
EARLIEST_YEAR = 1900
#: From this Hijri year (1999) a year without its mark cannot be a Persian one for a while.
_UNMARKED_HIJRI = 1420
#: No zone is further than this from Greenwich.
_MAX_OFFSET_H = 14

#: The day of a date is not the rest of a longer number; a time of day may touch it with a dash.
_NO_DIGIT_BEFORE = r"(?<!\d)(?:(?<!\d[/.\-:])|(?<=:\d\d-))"
_DAY = r"(?P<d>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?:(?:من\s+)?(?:ال|ل)?(?:عام|سنه)\s+)?(?P<y>\d{4})(?!\d)"  # "of the year", "for the year"
_GAP = r"\s*[/\-.,]?\s*(?:من\s+)?(?:شهر\s+)?"  # "of", "month"
_ERA = r"(?:\s*/?\s*(?P<era>ه|م)(?![^\W\d_])|\s*(?P<era_word>هجري|ميلادي)[^\W\d_]*)?"  # Hijri, Gregorian


@dataclass(frozen=True, slots=True, kw_only=True)
class DateSpan:
    """A day that somebody wrote down."""

    start: int
    end: int
    day: date
    rule: str
    other: date | None = None  #: the day it would be, were the month written first

    @property
    def is_hijri(self) -> bool:
        return self.rule.startswith("hijri")


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeSpan:
    """A time of day; `hour` already counts to 24."""

    start: int
    end: int
    hour: int
    minute: int
    second: int
    precision: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ZoneSpan:
    """A zone by its offsets in minutes, or IANA names; several where the name is used for several."""

    start: int
    end: int
    meanings: tuple[int | str, ...]


# -- days -------------------------------------------------------------------------------------


def find_dates(line: str) -> list[DateSpan]:
    """Every day in `line`, in its order, no two overlapping."""
    found: list[DateSpan] = []
    for span in _all_dates(line):
        if not any(span.start < other.end and other.start < span.end for other in found):
            found.append(span)
    return sorted(found, key=lambda span: span.start)


def _all_dates(line: str) -> Iterator[DateSpan]:
    for pattern, rule in _named_patterns():
        for match in pattern.finditer(line):
            yield from _named_date(match, rule)
    for match in _YEAR_FIRST.finditer(line):
        yield from _numeric_date(match, "numeric year first")
    for match in _DAY_FIRST.finditer(line):
        yield from _numeric_date(match, "numeric day first")
    for pattern in (_COMPACT, _DIGITS):
        for match in pattern.finditer(line):
            yield from _numeric_date(match, "iso8601 basic")


def _named_date(match: re.Match[str], rule: str) -> Iterator[DateSpan]:
    months = words().hijri_months if rule == "hijri month" else words().months
    stated = [named(name, months) for name in (match["m"], match.groupdict().get("m2")) if name]
    if len(set(stated)) > 1 or _contradicts(match, hijri=rule == "hijri month"):
        return
    year, day = _full_year(match["y"]), int(match["d"])
    made = _hijri(year, stated[0], day) if rule == "hijri month" else _gregorian(year, stated[0], day)
    if made:
        yield DateSpan(
            start=match.start(), end=match.end(), day=made, rule="double month" if len(stated) > 1 else rule
        )


def _full_year(written: str) -> int:
    """RFC 822 writes two digits, and RFC 2822 says which century they are of."""
    year = int(written)
    return year if len(written) > 2 else year + (2000 if year < 50 else 1900)


def _numeric_date(match: re.Match[str], rule: str) -> Iterator[DateSpan]:
    year, month, day = int(match["y"]), int(match["m"]), int(match["d"])
    start, end = match.span()
    if _is_hijri_mark(match) or _UNMARKED_HIJRI <= year < EARLIEST_YEAR:
        made = _hijri(year, month, day)
        if made:
            yield DateSpan(start=start, end=end, day=made, rule="hijri numeric")
        return
    made, swapped = _gregorian(year, month, day), _gregorian(year, day, month)
    if made:
        other = swapped if rule == "numeric day first" and swapped != made else None
        yield DateSpan(start=start, end=end, day=made, rule=rule, other=other)
    elif swapped and rule == "numeric day first":
        yield DateSpan(start=start, end=end, day=swapped, rule="numeric month first")


def _is_hijri_mark(match: re.Match[str]) -> bool:
    groups = match.groupdict()
    return groups.get("era") == "ه" or groups.get("era_word") == "هجري"  # the letter heh; "Hijri"


def _contradicts(match: re.Match[str], *, hijri: bool) -> bool:
    marked = match.groupdict().get("era") or match.groupdict().get("era_word")
    return bool(marked) and hijri != _is_hijri_mark(match)


def _gregorian(year: int, month: int, day: int) -> date | None:
    if year < EARLIEST_YEAR or (year, month, day) == (1970, 1, 1):  # what machines write for "none"
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _hijri(year: int, month: int, day: int) -> date | None:
    """By the tables of Umm al-Qura, which reach from 1343 to 1500."""
    try:
        return Hijri(year, month, day).to_gregorian()
    except (ValueError, OverflowError):
        return None


_SAME_SEPARATOR = r"\s*(?P=sep)\s*"
_SEPARATOR = r"\s*(?P<sep>[/.\-])\s*"
_MONTH = r"(?P<m>\d{1,2})"
_DAY_FIRST = re.compile(
    _NO_DIGIT_BEFORE
    + r"(?P<d>\d{1,2})"
    + _SEPARATOR
    + _MONTH
    + _SAME_SEPARATOR
    + r"(?P<y>\d{4})(?!\d)(?!\.\d)"  # 4.25.2025.1 is the number of a version
    + _ERA
)
_YEAR_FIRST = re.compile(
    _NO_DIGIT_BEFORE
    + r"(?P<y>\d{4})"
    + _SEPARATOR
    + _MONTH
    + _SAME_SEPARATOR
    + r"(?P<d>\d{1,2})(?!\d)"
    + _ERA
)
_COMPACT = re.compile(r"(?<![\w/.\-])(?P<y>\d{4})(?P<m>\d\d)(?P<d>\d\d)(?=t\d{4}(?:\d\d)?(?:z|[+-]\d|\b))")
#: Nothing but digits, as meta elements have it: a day, or a day and a time to the second.
_DIGITS = re.compile(r"^(?P<y>(?:19|20)\d\d)(?P<m>\d\d)(?P<d>\d\d)(?=(?:\d{6})?$)")


@cache
def _named_patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Patterns of dates with a month's name, those that demand most first."""
    month, again = any_of(words().months), any_of(words().months)
    pair = rf"(?P<m>{month})(?:\s*[/\\(|,\-]?\s*(?P<m2>{again})\s*\)?)?"
    hijri = rf"(?P<m>{any_of(words().hijri_months)})"
    english = any_of(name for name in words().months if name.isascii())
    clock = r"(?:\s*\d{1,2}:\d\d(?::\d\d)?\s*(?:(?:[a-z]{1,5})?\s*[+-]?\d{0,4})?\s*)"
    return (
        (re.compile(_NO_DIGIT_BEFORE + _DAY + _GAP + pair + _GAP + _YEAR + _ERA), "named month"),
        (re.compile(_NO_DIGIT_BEFORE + _DAY + _GAP + hijri + _GAP + _YEAR + _ERA), "hijri month"),
        (re.compile(_NO_DIGIT_BEFORE + _YEAR + _GAP + pair + _GAP + _DAY + r"(?![\d:])"), "named month"),
        (re.compile(pair + r"\s*" + _DAY + r"(?![\d:])\s*,?\s*" + _YEAR + _ERA), "named month"),
        (re.compile(hijri + r"\s*" + _DAY + r"(?![\d:])\s*,?\s*" + _YEAR + _ERA), "hijri month"),
        (re.compile(pair + r"\s*" + _DAY + rf"(?={clock}(?P<y>\d{{4}})(?!\d))"), "named month"),
        (
            re.compile(_NO_DIGIT_BEFORE + _DAY + rf"\s+(?P<m>{english})\s+(?P<y>\d\d)(?=\s+\d\d:\d\d)"),
            "named month",
        ),
    )


# -- times of day -----------------------------------------------------------------------------


def find_times(line: str) -> list[TimeSpan] | None:
    """Every time of day in `line`; None where something written as one cannot be one."""
    found: list[TimeSpan] = []
    for pattern in _time_patterns():
        for match in pattern.finditer(line):
            if any(match.start("h") < span.end and span.start < match.end() for span in found):
                continue
            span = _time_of(match)
            if span is None:
                return None
            found.append(span)
    return sorted(found, key=lambda span: span.start)


def _time_of(match: re.Match[str]) -> TimeSpan | None:
    groups = match.groupdict()
    minute, second = groups.get("min"), groups.get("s")
    meridiem = groups.get("after") or groups.get("before")
    hour = _hour(int(match["h"]), named(meridiem, words().meridiems) if meridiem else None)
    if hour is None or int(minute or 0) > 59 or int(second or 0) > 59:
        return None
    return TimeSpan(
        start=match.start(),
        end=match.end(),
        hour=hour,
        minute=int(minute or 0),
        second=int(second or 0),
        precision="second" if second else "minute" if minute else "hour",
    )


def _hour(hour: int, meridiem: str | None) -> int | None:
    """The hour of 24 that is meant; None where there is none such."""
    if hour > 23:
        return None
    if meridiem is None or hour > 12 or (hour == 0 and meridiem != "pm"):
        return None if hour > 12 and meridiem == "am" else hour
    if meridiem == "noon":
        return hour if hour >= 11 else hour + 12
    if meridiem == "night":
        return (hour + 12) % 24 if hour >= 7 else hour
    return hour % 12 + (12 if meridiem == "pm" else 0)


@cache
def _time_patterns() -> tuple[re.Pattern[str], ...]:
    any_meridiem = any_of(words().meridiems)
    spelt = any_of(name for name in words().meridiems if len(name) > 1)
    after = rf"(?:\s*[-,(]?\s*(?P<after>{any_meridiem}))"
    before = rf"(?:(?<!\d)(?<!\d\s)(?P<before>{any_meridiem})\s*)?"  # not the mark of a year
    hour = r"(?<![\d:+])(?<![\d][.\-/])(?P<h>\d{1,2})"
    rest = r"\s*[:hس]\s*(?P<min>\d\d)(?:\s*:\s*(?P<s>\d\d)(?:[.,]\d+)?)?(?!\d|\s*:\s*\d)"
    o_clock = r"الساعه\s*(?:ال)?"  # "at ... o'clock"
    return (
        re.compile(before + hour + rest + after + "?"),
        re.compile(r"(?<=\d{8}t)(?P<h>\d\d)(?P<min>\d\d)(?P<s>\d\d)?(?!\d)"),
        re.compile(r"(?<=^\d{8})(?P<h>\d\d)(?P<min>\d\d)(?P<s>\d\d)$"),
        re.compile(o_clock + hour + r"[.](?P<min>\d\d)(?!\d)" + after + "?"),
        re.compile(hour + r"[.](?P<min>\d\d)(?!\d|[.]\d)" + rf"\s*(?P<after>{spelt})"),
        re.compile(o_clock + hour + r"(?!\d)" + after),
        re.compile(hour + rf"(?!\d)\s*(?P<after>{spelt})"),
    )


# -- zones ------------------------------------------------------------------------------------


def find_zones(line: str) -> list[ZoneSpan]:
    """Every zone in `line`, in its order; a mark with a name nobody knows has no meanings."""
    found: list[ZoneSpan] = []
    for pattern in _zone_patterns():
        for match in pattern.finditer(line):
            if any(match.start() < span.end and span.start < match.end() for span in found):
                continue
            meanings = _zone_of(match)
            if meanings is not None:
                found.append(ZoneSpan(start=match.start(), end=match.end(), meanings=meanings))
    return sorted(found, key=lambda span: span.start)


def _zone_of(match: re.Match[str]) -> tuple[int | str, ...] | None:
    groups = match.groupdict()
    if groups.get("sign"):
        hours, minutes = int(groups["oh"]), int(groups.get("om") or 0)
        if hours > _MAX_OFFSET_H or minutes > 59:
            return None
        return ((-1 if groups["sign"] == "-" else 1) * (hours * 60 + minutes),)
    return tuple(named(groups["name"], words().zones)) if groups.get("name") else ()


@cache
def _zone_patterns() -> tuple[re.Pattern[str], ...]:
    zones = words().zones
    cities = {name for name, meanings in zones.items() if isinstance(meanings[0], str)}
    others = set(zones) - cities - {"z"}
    return (
        re.compile(r"(?<![a-z])(?:gmt|utc)\s*(?P<sign>[+-])\s*(?P<oh>\d{1,2})(?::?(?P<om>\d\d))?(?!\d)"),
        re.compile(r"(?<=\d)\s*(?P<sign>[+-])(?P<oh>\d\d):?(?P<om>\d\d)(?![\d/.\-])"),
        re.compile(r"(?<=:\d\d)(?P<sign>[+])(?P<oh>\d\d)(?![\d:/.\-])"),
        re.compile(r"(?<=\d)\s?(?P<name>z)(?![^\W_])"),
        re.compile(rf"(?:{words().zone_marks})\s+(?:مدينه\s+)?(?P<name>{any_of(zones)})"),  # "city of"
        re.compile(rf"(?P<name>{any_of(others)})"),
        re.compile(rf"(?:{words().zone_marks})\s+(?!المحلي)[^\W\d_]+"),  # not "local"
    )
