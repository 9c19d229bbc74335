"""
Relative times: "3 hours ago", "two minutes ago" (a dual), "yesterday 21:15".
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import NamedTuple

from pipeline.arabic.date_words import Unit, any_of, ending_in, named, words

#: Words beside a relative time: "published", "by" and a name, hardly more.
_OTHER_WORDS = 3
#: Nobody counts further back in any unit.
_MAX_COUNT = 999
_YEAR_NEXT = re.compile(r"\s*\d{4}(?!\d)")


class Counted(NamedTuple):
    """Now, less what was counted."""

    instant: datetime
    precision: str


def read_relative(line: str, now: datetime) -> Counted | None:
    """The instant a folded line counts back to, or None when it does not."""
    match = _pattern().search(line)
    if not match or _words_in(line[: match.start()] + " " + line[match.end() :]) > _OTHER_WORDS:
        return None
    if _YEAR_NEXT.match(line, match.end()):  # "since the year 2011"
        return None
    amounts = [_amount(part) for part in _amount_pattern().finditer(match.group())]
    if not amounts or any(count > _MAX_COUNT for count, _ in amounts):
        return None
    instant = now.astimezone(UTC)
    for count, unit in amounts:
        instant = _back(instant, count, unit)
    return Counted(instant, _precision(amounts[-1][1]))


def is_just_now(line: str) -> bool:
    """Whether a folded line says "now" or "moments ago", and nothing else."""
    return _alone(re.compile(words().just_now), line) is not None


def read_days_back(line: str, *, times: Sequence[tuple[int, int]]) -> int | None:
    """How many days before today a folded line means; None when it says nothing of the kind.

    `times` are the spans of its times of day and zones: nothing else but a weekday may stand beside
    the word, for "today" is also the name of newspapers.
    """
    letters = list(line)
    for start, end in times:
        letters[start:end] = " " * (end - start)
    beside = f"{words().labels}|{any_of(words().weekdays)}"
    match = _alone(_days_back(), re.sub(beside, " ", "".join(letters)))
    return int(named(match.group(), words().days_back)) if match else None


def _alone(pattern: re.Pattern[str], line: str) -> re.Match[str] | None:
    """What a pattern finds where nothing but labels stands beside it."""
    match = pattern.search(line)
    return match if match and not _words_in(line[: match.start()] + " " + line[match.end() :]) else None


@cache
def _days_back() -> re.Pattern[str]:
    return re.compile(any_of(words().days_back))


def _words_in(text: str) -> int:
    known = f"{words().labels}|{words().update_marks}"
    return len(re.findall(r"[^\W\d_]{2,}|\d+", re.sub(known, " ", text)))


def _back(instant: datetime, count: float, unit: Unit) -> datetime:
    if not unit.months:
        return instant - timedelta(seconds=count * unit.seconds)
    months = instant.year * 12 + instant.month - 1 - round(count * unit.months)
    year, month = divmod(months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return instant.replace(year=year, month=month + 1, day=min(instant.day, last))


def _precision(unit: Unit) -> str:
    if unit.months:
        return "month"
    return "week" if unit.seconds > 86_400 else unit.precision


def _amount(match: re.Match[str]) -> tuple[float, Unit]:
    half = named(match["half"], words().fractions) if match["half"] else 0
    if match["dual"]:
        return 2 + half, words().duals[match["dual"]]
    if match["single"]:
        return 1 + half, words().single_units[match["single"]]
    unit = words().units[match["unit"]]
    if match["count"]:
        return float(match["count"]) + half, unit
    if match["number"]:
        tens = named(match["tens"], words().numbers) if match["tens"] else 0
        return named(match["number"], words().numbers) + tens + half, unit
    return words().fractions[match["part"]], unit


@cache
def _amount_pattern() -> re.Pattern[str]:
    return re.compile(_amount_text(names=True))


@cache
def _pattern() -> re.Pattern[str]:
    amount = _amount_text(names=False)
    amounts = rf"{amount}(?:\s*(?:,|و|and)?\s*{amount})*"
    return re.compile(
        rf"(?:{words().ago_before})\s*(?:حوالي\s+|نحو\s+)?{amounts}"  # "about"
        rf"|(?<![\d.:/]){amounts}\s*(?:{words().ago_after})"
    )


def _amount_text(*, names: bool) -> str:
    """The pattern of a count with its unit, with named groups or without."""

    def group(name: str, pattern: str) -> str:
        return f"(?P<{name}>{pattern})" if names else f"(?:{pattern})"

    vocabulary = words()
    one = any_of(name for name, number in vocabulary.numbers.items() if number == 1)
    half = rf"(?:\s+و\s?{group('half', ending_in(vocabulary.fractions))})?"  # "and a half"
    count = group("count", r"(?<!\d)\d{1,3}(?:\.\d)?(?!\d)")
    tens = ending_in(name for name, value in vocabulary.numbers.items() if value >= 20)
    number = (
        group("number", any_of(vocabulary.numbers)) + rf"(?:\s+و\s?{group('tens', tens)})?"
    )  # "and twenty"
    part = group("part", any_of(vocabulary.fractions))
    unit = group("unit", any_of(vocabulary.units))
    single = group("single", any_of(vocabulary.single_units))  # "hours ago" says nothing
    dual = group("dual", any_of(vocabulary.duals))
    counted = rf"(?:{count}\s*|{number}\s+|{part}\s+){unit}|{single}(?:\s+{one})?"
    return rf"(?:(?:{dual}|{counted}){half})"
