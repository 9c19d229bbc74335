"""
Dates as analysts write them: a day is a local day of the reader's zone, its edges computed here, the
same for every engine.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from pipeline.arabic.characters import fold
from pipeline.errors import QueryError

#: How the ways to write a date are named in errors.
WAYS: Final = "2026, 2026-03, 2026-03-02, 2026-03-02T14:00 or 7d"

_AGO: Final = re.compile(r"(\d{1,5})([hdw])")
_DATE: Final = re.compile(r"(\d{4})(?:[-/](\d{1,2})(?:[-/](\d{1,2})(?:[T ](\d{1,2}))?)?)?")
_UNITS: Final = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}
_ARABIC_UNITS: Final = {"س": "h", "ساعه": "h", "ي": "d", "يوم": "d", "ايام": "d", "اسبوع": "w", "اسابيع": "w"}


def edges_of(
    written: str, *, zone: str, now: datetime, column: int | None = None
) -> tuple[datetime, datetime]:
    """First instant of what was written, and the first instant after it.

    >>> start, end = edges_of("2026-03", zone="Asia/Amman", now=datetime(2026, 4, 1, tzinfo=UTC))
    >>> start.isoformat(), end.isoformat()
    ('2026-02-28T21:00:00+00:00', '2026-03-31T21:00:00+00:00')
    """
    text = _unit_in_latin(fold(written.strip()).upper().replace("Z", "+00:00"))
    if ago := _AGO.fullmatch(text.lower()):
        at = now - int(ago.group(1)) * _UNITS[ago.group(2)]
        return at, at
    if date := _DATE.fullmatch(text):
        return _span(written, [int(part) for part in date.groups() if part], zone=zone, column=column)
    return _instant(written, text, zone, column)


def _unit_in_latin(text: str) -> str:
    number = text.rstrip("".join({letter for unit in _ARABIC_UNITS for letter in unit}))
    return number + _ARABIC_UNITS.get(text[len(number) :], text[len(number) :])


def _span(written: str, parts: list[int], *, zone: str, column: int | None) -> tuple[datetime, datetime]:
    local = ZoneInfo(zone)
    year, month, day, hour = (*parts, *(None, None, None))[:4]
    try:
        start = datetime(year or 1, month or 1, day or 1, hour or 0, tzinfo=local)
        if hour is not None:
            at = start.astimezone(UTC)
            return at, at + timedelta(hours=1)
        if day:
            following = start.replace(tzinfo=None) + timedelta(days=1)
        elif month:
            following = datetime((year or 1) + month // 12, month % 12 + 1, 1)  # noqa: DTZ001 - local, zoned below
        else:
            following = datetime((year or 1) + 1, 1, 1)  # noqa: DTZ001 - local, zoned below
        return start.astimezone(UTC), following.replace(tzinfo=local).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise _unreadable(written, column) from error


def _instant(written: str, text: str, zone: str, column: int | None) -> tuple[datetime, datetime]:
    try:
        at = datetime.fromisoformat(text)
        at = (at if at.tzinfo else at.replace(tzinfo=ZoneInfo(zone))).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise _unreadable(written, column) from error
    return at, at


def _unreadable(written: str, column: int | None) -> QueryError:
    return QueryError(f"{written!r} is no date; write {WAYS}", column=column)
