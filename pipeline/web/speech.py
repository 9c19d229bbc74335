"""
What the pages say, in Arabic and in English: phrases, counted things, dates.

Digits are 0 to 9 in both languages, as in the addresses and exports beside them. Arabic counts in
six forms; the rule is that of Unicode's CLDR.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal
from zoneinfo import ZoneInfo

import yaml

from pipeline.web.mistakes import in_arabic

Language = Literal["ar", "en"]
LANGUAGES: Final[tuple[Language, ...]] = ("ar", "en")
_FILE: Final = Path(__file__).parent / "data" / "phrases.yml"
_PER_UNIT: Final = (("minute", 60), ("hour", 3600), ("day", 86_400))


@dataclass(frozen=True, slots=True, kw_only=True)
class Speech:
    """How to speak to one reader.

    Args:
        zone: theirs, IANA.
    """

    language: Language
    zone: str
    now: datetime

    @property
    def direction(self) -> str:
        """Of the whole page."""
        return "rtl" if self.language == "ar" else "ltr"

    @property
    def other(self) -> Language:
        """The language one click away."""
        return "en" if self.language == "ar" else "ar"

    def __call__(self, phrase: str, **values: Any) -> str:
        """A phrase, with values where it has room for them."""
        found = phrases()[phrase][self.language]
        assert isinstance(found, str), phrase
        return found.format(**values) if values else found

    def count(self, thing: str, number: int) -> str:
        """So many of a thing: `3 مقالات`, `3 articles`."""
        forms = phrases()[thing][self.language]
        assert isinstance(forms, Mapping), thing
        form = plural(number, self.language)
        return str(forms.get(form) or forms["other"]).format(n=f"{number:,}")

    def name_of(self, kind: str, thing: str) -> str:
        """What one of a kind of things is called; as it is where nobody has named it."""
        return str(phrases().get(f"{kind}_{thing}", {}).get(self.language, thing))

    def mistake(self, message: str) -> str:
        """What is wrong with a query or a request."""
        return in_arabic(message) if self.language == "ar" else message

    def choose(self, arabic: str, english: str) -> str:
        """Of two names of a thing the reader's; the other where there is but one."""
        return (arabic or english) if self.language == "ar" else (english or arabic)

    def date(self, at: datetime, zone: str | None = None) -> str:
        """The day in words: `29 نوفمبر 2026`."""
        local = at.astimezone(ZoneInfo(zone or self.zone))
        month = phrases()["months"][self.language][str(local.month)]
        return f"{local.day} {month} {local.year}"

    def time(self, at: datetime, zone: str | None = None) -> str:
        """The time of day."""
        return f"{at.astimezone(ZoneInfo(zone or self.zone)):%H:%M}"

    def ago(self, at: datetime) -> str:
        """How long since: `قبل 3 ساعات`; of the last month, else the day."""
        span = self.now - at
        if not timedelta(minutes=-1) <= span < timedelta(days=31):
            return self.date(at)
        if span < timedelta(minutes=1):
            return self("just_now")
        return self("ago", span=self.span(span.total_seconds()))

    def span(self, seconds: float) -> str:
        """A length of time in its largest unit that fits twice, or the smallest."""
        if seconds < 60:
            return self.count("seconds", round(seconds))
        unit, size = next(
            ((unit, size) for unit, size in reversed(_PER_UNIT) if seconds >= 2 * size), _PER_UNIT[0]
        )
        return self.count(f"{unit}s", round(seconds / size))


def plural(number: int, language: Language) -> str:
    """The form a counted thing takes.

    >>> [plural(n, "ar") for n in (0, 1, 2, 3, 10, 11, 99, 100, 103)]
    ['zero', 'one', 'two', 'few', 'few', 'many', 'many', 'other', 'few']
    """
    if language == "en":
        return "one" if number == 1 else "other"
    if number <= 2:
        return ("zero", "one", "two")[number]
    rest = number % 100
    return "few" if 3 <= rest <= 10 else "many" if rest >= 11 else "other"


@cache
def phrases() -> Mapping[str, Mapping[str, Any]]:
    """Every phrase in both languages."""
    read = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return {
        name: dict(zip(LANGUAGES, said, strict=True)) if isinstance(said, list) else said
        for name, said in read.items()
    }
