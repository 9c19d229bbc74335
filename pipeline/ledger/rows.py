"""
Between records and rows: pure functions, and the keys the ledger compares texts and addresses by.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from sqlalchemy import ColumnElement, case

from pipeline.hosts import host_of
from pipeline.ledger.columns import instant_of, microseconds, storable
from pipeline.records import Article, DateEvidence, Evidence, FeedEntry, Hit, PageRef, TopicMatch
from pipeline.reports import StepRun

#: Added to the turn of what may wait: it comes after everything fresh, whatever its date.
_BACKLOG_TURN = 10**17
#: No date before this is one: the web's newspapers begin after it.
_EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
#: Clocks and time zones may be off by this much; more is a date of an event to come, or a mistake.
_FUTURE = timedelta(days=1)


class Row(Protocol):
    """A row of a result: its columns are attributes."""

    def __getattr__(self, name: str) -> Any: ...


def url_hash(url: str) -> int:
    """64 bits of an address, signed: an index over whole addresses would refuse the longest."""
    digest = hashlib.sha256(storable(url).encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)


def text_hash(title: str, body: str) -> str:
    """Equal for equal texts, to the last blank: spans point into them."""
    return hashlib.sha256(storable(f"{title}\x1f{body}").encode()).hexdigest()[:32]


def letters(text: str) -> int:
    """How many letters a text has.

    >>> letters("a, b 1")
    2
    """
    return sum(map(str.isalpha, text))


def plausible_date(date: DateEvidence | None, first_seen_at: datetime) -> datetime | None:
    """The stated instant, unless it cannot be when something first seen then was published."""
    if date is None or not _EARLIEST <= date.published_at <= first_seen_at + _FUTURE:
        return None
    return date.published_at


def month_of(date: DateEvidence | None, first_seen_at: datetime) -> str:
    """YYYY-MM, UTC: of the own date where plausible, else of the first sighting."""
    return f"{(plausible_date(date, first_seen_at) or first_seen_at).astimezone(UTC):%Y-%m}"


def turn_of(
    date: DateEvidence | None, first_seen_at: datetime, *, backlog: bool = False, position: int = 0
) -> int:
    """Whose turn it is, the least first: newest first, and any backlog after all that is fresh.

    Args:
        position: in its feed; feeds without dates list the newest first.
    """
    at = min(plausible_date(date, first_seen_at) or first_seen_at, first_seen_at)
    return (_BACKLOG_TURN if backlog else 0) - microseconds(at) + position


def to_backlog(turn: ColumnElement[int]) -> ColumnElement[int]:
    """The same turn, behind everything fresh; in SQL."""
    return case((turn <= 0, turn + _BACKLOG_TURN), else_=turn)


def is_backlog(turn: int) -> bool:
    return turn > 0


# -- dates, hits, pages -----------------------------------------------------------------------


def date_json(date: DateEvidence | None) -> dict[str, Any] | None:
    if date is None:
        return None
    return {
        "at": microseconds(date.published_at),
        "source": date.source,
        "precision": date.precision,
        "raw": date.raw,
        "rule": date.rule,
        **({"page_at": microseconds(date.page_at)} if date.page_at else {}),
    }


def date_from(value: Mapping[str, Any] | None) -> DateEvidence | None:
    if value is None:
        return None
    return DateEvidence(
        published_at=instant_of(value["at"]),
        source=value["source"],
        precision=value["precision"],
        raw=value["raw"],
        rule=value["rule"],
        page_at=instant_of(value["page_at"]) if "page_at" in value else None,
    )


def hit_json(hit: Hit) -> dict[str, Any]:
    return {
        "term": hit.term,
        "form": hit.form,
        "field": hit.field,
        "start": hit.start,
        "end": hit.end,
        "weight": hit.weight,
        "group": hit.group,
        "cancelled_by": hit.cancelled_by,
    }


def match_row(article_id: str, match: TopicMatch) -> dict[str, Any]:
    return {
        "article_id": article_id,
        "topic_id": match.topic_id,
        "topic_version": match.topic_version,
        "score": match.score,
        "threshold": match.threshold,
        "hits": [hit_json(hit) for hit in match.hits],
        "evidence": [asdict(each) for each in match.evidence],
    }


def match_of(row: Row) -> TopicMatch:
    return TopicMatch(
        topic_id=row.topic_id,
        topic_version=row.topic_version,
        score=row.score,
        threshold=row.threshold,
        hits=tuple(Hit(**hit) for hit in row.hits),
        evidence=tuple(Evidence(**each) for each in row.evidence),
    )


def page_of(row: Row) -> PageRef | None:
    if row.page_file is None:
        return None
    return PageRef(file=row.page_file, offset=row.page_offset, length_bytes=row.page_bytes)


def page_columns(page: PageRef | None) -> dict[str, Any]:
    return {
        "page_file": page.file if page else None,
        "page_offset": page.offset if page else None,
        "page_bytes": page.length_bytes if page else None,
    }


# -- entries ----------------------------------------------------------------------------------


def entry_row(entry: FeedEntry, *, stage: str | None, turn: int, first_seen_at: datetime) -> dict[str, Any]:
    """A new row of `entries`; every column without a default."""
    return {
        "entry_id": entry.entry_id,
        "outlet_id": entry.outlet_id,
        "host": host_of(entry.url),
        "url": entry.url,
        "url_hash": url_hash(entry.url),
        "canonical_url": entry.canonical_url,
        "canonical_hash": url_hash(entry.canonical_url),
        "first_seen_at": first_seen_at,
        "stage": stage,
        "turn": turn,
        "staged_at": first_seen_at,
        "feed_letters": feed_letters(entry),
    }


def feed_letters(entry: FeedEntry) -> int:
    """Letters of the longer of the two texts a feed may carry."""
    return max(letters(entry.body), letters(entry.summary))


def feed_text_row(entry: FeedEntry) -> dict[str, Any]:
    return {
        "entry_id": entry.entry_id,
        "feed_url": entry.feed_url,
        "title": entry.title,
        "summary": entry.summary,
        "body": entry.body,
        "author": entry.author,
        "categories": list(entry.categories),
        "image_url": entry.image_url,
        "date": date_json(entry.date),
        "raw_date": entry.raw_date,
        "content_hash": entry.content_hash,
    }


def entry_of(row: Row, text: Row | None) -> FeedEntry:
    """What poll found, from a row of `entries` and, where there is one, of `feed_texts`."""
    if text is None:
        return FeedEntry(
            entry_id=row.entry_id,
            outlet_id=row.outlet_id,
            feed_url="",
            url=row.url,
            canonical_url=row.canonical_url,
        )
    return FeedEntry(
        entry_id=row.entry_id,
        outlet_id=row.outlet_id,
        feed_url=text.feed_url,
        url=row.url,
        canonical_url=row.canonical_url,
        title=text.title,
        summary=text.summary,
        body=text.body,
        author=text.author,
        categories=tuple(text.categories),
        image_url=text.image_url,
        date=date_from(text.date),
        raw_date=text.raw_date,
        content_hash=text.content_hash,
    )


# -- articles ---------------------------------------------------------------------------------


def article_columns(article: Article) -> dict[str, Any]:
    """What `articles` keeps of an article, its state aside."""
    return {
        "url": article.url,
        "url_hash": url_hash(article.url),
        "title": article.title,
        "fetched_at": article.fetched_at,
        "author": article.author,
        "section": article.section,
        "tags": list(article.tags),
        "image_url": article.image_url,
        "language": article.language,
        "wire": article.wire,
        "date": date_json(article.date),
        "dated_at": article.dated_at,
        "body_from": article.body_from,
        "page_outcome": article.page_outcome,
        "extractor": article.extractor,
        "asides": [list(span) for span in article.asides],
        "genre": article.genre,
        "text_hash": text_hash(article.title, article.body),
    }


def article_of(row: Row, body: str) -> Article:
    return Article(
        article_id=row.article_id,
        outlet_id=row.outlet_id,
        url=row.url,
        title=row.title,
        body=body,
        first_seen_at=row.first_seen_at,
        fetched_at=row.fetched_at,
        author=row.author,
        section=row.section,
        tags=tuple(row.tags),
        image_url=row.image_url,
        language=row.language,
        wire=row.wire,
        date=date_from(row.date),
        body_from=row.body_from,
        page_outcome=row.page_outcome,
        extractor=row.extractor,
        asides=tuple((start, end) for start, end in row.asides),
        genre=row.genre,
    )


def run_of(row: Row) -> StepRun:
    return StepRun(
        step=row.step,
        worker=row.worker,
        started_at=row.started_at,
        ended_at=row.ended_at,
        counts=row.counts,
    )
