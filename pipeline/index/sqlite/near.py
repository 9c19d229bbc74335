"""
NEAR where FTS5 cannot be asked: in order, across views, or with words that could serve both sides.

Documents with both operands are candidates; where their words stand comes from FTS5's own lists of
positions, and the plain reading of NEAR decides.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Mapping

from pipeline.index.sqlite.match import columns, either
from pipeline.search.reading import Place, close, places_of_words
from pipeline.search.tree import Near, Words

#: Document and field → token → where it stands.
_Stands = Mapping[tuple[int, str], Mapping[str, list[int]]]


def verify(connection: sqlite3.Connection, generation: int, number: int, near: Near) -> None:
    """Fill `temp.near_<number>` with the documents in which `near` holds."""
    connection.execute(f"CREATE TEMP TABLE IF NOT EXISTS near_{number} (number INTEGER PRIMARY KEY)")
    connection.execute(f"DELETE FROM temp.near_{number}")
    connection.executemany(
        f"INSERT INTO temp.near_{number} VALUES (?)",
        [(document,) for document in _documents(connection, generation, near)],
    )


def _documents(connection: sqlite3.Connection, generation: int, near: Near) -> set[int]:
    candidates = {
        number
        for (number,) in connection.execute(
            f"SELECT rowid FROM words_{generation} WHERE words_{generation} MATCH ?", (either(near),)
        )
    }
    if not candidates:
        return set()
    connection.execute(
        f"CREATE VIRTUAL TABLE IF NOT EXISTS temp.positions_{generation} "
        f"USING fts5vocab('main', 'words_{generation}', 'instance')"
    )
    left = _places(connection, generation, near, near.left, candidates)
    right = _places(connection, generation, near, near.right, {document for document, _ in left})
    return {
        where[0]
        for where in left.keys() & right.keys()
        if next(close(left[where], right[where], near.within, ordered=near.ordered), None)
    }


def _places(
    connection: sqlite3.Connection, generation: int, near: Near, side: tuple[Words, ...], candidates: set[int]
) -> dict[tuple[int, str], list[Place]]:
    """Document and field → where one of a side's alternatives stands."""
    found: dict[tuple[int, str], list[Place]] = defaultdict(list)
    for words in side:
        for where, stands in _stands(connection, generation, near, words, candidates).items():
            if places := places_of_words(words, stands):
                found[where] += places
    return found


def _stands(
    connection: sqlite3.Connection, generation: int, near: Near, words: Words, candidates: set[int]
) -> _Stands:
    fields = {column: column.split("_")[0] for column in columns(near, words.view)}
    found: dict[tuple[int, str], dict[str, list[int]]] = {}
    for token in {token for slot in words.slots for token in slot}:
        for document, column, offset in connection.execute(
            f'SELECT doc, col, "offset" FROM temp.positions_{generation} WHERE term = ?', (token,)
        ):
            if document in candidates and column in fields:
                found.setdefault((document, fields[column]), {}).setdefault(token, []).append(offset)
    return found
