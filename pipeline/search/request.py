"""
From what an analyst wrote to a `SearchRequest`: dates above all.

A day is a local day of the reader's zone; its edges are computed here, the same for every engine.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from pipeline.answers import SearchRequest
from pipeline.arabic.characters import fold
from pipeline.errors import QueryError

SORTS: Final = ("relevance", "newest", "oldest")
#: Hits on one page at most.
MAX_LIMIT: Final = 1000

_AGO: Final = re.compile(r"(\d{1,5})([hdw])")
_DATE: Final = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")
_UNITS: Final = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}


def request_of(
    query: str,
    *,
    zone: str,
    now: datetime,
    topics: Sequence[str] = (),
    outlets: Sequence[str] = (),
    countries: Sequence[str] = (),
    since: str = "",
    until: str = "",
    sort: str = "relevance",
    limit: int = 20,
    offset: int = 0,
) -> SearchRequest:
    """A request of what was written.

    Args:
        since: `2026`, `2026-03`, `2026-03-02`, an ISO instant, or `7d`, `12h`, `2w` ago; inclusive.
        until: the same; a year, month or day is meant to its end.

    Raises:
        QueryError: something of it cannot be read.
    """
    if sort not in SORTS:
        raise QueryError(f"sort by {', '.join(SORTS)}, not {sort!r}")
    if not 1 <= limit <= MAX_LIMIT:
        raise QueryError(f"a page holds 1 to {MAX_LIMIT} hits, not {limit}")
    if offset < 0:
        raise QueryError("the first hit is number 0")
    return SearchRequest(
        query=query,
        topics=tuple(topics),
        outlets=tuple(outlets),
        countries=tuple(country.lower() for country in countries),
        since=edges_of(since, zone=zone, now=now)[0] if since else None,
        until=edges_of(until, zone=zone, now=now)[1] if until else None,
        sort=sort,
        limit=limit,
        offset=offset,
    )


def edges_of(written: str, *, zone: str, now: datetime) -> tuple[datetime, datetime]:
    """First instant of what was written, and the first instant after it.

    >>> start, end = edges_of("2026-03", zone="Asia/Amman", now=datetime(2026, 4, 1, tzinfo=UTC))
    >>> start.isoformat(), end.isoformat()
    ('2026-02-28T21:00:00+00:00', '2026-03-31T21:00:00+00:00')
    """
    text = fold(written.strip())
    if ago := _AGO.fullmatch(text):
        at = now - int(ago.group(1)) * _UNITS[ago.group(2)]
        return at, at
    if date := _DATE.fullmatch(text):
        return _span(written, *(int(part) if part else None for part in date.groups()), zone=zone)
    return _instant(written, text, zone)


def _span(
    written: str, year: int | None, month: int | None, day: int | None, *, zone: str
) -> tuple[datetime, datetime]:
    local = ZoneInfo(zone)
    try:
        start = datetime(year or 1, month or 1, day or 1, tzinfo=local)
        if day:
            following = start.replace(tzinfo=None) + timedelta(days=1)
        elif month:
            following = datetime((year or 1) + month // 12, month % 12 + 1, 1)  # noqa: DTZ001 - local, zoned below
        else:
            following = datetime((year or 1) + 1, 1, 1)  # noqa: DTZ001 - local, zoned below
        return start.astimezone(UTC), following.replace(tzinfo=local).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise _unreadable(written) from error


def _instant(written: str, text: str, zone: str) -> tuple[datetime, datetime]:
    try:
        at = datetime.fromisoformat(text.upper())
    except ValueError as error:
        raise _unreadable(written) from error
    at = (at if at.tzinfo else at.replace(tzinfo=ZoneInfo(zone))).astimezone(UTC)
    return at, at


def _unreadable(written: str) -> QueryError:
    return QueryError(f"{written!r} is no date; write 2026, 2026-03, 2026-03-02, 2026-03-02T14:00 or 7d")
