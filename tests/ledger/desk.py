"""
Drives a ledger as the five steps would, with as few words as a test needs.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from pipeline.hosts import HostReport
from pipeline.ledger.ledger import Ledger
from pipeline.records import (
    Article,
    DateEvidence,
    DetectedArticle,
    Feed,
    FeedEntry,
    Hit,
    Outcome,
    Outlet,
    PageRef,
    Stage,
    TopicMatch,
)
from pipeline.work import PolledFeed, SettledExtraction, SettledPage

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
#: Just after a lease taken at noon has run out.
LATER = NOON + timedelta(seconds=301)

DAILY = "http://daily.example/feed"
DAILY_SPORTS = "http://daily.example/sports"
WEEKLY = "http://weekly.example/feed"
PAGE = PageRef(file="2026-03-01.warc.gz", offset=7, length_bytes=11)

OUTLETS = {
    "daily": Outlet(
        outlet_id="daily",
        title="اليومية",  # The Daily
        title_en="The Daily",
        home="http://daily.example/",
        country="jo",
        time_zone="Asia/Amman",
        feeds=(
            Feed(url=DAILY, outlet_id="daily"),
            Feed(url=DAILY_SPORTS, outlet_id="daily", section="رياضة"),  # sports
        ),
    ),
    "weekly": Outlet(
        outlet_id="weekly",
        title="الأسبوعية",  # The Weekly
        title_en="The Weekly",
        home="http://weekly.example/",
        country="eg",
        time_zone="Africa/Cairo",
        feeds=(Feed(url=WEEKLY, outlet_id="weekly"),),
    ),
}


def key(name: str) -> str:
    """The id of the entry called `name`."""
    return hashlib.sha256(name.encode()).hexdigest()[:32]


def entry(name: str, feed_url: str = DAILY, *, published_at: datetime | None = None, **changes) -> FeedEntry:
    host = feed_url.split("/")[2]
    url = f"http://{host}/{name}"
    return replace(
        FeedEntry(
            entry_id=key(name),
            outlet_id=host.split(".", maxsplit=1)[0],
            feed_url=feed_url,
            url=url,
            canonical_url=url,
            title=f"title of {name}",
            content_hash=f"hash of {name}",
            date=DateEvidence(published_at=published_at, source="feed") if published_at else None,
        ),
        **changes,
    )


def article(name: str, *, outlet_id: str = "daily", body: str = "", **changes) -> Article:
    return replace(
        Article(
            article_id=key(name),
            outlet_id=outlet_id,
            url=f"http://{outlet_id}.example/{name}",
            title=f"title of {name}",
            body=body or f"body of {name}",
            first_seen_at=NOON,
        ),
        **changes,
    )


def match(topic_id: str, *, score: float = 0.8, version: str = "v1") -> TopicMatch:
    hit = Hit(term="ماء", form="الماء", field="body", start=0, end=5, weight=1.0)  # water, the water
    return TopicMatch(topic_id=topic_id, topic_version=version, score=score, threshold=0.5, hits=(hit,))


class Desk:
    """A ledger with the outlets above in it, and somebody who works on it."""

    def __init__(self, ledger: Ledger, *, worker: str = "w") -> None:
        self.ledger = ledger
        self.worker = worker
        ledger.sync_outlets(OUTLETS, now=NOON)

    # -- poll

    def list(self, *entries: FeedEntry, feed: str = DAILY, now: datetime = NOON, **polled):
        """Settle a poll of `feed` that lists `entries`."""
        report = {"status": "new", "polled_at": now, "next_poll_at": now + HOUR, **polled}
        return self.ledger.settle_poll(PolledFeed(feed_url=feed, entries=entries, **report))

    # -- fetch

    def lease(self, host: str, stage: str = "fetch", *, now: datetime = NOON):
        """Lease this very host; the others are given back."""
        taken = []
        while (lease := self.ledger.claim_host(stage, worker=self.worker, now=now)) is not None:
            if lease.host == host:
                break
            taken.append(lease)
        for other in taken:
            self.release(other, now=now)
        return lease

    def release(self, lease, *, now: datetime = NOON):
        self.ledger.release_host(lease, HostReport(next_request_at=now, failures=0))

    def pages(self, *, now: datetime = NOON, limit: int = 20):
        """Claim pages of every host there is, and give the hosts back."""
        claimed, leases = [], []
        while (lease := self.ledger.claim_host("fetch", worker=self.worker, now=now)) is not None:
            leases.append(lease)
            claimed += self.ledger.claim_pages(lease, now=now, limit=limit)
        for lease in leases:
            self.release(lease, now=now)
        return claimed

    def got(self, name: str, *, now: datetime = NOON, **changes):
        settled = SettledPage(
            entry_id=key(name), next_stage=Stage.EXTRACT, page=PAGE, fetched_at=now, final_url="http://final/"
        )
        self.ledger.settle_page(replace(settled, **changes), now=now)

    def ended(self, name: str, outcome: Outcome, reason: str = "why", *, now: datetime = NOON):
        self.got(name, now=now, next_stage=None, page=None, outcome=outcome, reason=reason)

    def fetch(self, *, now: datetime = NOON):
        """Every page there is comes back well."""
        while pages := self.pages(now=now):
            for page in pages:
                self.ledger.settle_page(
                    SettledPage(entry_id=page.entry_id, next_stage=Stage.EXTRACT, page=PAGE, fetched_at=now),
                    now=now,
                )

    # -- extract

    def extractions(self, *, now: datetime = NOON, limit: int = 20):
        return self.ledger.claim_extractions(worker=self.worker, now=now, limit=limit)

    def found(self, *articles: Article, now: datetime = NOON):
        settled = [SettledExtraction(entry_id=each.article_id, article=each) for each in articles]
        return self.ledger.settle_extractions(settled, now=now)

    def read(self, *articles: Article, now: datetime = NOON):
        """Claim all that waits for extraction, and find these articles on the pages."""
        while self.extractions(now=now):
            pass
        return self.found(*articles, now=now)

    # -- detect, index

    def detections(self, *, now: datetime = NOON, limit: int = 20):
        return self.ledger.claim_detections(worker=self.worker, now=now, limit=limit)

    def detect(self, *matches: TopicMatch, now: datetime = NOON):
        """Everything that waits is about these topics."""
        while waiting := self.detections(now=now):
            self.ledger.settle_detections(
                [DetectedArticle(article=each, matches=matches) for each in waiting], now=now
            )

    def documents(self, *, now: datetime = NOON, limit: int = 20):
        return self.ledger.claim_documents(worker=self.worker, now=now, limit=limit)

    def index(self, *, now: datetime = NOON):
        """The index takes everything; what it took."""
        taken = []
        while documents := self.documents(now=now):
            taken += documents
            versions = {each.document_id: each.document_version for each in documents}
            self.ledger.settle_documents(versions, {}, now=now)
        return taken

    def publish(self, *names: str, now: datetime = NOON, **changes):
        """From the feed to the index."""
        self.list(*(entry(name) for name in names), now=now)
        self.fetch(now=now)
        self.read(*(article(name, **changes) for name in names), now=now)
        self.detect(now=now)
        return self.index(now=now)

    # -- look

    def story(self, name: str):
        return self.ledger.story_of(key(name))

    def state(self, name: str):
        """Outcome and stage."""
        story = self.story(name)
        return story.outcome, story.stage
