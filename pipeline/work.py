"""
Between the ledger and the steps: what a step is handed, what it hands back, and the small
protocol it needs of the ledger.

Rules that hold for every claim:

- It is one short transaction, and leases what it gives for `LEASE_S`; `renew` prolongs it.
- It counts a death for each entry it gives; settling sets the count back to nought. An entry that
  has died before is given alone, so that it cannot take its neighbours with it again; one that has
  died `MAX_DEATHS` times is ended as `failed` by the claim itself.
- An empty list means: nothing is pending just now.

What a step hands back is a decision already made: the ledger writes it down.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from pipeline.habits import NO_HABITS, ClockSight, FeedHabits
from pipeline.hosts import HostLease, HostLedger
from pipeline.records import (
    Article,
    DateEvidence,
    DateRule,
    DetectedArticle,
    Feed,
    FeedEntry,
    IndexedDocument,
    Outcome,
    PageRef,
    Stage,
)

#: A worker that died is noticed after this long. Renewed while work goes on.
LEASE_S = 300
#: Entries a claim gives at most: what a killed worker can leave to be done again.
CHUNK = 20
#: Deaths after which an entry ends as `failed`.
MAX_DEATHS = 3
#: Letters a feed must carry of its own for its text to stand in for a page that cannot be had.
MIN_FEED_LETTERS = 200


# -- poll -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedState:
    """What the ledger knows of a feed before it is polled."""

    feed: Feed
    url: str  #: where it is fetched: the configured address, or where it has moved for good
    first_polled_at: datetime | None = None
    last_polled_at: datetime | None = None
    last_good_at: datetime | None = None  #: when it was last read, or known to be unchanged
    etag: str | None = None  #: byte for byte as the server sent it
    last_modified: str | None = None
    body_hash: str | None = None
    interval_s: float = 0.0  #: the adapted one; 0 before the first poll
    failures: int = 0
    moves: int = 0  #: sightings in a row of the same permanent redirect
    moved_to: str | None = None
    listed: tuple[str, ...] = ()  #: entry ids as last listed, in the feed's order
    date_rule: DateRule | None = None  #: what its dates get wrong
    date_evidence: tuple[ClockSight, ...] = ()  #: what that was learnt from, oldest first
    habits: FeedHabits = NO_HABITS


@dataclass(frozen=True, slots=True, kw_only=True)
class PolledFeed:
    """What became of one poll. Validators and entries are written in one transaction."""

    feed_url: str  #: the configured address: the feed's identity
    status: str  #: "new" | "unchanged" | a `FeedError.name`
    reason: str = ""
    http_status: int = 0
    polled_at: datetime
    next_poll_at: datetime | None  #: None: stopped (410), until its address is changed
    entries: tuple[FeedEntry, ...] = ()  #: one per id, in the feed's order
    vanished: tuple[str, ...] = ()  #: listed before, gone from the middle of the window: look again
    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None
    interval_s: float = 0.0
    failures: int = 0
    moves: int = 0
    moved_to: str | None = None
    fetch_url: str = ""  #: where the next poll goes
    date_rule: DateRule | None = None  #: by which the dates of `entries` were read
    date_evidence: tuple[ClockSight, ...] = ()
    redated: bool = False  #: the rule is another than before: what is still listed gets its dates anew
    habits: FeedHabits = NO_HABITS  #: after a poll that was "new"


@dataclass(frozen=True, slots=True, kw_only=True)
class PollCounts:
    """What a settled poll found."""

    listed: int = 0
    new: int = 0
    changed: int = 0  #: known, and edited by the outlet: fetched again
    known: int = 0
    vanished: int = 0


class PollLedger(HostLedger, Protocol):
    """What poll needs."""

    def due_feeds(self, lease: HostLease, *, now: datetime, limit: int = CHUNK) -> Sequence[FeedState]:
        """The host's feeds whose time has come, longest waiting first."""
        ...

    def dates_with_pages(self, feed_url: str, entry_ids: Sequence[str]) -> Sequence[DateEvidence]:
        """The dates a feed gave those of its entries whose pages state an instant of their own."""
        ...

    def settle_poll(self, polled: PolledFeed) -> PollCounts:
        """Write down one poll: validators, entries, sightings, next time; one transaction.

        An unknown entry becomes pending for fetch. A known one whose content hash differs from
        what *this feed* last said is pending again, as is each of `vanished` that has an article.
        """
        ...


# -- fetch ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingPage:
    """A page to be fetched."""

    entry_id: str
    outlet_id: str
    url: str
    tries: int  #: requests made for it before
    first_seen_at: datetime
    feed_letters: int  #: letters of the feed's own text
    has_article: bool  #: it was extracted before: this is a second look
    feed_text: str = ""  #: what the feed says of it: its title, and the longer of its texts
    published_at: datetime | None = None  #: as the feed says, where that can be
    etag: str | None = None  #: of the page as last fetched, byte for byte
    last_modified: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SettledPage:
    """What became of one request for a page, and what comes next.

    `next_stage` is EXTRACT (with `page`, or with `page_outcome` when the feed's own text has to
    serve), FETCH (again, not before `retry_at`) or None (ended with `outcome`). Where
    `has_article` was true, ending with GONE marks the article as withdrawn, and ending with
    anything else leaves it as it is.
    """

    entry_id: str
    next_stage: Stage | None
    page: PageRef | None = None
    final_url: str = ""
    fetched_at: datetime | None = None
    outcome: Outcome | None = None
    reason: str = ""
    page_outcome: str = ""  #: e.g. "blocked: 403"
    retry_at: datetime | None = None
    look_at: datetime | None = None  #: when to look again, if nothing happens before
    etag: str | None = None
    last_modified: str | None = None


class FetchLedger(HostLedger, Protocol):
    """What fetch needs."""

    def look_again(self, *, now: datetime) -> int:
        """Put articles whose next look is due back to fetch; returns how many."""
        ...

    def claim_pages(self, lease: HostLease, *, now: datetime, limit: int = CHUNK) -> Sequence[PendingPage]:
        """Claim pages of the leased host, newest first."""
        ...

    def settle_page(self, settled: SettledPage, *, now: datetime) -> None:
        """Write down one page."""
        ...

    def unclaim_pages(self, entry_ids: Iterable[str]) -> None:
        """Give back what was claimed and not asked for (the budget is spent): no death, no try."""
        ...


# -- extract ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingExtraction:
    """An entry whose page lies in the archive, or whose feed text has to serve."""

    entry: FeedEntry
    first_seen_at: datetime
    page: PageRef | None
    final_url: str
    fetched_at: datetime | None
    page_outcome: str  #: why there is no page, or ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SettledExtraction:
    """An article, or the outcome instead of one."""

    entry_id: str
    article: Article | None = None
    outcome: Outcome | None = None
    reason: str = ""


class ExtractLedger(Protocol):
    """What extract needs."""

    def claim_extractions(
        self, *, worker: str, now: datetime, limit: int = CHUNK
    ) -> Sequence[PendingExtraction]:
        """Claim entries waiting for extraction, newest first."""
        ...

    def settle_extractions(
        self, settled: Sequence[SettledExtraction], *, now: datetime
    ) -> Mapping[str, Outcome]:
        """Write down a chunk; returns the outcomes it gave, by entry id.

        An article whose outlet already has the same text, or the same canonical link under another
        id, becomes `duplicate` here, where it can be seen in one transaction. A changed text raises
        `revision`, keeps the old one, and makes detection pending; an unchanged one changes nothing.
        """
        ...

    def renew(self, entry_ids: Iterable[str], *, now: datetime) -> None:
        """Prolong the lease of claimed entries."""
        ...


# -- import -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedPage:
    """A page somebody else fetched, in the archive now: it waits for extraction like our own."""

    entry: FeedEntry
    page: PageRef
    final_url: str = ""
    fetched_at: datetime | None = None  #: when the other crawler was there; counts as first seen


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedImport:
    """An imported record that is no article of ours: it ends at once."""

    entry: FeedEntry
    outcome: Outcome
    reason: str


# -- detect -----------------------------------------------------------------------------------


class DetectLedger(Protocol):
    """What detect needs."""

    def claim_detections(self, *, worker: str, now: datetime, limit: int = CHUNK) -> Sequence[Article]:
        """Claim articles waiting for detection, newest first."""
        ...

    def settle_detections(self, detected: Sequence[DetectedArticle], *, now: datetime) -> None:
        """Replace the articles' matches; `document_version` rises where something changed."""
        ...

    def renew(self, entry_ids: Iterable[str], *, now: datetime) -> None:
        """Prolong the lease of claimed entries."""
        ...


# -- index ------------------------------------------------------------------------------------


class IndexLedger(Protocol):
    """What index needs."""

    def claim_documents(self, *, worker: str, now: datetime, limit: int = CHUNK) -> Sequence[IndexedDocument]:
        """Claim articles whose `document_version` is above their `indexed_version`."""
        ...

    def settle_documents(
        self, indexed: Mapping[str, int], refused: Mapping[str, str], *, now: datetime
    ) -> frozenset[str]:
        """Write down what the index took (id → version) and what it refused (id → reason).

        Returns the ids forgotten meanwhile: they are to be taken out of the index again.
        """
        ...

    def unclaim_documents(self, entry_ids: Iterable[str]) -> None:
        """Give back what was claimed and could not be sent (the index does not answer): no death."""
        ...

    def renew(self, entry_ids: Iterable[str], *, now: datetime) -> None:
        """Prolong the lease of claimed entries."""
        ...

    def documents_after(self, article_id: str, *, limit: int) -> Sequence[IndexedDocument]:
        """Every article the index was ever offered, in order of id, a page at a time: for a rebuild.

        Those on their way to the index for the first time are among them: they may arrive in the
        old generation only, just before a rebuild begins.
        """
        ...


class Index(Protocol):
    """An index of documents, embedded or a server. A projection: it can be made anew."""

    def check(self) -> None:
        """Raise `StoreError` or `IncompatibleError`, saying what to do, unless ready for work."""
        ...

    def add(self, documents: Sequence[IndexedDocument]) -> Mapping[str, str]:
        """Write documents; returns id → reason for those refused for good.

        An older version than the stored one is dropped silently: that is success.
        """
        ...

    def delete(self, document_ids: Iterable[str]) -> None:
        """Take documents out; unknown ids are fine."""
        ...

    def refresh(self) -> None:
        """Let searches see what was written."""
        ...

    def close(self) -> None:
        """Let go of files and connections."""
        ...


class Archive(Protocol):
    """Where responses are kept as they came."""

    def read_body(self, page: PageRef) -> tuple[bytes, str]:
        """Body bytes (content encodings undone) and content type of a stored response."""
        ...
