"""
The ledger at a glance: what a health check asks every minute, so every query here has its index.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, and_, func, or_, select, text, union_all

from pipeline.ledger.migrating import schema_version
from pipeline.ledger.part import Part
from pipeline.ledger.rows import run_of
from pipeline.ledger.schema import articles, entries, feeds, outlets, runs
from pipeline.records import Stage
from pipeline.reports import LedgerStatus, StepRun
from pipeline.work import MAX_DEATHS

#: An entry that waits for longer than this is stuck, unless it waits for its retry.
_STUCK_AFTER = timedelta(days=1)
#: An outlet that brings nothing new for longer than this is silent.
_SILENT_AFTER = timedelta(days=2)
_EXAMPLES = 10


class Status(Part):
    """One look."""

    def status(self, now: datetime) -> LedgerStatus:
        """The ledger at a glance."""
        with self._store.read() as connection:
            stuck = _stuck(connection, now)
            return LedgerStatus(
                place=self._store.place,
                schema_version=schema_version(connection) or "",
                entries=_count(connection, select(func.count()).select_from(entries)),
                articles=_count(connection, select(func.count()).select_from(articles)),
                newest_article_at=_newest_article(connection, now),
                pending=_pending(connection),
                stuck=len(stuck),
                stuck_examples=tuple(stuck[:_EXAMPLES]),
                given_up=_given_up(connection),
                last_runs=_last_runs(connection),
                silent_outlets=_silent(connection, now - _SILENT_AFTER),
                size_bytes=_size_bytes(connection, is_sqlite=self._store.is_sqlite),
            )


def _count(connection: Connection, query: Any) -> int:
    return int(connection.execute(query).scalar_one())


def _newest_article(connection: Connection, now: datetime) -> datetime | None:
    query = (
        select(articles.c.dated_at)
        .where(articles.c.dated_at <= now, articles.c.indexed_version > 0)
        .order_by(articles.c.dated_at.desc())
        .limit(1)
    )
    return connection.execute(query).scalar()


def _pending(connection: Connection) -> dict[Stage, int]:
    counts = dict.fromkeys(Stage, 0)
    for table in (entries, articles):
        query = select(table.c.stage, func.count()).where(table.c.stage.is_not(None)).group_by(table.c.stage)
        for stage, count in connection.execute(query):
            counts[Stage(stage)] += count
    return counts


def _stuck(connection: Connection, now: datetime) -> list[str]:
    """Ids of what a dead worker held, and of what waits too long, the oldest first."""
    too_long = now - _STUCK_AFTER
    late = and_(
        entries.c.staged_at < too_long, or_(entries.c.retry_at.is_(None), entries.c.retry_at < too_long)
    )
    queries = (
        select(entries.c.entry_id.label("id"), entries.c.staged_at).where(
            entries.c.stage.is_not(None), or_(entries.c.leased_until < now, late)
        ),
        select(articles.c.article_id.label("id"), articles.c.staged_at).where(
            articles.c.stage.is_not(None),
            or_(articles.c.leased_until < now, articles.c.staged_at < too_long),
        ),
    )
    both = union_all(*queries).subquery()
    return list(connection.execute(select(both.c.id).order_by(both.c.staged_at, both.c.id)).scalars())


def _given_up(connection: Connection) -> int:
    return sum(
        _count(
            connection,
            select(func.count())
            .select_from(table)
            .where(table.c.deaths >= MAX_DEATHS, table.c.leased_until.is_(None)),
        )
        for table in (entries, articles)
    )


def _last_runs(connection: Connection) -> dict[str, StepRun]:
    steps = connection.execute(select(runs.c.step).distinct()).scalars().all()
    found = {}
    for step in steps:
        query = select(runs).where(runs.c.step == step).order_by(runs.c.ended_at.desc(), runs.c.run_id.desc())
        row = connection.execute(query.limit(1)).one()
        found[step] = run_of(row)
    return found


def _silent(connection: Connection, since: datetime) -> tuple[str, ...]:
    """Outlets with feeds, known for longer than that, that brought nothing new in it."""
    newest = (
        select(func.max(entries.c.first_seen_at))
        .where(entries.c.outlet_id == outlets.c.outlet_id)
        .scalar_subquery()
    )
    polled = select(feeds.c.feed_id).where(feeds.c.outlet_id == outlets.c.outlet_id, feeds.c.enabled).exists()
    query = (
        select(outlets.c.outlet_id)
        .where(outlets.c.enabled, polled, outlets.c.added_at < since, or_(newest.is_(None), newest < since))
        .order_by(outlets.c.outlet_id)
    )
    return tuple(connection.execute(query).scalars())


def _size_bytes(connection: Connection, *, is_sqlite: bool) -> int:
    if is_sqlite:
        pages = connection.execute(text("PRAGMA page_count")).scalar_one()
        return int(pages * connection.execute(text("PRAGMA page_size")).scalar_one())
    return int(connection.execute(text("SELECT pg_database_size(current_database())")).scalar_one())
