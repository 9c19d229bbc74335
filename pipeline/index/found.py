"""
A stored document becomes a hit: the same for both engines, highlights and reasons worked out here.
"""

from __future__ import annotations

from typing import NamedTuple

from pipeline.answers import SearchHit
from pipeline.index.document import instant
from pipeline.search.highlights import highlights, reasons
from pipeline.search.tree import Node
from pipeline.search.views import AnalysedField


class Found(NamedTuple):
    """A document as an engine keeps it; instants in microseconds."""

    document_id: str
    url: str
    title: str
    body: str
    author: str
    outlet_id: str
    outlet_title: str
    country: str
    published_at: int | None
    dated_at: int
    withdrawn_at: int | None
    topics: tuple[str, ...] = ()


def hit_of(found: Found, tree: Node | None, *, score: float, copies: int = 1) -> SearchHit:
    """The hit, with what answers `tree` marked."""
    fields = {
        "title": AnalysedField(found.title),
        "body": AnalysedField(found.body),
        "author": AnalysedField(found.author),
    }
    return SearchHit(
        document_id=found.document_id,
        url=found.url,
        title=found.title,
        body=found.body,
        author=found.author,
        outlet_id=found.outlet_id,
        outlet_title=found.outlet_title,
        country=found.country,
        published_at=None if found.published_at is None else instant(found.published_at),
        dated_at=instant(found.dated_at),
        withdrawn_at=None if found.withdrawn_at is None else instant(found.withdrawn_at),
        topics=found.topics,
        score=score,
        highlights=highlights(tree, fields),
        reasons=reasons(tree, fields),
        copies=copies,
    )
