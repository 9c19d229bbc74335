"""
Where in a folded line times of day and zones stand, and what they say.

Knows how they are written; which of several counts, and what instant comes of it, is decided in
`pipeline.arabic.dates`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from pipeline.arabic.date_words import any_of, ending_in, named, words

#: No zone is further than this from Greenwich.
_MAX_OFFSET_H = 14
_DAY_MIN = 24 * 60


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
    hour = _hour(_number(match["h"]), named(meridiem, words().meridiems) if meridiem else None)
    if hour is None or int(minute or 0) > 59 or int(second or 0) > 59:
        return None
    part = _part_min(groups)
    hour, past = divmod((hour * 60 + int(minute or 0) + part) % _DAY_MIN, 60)
    return TimeSpan(
        start=match.start(),
        end=match.end(),
        hour=hour,
        minute=past,
        second=int(second or 0),
        precision="second" if second else "minute" if minute or part else "hour",
    )


def _number(written: str) -> int:
    return int(written) if written.isdecimal() else int(named(written, words().hours))


def _part_min(groups: dict[str, str | None]) -> int:
    """Minutes by which a part of an hour moves it: a half past, a quarter to."""
    past, to = (words().fractions[part] * 60 if (part := groups.get(name)) else 0 for name in ("past", "to"))
    return round(past - to)


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
    minutes = r"\s*و\s*(?P<min>\d{1,2})\s*(?:دقيقه|دقائق)"  # "and 15 minutes"
    named_hour = rf"(?P<h>{any_of(words().hours)})"
    return (
        re.compile(before + hour + rest + after + "?"),
        re.compile(r"(?<=\d{8}t)(?P<h>\d\d)(?P<min>\d\d)(?P<s>\d\d)?(?!\d)"),
        re.compile(r"(?<=^\d{8})(?P<h>\d\d)(?P<min>\d\d)(?P<s>\d\d)$"),
        re.compile(o_clock + hour + r"[.](?P<min>\d\d)(?!\d)" + after + "?"),
        re.compile(o_clock + hour + minutes + after + "?"),
        re.compile(hour + r"[.](?P<min>\d\d)(?!\d|[.]\d)" + rf"\s*(?P<after>{spelt})"),
        re.compile(o_clock + hour + r"(?!\d)" + after),
        re.compile(hour + rf"(?!\d)\s*(?P<after>{spelt})"),
        re.compile(hour + rf"{_part()}\s+(?P<after>{spelt})"),
        re.compile(named_hour + rf"{_part()}?\s+(?P<after>{spelt})"),
    )


def _part() -> str:
    """The pattern of what moves an hour by a part of one: "and a half", "less a quarter"."""
    part = ending_in(words().fractions)
    return rf"(?:\s+و\s?(?:ال)?(?P<past>{part})|\s+الا\s+(?:ال)?(?P<to>{part}))"


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
        re.compile(
            rf"(?<![a-z]){_greenwich()}\s*(?P<sign>[+-])\s*(?P<oh>\d{{1,2}})(?::?(?P<om>\d\d))?(?!\d)"
        ),
        re.compile(r"(?<=\d)\s*(?P<sign>[+-])(?P<oh>\d\d):?(?P<om>\d\d)(?![\d/.\-])"),
        re.compile(r"(?<=:\d\d)(?P<sign>[+])(?P<oh>\d\d)(?![\d:/.\-])"),
        re.compile(r"(?<=\d)\s?(?P<name>z)(?![^\W_])"),
        re.compile(rf"(?:{words().zone_marks})\s+(?:مدينه\s+)?(?P<name>{any_of(zones)})"),  # "city of"
        re.compile(rf"(?P<name>{any_of(others)})"),
        re.compile(rf"(?:{words().zone_marks})\s+(?!المحلي)[^\W\d_]+"),  # not "local"
    )


def _greenwich() -> str:
    """The pattern of every name of the zone that others are counted from."""
    names = any_of(name for name, meanings in words().zones.items() if meanings == (0,) and len(name) > 1)
    return rf"(?:(?:{words().zone_marks})\s+)?{names}"
