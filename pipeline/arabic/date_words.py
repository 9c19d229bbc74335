"""
The words dates are written with, as `data/dates.yml` lists them, made into patterns.

Everything is folded (`pipeline.arabic.characters.fold`), the names and the text they are sought in.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import yaml

from pipeline.arabic.characters import fold


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A unit of relative times: so many seconds, or calendar months."""

    seconds: int
    months: int
    precision: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The vocabulary: folded name → meaning, and alternations of the names for use in patterns."""

    months: Mapping[str, int]
    hijri_months: Mapping[str, int]
    weekdays: Mapping[str, int]
    days: Mapping[str, int]
    hours: Mapping[str, int]
    meridiems: Mapping[str, str]
    units: Mapping[str, Unit]
    single_units: Mapping[str, Unit]
    duals: Mapping[str, Unit]
    numbers: Mapping[str, int]
    fractions: Mapping[str, float]
    just_now: str
    days_back: Mapping[str, int]
    zones: Mapping[str, tuple[int | str, ...]]
    ago_before: str
    ago_after: str
    zone_marks: str
    labels: str
    update_marks: str
    bounds: str
    foreign_marks: str


@cache
def words() -> Words:
    """The vocabulary, read once."""
    raw = yaml.safe_load(resources.files("pipeline.arabic").joinpath("data/dates.yml").read_text("utf-8"))
    return Words(
        months=_turned(raw["months"]),
        hijri_months=_turned(raw["hijri_months"]),
        weekdays=_turned(raw["weekdays"]),
        days=_turned(raw["days"]),
        hours=_turned(raw["hours"]),
        meridiems=_turned(raw["meridiems"]),
        units=_turned_units(raw["units"], "one", "many"),
        single_units=_turned_units(raw["units"], "one"),
        duals=_turned_units(raw["units"], "dual"),
        numbers=_turned(raw["numbers"]),
        fractions=_turned(raw["fractions"]),
        just_now=any_of(map(fold, raw["just_now"])),
        days_back=_turned(raw["days_back"]),
        zones={fold(str(name)): tuple(meanings) for name, meanings in raw["zones"].items()},
        ago_before=any_of(map(fold, raw["ago"]["before"])),
        ago_after=any_of(map(fold, raw["ago"]["after"])),
        zone_marks=any_of(map(fold, raw["zone_marks"])),
        labels=any_of(map(fold, raw["labels"])),
        update_marks=any_of(map(fold, raw["update_marks"])),
        bounds=any_of(map(fold, raw["bounds"])),
        foreign_marks=any_of(map(fold, raw["foreign_marks"])),
    )


def any_of(names: Iterable[str]) -> str:
    """An alternation of whole words, the longest first, so that no name hides a longer one.

    Digits may touch a name ("25 Apr2025" is printed so); letters may not.
    """
    return rf"(?<![^\W\d_]){ending_in(names)}"


def ending_in(names: Iterable[str]) -> str:
    """The same for the ends of words: names to which the word "and" is joined."""
    longest_first = sorted(set(names), key=lambda name: (-len(name), name))
    spaced = "|".join(re.escape(name).replace(r"\ ", r"\s+") for name in longest_first)
    return rf"(?:{spaced})(?![^\W\d_])"


def named(match: str, meanings: Mapping[str, Any]) -> Any:
    """What a matched name means, whatever spaces it was written with."""
    return meanings[" ".join(match.split())]


def _turned(table: Mapping[Any, Iterable[str]]) -> dict[str, Any]:
    return {fold(name): meaning for meaning, names in table.items() for name in names}


def _turned_units(table: Iterable[Mapping[str, Any]], *keys: str) -> dict[str, Unit]:
    return {
        fold(name): Unit(
            seconds=entry.get("seconds", 0), months=entry.get("months", 0), precision=entry["precision"]
        )
        for entry in table
        for key in keys
        for name in entry[key]
    }
