"""
The state of the search page is its address: what was asked, filters included.

Whatever a link, a saved search, an export or a feed carries is this, and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

from pipeline.answers import SearchRequest
from pipeline.errors import QueryError
from pipeline.search.request import request_of

#: Filters of one kind at most: more are no question.
MAX_VALUES: Final = 50
#: Hits on a page.
PAGE: Final = 20
#: Beyond it one narrows the search, or exports it: engines count every hit up to there anew.
MAX_PAGES: Final = 100

_MANY: Final = ("topic", "outlet", "country", "author")


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchState:
    """What was asked, as written."""

    q: str = ""
    topic: tuple[str, ...] = ()
    outlet: tuple[str, ...] = ()
    country: tuple[str, ...] = ()
    author: tuple[str, ...] = ()
    since: str = ""
    until: str = ""
    sort: str = ""  #: "": relevance for words, newest for filters alone
    collapse: bool = False
    page: int = 1

    def with_(self, **changes: Any) -> SearchState:
        """The same but for these; on its first page."""
        return replace(self, **{"page": 1, **changes})

    def first_page(self) -> SearchState:
        """The same from its beginning."""
        return self.with_()

    def toggled(self, facet: str, value: str) -> SearchState:
        """With a filter that was not set, without one that was."""
        values: tuple[str, ...] = getattr(self, facet)
        kept = tuple(each for each in values if each != value)
        return self.with_(**{facet: kept if len(kept) < len(values) else (*values, value)})

    @property
    def narrowed(self) -> bool:
        """Whether any filter is set."""
        return bool(self.topic or self.outlet or self.country or self.author or self.since or self.until)

    def query(self) -> str:
        """The address's query part; what is as usual is left out."""
        usual = SearchState()
        pairs: list[tuple[str, str]] = []
        for name in (field.name for field in fields(self)):
            value = getattr(self, name)
            if value == getattr(usual, name):
                continue
            if isinstance(value, tuple):
                pairs += [(name, each) for each in value]
            else:
                pairs.append((name, "1" if value is True else str(value)))
        return urlencode(pairs, errors="replace")

    def request(self, *, zone: str, now: datetime, limit: int = PAGE) -> SearchRequest:
        """What the index is asked.

        Raises:
            QueryError: something of it cannot be read.
        """
        if any(len(getattr(self, name)) > MAX_VALUES for name in _MANY):
            raise QueryError(f"at most {MAX_VALUES} filters of one kind")
        if not 1 <= self.page <= MAX_PAGES:
            raise QueryError(f"there are {MAX_PAGES} pages; narrow the search, or export it")
        return request_of(
            self.q,
            zone=zone,
            now=now,
            topics=self.topic,
            outlets=self.outlet,
            countries=self.country,
            since=self.since,
            until=self.until,
            sort=self.sort or ("relevance" if self.q.strip() else "newest"),
            limit=limit,
            offset=(self.page - 1) * limit,
            authors=self.author,
            collapse=self.collapse,
        )


def state_of(pairs: Iterable[tuple[str, str]]) -> SearchState:
    """The state an address says; what is none of ours is left out.

    >>> state_of([("q", "قمة"), ("topic", "a"), ("topic", "b"), ("page", "2"), ("utm", "x")]).query()
    'q=%D9%82%D9%85%D8%A9&topic=a&topic=b&page=2'
    """
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in _MANY:
            found[name] = (*found.get(name, ()), value) if value else found.get(name, ())
        elif name in {"q", "since", "until", "sort"}:
            found[name] = value
        elif name == "collapse":
            found[name] = value not in {"", "0"}
        elif name == "page":
            found[name] = int(value) if value.isascii() and value.isdigit() and len(value) < 6 else 1
    return SearchState(**found)


def state_in(query: str) -> SearchState:
    """The state of an address's query part."""
    return state_of(parse_qsl(query.lstrip("?"), errors="replace", max_num_fields=300))


def chosen(state: SearchState, facets: Mapping[str, Sequence[Any]]) -> dict[str, list[Any]]:
    """By facet, its values with those that are set first: a filter can always be taken off again."""
    return {
        name: sorted(values, key=lambda each: each.value not in getattr(state, name))
        for name, values in facets.items()
    }
