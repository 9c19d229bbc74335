"""
Reading Elasticsearch: the query tree becomes term, phrase and prefix queries on our own tokens.

No analyst's text is ever parsed by the server.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from pipeline.answers import Counted, SearchHit, SearchPage, SearchRequest
from pipeline.index.elastic.mapping import microseconds
from pipeline.search.query import AllOf, AnyOf, Node, Not, Phrase, Prefix, Word
from pipeline.search.reading import AnalysedField, highlights

#: What stands in a title says more than what stands in a body.
_TITLE_BOOST: Final = 4.0
_TOPICS_COUNTED: Final = 200
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def body_of(request: SearchRequest, tree: Node | None, *, timeout_s: float) -> dict[str, Any]:
    """The whole search request as the server is sent it."""
    return {
        "query": {"bool": {"must": [clause(tree)] if tree else [], "filter": _filters(request)}},
        "sort": _sort(request, ranked=tree is not None),
        "from_": request.offset,
        "size": request.limit,
        "track_total_hits": True,
        "track_scores": True,
        "aggs": {"topics": {"terms": {"field": "topics", "size": _TOPICS_COUNTED}}},
        "source_excludes": ["matches"],
        "timeout": f"{timeout_s:g}s",
    }


def clause(tree: Node) -> dict[str, Any]:
    """The query of a tree."""
    match tree:
        case Word(_, stem):
            return _either("stem", lambda field, boost: {"term": {field: {"value": stem, "boost": boost}}})
        case Phrase(_, bases):
            text = " ".join(bases)
            return _either(
                "base", lambda field, boost: {"match_phrase": {field: {"query": text, "boost": boost}}}
            )
        case Prefix(_, start):
            return _either("base", lambda field, boost: {"prefix": {field: {"value": start, "boost": boost}}})
        case AnyOf(parts):
            return {"bool": {"should": [clause(part) for part in parts], "minimum_should_match": 1}}
        case AllOf(parts):
            return {
                "bool": {
                    "must": [clause(part) for part in parts if not isinstance(part, Not)],
                    "must_not": [clause(part.part) for part in parts if isinstance(part, Not)],
                }
            }
        case Not():
            raise AssertionError("a negation stands only within AllOf")


def page_of(answer: dict[str, Any], tree: Node | None) -> SearchPage:
    """The server's answer as a page."""
    found = answer["hits"]
    buckets = answer.get("aggregations", {}).get("topics", {}).get("buckets", [])
    return SearchPage(
        total=found["total"]["value"],
        hits=tuple(_hit(hit, tree) for hit in found["hits"]),
        took_ms=float(answer["took"]),
        facets={"topic": tuple(_counted(bucket) for bucket in buckets)},
    )


def _counted(bucket: dict[str, Any]) -> Counted:
    return Counted(value=bucket["key"], label=bucket["key"], count=bucket["doc_count"])


def _either(view: str, made: Any) -> dict[str, Any]:
    fields = ((f"title_{view}", _TITLE_BOOST), (f"body_{view}", 1.0))
    return {"bool": {"should": [made(field, boost) for field, boost in fields], "minimum_should_match": 1}}


def _filters(request: SearchRequest) -> list[dict[str, Any]]:
    wanted = (("outlet_id", request.outlets), ("country", request.countries), ("topics", request.topics))
    filters: list[dict[str, Any]] = [{"terms": {field: list(values)}} for field, values in wanted if values]
    edges = {name: microseconds(at) for name, at in (("gte", request.since), ("lt", request.until)) if at}
    if edges:
        filters.append({"range": {"dated_us": edges}})
    return filters


def _sort(request: SearchRequest, *, ranked: bool) -> list[dict[str, str]]:
    newest = [{"dated_us": "asc" if request.sort == "oldest" else "desc"}, {"document_id": "asc"}]
    return [{"_score": "desc"}, *newest] if ranked and request.sort == "relevance" else newest


def _hit(hit: dict[str, Any], tree: Node | None) -> SearchHit:
    source = hit["_source"]
    return SearchHit(
        document_id=hit["_id"],
        url=source["url"],
        title=source["title"],
        outlet_id=source["outlet_id"],
        outlet_title=source["outlet_title"],
        country=source["country"],
        published_at=_instant(source["published_at"]),
        dated_at=_EPOCH + timedelta(microseconds=source["dated_us"]),
        body=source["body"],
        withdrawn_at=_instant(source["withdrawn_at"]),
        topics=tuple(source["topics"]),
        score=float(hit.get("_score") or 0.0),
        highlights=highlights(
            tree, {"title": AnalysedField(source["title"]), "body": AnalysedField(source["body"])}
        ),
    )


def _instant(stored: str | None) -> datetime | None:
    return None if stored is None else datetime.fromisoformat(stored)
