"""
What every part of the ledger starts from: an open store, and how rows are put back to work.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, case, select, text, update

from pipeline.ledger import claims
from pipeline.ledger.columns import at
from pipeline.ledger.engine import Store
from pipeline.ledger.schema import articles, entries, tombstones
from pipeline.records import Outcome, Stage

#: Outcomes an article put back to work loses; `indexed` stays true while it is searchable.
_NOT_FINAL = (Outcome.FAILED.value, Outcome.REFUSED.value)


class Part:
    """One step's share of the ledger."""

    def __init__(self, store: Store, *, id_of: Callable[[str], str] = str) -> None:
        self._store = store
        self._id_of = id_of  #: the id an address has, however it is spelled

    def renew(self, entry_ids: Iterable[str], *, now: datetime) -> None:
        """Prolong the lease of claimed entries, whichever step claimed them."""
        keys = sorted(entry_ids)
        with self._store.write() as connection:
            claims.renew(connection, claims.ENTRIES, keys, now=now)
            claims.renew(connection, claims.ARTICLES, keys, now=now)


def with_article(connection: Connection, entry_ids: Iterable[str]) -> set[str]:
    """Those of the entries that have an article."""
    query = select(articles.c.article_id).where(articles.c.article_id.in_(sorted(entry_ids)))
    return set(connection.execute(query).scalars())


def forgotten(connection: Connection, entry_ids: Iterable[str]) -> set[str]:
    """Those of the ids that are never to come back."""
    query = select(tombstones.c.entry_id).where(tombstones.c.entry_id.in_(sorted(entry_ids)))
    return set(connection.execute(query).scalars())


def lock_outlets(store: Store, connection: Connection, outlet_ids: Iterable[str]) -> None:
    """Let nobody else add articles of these outlets before the transaction ends.

    Whether an outlet published the same text before can only be seen by one at a time. SQLite has
    one writer anyway.
    """
    if store.is_sqlite:
        return
    for outlet_id in sorted(set(outlet_ids)):
        connection.execute(
            text("SELECT pg_advisory_xact_lock(hashtext('outlet'), hashtext(:outlet_id))"),
            {"outlet_id": outlet_id},
        )


def put_back(
    connection: Connection, entry_ids: Sequence[str], stage: Stage, *, now: datetime, **values: Any
) -> None:
    """Make entries wait for `stage` (fetch or extract) again.

    One whose article is there keeps its outcome; of the others it is taken away. One that a worker
    holds in this very stage is marked, so that settling it sends it round once more.
    """
    if not entry_ids:
        return
    columns = entries.c
    held = (columns.stage == stage.value) & columns.leased_until.is_not(None)
    has_article = select(articles.c.article_id).where(articles.c.article_id == columns.entry_id).exists()
    connection.execute(
        update(entries)
        .where(columns.entry_id.in_(sorted(entry_ids)))
        .values(
            stage=stage.value,
            staged_at=case((columns.stage == stage.value, columns.staged_at), else_=at(now)),
            again=held,
            leased_until=case((held, columns.leased_until), else_=None),
            worker=case((held, columns.worker), else_=""),
            deaths=case((held, columns.deaths), else_=0),
            tries=case((columns.stage == stage.value, columns.tries), else_=0),
            retry_at=None,
            outcome=case((has_article, columns.outcome), else_=None),
            **values,
        )
    )


def put_article_back(
    connection: Connection, article_ids: Sequence[str], stage: Stage, *, now: datetime, **values: Any
) -> None:
    """Make articles wait for `stage` (detect or index) again; detection is never skipped."""
    if not article_ids:
        return
    keys = sorted(article_ids)
    columns = articles.c
    same = columns.stage == stage.value
    held = same & columns.leased_until.is_not(None)
    stays = (columns.stage == Stage.DETECT.value) & (stage is Stage.INDEX)
    usual: dict[str, Any] = {
        "stage": case((stays, columns.stage), else_=stage.value),
        "staged_at": case((same | stays, columns.staged_at), else_=at(now)),
        "again": case((held, stage is Stage.DETECT), else_=columns.again),
        "leased_until": case((held | stays, columns.leased_until), else_=None),
        "worker": case((held | stays, columns.worker), else_=""),
        "deaths": case((held | stays, columns.deaths), else_=0),
    }
    connection.execute(update(articles).where(columns.article_id.in_(keys)).values({**usual, **values}))
    reopen(connection, keys)


def reopen(connection: Connection, article_ids: Sequence[str]) -> None:
    """Take away the outcomes that further work may change."""
    connection.execute(
        update(entries)
        .where(entries.c.entry_id.in_(article_ids), entries.c.outcome.in_(_NOT_FINAL))
        .values(outcome=None, reason="")
    )


def update_many(connection: Connection, table: Any, key: Any, rows: Sequence[dict[str, Any]]) -> None:
    """Update rows by key; every row names the same columns, the key as `key_`."""
    if not rows:
        return
    connection.execute(update(table).where(key == bindparam("key_")), list(rows))
