"""
Import: articles and pages somebody else collected, taken in by the batch.

They wait behind everything fresh, and from there on they are like any other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update

from pipeline.hosts import host_of
from pipeline.ledger import claims
from pipeline.ledger.engine import Store
from pipeline.ledger.hosts import ensure_hosts
from pipeline.ledger.part import Part, forgotten, lock_outlets, update_many
from pipeline.ledger.rows import (
    Row,
    entry_row,
    feed_letters,
    feed_text_row,
    page_columns,
    turn_of,
    url_hash,
)
from pipeline.ledger.schema import articles, entries, feed_texts
from pipeline.ledger.shelf import Shelf, duplicate_columns
from pipeline.records import Article, Stage
from pipeline.work import ImportedPage

Counts = dict[str, int]


class Importing(Part):
    """What comes from files."""

    def import_articles(self, batch: Sequence[Article], *, now: datetime) -> Counts:
        """Take articles in, in one transaction; some hundreds at a time.

        Returns:
            How many were `new`, `known` as they are, `changed` (a revision of a known article),
            `duplicate` (of another article of the outlet) or `forgotten` for good; the counts add
            up to the length of the batch.
        """
        counts = dict.fromkeys(("new", "known", "changed", "duplicate", "forgotten"), 0)
        with self._store.write() as connection:
            lock_outlets(self._store, connection, (article.outlet_id for article in batch))
            for distinct in _rounds(batch):
                for name, count in _import(self._store, connection, distinct, now=now).items():
                    counts[name] += count
        return counts

    def import_entries(self, batch: Sequence[ImportedPage], *, now: datetime) -> Counts:
        """Take pages in that lie in the archive already; they wait for extraction.

        Returns:
            How many were `new` (or known, and without an article so far), `known` or `forgotten`.
        """
        counts = dict.fromkeys(("new", "known", "forgotten"), 0)
        pages = {page.entry.entry_id: page for page in batch}
        counts["known"] += len(batch) - len(pages)
        with self._store.write() as connection:
            gone = forgotten(connection, pages)
            done = _settled(connection, pages)
            for key, page in sorted(pages.items()):
                name = "forgotten" if key in gone else "known" if key in done else "new"
                counts[name] += 1
                if name == "new":
                    _import_page(self._store, connection, page, now=now)
        return counts


def _rounds(batch: Sequence[Article]) -> list[dict[str, Article]]:
    """The batch in its order, each round naming an id once."""
    rounds: list[dict[str, Article]] = []
    for article in batch:
        place = next((each for each in rounds if article.article_id not in each), None)
        if place is None:
            place = {}
            rounds.append(place)
        place[article.article_id] = article
    return rounds


def _import(store: Store, connection: Connection, batch: Mapping[str, Article], *, now: datetime) -> Counts:
    gone = forgotten(connection, batch)
    shelf = Shelf(store, connection, now=now)
    listed = _entries(connection, batch)
    known = shelf.known(batch)
    expired = {key for key, row in listed.items() if row.expired_at is not None}
    new = {
        key: article
        for key, article in batch.items()
        if key not in gone and key not in known and key not in expired
    }
    changed = sum(shelf.change(batch[key], row, backlog=True) for key, row in known.items())
    originals = shelf.originals(list(new.values()))
    _add(store, connection, shelf, new, originals, listed, now=now)
    return {
        "new": len(new) - len(originals),
        "known": len(known) - changed + len(expired - known.keys()),
        "changed": changed,
        "duplicate": len(originals),
        "forgotten": len(gone),
    }


def _entries(connection: Connection, entry_ids: Iterable[str]) -> dict[str, Row]:
    query = (
        select(entries)
        .where(entries.c.entry_id.in_(sorted(entry_ids)))
        .order_by(entries.c.entry_id)
        .with_for_update()
    )
    return {row.entry_id: row for row in connection.execute(query)}


def _add(
    store: Store,
    connection: Connection,
    shelf: Shelf,
    new: Mapping[str, Article],
    originals: Mapping[str, str],
    listed: Mapping[str, Row],
    *,
    now: datetime,
) -> None:
    unlisted = [_new_entry(article, now=now) for key, article in new.items() if key not in listed]
    if unlisted:
        unlisted.sort(key=lambda row: str(row["entry_id"]))
        connection.execute(store.insert(entries).on_conflict_do_nothing(), unlisted)
        ensure_hosts(store, connection, (row["host"] for row in unlisted))
    ends = [{"key_": key, **_ended(originals.get(key))} for key in new if key in listed or key in originals]
    update_many(connection, entries, entries.c.entry_id, ends)
    shelf.add([article for key, article in new.items() if key not in originals], backlog=True)


def _new_entry(article: Article, *, now: datetime) -> dict[str, Any]:
    key = url_hash(article.url)
    return {
        "entry_id": article.article_id,
        "outlet_id": article.outlet_id,
        "host": host_of(article.url),
        "url": article.url,
        "url_hash": key,
        "canonical_url": article.url,
        "canonical_hash": key,
        "first_seen_at": article.first_seen_at,
        "stage": None,
        "turn": turn_of(article.date, now, backlog=True),
    }


def _ended(original: str | None) -> dict[str, Any]:
    ended = {**claims.SETTLED, "stage": None, "staged_at": None, "retry_at": None}
    if original is None:
        return {**ended, "outcome": None, "reason": "", "duplicate_of": None}
    return {**ended, **duplicate_columns(original)}


# -- pages ------------------------------------------------------------------------------------


def _settled(connection: Connection, entry_ids: Iterable[str]) -> set[str]:
    """Entries a page from elsewhere tells nothing new about."""
    query = (
        select(entries.c.entry_id)
        .outerjoin(articles, articles.c.article_id == entries.c.entry_id)
        .where(
            entries.c.entry_id.in_(sorted(entry_ids)),
            articles.c.article_id.is_not(None)
            | entries.c.expired_at.is_not(None)
            | entries.c.page_file.is_not(None),
        )
    )
    return set(connection.execute(query).scalars())


def _import_page(store: Store, connection: Connection, page: ImportedPage, *, now: datetime) -> None:
    entry = page.entry
    first_seen_at = page.fetched_at or now
    turn = turn_of(entry.date, first_seen_at, backlog=True)
    waits = {
        **page_columns(page.page),
        "stage": Stage.EXTRACT.value,
        "turn": turn,
        "staged_at": now,
        "final_url": page.final_url or entry.url,
        "fetched_at": page.fetched_at,
        "page_outcome": "",
        "outcome": None,
        "reason": "",
        "retry_at": None,
    }
    row = entry_row(entry, stage=None, turn=turn, first_seen_at=first_seen_at)
    connection.execute(store.insert(entries).values(row).on_conflict_do_nothing())
    connection.execute(
        update(entries).where(entries.c.entry_id == entry.entry_id).values(**claims.SETTLED, **waits)
    )
    ensure_hosts(store, connection, [row["host"]])
    if feed_letters(entry) or entry.title:
        text = store.insert(feed_texts).values(feed_text_row(entry))
        connection.execute(text.on_conflict_do_nothing())
