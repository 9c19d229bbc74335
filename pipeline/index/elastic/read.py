"""
Reading Elasticsearch: one request gives hits, exact totals, facets and timeline.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from pipeline.answers import Bucket, Counted, SearchHit, SearchPage
from pipeline.index.document import instant, microseconds
from pipeline.index.elastic.match import query_of
from pipeline.index.found import Found, hit_of
from pipeline.search import timeline
from pipeline.search.echo import reading_of
from pipeline.search.request import FACET_SIZE, Asked

#: Groups of near-copies that are told apart; more than these are counted as so many articles.
_GROUPS: Final = 60_000
_TOPICS: Final = {"terms": {"field": "topics", "size": FACET_SIZE}}


def body_of(asked: Asked, *, timeout_s: float) -> dict[str, Any]:
    """The whole search request as the server is sent it, but for where its page begins."""
    request = asked.request
    body: dict[str, Any] = {
        "query": query_of(asked),
        "sort": _sort(asked),
        "size": request.limit,
        "track_total_hits": True,
        "track_scores": asked.ranked,
        "aggs": dict(_aggregations(asked)),
        "timeout": f"{timeout_s:g}s",
    }
    if request.collapse:
        body["collapse"] = {"field": "copy_key"}
    return body


def page_of(answer: Mapping[str, Any], asked: Asked, *, cursor: str = "") -> SearchPage:
    """The server's answer as a page."""
    found = answer["hits"]
    counted = answer.get("aggregations", {})
    groups = {group["key"]: group["doc_count"] for group in _buckets(counted, "copies")}
    return SearchPage(
        total=found["total"]["value"],
        hits=tuple(_hit(hit, asked, groups) for hit in found["hits"]),
        took_ms=float(answer["took"]),
        cursor=cursor,
        reading=reading_of(asked.query, zone=asked.request.zone),
        **_counts(counted, asked, found["total"]["value"], groups) if asked.request.counts else {},
    )


def _counts(
    counted: Mapping[str, Any], asked: Asked, total: int, groups: Mapping[str, int]
) -> dict[str, Any]:
    by, drawn = _timeline(counted, asked)
    return {
        "total_collapsed": total - sum(count - 1 for count in groups.values()),
        "undated": counted["undated"]["doc_count"],
        "facets": {
            "topic": tuple(_counted(counted, "topics")),
            "outlet": tuple(_counted(counted, "outlets")),
            "country": tuple(_counted(counted, "countries")),
            "author": tuple(_counted(counted, "authors")),
        },
        "timeline": drawn,
        "timeline_by": by,
    }


def _aggregations(asked: Asked) -> Iterator[tuple[str, dict[str, Any]]]:
    if asked.request.counts or asked.request.collapse:
        yield "copies", {"terms": {"field": "copy_key", "size": _GROUPS, "min_doc_count": 2}}
    if not asked.request.counts:
        return
    yield "topics", _TOPICS
    title = {"title": {"terms": {"field": "outlet_title", "size": 1}}}
    yield "outlets", {"terms": {"field": "outlet_id", "size": FACET_SIZE}, "aggs": title}
    yield "countries", {"terms": {"field": "country", "size": FACET_SIZE}}
    yield "authors", {"terms": {"field": "author", "size": FACET_SIZE}}
    yield "undated", {"missing": {"field": "published_at"}}
    histogram = _histogram(asked)
    yield "timeline", histogram
    yield "coverage", {"global": {}, "aggs": {"timeline": histogram}}


def _histogram(asked: Asked) -> dict[str, Any]:
    request = asked.request
    step = timeline.step_of(request.timeline_by, *asked.edges, asked.now)
    return {
        "date_histogram": {
            "field": "dated_at",
            "calendar_interval": step,
            "time_zone": request.zone,
            "min_doc_count": 1,
        }
    }


def _timeline(counted: Mapping[str, Any], asked: Asked) -> tuple[str, tuple[Bucket, ...]]:
    request = asked.request
    step = timeline.step_of(request.timeline_by, *asked.edges, asked.now)
    counts = _by_start(counted, step, request.zone)
    drawn = timeline.step_drawn(request.timeline_by, step, len(counts))
    coverage = _by_start(counted["coverage"], drawn, request.zone)
    if drawn != step:
        counts = timeline.summed(counts.items(), drawn, request.zone)
    return drawn, timeline.buckets(counts, coverage)


def _by_start(counted: Mapping[str, Any], step: str, zone: str) -> Counter[datetime]:
    starts = (
        (instant(bucket["key"] * 1000), bucket["doc_count"])  # it counts milliseconds
        for bucket in _buckets(counted, "timeline")
    )
    return timeline.summed(starts, step, zone)


def _counted(counted: Mapping[str, Any], name: str) -> Iterator[Counted]:
    for bucket in _buckets(counted, name):
        titles = _buckets(bucket, "title")
        label = titles[0]["key"] if titles else bucket["key"]
        yield Counted(value=bucket["key"], label=label, count=bucket["doc_count"])


def _buckets(counted: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = counted.get(name, {}).get("buckets", [])
    return found


def _sort(asked: Asked) -> list[dict[str, str]]:
    by_date = [{"dated_us": "asc" if asked.request.sort == "oldest" else "desc"}, {"document_id": "asc"}]
    return [{"_score": "desc"}, *by_date] if asked.ranked else by_date


def _hit(hit: Mapping[str, Any], asked: Asked, groups: Mapping[str, int]) -> SearchHit:
    source = hit["_source"]
    copies = groups.get(source["copy_key"], 1) if asked.request.collapse else 1
    score = float(hit.get("_score") or 0.0)
    return hit_of(found_of(hit["_id"], source), asked.query.tree, score=score, copies=copies)


def found_of(document_id: str, source: Mapping[str, Any]) -> Found:
    """A document as the server keeps it."""
    return Found(
        document_id=document_id,
        url=source["url"],
        title=source["title"],
        body=source["body"],
        author=source["author"] or "",
        outlet_id=source["outlet_id"],
        outlet_title=source["outlet_title"],
        country=source["country"],
        published_at=_stored(source["published_at"]),
        dated_at=source["dated_us"],
        withdrawn_at=_stored(source["withdrawn_at"]),
        topics=tuple(source["topics"]),
    )


def _stored(written: str | None) -> int | None:
    return None if written is None else microseconds(datetime.fromisoformat(written))
