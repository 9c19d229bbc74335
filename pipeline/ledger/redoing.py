"""
Put what is settled back to work: after a better extractor, other topics, a new mapping.

In batches, each a short transaction, and behind everything fresh: the news goes on meanwhile.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from pipeline.ledger.detecting import bodies_of
from pipeline.ledger.extracting import pending_of
from pipeline.ledger.part import Part, put_article_back, put_back
from pipeline.ledger.rows import article_of, to_backlog
from pipeline.ledger.schema import articles, entries, matches
from pipeline.records import Outcome, Stage
from pipeline.redo import Selection, StoredExtraction
from pipeline.work import MAX_DEATHS

_BATCH = 1_000


class Redoing(Part):
    """Reprocessing, by hand."""

    def redo(
        self,
        stage: Stage,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        outlet_id: str | None = None,
        topic_id: str | None = None,
        only_failed: bool = False,
        now: datetime | None = None,
    ) -> int:
        """Put entries back to `stage`; returns how many.

        Fetch takes what has an address, extract what has a page or a feed's text, detect and index
        what has an article; what already waits for an earlier stage is left to it.

        Args:
            since: inclusive, `until` exclusive; the article's date, or else the first sighting.
            topic_id: only what matches this topic now.
            only_failed: only what was given up, is `failed` or `refused`, or (fetch) `unreachable`.
        """
        when = now or datetime.now(UTC)
        chosen = Selection(
            since=since, until=until, outlet_id=outlet_id, topic_id=topic_id, only_failed=only_failed
        )
        query = _selected(stage, chosen)
        done, last = 0, ""
        while True:
            with self._store.write() as connection:
                batch = query.where(entries.c.entry_id > last).order_by(entries.c.entry_id).limit(_BATCH)
                keys = list(connection.execute(batch).scalars())
                _put_back(connection, keys, stage, now=when)
            done += len(keys)
            if len(keys) < _BATCH:
                return done
            last = keys[-1]

    def redo_articles(self, article_ids: Sequence[str], stage: Stage, *, now: datetime | None = None) -> int:
        """Put these articles back to detect or index; returns how many."""
        when = now or datetime.now(UTC)
        for start in range(0, len(article_ids), _BATCH):
            with self._store.write() as connection:
                _put_back(connection, article_ids[start : start + _BATCH], stage, now=when)
        return len(article_ids)

    def extracted_after(
        self, entry_id: str, *, selection: Selection, limit: int
    ) -> Sequence[StoredExtraction]:
        """What `redo` would put back to extraction, in order of id, a page at a time."""
        query = _selected(Stage.EXTRACT, selection).where(entries.c.entry_id > entry_id)
        with self._store.read() as connection:
            keys = list(connection.execute(query.order_by(entries.c.entry_id).limit(limit)).scalars())
            rows = connection.execute(
                select(entries).where(entries.c.entry_id.in_(keys)).order_by(entries.c.entry_id)
            ).all()
            known = connection.execute(select(articles).where(articles.c.article_id.in_(keys))).all()
            bodies = bodies_of(connection, keys)
            found = {row.article_id: article_of(row, bodies[row.article_id]) for row in known}
            return [
                StoredExtraction(
                    pending=pending,
                    article=found.get(row.entry_id),
                    outcome=Outcome(row.outcome) if row.outcome else None,
                    reason=row.reason,
                )
                for row, pending in zip(rows, pending_of(connection, rows), strict=True)
            ]


def _selected(stage: Stage, selection: Selection) -> Select[Any]:
    conditions = [
        *_period(selection.since, selection.until),
        *_of(selection.outlet_id, selection.topic_id),
    ]
    if selection.only_failed:
        conditions.append(_failed(stage))
    return _candidates(stage).where(*conditions)


def _put_back(connection: Any, keys: Sequence[str], stage: Stage, *, now: datetime) -> None:
    if stage in {Stage.FETCH, Stage.EXTRACT}:
        put_back(connection, keys, stage, now=now, turn=to_backlog(entries.c.turn))
        return
    values: dict[str, Any] = {"turn": to_backlog(articles.c.turn)}
    if stage is Stage.INDEX:
        values["document_version"] = articles.c.document_version + 1
    put_article_back(connection, keys, stage, now=now, **values)


def _candidates(stage: Stage) -> Select[Any]:
    both = entries.outerjoin(articles, articles.c.article_id == entries.c.entry_id)
    query = select(entries.c.entry_id).select_from(both)
    if stage is Stage.FETCH:
        return query.where(entries.c.url != "", entries.c.expired_at.is_(None))
    if stage is Stage.EXTRACT:
        return query.where(
            or_(entries.c.page_file.is_not(None), entries.c.page_outcome != ""),
            or_(entries.c.stage.is_(None), entries.c.stage == Stage.EXTRACT.value),
            entries.c.expired_at.is_(None),
        )
    return query.where(articles.c.article_id.is_not(None))


def _period(since: datetime | None, until: datetime | None) -> list[ColumnElement[bool]]:
    at = func.coalesce(articles.c.dated_at, entries.c.first_seen_at)
    bounds = []
    if since is not None:
        bounds.append(at >= since)
    if until is not None:
        bounds.append(at < until)
    return bounds


def _of(outlet_id: str | None, topic_id: str | None) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = []
    if outlet_id is not None:
        wanted.append(entries.c.outlet_id == outlet_id)
    if topic_id is not None:
        match = and_(matches.c.article_id == entries.c.entry_id, matches.c.topic_id == topic_id)
        wanted.append(select(matches.c.article_id).where(match).exists())
    return wanted


def _failed(stage: Stage) -> ColumnElement[bool]:
    if stage in {Stage.FETCH, Stage.EXTRACT}:
        outcomes = [Outcome.FAILED.value]
        if stage is Stage.FETCH:
            outcomes.append(Outcome.UNREACHABLE.value)
        gave_up = and_(entries.c.stage.is_(None), entries.c.deaths >= MAX_DEATHS)
        return or_(entries.c.outcome.in_(outcomes), gave_up)
    outcomes = [Outcome.FAILED.value, Outcome.REFUSED.value]
    gave_up = and_(articles.c.stage.is_(None), articles.c.deaths >= MAX_DEATHS)
    return or_(entries.c.outcome.in_(outcomes), gave_up)
