"""
What is asked of an index, and what it answers.

    SearchRequest → SearchPage;  an article → the other reports of its event

The same conventions as in `pipeline.records`, and the same for both engines: an answer does not
tell which of them gave it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchRequest:
    """What an analyst asks. Values of one filter are alternatives; filters and query narrow each other."""

    query: str = ""
    topics: tuple[str, ...] = ()
    outlets: tuple[str, ...] = ()  #: ids
    countries: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()  #: as published
    since: datetime | None = None  #: inclusive
    until: datetime | None = None  #: exclusive
    sort: str = "relevance"  #: relevance | fresh (relevance, halved with every week of age) | newest | oldest
    limit: int = 20
    offset: int = 0
    cursor: str | None = None  #: None: by offset; "": page deep from the start; else: go on from there
    collapse: bool = False  #: near-copies are shown once, the best placed of them
    counts: bool = True  #: facets, timeline and both totals are wanted
    timeline_by: str = "auto"  #: auto | hour | day | month
    zone: str = "UTC"  #: the reader's, IANA: days of `date:` and of the timeline begin there
    now: datetime | None = None  #: what `since:7d` is counted from; None: this moment


@dataclass(frozen=True, slots=True, kw_only=True)
class SimilarRequest:
    """An article whose event other reports are wanted of: one of the index, or a text."""

    document_id: str = ""  #: of an article in the index; "": `title` and `body` say what is wanted
    title: str = ""
    body: str = ""
    published_at: datetime | None = None  #: of that text, where it is known
    exclude: tuple[str, ...] = ()  #: ids that are not wanted and never feed the search
    since: datetime | None = None
    until: datetime | None = None
    limit: int = 10
    collapse: bool = False  #: near-copies are shown once


@dataclass(frozen=True, slots=True, kw_only=True)
class Highlight:
    """A piece of a field with the spans, within the piece, that answer the query."""

    field: str
    text: str
    spans: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why a hit answers: one part of the query, and a form in which the article has it."""

    asked: str  #: as the query has it
    form: str  #: as the article has it
    field: str  #: title | body | author
    count: int  #: how often any form of it stands in that field


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchHit:
    """One article found."""

    document_id: str
    url: str
    title: str
    outlet_id: str
    outlet_title: str
    country: str
    published_at: datetime | None  #: None: nobody says; `dated_at` is its first sighting then
    dated_at: datetime
    topics: tuple[str, ...]
    score: float
    body: str
    author: str = ""
    highlights: tuple[Highlight, ...] = ()
    reasons: tuple[Reason, ...] = ()
    withdrawn_at: datetime | None = None
    copies: int = 1  #: articles this one stands for, itself included, when near-copies are collapsed


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """A value of a facet, and how many of the articles found have it."""

    value: str
    label: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Bucket:
    """An hour, day or month of the timeline."""

    start: datetime  #: in the reader's zone
    count: int  #: articles found
    coverage: int  #: all articles of that time, whatever they are about

    @property
    def share(self) -> float:
        """The part of all coverage, 0 to 1."""
        return self.count / self.coverage if self.coverage else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Expansion:
    """A word of the query that finds other spellings or names as well."""

    asked: str
    forms: tuple[str, ...]  #: looked for beside it


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownName:
    """A topic, outlet or country asked for that nothing goes by."""

    facet: str  #: topic | outlet | country
    value: str  #: as asked
    nearest: tuple[str, ...] = ()  #: ids that may have been meant


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryReading:
    """How a query was read."""

    english: str = ""
    arabic: str = ""
    expanded: tuple[Expansion, ...] = ()
    advice: str = ""  #: what may have been meant instead, or ""
    unknown: tuple[UnknownName, ...] = ()  #: told by whoever knows what is configured


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchPage:
    """The answer: one page of hits and the exact total."""

    total: int
    hits: tuple[SearchHit, ...]
    took_ms: float = 0.0
    total_collapsed: int = 0  #: the same with near-copies counted once
    undated: int = 0  #: of `total`, those placed by their first sighting
    facets: dict[str, tuple[Counted, ...]] = field(default_factory=dict)  #: topic outlet country author
    timeline: tuple[Bucket, ...] = ()  #: in order; times without an article found are left out
    timeline_by: str = "day"
    cursor: str = ""  #: where the next page goes on; "" at the end, or where none was asked for
    reading: QueryReading = QueryReading()

    @property
    def topic_counts(self) -> dict[str, int]:
        """Topics of the articles found, the commonest first."""
        return {topic.value: topic.count for topic in self.facets.get("topic", ())}
