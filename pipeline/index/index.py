"""
Step 5, index: what changed goes to the index, and the ledger learns what the index took.

    DetectedArticle → IndexedDocument
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Protocol

from pipeline.answers import SearchHit, SearchPage, SearchRequest, SimilarRequest
from pipeline.clock import Clock
from pipeline.errors import StoreError
from pipeline.records import IndexedDocument
from pipeline.work import CHUNK, Index, IndexLedger

#: Documents sent at once: twenty claims' worth, several requests to a server, so that it is at work
#: while the next ones are analysed.
BATCH = 400


class SearchableIndex(Index, Protocol):
    """An index one can ask, and make anew."""

    def search(self, request: SearchRequest) -> SearchPage:
        """One page of hits, with the exact total.

        Raises:
            QueryError: the query or the cursor cannot be read.
            QueryTimeoutError: it took too long and was stopped.
        """
        ...

    def similar(self, request: SimilarRequest) -> SearchPage:
        """Other reports of the same event, the likeliest first; none for an article it does not hold."""
        ...

    def every(self, request: SearchRequest) -> Iterator[SearchHit]:
        """Everything found, in the request's order, its limit and cursor left aside: for exports."""
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

    def compact_months_before(self, month: str) -> None:
        """Let what little is written to any more, the months before `YYYY-MM`, be searched faster."""
        ...

    def delete_months_before(self, month: str) -> int:
        """Take out whole months before `YYYY-MM`; returns how many documents or indices went."""
        ...


def index(
    ledger: IndexLedger, searchable: Index, *, clock: Clock, worker: str, limit: int | None = None
) -> dict[str, int]:
    """Send pending documents until none are left, or `limit` were sent; then searches find them.

    Raises:
        StoreError: the index does not answer; what was claimed is given back, no death counted.
    """
    counts = {"indexed": 0, "refused": 0}
    for batch in _batches(ledger, clock, worker, limit):
        refused = _sent(ledger, searchable, batch)
        taken = {
            document.document_id: document.document_version
            for document in batch
            if document.document_id not in refused
        }
        gone = ledger.settle_documents(taken, refused, now=clock.now())
        if gone:
            searchable.delete(gone)
        counts["indexed"] += len(taken.keys() - gone)
        counts["refused"] += len(refused)
    if counts["indexed"]:
        searchable.refresh()
    return counts


def documents_of(ledger: IndexLedger) -> Iterator[Sequence[IndexedDocument]]:
    """Every searchable article, a batch at a time, in order of id."""
    last = ""
    while batch := ledger.documents_after(last, limit=BATCH):
        yield batch
        last = batch[-1].document_id


def _batches(
    ledger: IndexLedger, clock: Clock, worker: str, limit: int | None
) -> Iterator[list[IndexedDocument]]:
    """Claimed documents, several chunks at once; one that comes alone may have died, and stays alone."""
    batch: list[IndexedDocument] = []
    claimed = 0
    while chunk := _claim(ledger, clock, worker, limit, claimed):
        claimed += len(chunk)
        if len(chunk) == 1 or len(batch) + len(chunk) > BATCH:
            yield from _full(ledger, clock, batch)
            batch = []
        batch += chunk
        if len(chunk) == 1 or len(batch) >= BATCH:
            yield from _full(ledger, clock, batch)
            batch = []
    yield from _full(ledger, clock, batch)


def _claim(
    ledger: IndexLedger, clock: Clock, worker: str, limit: int | None, claimed: int
) -> Sequence[IndexedDocument]:
    size = CHUNK if limit is None else min(CHUNK, limit - claimed)
    return ledger.claim_documents(worker=worker, now=clock.now(), limit=size) if size > 0 else ()


def _full(ledger: IndexLedger, clock: Clock, batch: list[IndexedDocument]) -> Iterator[list[IndexedDocument]]:
    """The batch, if there is one, its first chunk's lease as long as its last one's."""
    if batch:
        ledger.renew([document.document_id for document in batch], now=clock.now())
        yield batch


def _sent(ledger: IndexLedger, searchable: Index, batch: Sequence[IndexedDocument]) -> Mapping[str, str]:
    try:
        return searchable.add(batch)
    except StoreError:
        # A server that is down or full for a day must not use up the documents' lives.
        ledger.unclaim_documents(document.document_id for document in batch)
        raise
