"""
From what a reader asked for to a `SearchRequest`, and from a request to what an engine needs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from pipeline.answers import SearchRequest
from pipeline.errors import QueryError
from pipeline.search.cursor import began
from pipeline.search.days import edges_of
from pipeline.search.query import Query, read_query
from pipeline.search.tree import Dated, conjuncts

#: No query may take longer: whoever waits gets a word that tells how to go on.
QUERY_TIMEOUT_S: Final = 5.0
SORTS: Final = ("relevance", "fresh", "newest", "oldest")
TIMELINES: Final = ("auto", "hour", "day", "month")
#: Values of a facet that are counted.
FACET_SIZE: Final = 100
#: Where what is fresh ranks higher, each such time an article is older halves its score.
HALVED_AFTER: Final = timedelta(days=7)
#: Hits on one page at most.
MAX_LIMIT: Final = 1000
#: Hits that may be left out at the beginning; beyond, pages go on from a cursor.
MAX_OFFSET: Final = 10_000


@dataclass(frozen=True)
class Asked:
    """A request with its query read."""

    request: SearchRequest
    query: Query
    now: datetime

    @property
    def ranked(self) -> bool:
        """Whether hits are in order of relevance, not of date alone."""
        return self.query.tree is not None and self.request.sort in {"relevance", "fresh"}

    @property
    def edges(self) -> tuple[datetime | None, datetime | None]:
        """The time every hit must lie in, as filters and query say together."""
        dated = [part for part in conjuncts(self.query.tree) if isinstance(part, Dated)]
        starts = [at for at in (self.request.since, *(part.start for part in dated)) if at]
        ends = [at for at in (self.request.until, *(part.end for part in dated)) if at]
        return max(starts, default=None), min(ends, default=None)


def asked(request: SearchRequest) -> Asked:
    """Read the query of a request.

    Raises:
        QueryError: it cannot be read.
    """
    now = began(request) or request.now or datetime.now(UTC)
    return Asked(request, read_query(request.query, zone=request.zone, now=now), now)


def request_of(
    query: str,
    *,
    zone: str,
    now: datetime,
    topics: Sequence[str] = (),
    outlets: Sequence[str] = (),
    countries: Sequence[str] = (),
    authors: Sequence[str] = (),
    since: str = "",
    until: str = "",
    sort: str = "relevance",
    limit: int = 20,
    offset: int = 0,
    cursor: str | None = None,
    collapse: bool = False,
    counts: bool = True,
    timeline_by: str = "auto",
) -> SearchRequest:
    """A request of what was written.

    Args:
        since: `2026`, `2026-03`, `2026-03-02`, an ISO instant, or `7d`, `12h`, `2w` ago; inclusive.
        until: the same; a year, month, day or hour is meant to its end.
        cursor: the cursor of the page before; "" to page deep from the start.

    Raises:
        QueryError: something of it cannot be read.
    """
    if sort not in SORTS:
        raise QueryError(f"sort by {', '.join(SORTS)}, not {sort!r}")
    if timeline_by not in TIMELINES:
        raise QueryError(f"a timeline is by {', '.join(TIMELINES)}, not {timeline_by!r}")
    if not 1 <= limit <= MAX_LIMIT:
        raise QueryError(f"a page holds 1 to {MAX_LIMIT} hits, not {limit}")
    if not 0 <= offset <= MAX_OFFSET:
        raise QueryError(f"0 to {MAX_OFFSET:,} hits may be left out, not {offset}; a cursor goes further")
    return SearchRequest(
        query=query,
        topics=tuple(topics),
        outlets=tuple(outlets),
        countries=tuple(country.lower() for country in countries),
        authors=tuple(authors),
        since=edges_of(since, zone=zone, now=now)[0] if since else None,
        until=edges_of(until, zone=zone, now=now)[1] if until else None,
        sort=sort,
        limit=limit,
        offset=offset,
        cursor=cursor,
        collapse=collapse,
        counts=counts,
        timeline_by=timeline_by,
        zone=zone,
        now=now,
    )
