"""
Detect: articles waiting for it, and the topics they turned out to be about.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, select

from pipeline.ledger import claims
from pipeline.ledger.columns import dump
from pipeline.ledger.part import Part, update_many
from pipeline.ledger.rows import Row, article_of, match_row, text_hash
from pipeline.ledger.schema import articles, matches, texts, topic_changes
from pipeline.records import Article, DetectedArticle, Stage
from pipeline.work import CHUNK


class Detecting(Part):
    """See `pipeline.work.DetectLedger`."""

    def claim_detections(self, *, worker: str, now: datetime, limit: int = CHUNK) -> Sequence[Article]:
        """Claim articles waiting for detection, newest first."""
        with self._store.write() as connection:
            rows = claims.claim(
                connection, claims.ARTICLES, Stage.DETECT, worker=worker, now=now, limit=limit
            )
            bodies = bodies_of(connection, (row.article_id for row in rows))
            return [article_of(row, bodies[row.article_id]) for row in rows]

    def settle_detections(self, detected: Sequence[DetectedArticle], *, now: datetime) -> None:
        """Replace the articles' matches; `document_version` rises where something changed.

        What was found in a text that has changed meanwhile is dropped: it is still pending.
        """
        by_id = {each.article.article_id: each for each in detected}
        with self._store.write() as connection:
            waiting = connection.execute(
                select(articles)
                .where(articles.c.article_id.in_(sorted(by_id)), articles.c.stage == Stage.DETECT.value)
                .order_by(articles.c.article_id)
                .with_for_update()
            ).all()
            rows = [row for row in waiting if _is_of(row, by_id[row.article_id].article)]
            same_text = {row.article_id for row in rows if row.detected_revision == row.revision}
            changed = _replace_matches(
                connection, [by_id[row.article_id] for row in rows], same_text=same_text, now=now
            )
            settled = [next_columns(row, changed=row.article_id in changed, now=now) for row in rows]
            update_many(connection, articles, articles.c.article_id, settled)


def bodies_of(connection: Connection, article_ids: Iterable[str]) -> Mapping[str, str]:
    """The texts, by article id."""
    query = select(texts).where(texts.c.article_id.in_(sorted(article_ids)))
    return {row.article_id: row.body for row in connection.execute(query)}


def next_columns(row: Row, *, changed: bool, now: datetime) -> dict[str, Any]:
    """What a detection changes in the article's row."""
    version = row.document_version + changed
    if row.again:
        stage: str | None = Stage.DETECT.value
    else:
        stage = Stage.INDEX.value if version > row.indexed_version else None
    return {
        "key_": row.article_id,
        **claims.SETTLED,
        "document_version": version,
        "detected_revision": row.revision,
        "stage": stage,
        "staged_at": None if stage is None else now,
    }


def _is_of(row: Row, article: Article) -> bool:
    asides = [list(span) for span in article.asides]
    return bool(row.text_hash == text_hash(article.title, article.body) and row.asides == asides)


def _replace_matches(
    connection: Connection, detected: Sequence[DetectedArticle], *, same_text: Container[str], now: datetime
) -> set[str]:
    """Write down what differs; returns the articles whose matches changed.

    Args:
        same_text: articles detected before with the text they have: what differs, the rules changed.
    """
    old: dict[str, list[dict[str, Any]]] = {each.article.article_id: [] for each in detected}
    query = select(matches).where(matches.c.article_id.in_(sorted(old))).order_by(matches.c.topic_id)
    for row in connection.execute(query).mappings():
        old[row["article_id"]].append(dict(row))
    new = {
        each.article.article_id: [
            match_row(each.article.article_id, match)
            for match in sorted(each.matches, key=lambda match: match.topic_id)
        ]
        for each in detected
    }
    changed = {key for key in new if dump(new[key]) != dump(old[key])}
    if changed:
        connection.execute(delete(matches).where(matches.c.article_id.in_(sorted(changed))))
    rows = [row for key in sorted(changed) for row in new[key]]
    if rows:
        connection.execute(matches.insert(), rows)
    by_rules = [
        change for key in sorted(changed) if key in same_text for change in _changes(old[key], new[key], now)
    ]
    if by_rules:
        connection.execute(topic_changes.insert(), by_rules)
    return changed


def _changes(
    old: Sequence[Mapping[str, Any]], new: Sequence[Mapping[str, Any]], now: datetime
) -> Iterator[dict[str, Any]]:
    """Topics an article gained and lost."""
    before, after = ({row["topic_id"] for row in rows} for rows in (old, new))
    for rows, others, gained in ((old, after, False), (new, before, True)):
        for row in rows:
            if row["topic_id"] not in others:
                yield {
                    "article_id": row["article_id"],
                    "topic_id": row["topic_id"],
                    "changed_at": now,
                    "gained": gained,
                    "topic_version": row["topic_version"],
                }
