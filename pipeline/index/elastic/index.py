"""
The index on Elasticsearch: monthly indices (of old archives, yearly ones) behind an alias, in generations.

Only indices of the live generation carry the alias. A rebuild fills the next generation while every
write goes to both, then one call swaps the alias; a rebuild that was killed is swept away by the
next.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import structlog

from pipeline.answers import SearchHit, SearchPage, SearchRequest, SimilarRequest
from pipeline.errors import IncompatibleError
from pipeline.index.elastic import likely, mapping, pages
from pipeline.index.elastic.client import OLDEST_SERVER, Client
from pipeline.index.every import every
from pipeline.index.frequencies import Frequencies
from pipeline.records import IndexedDocument
from pipeline.search.request import QUERY_TIMEOUT_S, asked

#: Stands for the month of a generation's marker: an empty index that says a rebuild is under way.
_MARKER: Final = "building"

_log = structlog.get_logger(__name__)


def open_elastic_index(
    url: str, *, api_key: str = "", ca_certs: Path | None = None, prefix: str = "rasd"
) -> ElasticIndex:
    """The index at `url`; nothing is asked of the server yet."""
    return ElasticIndex(Client(url, api_key=api_key, ca_certs=ca_certs), prefix)


@dataclass(frozen=True)
class _State:
    """The generations there are, as the alias and the markers tell."""

    live: int
    building: int | None
    names: frozenset[str]

    @property
    def written(self) -> tuple[int, ...]:
        """Generations every write goes to."""
        return (self.live,) if self.building is None else (self.live, self.building)


class ElasticIndex:
    """An index on a cluster."""

    def __init__(self, client: Client, prefix: str) -> None:
        self._client = client
        self._prefix = prefix
        self._known = Frequencies()

    def check(self) -> None:
        """Raise unless the server is there, of a version we speak to, and holds what we can read."""
        version = self._client.version()
        if int(version.split(".")[0]) < OLDEST_SERVER:
            raise IncompatibleError(
                f"{self._client.url} is Elasticsearch {version}; version {OLDEST_SERVER} or later is needed"
            )
        for name, found in self._client.mapping_versions(self._prefix).items():
            if found != mapping.VERSION:
                raise IncompatibleError(
                    f"{self._client.url}: index {name} has mapping version {found}, this Rasd writes "
                    f"{mapping.VERSION}; run: rasd index rebuild"
                )
        self._client.put_template(self._prefix, mapping.template(self._prefix))

    def add(self, documents: Sequence[IndexedDocument]) -> Mapping[str, str]:
        """Write documents to every generation that is written; id → reason of those refused."""
        while True:
            state = self._state()
            refused = self._write(documents, state)
            if self._state().written == state.written:  # no swap in between
                return refused

    def delete(self, document_ids: Iterable[str]) -> None:
        """Take documents out of every generation."""
        if wanted := list(document_ids):
            self._client.refresh(f"{self._prefix}-*")
            self._client.delete_by_ids(f"{self._prefix}-*", wanted)

    def search(self, request: SearchRequest) -> SearchPage:
        """One page of hits, with the exact total."""
        return pages.page_of(self._client, self._prefix, asked(request), timeout_s=QUERY_TIMEOUT_S)

    def similar(self, request: SimilarRequest) -> SearchPage:
        """Other reports of the same event."""
        begun = time.monotonic()
        hits = likely.hits(self._client, self._prefix, request, self._known, timeout_s=QUERY_TIMEOUT_S)
        return SearchPage(total=len(hits), hits=hits, took_ms=(time.monotonic() - begun) * 1000)

    def every(self, request: SearchRequest) -> Iterator[SearchHit]:
        """Everything found, in order, a page at a time."""
        yield from every(self, request)

    def count(self) -> int:
        """Documents searchable now."""
        answer = self._client.search(self._prefix, {"size": 0, "track_total_hits": True})
        return int(answer["hits"]["total"]["value"])

    def ids(self) -> Iterator[str]:
        """Ids of the documents searchable now, in order."""
        return iter(sorted(self._client.scan_ids(self._prefix)))

    def refresh(self) -> None:
        """Let searches see what was written at once, instead of within five seconds."""
        self._client.refresh(f"{self._prefix}-*")

    def rebuild(self, pages: Iterable[Sequence[IndexedDocument]], progress: Callable[[int], None]) -> int:
        """Fill the next generation while writes go to both, then swap; what is refused is logged."""
        generation = self._begin_generation()
        done = 0
        for page in pages:
            state = _State(live=generation, building=None, names=self._state().names)
            for document_id, reason in self._write(page, state, alias=False).items():
                _log.warning("left_out_of_rebuild", document_id=document_id, reason=reason)
            done += len(page)
            progress(done)
        self._make_live(generation)
        return self.count()

    def compact_months_before(self, month: str) -> None:
        """Have each index that holds nothing but months before `YYYY-MM` merged; that goes on by itself."""
        self._client.merge_segments(self._of_months_before(month))

    def delete_months_before(self, month: str) -> int:
        """Delete indices that hold nothing but months before `YYYY-MM`."""
        old = self._of_months_before(month)
        self._client.delete_indices(old)
        return len(old)

    def close(self) -> None:
        """Let go of connections."""
        self._client.close()

    def _write(
        self, documents: Sequence[IndexedDocument], state: _State, *, alias: bool = True
    ) -> dict[str, str]:
        for generation in state.written:
            carries_alias = alias and generation == state.live
            months = {document.month for document in documents}
            for name in sorted({mapping.index_name(self._prefix, generation, month) for month in months}):
                if name not in state.names:
                    self._client.create_index(name, aliases=[self._prefix] if carries_alias else [])
        return self._client.bulk(self._actions(documents, state))

    def _actions(self, documents: Sequence[IndexedDocument], state: _State) -> Iterator[dict[str, Any]]:
        for document in documents:
            source = mapping.source_of(document)
            for generation in state.written:
                yield {
                    "_op_type": "index",
                    "_index": mapping.index_name(self._prefix, generation, document.month),
                    "_id": document.document_id,
                    "version": document.document_version,
                    "version_type": "external_gte",
                    "_source": source,
                }

    def _state(self) -> _State:
        found = self._client.indices(f"{self._prefix}-*")
        generations = {name: mapping.generation_of(self._prefix, name) for name in found}
        live = [
            generation
            for name, generation in generations.items()
            if generation is not None and self._prefix in found[name]
        ]
        markers = [
            generation
            for name, generation in generations.items()
            if generation is not None and name.endswith(_MARKER)
        ]
        return _State(
            live=max(live, default=1),
            building=max(markers, default=None),
            names=frozenset(name for name, generation in generations.items() if generation is not None),
        )

    def _begin_generation(self) -> int:
        self._client.put_template(self._prefix, mapping.template(self._prefix))
        state = self._state()
        self._client.delete_indices(self._of_other_generations(state.live))
        generation = state.live + 1
        self._client.create_index(mapping.index_name(self._prefix, generation, _MARKER), aliases=[])
        return generation

    def _make_live(self, generation: int) -> None:
        """One call moves the alias; the marker is deleted last, so that a rebuild killed before shows."""
        self._client.refresh(f"{self._prefix}-{generation}-*")
        found = self._client.indices(f"{self._prefix}-*")
        actions: list[dict[str, Any]] = []
        for name, aliases in sorted(found.items()):
            if mapping.generation_of(self._prefix, name) == generation and not name.endswith(_MARKER):
                actions.append({"add": {"index": name, "alias": self._prefix}})
            elif self._prefix in aliases:
                actions.append({"remove": {"index": name, "alias": self._prefix}})
        self._client.update_aliases(actions)
        self._client.delete_indices(self._of_other_generations(generation))
        self._client.delete_indices([mapping.index_name(self._prefix, generation, _MARKER)])
        self._client.merge_segments([f"{self._prefix}-{generation}-*"])

    def _of_months_before(self, month: str) -> list[str]:
        return [
            name
            for name in sorted(self._state().names)
            if mapping.last_month_of(self._prefix, name) < month and not name.endswith(_MARKER)
        ]

    def _of_other_generations(self, kept: int) -> list[str]:
        return [
            name for name in sorted(self._state().names) if mapping.generation_of(self._prefix, name) != kept
        ]
