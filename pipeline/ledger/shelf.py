"""
The articles, within one transaction: puts one among its outlet's others.

What is a duplicate, what a revision, and what changes nothing is decided here, for extraction and
import alike. Whoever calls has locked the outlets.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update

from pipeline.ledger import claims
from pipeline.ledger.engine import Store
from pipeline.ledger.part import put_article_back
from pipeline.ledger.rows import Row, article_columns, date_from, text_hash, turn_of, url_hash
from pipeline.ledger.schema import articles, entries, revisions, texts
from pipeline.records import Article, Outcome, Stage

#: What of an article may change without the index, or topic detection, seeing any difference.
_UNSEEN = frozenset({"fetched_at", "extractor", "page_outcome", "url_hash", "text_hash"})


class Shelf:
    """See above; `now` is when what is put here begins to wait for detection."""

    def __init__(self, store: Store, connection: Connection, *, now: datetime) -> None:
        self._store = store
        self._connection = connection
        self._now = now

    def known(self, article_ids: Iterable[str]) -> dict[str, Row]:
        """The rows of those that are there, kept from others until the transaction ends."""
        query = (
            select(articles)
            .where(articles.c.article_id.in_(sorted(article_ids)))
            .order_by(articles.c.article_id)
            .with_for_update()
        )
        return {row.article_id: row for row in self._connection.execute(query)}

    def originals(self, candidates: Sequence[Article]) -> dict[str, str]:
        """Of these new articles the duplicates, with the article each repeats.

        An original is another article of the outlet with the same text, or the same canonical
        link; the candidates before it count. One that was withdrawn is none: the text has moved on.
        """
        hashes = {each.article_id: text_hash(each.title, each.body) for each in candidates}
        by_text = self._by_text(hashes.values())
        by_link = self._by_link({each.url for each in candidates if each.url})
        found: dict[str, str] = {}
        for each in candidates:
            text = (each.outlet_id, hashes[each.article_id])
            link = (each.outlet_id, each.url)
            original = by_text.get(text) or by_link.get(link)
            if original is not None:
                found[each.article_id] = original
                continue
            by_text[text] = each.article_id
            if each.url:
                by_link[link] = each.article_id
        return found

    def _by_text(self, hashes: Iterable[str]) -> dict[tuple[str, str], str]:
        query = select(articles.c.article_id, articles.c.outlet_id, articles.c.text_hash).where(
            articles.c.text_hash.in_(sorted(set(hashes))), articles.c.withdrawn_at.is_(None)
        )
        return {(row.outlet_id, row.text_hash): row.article_id for row in self._connection.execute(query)}

    def _by_link(self, urls: Iterable[str]) -> dict[tuple[str, str], str]:
        wanted = sorted(url_hash(url) for url in urls)
        own = select(articles.c.article_id, articles.c.outlet_id, articles.c.url).where(
            articles.c.url_hash.in_(wanted), articles.c.withdrawn_at.is_(None)
        )
        canonical = (
            select(articles.c.article_id, articles.c.outlet_id, entries.c.canonical_url.label("url"))
            .join(entries, entries.c.entry_id == articles.c.article_id)
            .where(entries.c.canonical_hash.in_(wanted), articles.c.withdrawn_at.is_(None))
        )
        rows = [*self._connection.execute(own), *self._connection.execute(canonical)]
        return {(row.outlet_id, row.url): row.article_id for row in rows}

    def add(self, new: Sequence[Article], *, backlog: bool) -> None:
        """New articles, waiting for detection; their entries are there."""
        if not new:
            return
        rows = [_new_row(article, backlog=backlog, now=self._now) for article in new]
        bodies = [{"article_id": article.article_id, "body": article.body} for article in new]
        self._connection.execute(articles.insert(), rows)
        self._connection.execute(texts.insert(), bodies)

    def change(self, article: Article, known: Row, *, backlog: bool) -> bool:
        """Bring a known article up to date; returns whether the index is to hear of it.

        A feed's summary never replaces what a page gave, and an article found again is no longer
        withdrawn.
        """
        if article.body_from == "feed" and known.body_from != "feed":
            return False
        # First seen is when it was seen first, also where its date depends on that.
        columns = article_columns(replace(article, first_seen_at=known.first_seen_at))
        different = {name for name, value in columns.items() if not _same(known, name, value)}
        revised = "text_hash" in different
        if not different - _UNSEEN and not revised and known.withdrawn_at is None:
            self._update(article, columns if different else {})
            return False
        freed: dict[str, Any] = {}
        if revised:
            self._revise(article, known)
            freed = claims.SETTLED  # whoever holds it works on a text that is no more
        put_article_back(
            self._connection,
            [article.article_id],
            Stage.DETECT if revised or different & {"asides", "genre"} else Stage.INDEX,
            now=self._now,
            **freed,
            **columns,
            withdrawn_at=None,
            revision=known.revision + revised,
            document_version=known.document_version + 1,
            turn=turn_of(None, self._now, backlog=backlog),
        )
        return True

    def _update(self, article: Article, columns: Mapping[str, Any]) -> None:
        if columns:
            self._connection.execute(
                update(articles).where(articles.c.article_id == article.article_id).values(columns)
            )

    def _revise(self, article: Article, known: Row) -> None:
        """Keep the old text beside the new one."""
        own = texts.c.article_id == known.article_id
        body = self._connection.execute(select(texts.c.body).where(own)).scalar_one()
        old = {"title": known.title, "body": body, "text_hash": known.text_hash}
        self._connection.execute(
            revisions.insert().values(
                article_id=known.article_id, revision=known.revision, replaced_at=self._now, **old
            )
        )
        self._connection.execute(update(texts).where(own).values(body=article.body))


def duplicate_columns(original: str) -> dict[str, Any]:
    """What an entry's row says of a duplicate."""
    return {
        "outcome": Outcome.DUPLICATE.value,
        "reason": f"the outlet published the same as {original}",
        "duplicate_of": original,
    }


def _new_row(article: Article, *, backlog: bool, now: datetime) -> dict[str, Any]:
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
