"""
Claims, for entries and articles alike: leases, deaths, and who is given alone.

A row that waits has a `stage`, and `leased_until` is empty until it is claimed. A claim counts a
death and sets a lease; settling takes both away. So a row whose lease has run out belonged to a
worker that died (or that was so slow that it counts as dead), and it is given alone from then on.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Table, and_, case, or_, select, update

from pipeline.ledger.columns import at
from pipeline.ledger.rows import Row
from pipeline.ledger.schema import articles, entries
from pipeline.records import Outcome, Stage
from pipeline.work import LEASE_S, MAX_DEATHS

#: What settling does to a row, whatever else it does.
SETTLED: dict[str, Any] = {"leased_until": None, "worker": "", "deaths": 0, "again": False}
#: A lease that has run out: for what was given back, but had died before.
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Queue:
    """A table whose rows wait their turn, and the column that names them."""

    table: Table
    key: Column[Any]


ENTRIES = Queue(entries, entries.c.entry_id)
ARTICLES = Queue(articles, articles.c.article_id)


def lease_end(now: datetime) -> datetime:
    return now + timedelta(seconds=LEASE_S)


def claim(
    connection: Connection,
    queue: Queue,
    stage: Stage,
    *,
    worker: str,
    now: datetime,
    limit: int,
    only: Sequence[ColumnElement[bool]] = (),
) -> list[Row]:
    """Claim up to `limit` rows in their turn; one alone where it has died before.

    Args:
        only: further conditions, for fresh rows and died ones alike.

    Returns:
        The rows as they are after the claim, those whose turn it was first.
    """
    if _any_died(connection, queue, stage, now=now, only=only):
        _give_up(connection, queue, stage, now=now, only=only)
        died = _take(connection, queue, stage, _died(queue, now), only, worker=worker, now=now, limit=1)
        if died:
            return died
    fresh = queue.table.c.leased_until.is_(None)
    return _take(connection, queue, stage, fresh, only, worker=worker, now=now, limit=limit)


def claimable(queue: Queue, now: datetime) -> ColumnElement[bool]:
    """Not held by a living worker."""
    until = queue.table.c.leased_until
    return or_(until.is_(None), until <= now)


def renew(connection: Connection, queue: Queue, keys: Iterable[str], *, now: datetime) -> None:
    """Prolong the leases of claimed rows."""
    connection.execute(
        update(queue.table)
        .where(queue.key.in_(sorted(keys)), queue.table.c.leased_until.is_not(None))
        .values(leased_until=lease_end(now))
    )


def unclaim(connection: Connection, queue: Queue, keys: Iterable[str], **values: Any) -> None:
    """Give claimed rows back as if they had not been claimed."""
    columns = queue.table.c
    connection.execute(
        update(queue.table)
        .where(queue.key.in_(sorted(keys)), columns.leased_until.is_not(None), columns.deaths > 0)
        .values(
            leased_until=case((columns.deaths > 1, at(_LONG_AGO)), else_=None),
            deaths=columns.deaths - 1,
            worker="",
            **values,
        )
    )


def _take(
    connection: Connection,
    queue: Queue,
    stage: Stage,
    which: ColumnElement[bool],
    only: Sequence[ColumnElement[bool]],
    *,
    worker: str,
    now: datetime,
    limit: int,
) -> list[Row]:
    columns = queue.table.c
    picked = (
        select(queue.key)
        .where(columns.stage == stage.value, which, *only)
        .order_by(columns.turn)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .cte("picked")
    )
    taken = connection.execute(
        update(queue.table)
        .where(queue.key.in_(select(picked.c[queue.key.name])))
        .values(leased_until=lease_end(now), worker=worker, deaths=columns.deaths + 1, again=False)
        .returning(*columns)
    ).all()
    return sorted(taken, key=lambda row: (row.turn, getattr(row, queue.key.name)))


def _died(queue: Queue, now: datetime) -> ColumnElement[bool]:
    return queue.table.c.leased_until <= now


def _any_died(
    connection: Connection, queue: Queue, stage: Stage, *, now: datetime, only: Sequence[ColumnElement[bool]]
) -> bool:
    """Whether any lease has run out: seldom, and this is cheap to ask."""
    died = select(queue.key).where(queue.table.c.stage == stage.value, _died(queue, now), *only)
    return connection.execute(died.limit(1)).first() is not None


def _give_up(
    connection: Connection,
    queue: Queue,
    stage: Stage,
    *,
    now: datetime,
    only: Sequence[ColumnElement[bool]],
) -> None:
    columns = queue.table.c
    picked = (
        select(queue.key)
        .where(columns.stage == stage.value, _died(queue, now), columns.deaths >= MAX_DEATHS, *only)
        .with_for_update(skip_locked=True)
        .cte("picked")
    )
    # The deaths stay: they tell what was given up from what was settled.
    ended = connection.execute(
        update(queue.table)
        .where(queue.key.in_(select(picked.c[queue.key.name])))
        .values(stage=None, leased_until=None, worker="")
        .returning(queue.key)
    ).scalars()
    keys = sorted(ended)
    if keys:
        _end_as_failed(connection, keys, reason=f"died {MAX_DEATHS} times in {stage}")


def _end_as_failed(connection: Connection, keys: Sequence[str], *, reason: str) -> None:
    """What the index has stays searchable; what has an article yet to come is left to it."""
    article = articles.c.article_id == entries.c.entry_id
    searchable = select(articles.c.article_id).where(article, articles.c.indexed_version > 0).exists()
    pending = select(articles.c.article_id).where(article, articles.c.stage.is_not(None)).exists()
    connection.execute(
        update(entries)
        .where(entries.c.entry_id.in_(keys))
        .values(
            reason=reason,
            outcome=case(
                (and_(searchable, ~pending), Outcome.INDEXED.value),
                (pending, entries.c.outcome),
                else_=Outcome.FAILED.value,
            ),
        )
    )
