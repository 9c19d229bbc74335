"""
Everything a search finds, one hit after the other: for exports of any size.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final, Protocol

from pipeline.answers import SearchHit, SearchPage, SearchRequest

#: Hits asked for at once.
_PAGE: Final = 1000


class _Searchable(Protocol):
    def search(self, request: SearchRequest) -> SearchPage: ...


def every(index: _Searchable, request: SearchRequest) -> Iterator[SearchHit]:
    """Every hit in order, a page of them held at a time."""
    cursor: str | None = ""
    while cursor is not None:
        page = index.search(replace(request, cursor=cursor, limit=_PAGE, offset=0, counts=False))
        yield from page.hits
        cursor = page.cursor or None
