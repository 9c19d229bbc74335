"""
What the ledger reports to people: the story of an entry, how feeds are doing, the ledger at a glance.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from pipeline.records import Article, DateRule, Outcome, PageRef, Stage, TopicMatch


@dataclass(frozen=True, slots=True, kw_only=True)
class EntrySighting:
    """That a feed listed an entry, and since when."""

    feed_url: str
    first_seen_at: datetime
    last_seen_at: datetime  #: at the last poll that brought a changed feed
    vanished_at: datetime | None = None  #: when it was gone from the middle of the feed


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryStory:
    """Everything the ledger knows of one entry: why it is here, or why it is not."""

    entry_id: str
    outlet_id: str = ""
    url: str = ""
    canonical_url: str = ""
    title: str = ""
    first_seen_at: datetime | None = None
    sightings: tuple[EntrySighting, ...] = ()
    stage: Stage | None = None  #: what it waits for
    waits_since: datetime | None = None
    outcome: Outcome | None = None
    reason: str = ""
    tries: int = 0
    deaths: int = 0
    retry_at: datetime | None = None
    page: PageRef | None = None
    final_url: str = ""
    fetched_at: datetime | None = None
    page_outcome: str = ""
    feed_letters: int = 0
    duplicate_of: str | None = None
    article: Article | None = None
    revision: int = 0  #: 0: no article
    document_version: int = 0
    indexed_version: int = 0
    indexed_at: datetime | None = None
    month: str | None = None
    withdrawn_at: datetime | None = None
    matches: tuple[TopicMatch, ...] = ()
    expired_at: datetime | None = None  #: its text was dropped for its age
    forgotten_at: datetime | None = None  #: if so, nothing else is known any more


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """A text an article had, or has."""

    revision: int  #: from 1 on
    title: str
    body: str
    replaced_at: datetime | None  #: None: it is the current one


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedHealth:
    """How a feed is doing."""

    feed_url: str
    outlet_id: str
    outlet_title: str
    enabled: bool
    status: str  #: "new" | "unchanged" | a `FeedError.name`; "" before the first poll
    reason: str
    http_status: int
    failures: int  #: in a row
    first_polled_at: datetime | None
    last_polled_at: datetime | None
    last_good_at: datetime | None
    next_poll_at: datetime | None  #: None: stopped
    interval_s: float
    moved_to: str | None
    entries_last_day: int  #: first seen in this feed
    newest_entry_at: datetime | None  #: when this feed last listed something new
    date_rule: DateRule | None = None  #: what its dates get wrong, and is set right


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRun:
    """One worker's run of a step."""

    step: str
    worker: str
    started_at: datetime
    ended_at: datetime
    counts: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerStatus:
    """The ledger at a glance."""

    place: str
    schema_version: str
    entries: int
    articles: int
    newest_article_at: datetime | None  #: searchable, by its date, those of the future left out
    pending: dict[Stage, int]
    stuck: int  #: their worker died, or they wait longer than they should
    stuck_examples: tuple[str, ...]  #: ids, at most ten
    given_up: int  #: ended after too many deaths
    last_runs: dict[str, StepRun]  #: by step, the one that ended last
    silent_outlets: tuple[str, ...]  #: enabled, and nothing new for too long
    size_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicChange:
    """That a change of its rules won a topic an article, or cost it one."""

    topic_id: str
    article_id: str
    title: str
    outlet_id: str
    changed_at: datetime
    gained: bool
    topic_version: str  #: the one that gained it, or had it until then


@dataclass(frozen=True, slots=True, kw_only=True)
class Delay:
    """How long one article took from publication to searchable."""

    outlet_id: str
    delay_s: float
