"""
Dates of imported records, read strictly: a wrong date is worse than none, and a file can be mended.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from pipeline.arabic.dates import parse_date
from pipeline.records import DateEvidence

#: Clocks differ a little, and a day without a zone begins up to 14 hours before ours.
_AHEAD: Final = timedelta(days=1)
#: Before it nobody published on the web or in the papers we know: a sentinel like 0001-01-01.
_EARLIEST: Final = datetime(1900, 1, 1, tzinfo=UTC)
#: Seconds since 1970 stay below this until the year 5138; what is above are milliseconds.
_MILLISECONDS_FROM: Final = 1e11
#: 1973. A lesser number is a count, a year or a day's serial number.
_SECONDS_FROM: Final = 1e8

_EPOCH = re.compile(r"\d{9,10}(?:\.\d+)?|\d{12,13}")
_WITH_SECONDS = re.compile(r"\d\d:\d\d:\d\d|[T ]\d{6}")
#: Rules of reading that hold for a page seen now, not for a file of unknown age and origin.
_NOT_IN_FILES = ("relative", "numeric day first", "numeric month first")
_RIGHT = "write ISO 8601 such as 2026-11-24T09:30:00Z or 2026-11-24, or leave it out"


class WrongDateError(ValueError):
    """A date that cannot be believed; the message says what to write."""


def date_of(value: Any, *, now: datetime) -> DateEvidence | None:
    """The instant a record states, or `None` where it states none.

    ISO 8601 and Unix time (seconds or milliseconds) are read, and what feeds and Arabic pages print
    (`Tue, 21 Jul 2015 …`, days with the month's name). Without a zone it is UTC; a day without a time is
    its noon, or `now` where that is yet to come, and its precision says so.

    Raises:
        WrongDateError: it cannot be read, lies in the future, or before 1900.
    """
    if value is None or value == "":
        return None
    evidence = _read(value, now)
    if evidence is None:
        raise WrongDateError(f"date {str(value)[:60]!r} cannot be read; {_RIGHT}")
    if not _EARLIEST <= evidence.published_at <= now + _AHEAD:
        raise WrongDateError(f"date {str(value)[:60]!r} is not between 1900 and now; {_RIGHT}")
    return evidence


def _read(value: Any, now: datetime) -> DateEvidence | None:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    raw = str(value).strip()
    if not isinstance(value, str) or _EPOCH.fullmatch(raw):
        return _from_epoch(float(value), raw)
    return _from_iso(raw, now) or _from_words(raw, now)


def _from_epoch(number: float, raw: str) -> DateEvidence | None:
    if number < _SECONDS_FROM:
        return None
    try:
        instant = datetime.fromtimestamp(number / 1000 if number >= _MILLISECONDS_FROM else number, UTC)
    except (OverflowError, ValueError, OSError):
        return None
    return DateEvidence(published_at=instant, source="import", raw=raw, rule="unix time")


def _from_iso(raw: str, now: datetime) -> DateEvidence | None:
    if "W" in raw:  # a week, which Python would read as its Monday
        return None
    try:
        day = date.fromisoformat(raw)
    except ValueError:
        return _from_iso_instant(raw)
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    instant = now if now.date() == day and now < noon else noon
    return DateEvidence(published_at=instant, source="import", precision="day", raw=raw, rule="iso8601")


def _from_iso_instant(raw: str) -> DateEvidence | None:
    try:
        stated = datetime.fromisoformat(raw)
        instant = (stated if stated.tzinfo else stated.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return DateEvidence(
        published_at=instant,
        source="import",
        precision="second" if _WITH_SECONDS.search(raw) else "minute",
        raw=raw,
        rule="iso8601" if stated.tzinfo else "iso8601, UTC assumed",
    )


def _from_words(raw: str, now: datetime) -> DateEvidence | None:
    read = parse_date(raw, zone="UTC", now=now)
    if read is None or read.rule.startswith(_NOT_IN_FILES):
        return None
    return DateEvidence(
        published_at=read.instant,
        source="import",
        precision=read.precision,
        raw=raw,
        rule=read.rule.replace("outlet zone", "UTC"),
    )
