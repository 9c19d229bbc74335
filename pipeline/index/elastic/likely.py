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
from pipeline.index.frequencies import Frequencies
from pipeline.search.report import Candidate
from pipeline.search.similar import best_of_copies, similar

_READ: Final = ["title", "body", "published_at", "copy_key"]
#: What a word counts for where it stands; the fields are summed.
_FIELDS: Final = {"title_stem": 1.5, "lead_stem": 1.0, "body_stem": 1.0}


def hits(
    client: Client, target: str, request: SimilarRequest, known: Frequencies, *, timeout_s: float
) -> tuple[SearchHit, ...]:
    """Other reports of the event of a request's article."""
    wanted = _with_text(client, target, request)
    if wanted is None:
        return ()
    source = ElasticSource(client, target, known, timeout_s=timeout_s)
    found = similar(source, wanted)
    shown = best_of_copies(found, source.copy_keys, collapse=request.collapse)[: request.limit]
    stored = _stored(client, target, [name for name, _, _ in shown])
    return tuple(
        hit_of(read.found_of(name, stored[name]), None, score=score, copies=copies)
        for name, score, copies in shown
        if name in stored  # it may have been taken out a moment ago
    )


def _with_text(client: Client, target: str, request: SimilarRequest) -> SimilarRequest | None:
    if not request.document_id:
        return request
    stored = _stored(client, target, [request.document_id]).get(request.document_id)
    if stored is None:
        return None
    known = _candidate(request.document_id, stored)
    return replace(
        request,
        title=known.title,
        body=known.body,
        published_at=known.published_at,
        exclude=(*request.exclude, request.document_id),
    )


def _stored(client: Client, target: str, ids: Sequence[str]) -> dict[str, dict[str, Any]]:
    body = {"query": {"ids": {"values": list(ids)}}, "size": len(ids)}
    return {hit["_id"]: hit["_source"] for hit in client.search(target, body)["hits"]["hits"]} if ids else {}


def _candidate(document_id: str, source: Mapping[str, Any]) -> Candidate:
    at = source["published_at"]
    return Candidate(document_id, source["title"], source["body"], datetime.fromisoformat(at) if at else None)


class ElasticSource:
    """What an alias or index holds now."""

    def __init__(self, client: Client, target: str, known: Frequencies, *, timeout_s: float) -> None:
        self._client = client
        self._target = target
        self._timeout_s = timeout_s
        self.copy_keys: dict[str, str] = {}  #: of the candidates given so far
        self._size = int(self._search({"size": 0, "track_total_hits": True})["hits"]["total"]["value"])
        self._known = known.of(0, self._size)

    def size(self) -> int:
        """Documents there are."""
        return self._size

    def frequencies(self, stems: Sequence[str]) -> Mapping[str, int]:
        """In how many bodies each stem stands."""
        new = {stem: {"term": {"body_stem": stem}} for stem in stems if stem not in self._known}
        if new:
            answer = self._search({"size": 0, "aggs": {"stems": {"filters": {"filters": new}}}})
            buckets = answer.get("aggregations", {}).get("stems", {}).get("buckets", {})
            self._known |= {stem: buckets.get(stem, {}).get("doc_count", 0) for stem in new}
        return self._known

    def candidates(self, stems: Sequence[str], request: SimilarRequest, limit: int) -> list[Candidate]:
        """Documents with any of the stems, those with the most and the rarest first."""
        dated = request.since is not None or request.until is not None
        query = {
            "should": [
                {"term": {field: {"value": stem, "boost": boost}}}
                for stem in stems
                for field, boost in _FIELDS.items()
            ],
            "minimum_should_match": 1,
            "filter": [between(request.since, request.until)] if dated else [],
            "must_not": [{"terms": {"document_id": list(request.exclude)}}],
        }
        # By score alone and uncounted, so that what cannot be among the best is passed over unscored.
        answer = self._search(
            {"query": {"bool": query}, "size": limit, "track_total_hits": False, "source_includes": _READ}
        )
        hits = answer["hits"]["hits"]
        self.copy_keys |= {hit["_id"]: hit["_source"]["copy_key"] for hit in hits}
        return [_candidate(hit["_id"], hit["_source"]) for hit in hits]

    def _search(self, body: dict[str, Any]) -> dict[str, Any]:
        body |= {"timeout": f"{self._timeout_s:g}s"}
        return self._client.search(self._target, body, timeout_s=self._timeout_s)
