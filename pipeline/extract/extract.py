"""
Step 3, the drain: pages waiting in the ledger become articles in the ledger.

Claims a chunk, reads each page from the archive, has it extracted, settles the chunk; again, until
nothing waits. What a page is, others decide; here every entry gets its article or its outcome, and
every outlet's template hears of its pages.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Protocol

import structlog

from pipeline.clock import Clock
from pipeline.errors import EntryError
from pipeline.extract.channel import Request
from pipeline.extract.characters import letters
from pipeline.extract.fit import Read, Use
from pipeline.extract.templating import Templates
from pipeline.records import Outcome, Outlet
from pipeline.templates import TemplateLedger
from pipeline.work import (
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


class ExtractingLedger(ExtractLedger, TemplateLedger, Protocol):
    """What the drain needs of the ledger."""


class ArticleReader(Protocol):
    """What reads pages: the extractor with its worker processes, or anything a test hands in."""

    def reads(self, requests: Iterable[Request]) -> Iterator[Read]:
        """What came of each page, in order."""
        ...


def extract(
    ledger: ExtractingLedger,
    archive: Archive,
    extractor: ArticleReader,
    *,
    outlets: Mapping[str, Outlet],
    clock: Clock,
    worker: str,
) -> dict[str, int]:
    """Extract what waits, newest first.

    Returns how many were "extracted" and how many ended in each outcome.

    Raises:
        StoreError: ledger or archive do not answer.
    """
    counts: Counter[str] = Counter()
    drain = _Drain(ledger, archive, extractor, outlets, clock)
    while chunk := ledger.claim_extractions(worker=worker, now=clock.now()):
        counts.update(drain.settle(chunk))
        log.info("extracted", **counts)
    return dict(counts)


class _Drain:
    """Takes chunks from claim to settlement."""

    def __init__(
        self,
        ledger: ExtractingLedger,
        archive: Archive,
        extractor: ArticleReader,
        outlets: Mapping[str, Outlet],
        clock: Clock,
    ) -> None:
        self.ledger, self.archive, self.extractor = ledger, archive, extractor
        self.outlets, self.clock = outlets, clock

    def settle(self, chunk: Sequence[PendingExtraction]) -> Counter[str]:
        """Work on a chunk under its lease and write down what became of it."""
        templates = Templates(self.ledger, {pending.entry.outlet_id for pending in chunk})
        uses = [templates.use(pending.entry.outlet_id) for pending in chunk]
        reads = self._reads(chunk, uses)
        for pending, use, read in zip(chunk, uses, reads, strict=True):
            templates.note(pending.entry, read, version=use.version if use else 0)
        # Before the articles: what a template read is known even if we die between the two.
        templates.save(now=self.clock.now())
        settled = [_settled(pending, read) for pending, read in zip(chunk, reads, strict=True)]
        ended = self.ledger.settle_extractions(settled, now=self.clock.now())
        templates.read_again(now=self.clock.now())
        counts = Counter(str(outcome) for outcome in ended.values())
        counts[EXTRACTED] = sum(
            1 for each in settled if each.article is not None and each.entry_id not in ended
        )
        return +counts

    def _reads(self, chunk: Sequence[PendingExtraction], uses: Sequence[Use | None]) -> list[Read]:
        """What came of each page of a chunk, whose lease is renewed meanwhile."""
        reads: dict[str, Read] = {}
        renewed_at = self.clock.now()
        for entry_id, read in reads_of(
            chunk, uses, self.archive, self.extractor, outlets=self.outlets, clock=self.clock
        ):
            reads[entry_id] = read
            if self.clock.now() - renewed_at >= _RENEW_AFTER:
                renewed_at = self.clock.now()
                self.ledger.renew([waiting.entry.entry_id for waiting in chunk], now=renewed_at)
        return [reads[pending.entry.entry_id] for pending in chunk]


def reads_of(
    chunk: Sequence[PendingExtraction],
    uses: Sequence[Use | None],
    archive: Archive,
    extractor: ArticleReader,
    *,
    outlets: Mapping[str, Outlet],
    clock: Clock,
) -> Iterator[tuple[str, Read]]:
    """What came of each page, by its entry's id; of those that cannot be had, why, and last.

    A page is fetched from the archive when the extractor asks for it, so few are held at a time.
    """
    asked: list[str] = []
    lost: list[tuple[str, Read]] = []

    def requests() -> Iterator[Request]:
        for waiting, use in zip(chunk, uses, strict=True):
            try:
                pending, body, content_type = stored_page(archive, waiting)
            except EntryError as error:
                lost.append((waiting.entry.entry_id, Read(error=error)))
                continue
            asked.append(waiting.entry.entry_id)
            outlet = outlets.get(waiting.entry.outlet_id)
            yield Request(pending, body, content_type, outlet, clock.now(), use)

    for number, read in enumerate(extractor.reads(requests())):
        yield asked[number], read
    yield from lost


def stored_page(archive: Archive, pending: PendingExtraction) -> tuple[PendingExtraction, bytes, str]:
    """A stored page; where its record is gone or damaged, the feed's own text has to serve.

    Raises:
        UnreadableError: the feed carried too little.
    """
    if pending.page is None:
        return pending, b"", ""
    try:
        return pending, *archive.read_body(pending.page)
    except EntryError as error:
        if letters(pending.entry.body or pending.entry.summary) < MIN_FEED_LETTERS:
            raise UnreadableError(error.url, error.reason) from error
        return replace(pending, page=None, page_outcome=f"{Outcome.FAILED}: {error.reason}"), b"", ""


def _settled(pending: PendingExtraction, read: Read) -> SettledExtraction:
    entry_id, error = pending.entry.entry_id, read.error
    if error is None:
        return SettledExtraction(entry_id=entry_id, article=read.article)
    level = log.warning if error.outcome is Outcome.FAILED else log.debug
    level(str(error.outcome), url=pending.entry.url, reason=error.reason)
    return SettledExtraction(entry_id=entry_id, outcome=error.outcome, reason=error.reason)
