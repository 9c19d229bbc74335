"""
Extract: what waits to be read, and the articles found.

Here, where one transaction sees all of an outlet's articles, it is decided what is a duplicate and
what is a revision.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, or_, select, update

from pipeline.ledger import claims
from pipeline.ledger.engine import Store
from pipeline.ledger.fetching import second_look
from pipeline.ledger.part import Part, lock_outlets, put_article_back
from pipeline.ledger.rows import (
    Row,
    article_columns,
    date_from,
    entry_of,
    page_of,
    text_hash,
    turn_of,
    url_hash,
)
from pipeline.ledger.schema import articles, entries, feed_texts, revisions, texts
from pipeline.records import Article, Outcome, Stage
from pipeline.work import CHUNK, PendingExtraction, SettledExtraction

#: What of an article may change without the index, or topic detection, seeing any difference.
_UNSEEN = frozenset({"fetched_at", "extractor", "page_outcome", "url_hash", "text_hash"})


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
            return _pending(connection, rows)

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
            outcomes: dict[str, Outcome] = {}
            for key, each in by_id.items():
                if key in rows:
                    _settle(connection, shelf, rows[key], each, outcomes, now=now)
            return outcomes


def _pending(connection: Connection, rows: Sequence[Row]) -> list[PendingExtraction]:
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
    row: Row,
    settled: SettledExtraction,
    outcomes: dict[str, Outcome],
    *,
    now: datetime,
) -> None:
    if row.again:
        values: dict[str, Any] = {**claims.SETTLED, "staged_at": now}
    else:
        values = {**claims.SETTLED, "stage": None, "staged_at": None}
        values |= _ended(shelf, row, settled)
        if "outcome" in values:
            outcomes[row.entry_id] = Outcome(values["outcome"])
    connection.execute(update(entries).where(entries.c.entry_id == row.entry_id).values(values))


def _ended(shelf: Shelf, row: Row, settled: SettledExtraction) -> dict[str, Any]:
    """What becomes of the entry: nothing more where its article goes on in its place."""
    known = shelf.known(row.entry_id)
    if settled.article is not None:
        return shelf.put(settled.article, known, backlog=row.turn > 0)
    if settled.outcome is None:
        raise ValueError(f"{row.entry_id}: neither article nor outcome")
    if known is not None:
        return {"reason": second_look(settled.outcome, settled.reason)}
    return {"outcome": settled.outcome.value, "reason": settled.reason}


class Shelf:
    """The articles, within one transaction: puts one among its outlet's others."""

    def __init__(self, store: Store, connection: Connection, *, now: datetime) -> None:
        self._store = store
        self._connection = connection
        self._now = now

    def known(self, article_id: str) -> Row | None:
        """The article's row, if it is there, kept from others until the transaction ends."""
        query = select(articles).where(articles.c.article_id == article_id).with_for_update()
        return self._connection.execute(query).one_or_none()

    def put(self, article: Article, known: Row | None, *, backlog: bool) -> dict[str, Any]:
        """Write the article down; returns what changes in its entry."""
        if known is not None:
            changed = self.change(article, known, backlog=backlog)
            return {"reason": ""} if changed else {}
        original = self.original_of(article)
        if original is not None:
            return {
                "outcome": Outcome.DUPLICATE.value,
                "reason": f"same as {original}",
                "duplicate_of": original,
            }
        self.add(article, backlog=backlog)
        return {"reason": "", "duplicate_of": None}

    def original_of(self, article: Article) -> str | None:
        """Another article of the outlet with the same text, or the same canonical link.

        One that was withdrawn is no original: the text has moved on.
        """
        others = (
            articles.c.outlet_id == article.outlet_id,
            articles.c.article_id != article.article_id,
            articles.c.withdrawn_at.is_(None),
        )
        same_text = articles.c.text_hash == text_hash(article.title, article.body)
        query = select(articles.c.article_id).where(same_text, *others).limit(1)
        found = self._connection.execute(query).scalar()
        if found is not None or not article.url:
            return found
        key = url_hash(article.url)
        canonical = select(entries.c.entry_id).where(
            entries.c.canonical_hash == key, entries.c.canonical_url == article.url
        )
        query = (
            select(articles.c.article_id)
            .where(
                or_(
                    (articles.c.url_hash == key) & (articles.c.url == article.url),
                    articles.c.article_id.in_(canonical),
                ),
                *others,
            )
            .limit(1)
        )
        return self._connection.execute(query).scalar()

    def add(self, article: Article, *, backlog: bool) -> None:
        """A new article, waiting for detection."""
        row = new_article_row(article, backlog=backlog, now=self._now)
        self._connection.execute(self._store.insert(articles).values(row))
        self._connection.execute(
            self._store.insert(texts).values(article_id=article.article_id, body=article.body)
        )

    def change(self, article: Article, known: Row, *, backlog: bool) -> bool:
        """Bring a known article up to date; returns whether anything the index sees has changed.

        A feed's summary never replaces what a page gave, and an article found again is no longer
        withdrawn.
        """
        if article.body_from == "feed" and known.body_from != "feed":
            return False
        columns = article_columns(article)
        different = {name for name, value in columns.items() if not _same(known, name, value)}
        seen = different - _UNSEEN
        revised = columns["text_hash"] != known.text_hash
        reappeared = known.withdrawn_at is not None
        if not different and not reappeared:
            return False
        if not (revised or seen or reappeared):
            self._connection.execute(
                update(articles).where(articles.c.article_id == known.article_id).values(columns)
            )
            return False
        if revised:
            self._keep_old_text(known)
            self._replace_text(article)
        stage = Stage.DETECT if revised or "asides" in seen else Stage.INDEX
        put_article_back(
            self._connection,
            [article.article_id],
            stage,
            now=self._now,
            **columns,
            withdrawn_at=None,
            revision=known.revision + revised,
            document_version=known.document_version + 1,
            turn=turn_of(None, self._now, backlog=backlog),
        )
        return True

    def _keep_old_text(self, known: Row) -> None:
        body = self._connection.execute(
            select(texts.c.body).where(texts.c.article_id == known.article_id)
        ).scalar_one()
        self._connection.execute(
            self._store.insert(revisions).values(
                article_id=known.article_id,
                revision=known.revision,
                title=known.title,
                body=body,
                text_hash=known.text_hash,
                replaced_at=self._now,
            )
        )

    def _replace_text(self, article: Article) -> None:
        self._connection.execute(
            update(texts).where(texts.c.article_id == article.article_id).values(body=article.body)
        )


def new_article_row(article: Article, *, backlog: bool, now: datetime) -> dict[str, Any]:
    """A new row of `articles`; every column without a default."""
    return {
        "article_id": article.article_id,
        "outlet_id": article.outlet_id,
        "first_seen_at": article.first_seen_at,
        "stage": Stage.DETECT.value,
        "turn": turn_of(article.date, article.first_seen_at, backlog=backlog),
        "staged_at": now,
        **article_columns(article),
    }


def _same(known: Row, name: str, value: Any) -> bool:
    if name == "date":
        return date_from(known.date) == date_from(value)
    return bool(getattr(known, name) == value)
