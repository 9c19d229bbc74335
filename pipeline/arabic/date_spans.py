"""
Where in a folded line days stand, and which they are.

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

#: The day of a date is not the rest of a longer number; a time of day may touch it with a dash.
_NO_DIGIT_BEFORE = r"(?<!\d)(?:(?<!\d[/.\-:])|(?<=:\d\d-))"
_DAY = r"(?P<d>\d{1,2})(?:st|nd|rd|th|er)?"
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
    year, day = _full_year(match["y"]), _day(match["d"])
    made = _hijri(year, stated[0], day) if rule == "hijri month" else _gregorian(year, stated[0], day)
    if made:
        yield DateSpan(
            start=match.start(), end=match.end(), day=made, rule="double month" if len(stated) > 1 else rule
        )


def _day(written: str) -> int:
    return int(written) if written.isdecimal() else int(named(written, words().days))


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
    + r"(?P<y>\d{4})(?!\d|[./]\d|-\d+(?![\d:]))"  # 4.25.2025.1 is the number of a version
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
    ordinal = rf"(?P<d>{any_of(words().days)})\s+(?:شهر\s+)?"  # "month"
    return (
        (re.compile(_NO_DIGIT_BEFORE + _DAY + _GAP + pair + _GAP + _YEAR + _ERA), "named month"),
        (re.compile(_NO_DIGIT_BEFORE + _DAY + _GAP + hijri + _GAP + _YEAR + _ERA), "hijri month"),
        (re.compile(ordinal + pair + _GAP + _YEAR + _ERA), "named month"),
        (re.compile(ordinal + hijri + _GAP + _YEAR + _ERA), "hijri month"),
        (re.compile(_NO_DIGIT_BEFORE + _YEAR + _GAP + pair + _GAP + _DAY + r"(?![\d:])"), "named month"),
        (re.compile(pair + r"\s*" + _DAY + r"(?![\d:])\s*,?\s*" + _YEAR + _ERA), "named month"),
        (re.compile(hijri + r"\s*" + _DAY + r"(?![\d:])\s*,?\s*" + _YEAR + _ERA), "hijri month"),
        (re.compile(pair + r"\s*" + _DAY + rf"(?={clock}(?P<y>\d{{4}})(?!\d))"), "named month"),
        (
            re.compile(_NO_DIGIT_BEFORE + _DAY + rf"\s+(?P<m>{english})\s+(?P<y>\d\d)(?=\s+\d\d:\d\d)"),
            "named month",
        ),
    )
