"""
What an export says of each article: what the search found, and why it is about its topics.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

from pipeline.answers import SearchHit, SearchRequest
from pipeline.records import TopicMatch
from pipeline.web.desk import Desk
from pipeline.web.exports.harmless import plain

#: Articles whose evidence is read at once.
_BATCH: Final = 500

COLUMNS: Final = (
    "published_at", "dated_at", "outlet", "country", "title", "url", "author",
    "topics", "why", "found", "excerpt", "withdrawn_at", "id",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """One article of an export."""

    hit: SearchHit
    matches: tuple[TopicMatch, ...]

    def cells(self) -> dict[str, str]:
        """As text, by column; times in UTC."""
        hit = self.hit
        return {
            "published_at": hit.published_at.isoformat() if hit.published_at else "",
            "dated_at": hit.dated_at.isoformat(),
            "outlet": hit.outlet_title or hit.outlet_id,
            "country": hit.country,
            "title": plain(hit.title),
            "url": hit.url,
            "author": plain(hit.author),
            "topics": " ".join(hit.topics),
            "why": why(self.matches),
            "found": found(hit),
            "excerpt": excerpt(hit),
            "withdrawn_at": hit.withdrawn_at.isoformat() if hit.withdrawn_at else "",
            "id": hit.document_id,
        }


def rows(desk: Desk, request: SearchRequest, *, at_most: int | None = None) -> Iterator[Row]:
    """Everything a search finds, in its order, with its evidence; a batch of it held at a time."""
    hits = islice(desk.index.every(request), at_most)
    while batch := list(islice(hits, _BATCH)):
        evidence = desk.ledger.matches_of(hit.document_id for hit in batch if hit.topics)
        for hit in batch:
            yield Row(hit, evidence.get(hit.document_id, ()))


def why(matches: tuple[TopicMatch, ...]) -> str:
    """The terms that counted, by topic: `topic (12.5): term = form, …; …`."""
    return "; ".join(f"{match.topic_id} ({round(match.score, 1):g}): {_terms(match)}" for match in matches)


def found(hit: SearchHit) -> str:
    """The forms in which the article answers the query."""
    return "، ".join(dict.fromkeys(plain(reason.form) for reason in hit.reasons))


def excerpt(hit: SearchHit) -> str:
    """The pieces of the body that answer the query, on one line."""
    return " … ".join(plain(each.text) for each in hit.highlights if each.field == "body")


def _terms(match: TopicMatch) -> str:
    forms = dict.fromkeys((hit.term, hit.form) for hit in match.hits if not hit.cancelled_by)
    return "، ".join(term if term == form else f"{term} = {plain(form)}" for term, form in list(forms)[:12])
