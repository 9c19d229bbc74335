"""
Extract: what waits to be read, and the articles found.

One transaction sees all of an outlet's articles, so here a duplicate is told from an article; what
that means is in `shelf.py`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update

from pipeline.ledger import claims
from pipeline.ledger.fetching import second_look
from pipeline.ledger.part import Part, lock_outlets
from pipeline.ledger.rows import Row, entry_of, is_backlog, page_of
from pipeline.ledger.schema import entries, feed_texts
from pipeline.ledger.shelf import Shelf, duplicate_columns
from pipeline.records import Outcome, Stage
from pipeline.work import CHUNK, PendingExtraction, SettledExtraction


class Extracting(Part):
    """See `pipeline.work.ExtractLedger`."""

    def claim_extractions(
        self, *, worker: str, now: datetime, limit: int = CHUNK
    ) -> Sequence[PendingExtraction]:
        """Claim entries waiting for extraction, newest first."""
        with self._store.write() as connection:
            rows = claims.claim(
                connection, claims.ENTRIES, Stage.EXTRACT, worker=worker, now=now, limit=limit
            )
            return pending_of(connection, rows)

    def settle_extractions(
        self, settled: Sequence[SettledExtraction], *, now: datetime
    ) -> Mapping[str, Outcome]:
        """Write down a chunk; returns the outcomes it gave, by entry id."""
        by_id = {each.entry_id: each for each in settled}
        with self._store.write() as connection:
            lock_outlets(self._store, connection, (s.article.outlet_id for s in settled if s.article))
            waiting = connection.execute(
                select(entries)
                .where(entries.c.entry_id.in_(sorted(by_id)), entries.c.stage == Stage.EXTRACT.value)
                .order_by(entries.c.entry_id)
                .with_for_update()
            ).all()
            rows = {row.entry_id: row for row in waiting}
            shelf = Shelf(self._store, connection, now=now)
            return _settle(connection, shelf, rows, by_id, now=now)


def pending_of(connection: Connection, rows: Sequence[Row]) -> list[PendingExtraction]:
    """What extract is handed of some entries."""
    keys = [row.entry_id for row in rows]
    found = connection.execute(select(feed_texts).where(feed_texts.c.entry_id.in_(keys)))
    feed_text = {row.entry_id: row for row in found}
    return [
        PendingExtraction(
            entry=entry_of(row, feed_text.get(row.entry_id)),
            first_seen_at=row.first_seen_at,
            page=page_of(row),
            final_url=row.final_url,
            fetched_at=row.fetched_at,
            page_outcome=row.page_outcome,
        )
        for row in rows
    ]


def _settle(
    connection: Connection,
    shelf: Shelf,
    rows: Mapping[str, Row],
    settled: Mapping[str, SettledExtraction],
    *,
    now: datetime,
) -> dict[str, Outcome]:
    current = {key: each for key, each in settled.items() if key in rows and not rows[key].again}
    known = shelf.known(current)
    new = [each.article for key, each in current.items() if each.article and key not in known]
    originals = shelf.originals(new)
    outcomes: dict[str, Outcome] = {}
    for key, row in sorted(rows.items()):
        values: dict[str, Any] = {**claims.SETTLED, "staged_at": now}
        if key in current:
            ended = _ended(shelf, row, current[key], known.get(key), originals.get(key))
            values |= {"stage": None, "staged_at": None, **ended}
            if "outcome" in ended:
                outcomes[key] = Outcome(ended["outcome"])
        connection.execute(update(entries).where(entries.c.entry_id == key).values(values))
    return outcomes


def _ended(
    shelf: Shelf, row: Row, settled: SettledExtraction, known: Row | None, original: str | None
) -> dict[str, Any]:
    """What becomes of the entry: nothing more where its article goes on in its place."""
    backlog = is_backlog(row.turn)
    if settled.article is not None:
        if known is not None:
            return {"reason": ""} if shelf.change(settled.article, known, backlog=backlog) else {}
        if original is not None:
            return duplicate_columns(original)
        shelf.add([settled.article], backlog=backlog)
        return {"reason": "", "duplicate_of": None}
    if settled.outcome is None:
        raise ValueError(f"{row.entry_id}: neither article nor outcome")
    if known is not None:
        return {"reason": second_look(settled.outcome, settled.reason)}
    return {"outcome": settled.outcome.value, "reason": settled.reason}
