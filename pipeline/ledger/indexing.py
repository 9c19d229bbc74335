"""
Index: documents whose version is above what the index has, and what it said to them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from pipeline.ledger import claims
from pipeline.ledger.detecting import bodies_of
from pipeline.ledger.part import Part, update_many
from pipeline.ledger.rows import Row, article_of, date_from, match_of, month_of
from pipeline.ledger.schema import articles, entries, matches, outlets
from pipeline.records import DetectedArticle, IndexedDocument, Outcome, Stage
from pipeline.work import CHUNK


class Indexing(Part):
    """See `pipeline.work.IndexLedger`."""

    def claim_documents(self, *, worker: str, now: datetime, limit: int = CHUNK) -> Sequence[IndexedDocument]:
        """Claim articles whose `document_version` is above their `indexed_version`."""
        with self._store.write() as connection:
            rows = claims.claim(connection, claims.ARTICLES, Stage.INDEX, worker=worker, now=now, limit=limit)
            offered = [_offered(row) for row in rows]
            update_many(connection, articles, articles.c.article_id, offered)
            months = {row["key_"]: row["month"] for row in offered}
            return documents_of(connection, rows, months)

    def settle_documents(
        self, indexed: Mapping[str, int], refused: Mapping[str, str], *, now: datetime
    ) -> frozenset[str]:
        """Write down what the index took and refused; returns the ids that are here no longer."""
        with self._store.write() as connection:
            rows = connection.execute(
                select(articles)
                .where(articles.c.article_id.in_(sorted({*indexed, *refused})))
                .order_by(articles.c.article_id)
                .with_for_update()
            ).all()
            settled = [
                taken_columns(row, indexed[row.article_id], now=now)
                if row.article_id in indexed
                else refused_columns(row, now=now)
                for row in rows
            ]
            update_many(connection, articles, articles.c.article_id, settled)
            outcomes = [_outcome(row.article_id, refused) for row in rows]
            update_many(connection, entries, entries.c.entry_id, outcomes)
        return frozenset({*indexed, *refused} - {row.article_id for row in rows})

    def unclaim_documents(self, entry_ids: Iterable[str]) -> None:
        """Give back what was claimed and could not be sent: no death."""
        with self._store.write() as connection:
            claims.unclaim(connection, claims.ARTICLES, entry_ids)

    def documents_after(self, article_id: str, *, limit: int) -> Sequence[IndexedDocument]:
        """Every article the index was ever offered, in order of id, a page at a time: for a rebuild."""
        searchable = (
            select(articles)
            .where(articles.c.article_id > article_id, articles.c.claimed_version > 0)
            .order_by(articles.c.article_id)
            .limit(limit)
        )
        with self._store.read() as connection:
            rows = connection.execute(searchable).all()
            return documents_of(connection, rows, {row.article_id: row.month for row in rows})


def _offered(row: Row) -> dict[str, Any]:
    """The month is fixed before the index may first hear of it: afterwards it would be in two."""
    return {
        "key_": row.article_id,
        "claimed_version": row.document_version,
        "month": row.month or month_of(date_from(row.date), row.first_seen_at),
    }


def documents_of(
    connection: Connection, rows: Sequence[Row], months: Mapping[str, str]
) -> list[IndexedDocument]:
    """Rows of `articles` as the index is told of them."""
    keys = sorted(row.article_id for row in rows)
    bodies = bodies_of(connection, keys)
    found = connection.execute(
        select(matches).where(matches.c.article_id.in_(keys)).order_by(matches.c.topic_id)
    )
    topics: dict[str, list[Any]] = {key: [] for key in keys}
    for match in found:
        topics[match.article_id].append(match_of(match))
    ids = sorted({row.outlet_id for row in rows})
    outlet = {
        row.outlet_id: row for row in connection.execute(select(outlets).where(outlets.c.outlet_id.in_(ids)))
    }
    return [
        IndexedDocument(
            detected=DetectedArticle(
                article=article_of(row, bodies[row.article_id]), matches=tuple(topics[row.article_id])
            ),
            document_version=row.document_version,
            revision=row.revision,
            month=months[row.article_id],
            country=outlet[row.outlet_id].country if row.outlet_id in outlet else "",
            outlet_title=outlet[row.outlet_id].title if row.outlet_id in outlet else row.outlet_id,
            withdrawn_at=row.withdrawn_at,
        )
        for row in rows
    ]


def taken_columns(row: Row, version: int, *, now: datetime) -> dict[str, Any]:
    """What changes when the index took a version: it is done unless a newer one waits."""
    newer = row.document_version > version
    return {
        "key_": row.article_id,
        **_stage(row, newer=newer, now=now),
        "indexed_version": max(row.indexed_version, version),
        "indexed_at": now,
        "searchable_at": row.searchable_at or now,
    }


def refused_columns(row: Row, *, now: datetime) -> dict[str, Any]:
    """What changes when the index refused: that version is not offered again, a newer one is."""
    newer = row.document_version > row.claimed_version
    return {
        "key_": row.article_id,
        **_stage(row, newer=newer, now=now),
        "indexed_version": row.indexed_version,
        "indexed_at": row.indexed_at,
        "searchable_at": row.searchable_at,
    }


def _stage(row: Row, *, newer: bool, now: datetime) -> dict[str, Any]:
    if row.stage != Stage.INDEX.value:
        # Detection was asked for meanwhile, or another worker has settled it: that stands.
        names = ("leased_until", "worker", "deaths", "again", "stage", "staged_at")
        return {name: getattr(row, name) for name in names}
    stage = Stage.INDEX.value if newer else None
    return {**claims.SETTLED, "stage": stage, "staged_at": now if stage else None}


def _outcome(article_id: str, refused: Mapping[str, str]) -> dict[str, Any]:
    if article_id in refused:
        return {"key_": article_id, "outcome": Outcome.REFUSED.value, "reason": refused[article_id]}
    return {"key_": article_id, "outcome": Outcome.INDEXED.value, "reason": ""}
