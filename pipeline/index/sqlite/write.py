"""
Writing the embedded index.

An older version never overwrites a newer one. Contentless FTS5 of this age forgets a document only
when it is told the same tokens again, so these are made from the stored text.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import Final

from pipeline.index.document import (
    TOKEN_FIELDS,
    Analysed,
    analysed,
    author_of,
    microseconds,
    outlet_key,
    topics_of,
)
from pipeline.records import IndexedDocument

#: The shortest offset between time zones: days and hours of any zone are whole numbers of these.
QUARTER_US: Final = 15 * 60 * 1_000_000
_COLUMNS: Final = ", ".join(TOKEN_FIELDS)
_MARKS: Final = ", ".join("?" * len(TOKEN_FIELDS))


def put(connection: sqlite3.Connection, generation: int, document: IndexedDocument, found: Analysed) -> None:
    """Write one document with its tokens, unless a newer version of it is there."""
    held = connection.execute(
        f"SELECT number, version FROM documents_{generation} WHERE document_id = ?",
        (document.document_id,),
    ).fetchone()
    if held and held[1] > document.document_version:
        return
    if held:
        _take_out(connection, generation, held[0])
    number = _put_facets(connection, generation, document, held[0] if held else None, found.copy_key)
    article = document.detected.article
    connection.execute(
        f"INSERT INTO texts_{generation} VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            number,
            article.url,
            article.title,
            article.body,
            document.outlet_title,
            article.author,
            microseconds(article.date.published_at) if article.date else None,
            microseconds(document.withdrawn_at) if document.withdrawn_at else None,
        ),
    )
    connection.execute(
        f"INSERT INTO words_{generation} (rowid, {_COLUMNS}) VALUES (?, {_MARKS})", (number, *found.tokens)
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
    connection: sqlite3.Connection, generation: int, document: IndexedDocument, number: int | None, copy: int
) -> int:
    article = document.detected.article
    dated_at = microseconds(article.dated_at)
    done = connection.execute(
        f"INSERT INTO documents_{generation} VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            number,
            document.document_id,
            document.document_version,
            dated_at,
            article.date is not None,
            article.outlet_id,
            outlet_key(document),
            document.country,
            author_of(document),
            copy,
            document.month,
        ),
    )
    placed = number or int(done.lastrowid or 0)
    connection.executemany(
        f"INSERT INTO topics_{generation} VALUES (?, ?)",
        [(topic_id, placed) for topic_id in topics_of(document)],
    )
    _count(connection, generation, dated_at, 1)
    return placed


def _count(connection: sqlite3.Connection, generation: int, dated_at: int, change: int) -> None:
    connection.execute(
        f"INSERT INTO quarters_{generation} VALUES (?, ?) "
        "ON CONFLICT (quarter) DO UPDATE SET articles = articles + excluded.articles",
        (dated_at // QUARTER_US, change),
    )


def _take_out(connection: sqlite3.Connection, generation: int, number: int) -> None:
    title, body, author, dated_at = connection.execute(
        f"SELECT title, body, t.author, dated_at FROM texts_{generation} t "
        f"JOIN documents_{generation} USING (number) WHERE number = ?",
        (number,),
    ).fetchone()
    connection.execute(
        f"INSERT INTO words_{generation} (words_{generation}, rowid, {_COLUMNS}) "
        f"VALUES ('delete', ?, {_MARKS})",
        (number, *analysed(title, body, author).tokens),
    )
    _count(connection, generation, dated_at, -1)
    for table in ("topics", "texts", "documents"):
        connection.execute(f"DELETE FROM {table}_{generation} WHERE number = ?", (number,))
