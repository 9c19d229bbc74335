"""
Writing the embedded index.

An older version never overwrites a newer one. Contentless FTS5 of this age forgets a document only
when it is told the same tokens again, so these are made from the stored text.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from datetime import datetime

from pipeline.index.document import Tokens, tokens_of, topics_of
from pipeline.records import IndexedDocument


def put(connection: sqlite3.Connection, generation: int, document: IndexedDocument, tokens: Tokens) -> None:
    """Write one document with its tokens, unless a newer version of it is there."""
    article = document.detected.article
    held = connection.execute(
        f"SELECT number, version FROM documents_{generation} WHERE document_id = ?",
        (document.document_id,),
    ).fetchone()
    if held and held[1] > document.document_version:
        return
    if held:
        _take_out(connection, generation, held[0])
    number = _put_facets(connection, generation, document, held[0] if held else None)
    connection.execute(
        f"INSERT INTO texts_{generation} VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            number,
            article.url,
            article.title,
            article.body,
            document.outlet_title,
            _instant(article.date.published_at if article.date else None),
            _instant(document.withdrawn_at),
        ),
    )
    connection.execute(
        f"INSERT INTO words_{generation} (rowid, title_base, title_stem, body_base, body_stem)"
        " VALUES (?, ?, ?, ?, ?)",
        (number, *_row(tokens)),
    )


def delete(connection: sqlite3.Connection, generation: int, document_ids: Iterable[str]) -> None:
    """Take documents out."""
    for document_id in document_ids:
        held = connection.execute(
            f"SELECT number FROM documents_{generation} WHERE document_id = ?",
            (document_id,),
        ).fetchone()
        if held:
            _take_out(connection, generation, held[0])


def _put_facets(
    connection: sqlite3.Connection, generation: int, document: IndexedDocument, number: int | None
) -> int:
    article = document.detected.article
    done = connection.execute(
        f"INSERT INTO documents_{generation} VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            number,
            document.document_id,
            document.document_version,
            _instant(article.dated_at),
            article.outlet_id,
            document.country,
            document.month,
        ),
    )
    placed = number or int(done.lastrowid or 0)
    connection.executemany(
        f"INSERT INTO topics_{generation} VALUES (?, ?)",
        [(topic_id, placed) for topic_id in topics_of(document)],
    )
    return placed


def _take_out(connection: sqlite3.Connection, generation: int, number: int) -> None:
    title, body = connection.execute(
        f"SELECT title, body FROM texts_{generation} WHERE number = ?",
        (number,),
    ).fetchone()
    connection.execute(
        f"INSERT INTO words_{generation}"
        f" (words_{generation}, rowid, title_base, title_stem, body_base, body_stem)"
        " VALUES ('delete', ?, ?, ?, ?, ?)",
        (number, *_row(tokens_of(title, body))),
    )
    for table in ("topics", "texts", "documents"):
        connection.execute(f"DELETE FROM {table}_{generation} WHERE number = ?", (number,))


def _row(tokens: Tokens) -> Sequence[str]:
    return tokens.title_base, tokens.title_stem, tokens.body_base, tokens.body_stem


def _instant(at: datetime | None) -> int | None:
    """Whole microseconds since 1970, as the ledger keeps them."""
    return None if at is None else round(at.timestamp() * 1_000_000)
