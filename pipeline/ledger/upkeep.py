"""
Upkeep: forgetting, expiring, tidying, and the log of runs.

Articles leave in two ways. *Forgotten* ones leave a tombstone, an id and a hash, and never come
back. *Expired* ones keep their entry, or the next poll would take them for new.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, insert, select, text, union_all, update

from pipeline.ledger.finding import entry_id_of
from pipeline.ledger.part import Part, forgotten
from pipeline.ledger.rows import url_hash
from pipeline.ledger.schema import articles, entries, feed_texts, meta, runs, tombstones

_BATCH = 500
#: Runs kept in the log: months of them.
_MAX_RUNS = 100_000
#: Free pages given back in one transaction: some milliseconds.
_VACUUM_PAGES = 2_000


class Upkeep(Part):
    """What housekeeping and the operator ask for."""

    def forget(self, url_or_id: str, *, now: datetime) -> str | None:
        """Delete all that is known of an entry, for good; it will not be taken in again.

        Returns:
            Its id, for the index to delete as well; None where there is no such entry.
        """
        with self._store.write() as connection:
            entry_id = entry_id_of(connection, url_or_id, id_of=self._id_of)
            if entry_id is None:
                return None
            url = connection.execute(select(entries.c.url).where(entries.c.entry_id == entry_id)).scalar_one()
            connection.execute(
                self._store.insert(tombstones)
                .values(entry_id=entry_id, url_hash=url_hash(url), forgotten_at=now)
                .on_conflict_do_nothing()
            )
            connection.execute(delete(entries).where(entries.c.entry_id == entry_id))
        return entry_id

    def forgotten(self, entry_ids: Iterable[str]) -> set[str]:
        """Those of the ids that are never to come back: to be asked before a document is sent."""
        with self._store.read() as connection:
            return forgotten(connection, entry_ids)

    def expire_articles(self, before: datetime, *, now: datetime) -> list[str]:
        """Delete the texts of settled articles dated before an instant; returns their ids."""
        old = (
            select(articles.c.article_id)
            .join(entries, entries.c.entry_id == articles.c.article_id)
            .where(articles.c.dated_at < before, articles.c.stage.is_(None), entries.c.stage.is_(None))
            .limit(_BATCH)
        )
        expired: list[str] = []
        while True:
            with self._store.write() as connection:
                keys = sorted(connection.execute(old).scalars())
                connection.execute(delete(articles).where(articles.c.article_id.in_(keys)))
                connection.execute(delete(feed_texts).where(feed_texts.c.entry_id.in_(keys)))
                gone = update(entries).where(entries.c.entry_id.in_(keys))
                connection.execute(gone.values(expired_at=now))
            expired += keys
            if len(keys) < _BATCH:
                return expired

    def removed_since(self, since: datetime) -> list[str]:
        """Ids forgotten or expired since then: an index that missed it can be told again."""
        removed = union_all(
            select(tombstones.c.entry_id).where(tombstones.c.forgotten_at >= since),
            select(entries.c.entry_id).where(entries.c.expired_at >= since),
        )
        with self._store.read() as connection:
            return sorted(connection.execute(removed).scalars())

    def optimize(self) -> None:
        """Give free pages back, bring the planner's statistics up to date, trim the log of runs."""
        with self._store.write() as connection:
            newest = select(func.max(runs.c.run_id)).scalar_subquery()
            connection.execute(delete(runs).where(runs.c.run_id <= newest - _MAX_RUNS))
        if self._store.is_sqlite:
            self._optimize_sqlite()
            return
        with self._store.write() as connection:
            connection.execute(text("ANALYZE"))

    def _optimize_sqlite(self) -> None:
        with self._store.complaining(), self._store.outside_transactions() as connection:
            while connection.execute("PRAGMA freelist_count").fetchone()[0]:
                connection.execute(f"PRAGMA incremental_vacuum({_VACUUM_PAGES})").fetchall()
            connection.execute("PRAGMA analysis_limit = 1000")
            connection.execute("PRAGMA optimize").fetchall()
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def record_run(
        self,
        step: str,
        *,
        worker: str,
        started_at: datetime,
        ended_at: datetime,
        counts: Mapping[str, int],
    ) -> None:
        """Log one worker's run of a step."""
        values: dict[str, Any] = {
            "step": step,
            "worker": worker,
            "started_at": started_at,
            "ended_at": ended_at,
            "counts": dict(counts),
        }
        with self._store.write() as connection:
            connection.execute(insert(runs).values(values))

    def remember(self, name: str, value: str) -> None:
        """Keep a small thing under a name, such as the last state of a check."""
        with self._store.write() as connection:
            connection.execute(
                self._store.insert(meta)
                .values(name=name, value=value)
                .on_conflict_do_update(index_elements=["name"], set_={"value": value})
            )

    def remembered(self, name: str) -> str | None:
        """What was last kept under a name."""
        with self._store.read() as connection:
            return connection.execute(select(meta.c.value).where(meta.c.name == name)).scalar()
