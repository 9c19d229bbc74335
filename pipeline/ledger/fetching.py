"""
Fetch: pages of a leased host, and what became of each request.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, case, or_, select, update

from pipeline.hosts import HostLease
from pipeline.ledger import claims
from pipeline.ledger.hosts import Hosts, held
from pipeline.ledger.part import put_article_back, put_back, with_article
from pipeline.ledger.rows import Row, date_from, letters, page_columns, plausible_date
from pipeline.ledger.schema import articles, entries, feed_texts
from pipeline.records import Outcome, Stage
from pipeline.work import CHUNK, PendingPage, SettledPage

#: Put back in one transaction: a day's worth after a long stop would hold everybody up.
_LOOKS_AT_ONCE = 500


class Fetching(Hosts):
    """See `pipeline.work.FetchLedger`."""

    def look_again(self, *, now: datetime) -> int:
        """Put articles whose next look is due back to fetch; returns how many."""
        due = select(entries.c.entry_id).where(entries.c.look_at <= now).order_by(entries.c.look_at)
        looked = 0
        while True:
            with self._store.write() as connection:
                keys = list(connection.execute(due.limit(_LOOKS_AT_ONCE).with_for_update()).scalars())
                looked += _look_again(connection, keys, now=now)
            if len(keys) < _LOOKS_AT_ONCE:
                return looked

    def claim_pages(self, lease: HostLease, *, now: datetime, limit: int = CHUNK) -> Sequence[PendingPage]:
        """Claim pages of the leased host, newest first; none where the lease is lost."""
        only = (
            entries.c.host == lease.host,
            or_(entries.c.retry_at.is_(None), entries.c.retry_at <= now),
        )
        with self._store.write() as connection:
            if not held(connection, lease, now=now):
                return []
            rows = claims.claim(
                connection,
                claims.ENTRIES,
                Stage.FETCH,
                worker=lease.worker,
                now=now,
                limit=limit,
                only=only,
            )
            keys = [row.entry_id for row in rows]
            connection.execute(
                update(entries).where(entries.c.entry_id.in_(keys)).values(tries=entries.c.tries + 1)
            )
            second_looks, told = with_article(connection, keys), _told(connection, keys)
            return [
                _pending(row, has_article=row.entry_id in second_looks, told=told.get(row.entry_id))
                for row in rows
            ]

    def settle_page(self, settled: SettledPage, *, now: datetime) -> None:
        """Write down one page; nothing, where the entry no longer waits for it."""
        with self._store.write() as connection:
            row = connection.execute(
                select(entries).where(entries.c.entry_id == settled.entry_id).with_for_update()
            ).one_or_none()
            if row is None or row.stage != Stage.FETCH.value:
                return
            has_article = bool(with_article(connection, [settled.entry_id]))
            connection.execute(
                update(entries)
                .where(entries.c.entry_id == settled.entry_id)
                .values(next_columns(row, settled, has_article=has_article, now=now))
            )
            ended = settled.next_stage is None and not row.again
            if has_article and ended and settled.outcome is Outcome.GONE:
                _withdraw(connection, settled.entry_id, now=now)

    def unclaim_pages(self, entry_ids: Iterable[str]) -> None:
        """Give back what was claimed and not asked for: no death, no try."""
        tries = case((entries.c.tries > 0, entries.c.tries - 1), else_=0)
        with self._store.write() as connection:
            claims.unclaim(connection, claims.ENTRIES, entry_ids, tries=tries)


def next_columns(row: Row, settled: SettledPage, *, has_article: bool, now: datetime) -> dict[str, Any]:
    """What one answer changes in the entry's row."""
    if row.again and settled.next_stage is not Stage.FETCH:
        # Edited or asked for anew while this request was under way: what it got is too old.
        return {**claims.SETTLED, "tries": 0, "retry_at": None, "staged_at": now}
    if settled.next_stage is Stage.FETCH:
        return {**claims.SETTLED, "retry_at": settled.retry_at, "reason": settled.reason}
    if settled.next_stage is Stage.EXTRACT:
        return {
            **claims.SETTLED,
            "look_at": settled.look_at,
            "page_etag": settled.etag,
            "page_last_modified": settled.last_modified,
            **page_columns(settled.page),
            "stage": Stage.EXTRACT.value,
            "staged_at": now,
            "retry_at": None,
            "final_url": settled.final_url,
            "fetched_at": settled.fetched_at,
            "page_outcome": settled.page_outcome,
            "reason": settled.reason,
        }
    ended = {**claims.SETTLED, "stage": None, "staged_at": None, "retry_at": None}
    if has_article:
        reason = second_look(settled.outcome, settled.reason)
        return {**ended, "look_at": settled.look_at, "reason": reason}
    if settled.outcome is None:
        raise ValueError(f"{settled.entry_id}: a page that ends has an outcome")
    return {**ended, "outcome": settled.outcome.value, "reason": settled.reason}


def second_look(outcome: Outcome | None, reason: str) -> str:
    """Why an entry whose article stays as it is was looked at again in vain."""
    return f"at the last look: {outcome}: {reason}" if outcome else reason


def _look_again(connection: Connection, entry_ids: Sequence[str], *, now: datetime) -> int:
    """Those that are settled, searchable and not withdrawn; the others' look is over."""
    live = select(articles.c.article_id).where(
        articles.c.article_id == entries.c.entry_id, articles.c.withdrawn_at.is_(None)
    )
    wanted = connection.execute(
        select(entries.c.entry_id).where(
            entries.c.entry_id.in_(entry_ids),
            entries.c.stage.is_(None),
            entries.c.expired_at.is_(None),
            live.exists(),
        )
    ).scalars()
    keys = sorted(wanted)
    put_back(connection, keys, Stage.FETCH, now=now)
    connection.execute(update(entries).where(entries.c.entry_id.in_(entry_ids)).values(look_at=None))
    return len(keys)


def _told(connection: Connection, entry_ids: Sequence[str]) -> dict[str, Row]:
    """What feeds said of entries."""
    query = select(feed_texts).where(feed_texts.c.entry_id.in_(entry_ids))
    return {row.entry_id: row for row in connection.execute(query)}


def _pending(row: Row, *, has_article: bool, told: Row | None) -> PendingPage:
    return PendingPage(
        entry_id=row.entry_id,
        outlet_id=row.outlet_id,
        url=row.url,
        tries=row.tries,
        first_seen_at=row.first_seen_at,
        feed_letters=row.feed_letters,
        has_article=has_article,
        feed_text="" if told is None else f"{told.title}\n{max(told.body, told.summary, key=letters)}",
        published_at=plausible_date(date_from(told.date) if told else None, row.first_seen_at),
        etag=row.page_etag if has_article else None,
        last_modified=row.page_last_modified if has_article else None,
    )


def _withdraw(connection: Connection, article_id: str, *, now: datetime) -> None:
    first = connection.execute(
        update(articles)
        .where(articles.c.article_id == article_id, articles.c.withdrawn_at.is_(None))
        .values(withdrawn_at=now, document_version=articles.c.document_version + 1)
    ).rowcount
    if first:
        put_article_back(connection, [article_id], Stage.INDEX, now=now)
