"""
Step 5, index: what changed goes to the index, and the ledger learns what the index took.

    DetectedArticle → IndexedDocument
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Protocol

from pipeline.clock import Clock
from pipeline.records import IndexedDocument, SearchPage, SearchRequest
from pipeline.work import Index, IndexLedger

#: Documents sent at once: ten claims' worth, since a request to a server costs more than a claim.
BATCH = 200


class SearchableIndex(Index, Protocol):
    """An index one can ask, and make anew."""

    def search(self, request: SearchRequest) -> SearchPage:
        """One page of hits, with the exact total.

        Raises:
            QueryError: the query cannot be read.
        """
        ...

    def count(self) -> int:
        """Documents searchable now."""
        ...

    def ids(self) -> Iterator[str]:
        """Ids of the documents searchable now, in order."""
        ...

    def rebuild(self, pages: Iterable[Sequence[IndexedDocument]], progress: Callable[[int], None]) -> int:
        """Fill a new generation while writes go to both, then swap; returns the documents in it."""
        ...

    def delete_months_before(self, month: str) -> int:
        """Take out whole months before `YYYY-MM`; returns how many documents or indices went."""
        ...


def index(
    ledger: IndexLedger, searchable: Index, *, clock: Clock, worker: str, limit: int | None = None
) -> dict[str, int]:
    """Send pending documents until none are left, or `limit` were sent."""
    counts = {"indexed": 0, "refused": 0}
    while limit is None or sum(counts.values()) < limit:
        batch = _claim(ledger, clock, worker)
        if not batch:
            break
        refused = searchable.add(batch)
        taken = {
            document.document_id: document.document_version
            for document in batch
            if document.document_id not in refused
        }
        ledger.settle_documents(taken, refused, now=clock.now())
        counts["indexed"] += len(taken)
        counts["refused"] += len(refused)
    return counts


def documents_of(ledger: IndexLedger) -> Iterator[Sequence[IndexedDocument]]:
    """Every searchable article, a batch at a time, in order of id."""
    last = ""
    while batch := ledger.documents_after(last, limit=BATCH):
        yield batch
        last = batch[-1].document_id


def _claim(ledger: IndexLedger, clock: Clock, worker: str) -> list[IndexedDocument]:
    batch: list[IndexedDocument] = []
    while len(batch) < BATCH:
        chunk = ledger.claim_documents(worker=worker, now=clock.now())
        batch += chunk
        if len(chunk) <= 1:  # nothing is left, or an entry that died before: alone, or last
            break
    return batch
