"""
Cursors: where a page ended, as a word that goes into an address.

What it holds is the engine's affair; a cursor belongs to the request it came from, and one that was
cut short, made up or taken from another request is an error that says so.
"""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from hashlib import blake2b
from typing import Any, Final

from pipeline.answers import SearchRequest
from pipeline.errors import QueryError

_LONGEST: Final = 20_000


def written(request: SearchRequest, place: list[Any]) -> str:
    """A cursor of `request` at `place`."""
    text = json.dumps([_mark(request), *place], separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read(request: SearchRequest, length: int) -> list[Any] | None:
    """The place in the request's cursor, of `length` values; None at the beginning.

    Raises:
        QueryError: it is none of ours, or another request's.
    """
    cursor = request.cursor
    if not cursor:
        return None
    try:
        mark, *place = json.loads(base64.urlsafe_b64decode(cursor[:_LONGEST] + "=" * (-len(cursor) % 4)))
    except ValueError as error:
        raise QueryError("this cursor cannot be read; begin at the first page") from error
    if mark != _mark(request) or len(place) != length:
        raise QueryError("this cursor belongs to another search; begin at the first page")
    return list(place)


def _mark(request: SearchRequest) -> str:
    """What two requests of one search share."""
    same = replace(request, cursor="", limit=1, offset=0, counts=False, timeline_by="auto", now=None)
    return blake2b(repr(same).encode(), digest_size=6).hexdigest()
