"""
Candidates for similar coverage from Elasticsearch.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from pipeline.answers import SearchHit, SimilarRequest
from pipeline.index.elastic import read
from pipeline.index.elastic.client import Client
from pipeline.index.elastic.match import between
from pipeline.index.found import hit_of
from pipeline.search.similar import Candidate, best_of_copies, similar

_READ: Final = ["title", "body", "published_at"]
#: What a word counts for where it stands; the fields are summed.
_FIELDS: Final = {"title_stem": 3.0, "lead_stem": 1.5, "body_stem": 1.0}


def hits(client: Client, target: str, request: SimilarRequest, *, timeout_s: float) -> tuple[SearchHit, ...]:
    """Other reports of the event of a request's article."""
    wanted = _with_text(client, target, request)
    found = similar(ElasticSource(client, target, timeout_s=timeout_s), wanted) if wanted else []
    stored = _stored(client, target, [name for name, _ in found])
    keys = {name: source["copy_key"] for name, source in stored.items()}
    there = [each for each in found if each[0] in stored]
    shown = best_of_copies(there, keys, collapse=request.collapse)[: request.limit]
    return tuple(
        hit_of(read.found_of(name, stored[name]), None, score=score, copies=copies)
        for name, score, copies in shown
    )


def _with_text(client: Client, target: str, request: SimilarRequest) -> SimilarRequest | None:
    if not request.document_id:
        return request
    stored = _stored(client, target, [request.document_id]).get(request.document_id)
    if stored is None:
        return None
    exclude = (*request.exclude, request.document_id)
    return replace(request, title=stored["title"], body=stored["body"], exclude=exclude)


def _stored(client: Client, target: str, ids: Sequence[str]) -> dict[str, dict[str, Any]]:
    body = {"query": {"ids": {"values": list(ids)}}, "size": len(ids), "source_excludes": ["matches"]}
    return {hit["_id"]: hit["_source"] for hit in client.search(target, body)["hits"]["hits"]} if ids else {}


def _candidate(document_id: str, source: Mapping[str, Any]) -> Candidate:
    at = source["published_at"]
    return Candidate(document_id, source["title"], source["body"], datetime.fromisoformat(at) if at else None)


class ElasticSource:
    """What an alias or index holds now."""

    def __init__(self, client: Client, target: str, *, timeout_s: float) -> None:
        self._client = client
        self._target = target
        self._timeout_s = timeout_s
        self._size: int | None = None

    def size(self) -> int:
        """Documents there are."""
        if self._size is None:
            self.frequencies([])
        return self._size or 0

    def frequencies(self, stems: Sequence[str]) -> Mapping[str, int]:
        """In how many bodies each stem stands."""
        filters = {stem: {"term": {"body_stem": stem}} for stem in stems}
        body: dict[str, Any] = {"size": 0, "track_total_hits": True}
        if filters:
            body["aggs"] = {"stems": {"filters": {"filters": filters}}}
        answer = self._search(body)
        self._size = answer["hits"]["total"]["value"]
        buckets = answer.get("aggregations", {}).get("stems", {}).get("buckets", {})
        return {stem: bucket["doc_count"] for stem, bucket in buckets.items()}

    def candidates(
        self, weights: Mapping[str, float], request: SimilarRequest, limit: int
    ) -> list[Candidate]:
        """Documents with any of the stems, those with the most weight first."""
        dated = request.since is not None or request.until is not None
        query = {
            "should": [
                {"term": {field: {"value": stem, "boost": boost}}}
                for stem in weights
                for field, boost in _FIELDS.items()
            ],
            "minimum_should_match": 1,
            "filter": [between(request.since, request.until)] if dated else [],
            "must_not": [{"terms": {"document_id": list(request.exclude)}}],
        }
        sort = [{"_score": "desc"}, {"document_id": "asc"}]
        answer = self._search(
            {"query": {"bool": query}, "size": limit, "sort": sort, "source_includes": _READ}
        )
        return [_candidate(hit["_id"], hit["_source"]) for hit in answer["hits"]["hits"]]

    def _search(self, body: dict[str, Any]) -> dict[str, Any]:
        body |= {"timeout": f"{self._timeout_s:g}s"}
        return self._client.search(self._target, body, timeout_s=self._timeout_s)
