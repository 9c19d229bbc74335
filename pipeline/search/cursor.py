"""
Cursors: where a page ended, as a word that goes into an address.

What it holds is the engine's affair; a cursor belongs to the request it came from, and one that was
cut short, made up or taken from another request is an error that says so.
"""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from datetime import datetime
from hashlib import blake2b
from typing import Any, Final

from pipeline.answers import SearchRequest
from pipeline.errors import QueryError

_LONGEST: Final = 20_000
_UNREADABLE: Final = "this cursor cannot be read; begin at the first page"


def written(request: SearchRequest, now: datetime, place: list[Any]) -> str:
    """A cursor of `request` at `place`; what is counted from `now` goes on being so."""
    text = json.dumps([_mark(request), now.isoformat(), *place], separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read(request: SearchRequest, length: int) -> list[Any] | None:
    """The place in the request's cursor, of `length` values; None at the beginning.

    Raises:
        QueryError: it is none of ours, or another request's.
    """
    if not request.cursor:
        return None
    mark, _, *place = _values(request.cursor)
    if mark != _mark(request) or len(place) != length:
        raise QueryError("this cursor belongs to another search; begin at the first page")
    return place


def began(request: SearchRequest) -> datetime | None:
    """The moment the first page was asked for; None at the beginning.

    Raises:
        QueryError: the cursor is none of ours.
    """
    try:
        return datetime.fromisoformat(_values(request.cursor)[1]) if request.cursor else None
    except (TypeError, ValueError) as error:
        raise QueryError(_UNREADABLE) from error


def _values(cursor: str) -> list[Any]:
    try:
        found = json.loads(base64.urlsafe_b64decode(cursor[:_LONGEST] + "=" * (-len(cursor) % 4)))
    except ValueError as error:
        raise QueryError(_UNREADABLE) from error
    if not isinstance(found, list) or len(found) < 2:
        raise QueryError(_UNREADABLE)
    return found


def _mark(request: SearchRequest) -> str:
    """What two requests of one search share."""
    same = replace(request, cursor="", limit=1, offset=0, counts=False, timeline_by="auto", now=None)
    return blake2b(repr(same).encode(), digest_size=6).hexdigest()
