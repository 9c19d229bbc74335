"""
Step 3, the drain: pages waiting in the ledger become articles in the ledger.

Claims a chunk, reads each page from the archive, has it extracted, settles the chunk; again, until
nothing waits. What a page is, others decide; here every entry gets its article or its outcome.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from pipeline.clock import Clock
from pipeline.errors import EntryError
from pipeline.extract.characters import letters
from pipeline.records import Article, Outcome, Outlet
from pipeline.work import (
    CHUNK,
    LEASE_S,
    MIN_FEED_LETTERS,
    Archive,
    ExtractLedger,
    PendingExtraction,
    SettledExtraction,
)

#: Counted beside the outcomes: entries that became articles.
EXTRACTED = "extracted"
#: A lease is renewed when this much of it has passed.
_RENEW_AFTER = timedelta(seconds=LEASE_S / 5)


class UnreadableError(EntryError):
    """The archive no longer has the page, or has it damaged."""

    outcome = Outcome.FAILED


log = structlog.get_logger()


class ArticleReader(Protocol):
    """What reads one page: the extractor with its worker process, or anything a test hands in."""

    def extract(
        self,
        pending: PendingExtraction,
        body: bytes,
        content_type: str,
        *,
        outlet: Outlet | None,
        now: datetime,
    ) -> Article:
        """The article on a page, or an `EntryError`."""
        ...


def extract(
    ledger: ExtractLedger,
    archive: Archive,
    extractor: ArticleReader,
    *,
    outlets: Mapping[str, Outlet],
    clock: Clock,
    worker: str,
    limit: int | None = None,
) -> dict[str, int]:
    """Extract what waits, newest first.

    `limit` is how many entries to take at most. Returns how many were "extracted" and how many ended
    in each outcome.

    Raises:
        StoreError: ledger or archive do not answer.
    """
    counts: Counter[str] = Counter()
    drain = _Drain(ledger, archive, extractor, outlets, clock)
    taken = 0
    while limit is None or taken < limit:
        size = CHUNK if limit is None else min(CHUNK, limit - taken)
        chunk = ledger.claim_extractions(worker=worker, now=clock.now(), limit=size)
        if not chunk:
            break
        taken += len(chunk)
        counts.update(drain.settle(chunk))
        log.info("extracted", **counts)
    return dict(counts)


class _Drain:
    """Takes chunks from claim to settlement."""

    def __init__(
        self,
        ledger: ExtractLedger,
        archive: Archive,
        extractor: ArticleReader,
        outlets: Mapping[str, Outlet],
        clock: Clock,
    ) -> None:
        self.ledger, self.archive, self.extractor = ledger, archive, extractor
        self.outlets, self.clock = outlets, clock

    def settle(self, chunk: Sequence[PendingExtraction]) -> Counter[str]:
        """Work on a chunk under its lease and write down what became of it."""
        settled: list[SettledExtraction] = []
        renewed_at = self.clock.now()
        for pending in chunk:
            if self.clock.now() - renewed_at >= _RENEW_AFTER:
                renewed_at = self.clock.now()
                self.ledger.renew([waiting.entry.entry_id for waiting in chunk], now=renewed_at)
            settled.append(self._settled(pending))
        ended = self.ledger.settle_extractions(settled, now=self.clock.now())
        counts = Counter(str(outcome) for outcome in ended.values())
        counts[EXTRACTED] = sum(
            1 for each in settled if each.article is not None and each.entry_id not in ended
        )
        return +counts

    def _settled(self, pending: PendingExtraction) -> SettledExtraction:
        entry_id = pending.entry.entry_id
        try:
            return SettledExtraction(entry_id=entry_id, article=self._article(pending))
        except EntryError as error:
            level = log.warning if error.outcome is Outcome.FAILED else log.debug
            level(str(error.outcome), url=pending.entry.url, reason=error.reason)
            return SettledExtraction(entry_id=entry_id, outcome=error.outcome, reason=error.reason)

    def _article(self, pending: PendingExtraction) -> Article:
        pending, body, content_type = self._page(pending)
        return self.extractor.extract(
            pending,
            body,
            content_type,
            outlet=self.outlets.get(pending.entry.outlet_id),
            now=self.clock.now(),
        )

    def _page(self, pending: PendingExtraction) -> tuple[PendingExtraction, bytes, str]:
        """A stored page; where its record is gone or damaged, the feed's own text has to serve."""
        if pending.page is None:
            return pending, b"", ""
        try:
            return pending, *self.archive.read_body(pending.page)
        except EntryError as error:
            if letters(pending.entry.body or pending.entry.summary) < MIN_FEED_LETTERS:
                raise UnreadableError(error.url, error.reason) from error
            return replace(pending, page=None, page_outcome=f"{Outcome.FAILED}: {error.reason}"), b"", ""
