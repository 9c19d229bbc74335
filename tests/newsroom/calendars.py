"""
Dates as Arabic outlets print them: their months, their clock, their digits.

An outlet's `date_line` is a pattern over the names `printed_date` fills in: {weekday} {day} {day2}
{month} {gulf} {levant} {month2} {year} {time} {time12} {half} {half_word} {hijri_day} {hijri_month}
{hijri_year}.
"""

from __future__ import annotations

from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml
from hijridate import Gregorian

from tests.newsroom.articles import PressOutlet

_ARABIC_INDIC = str.maketrans("0123456789", "".join(chr(0x660 + digit) for digit in range(10)))


def printed_date(outlet: PressOutlet, at: datetime) -> str:
    """The instant `at` on the outlet's own clock, the way its pages print it."""
    local = at.astimezone(ZoneInfo(outlet.time_zone))
    line = outlet.date_line.format(**_names(outlet, local))
    return line.translate(_ARABIC_INDIC) if outlet.digits == "arabic_indic" else line


def _names(outlet: PressOutlet, local: datetime) -> dict[str, object]:
    words = _words()
    hijri = Gregorian(local.year, local.month, local.day).to_hijri()
    half = "am" if local.hour < 12 else "pm"
    return {
        "weekday": words["weekdays"][local.weekday()],
        "day": local.day,
        "day2": f"{local.day:02}",
        "month": words["months"][outlet.months][local.month - 1],
        "gulf": words["months"]["gulf"][local.month - 1],
        "levant": words["months"]["levant"][local.month - 1],
        "month2": f"{local.month:02}",
        "year": local.year,
        "time": f"{local:%H:%M}",
        "time12": f"{local:%I:%M}",
        "half": words["half"][half],
        "half_word": words["half_word"][half],
        "hijri_day": hijri.day,
        "hijri_month": words["hijri"][hijri.month - 1],
        "hijri_year": hijri.year,
    }


@cache
def _words() -> dict[str, Any]:
    path = Path(__file__).with_name("calendars.yml")
    words: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return words
