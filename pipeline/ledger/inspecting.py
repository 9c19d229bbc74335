"""
What the ledger tells people. Nothing here writes, and every answer is one consistent view.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, func, select

from pipeline.ledger.detecting import bodies_of
from pipeline.ledger.feed_dates import rule_from
from pipeline.ledger.finding import entry_id_of, tombstone_of
from pipeline.ledger.part import Part
from pipeline.ledger.rows import Row, article_of, match_of, page_of
from pipeline.ledger.schema import (
    articles,
    entries,
    feed_texts,
    feeds,
    matches,
    outlets,
    revisions,
    sightings,
)
from pipeline.records import Outcome, Stage
from pipeline.reports import EntrySighting, EntryStory, FeedHealth, Revision

_DAY = timedelta(days=1)


class Inspecting(Part):
    """Stories of entries, health of feeds, counts."""

    def story_of(self, url_or_id: str) -> EntryStory | None:
        """All that is known of an entry, by its id or one of its addresses."""
        with self._store.read() as connection:
            entry_id = entry_id_of(connection, url_or_id, id_of=self._id_of)
            if entry_id is not None:
                return _story(connection, entry_id)
            gone = tombstone_of(connection, url_or_id, id_of=self._id_of)
            return EntryStory(entry_id=gone.entry_id, forgotten_at=gone.forgotten_at) if gone else None

    def revisions_of(self, url_or_id: str) -> tuple[Revision, ...]:
        """Every text the article has had, the oldest first and the current one last; none unknown."""
        with self._store.read() as connection:
            entry_id = entry_id_of(connection, url_or_id, id_of=self._id_of)
            query = select(articles).where(articles.c.article_id == entry_id)
            row = connection.execute(query).one_or_none()
            return _revisions(connection, row) if row is not None else ()

    def feed_health(self, *, now: datetime) -> list[FeedHealth]:
        """Every feed, by outlet and address, those switched off too."""
        since = now - _DAY
        with self._store.read() as connection:
            newest = dict(_by_feed(connection, func.max(sightings.c.first_seen_at)))
            last_day = dict(_by_feed(connection, func.count(), sightings.c.first_seen_at > since))
            rows = connection.execute(
                select(feeds, outlets.c.title.label("outlet_title"))
                .join(outlets, outlets.c.outlet_id == feeds.c.outlet_id)
                .order_by(feeds.c.outlet_id, feeds.c.url)
            )
            return [_health(row, last_day.get(row.feed_id, 0), newest.get(row.feed_id)) for row in rows]

    def entries_since(self, since: datetime) -> dict[str, int]:
        """By outlet, how many entries its feeds brought since then; nought is left out."""
        listed = select(sightings.c.entry_id).where(sightings.c.entry_id == entries.c.entry_id).exists()
        query = (
            select(entries.c.outlet_id, func.count())
            .where(entries.c.first_seen_at > since, listed)
            .group_by(entries.c.outlet_id)
        )
        with self._store.read() as connection:
            return dict(connection.execute(query).all())

    def outcome_counts(self) -> dict[str, dict[str, int]]:
        """By outlet, how many entries ended how, or wait for what; they add up to all there are."""
        settled = (
            select(entries.c.outlet_id, entries.c.outcome, func.count())
            .where(entries.c.outcome.is_not(None))
            .group_by(entries.c.outlet_id, entries.c.outcome)
        )
        stage = func.coalesce(entries.c.stage, articles.c.stage)
        pending = (
            select(entries.c.outlet_id, stage, func.count())
            .select_from(entries.outerjoin(articles, articles.c.article_id == entries.c.entry_id))
            .where(entries.c.outcome.is_(None))
            .group_by(entries.c.outlet_id, stage)
        )
        counts: dict[str, dict[str, int]] = defaultdict(dict)
        with self._store.read() as connection:
            for query in (settled, pending):
                for outlet_id, name, count in connection.execute(query):
                    counts[outlet_id][name] = count
        return dict(counts)

    def topic_counts(self) -> dict[str, int]:
        """By topic, how many searchable articles are about it."""
        query = (
            select(matches.c.topic_id, func.count())
            .join(articles, articles.c.article_id == matches.c.article_id)
            .where(articles.c.indexed_version > 0)
            .group_by(matches.c.topic_id)
        )
        with self._store.read() as connection:
            return dict(connection.execute(query).all())


def _story(connection: Connection, entry_id: str) -> EntryStory:
    entry = connection.execute(select(entries).where(entries.c.entry_id == entry_id)).one()
    article = connection.execute(select(articles).where(articles.c.article_id == entry_id)).one_or_none()
    title = connection.execute(select(feed_texts.c.title).where(feed_texts.c.entry_id == entry_id)).scalar()
    waiting = entry if entry.stage is not None or article is None else article
    common = {
        "entry_id": entry_id,
        "outlet_id": entry.outlet_id,
        "url": entry.url,
        "canonical_url": entry.canonical_url,
        "title": article.title if article is not None else title or "",
        "first_seen_at": entry.first_seen_at,
        "sightings": _sightings(connection, entry_id),
        "stage": Stage(waiting.stage) if waiting.stage else None,
        "waits_since": waiting.staged_at,
        "outcome": Outcome(entry.outcome) if entry.outcome else None,
        "reason": entry.reason,
        "tries": entry.tries,
        "deaths": max(entry.deaths, article.deaths if article is not None else 0),
        "retry_at": entry.retry_at,
        "page": page_of(entry),
        "final_url": entry.final_url,
        "fetched_at": entry.fetched_at,
        "page_outcome": entry.page_outcome,
        "feed_letters": entry.feed_letters,
        "duplicate_of": entry.duplicate_of,
        "expired_at": entry.expired_at,
    }
    return EntryStory(**common, **(_of_article(connection, article) if article is not None else {}))


def _of_article(connection: Connection, row: Row) -> dict[str, Any]:
    found = connection.execute(
        select(matches)
        .where(matches.c.article_id == row.article_id)
        .order_by(matches.c.score.desc(), matches.c.topic_id)
    )
    return {
        "article": article_of(row, bodies_of(connection, [row.article_id])[row.article_id]),
        "revision": row.revision,
        "document_version": row.document_version,
        "indexed_version": row.indexed_version,
        "indexed_at": row.indexed_at,
        "month": row.month,
        "withdrawn_at": row.withdrawn_at,
        "matches": tuple(match_of(match) for match in found),
    }


def _revisions(connection: Connection, row: Row) -> tuple[Revision, ...]:
    kept = connection.execute(
        select(revisions).where(revisions.c.article_id == row.article_id).order_by(revisions.c.revision)
    )
    former = [
        Revision(revision=old.revision, title=old.title, body=old.body, replaced_at=old.replaced_at)
        for old in kept
    ]
    body = bodies_of(connection, [row.article_id])[row.article_id]
    current = Revision(revision=row.revision, title=row.title, body=body, replaced_at=None)
    return (*former, current)


def _sightings(connection: Connection, entry_id: str) -> tuple[EntrySighting, ...]:
    rows = connection.execute(
        select(sightings, feeds.c.url.label("feed_url"))
        .join(feeds, feeds.c.feed_id == sightings.c.feed_id)
        .where(sightings.c.entry_id == entry_id)
        .order_by(sightings.c.first_seen_at, feeds.c.url)
    )
    return tuple(
        EntrySighting(
            feed_url=row.feed_url,
            first_seen_at=row.first_seen_at,
            last_seen_at=row.last_seen_at,
            vanished_at=row.vanished_at,
        )
        for row in rows
    )


def _by_feed(connection: Connection, what: Any, *where: Any) -> list[tuple[int, Any]]:
    query = select(sightings.c.feed_id, what).where(*where).group_by(sightings.c.feed_id)
    return [(feed_id, value) for feed_id, value in connection.execute(query)]


def _health(row: Row, entries_last_day: int, newest_entry_at: datetime | None) -> FeedHealth:
    return FeedHealth(
        feed_url=row.url,
        outlet_id=row.outlet_id,
        outlet_title=row.outlet_title,
        enabled=row.enabled,
        status=row.status,
        reason=row.reason,
        http_status=row.http_status,
        failures=row.failures,
        first_polled_at=row.first_polled_at,
        last_polled_at=row.last_polled_at,
        last_good_at=row.last_good_at,
        next_poll_at=row.next_poll_at,
        interval_s=row.interval_s,
        moved_to=row.moved_to,
        entries_last_day=entries_last_day,
        newest_entry_at=newest_entry_at,
        date_rule=rule_from(row.date_rule),
    )
