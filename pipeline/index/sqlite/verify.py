"""
What FTS5 cannot be asked: NEAR in order, across views, or with words that could serve both sides, and
phrases that can be spelt in too many ways.

Documents with all of the words are candidates; where their words stand comes from FTS5's own lists of
positions, and the plain reading decides.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence

from pipeline.arabic.hamza import is_ambiguous
from pipeline.index.sqlite.expression import Expressions, columns
from pipeline.index.sqlite.vocabulary import Vocabulary
from pipeline.search.reading import Place, close, places_of_words
from pipeline.search.tree import Near, Words

#: Document and field → token → where it stands.
_Stands = Mapping[tuple[int, str], Mapping[str, list[int]]]


def verify(
    connection: sqlite3.Connection,
    vocabulary: Vocabulary,
    number: int,
    part: Near | Words,
    check: Callable[[], None],
) -> None:
    """Fill `temp.verified_<number>` with the documents in which a part holds.

    Args:
        check: called over and over; raises when it has taken too long.
    """
    connection.execute(f"CREATE TEMP TABLE IF NOT EXISTS verified_{number} (number INTEGER PRIMARY KEY)")
    connection.execute(f"DELETE FROM temp.verified_{number}")
    found = _Positions(connection, vocabulary, check).documents(part)
    connection.executemany(
        f"INSERT INTO temp.verified_{number} VALUES (?)", [(document,) for document in found]
    )


class _Positions:
    def __init__(
        self, connection: sqlite3.Connection, vocabulary: Vocabulary, check: Callable[[], None]
    ) -> None:
        self._connection = connection
        self._vocabulary = vocabulary
        self._generation = vocabulary.generation
        self._check = check
        connection.execute(
            f"CREATE VIRTUAL TABLE IF NOT EXISTS temp.positions_{self._generation} "
            f"USING fts5vocab('main', 'words_{self._generation}', 'instance')"
        )
        connection.execute("CREATE TEMP TABLE IF NOT EXISTS candidates (number INTEGER PRIMARY KEY)")
        connection.execute("DELETE FROM temp.candidates")

    def documents(self, part: Near | Words) -> set[int]:
        words = f"words_{self._generation}"
        self._connection.execute(
            f"INSERT INTO temp.candidates SELECT rowid FROM {words} WHERE {words} MATCH ?",
            (Expressions(self._vocabulary).loosely(part),),
        )
        if isinstance(part, Words):
            return {where[0] for where in self._places(part, (part,))}
        left, right = self._places(part, part.left), self._places(part, part.right)
        return {
            where[0] for where in left.keys() & right.keys() if self._near(part, left[where], right[where])
        }

    def _near(self, near: Near, left: Sequence[Place], right: Sequence[Place]) -> bool:
        self._check()
        return next(close(left, right, near.within, ordered=near.ordered), None) is not None

    def _places(self, part: Near | Words, side: tuple[Words, ...]) -> dict[tuple[int, str], list[Place]]:
        """Document and field → where one of a side's alternatives stands."""
        found: dict[tuple[int, str], list[Place]] = defaultdict(list)
        for words in side:
            for where, stands in self._stands(part, words).items():
                self._check()
                if places := places_of_words(words, stands):
                    found[where] += places
        return found

    def _stands(self, part: Near | Words, words: Words) -> _Stands:
        looked = columns(part, words.view)
        found: dict[tuple[int, str], dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
        for token in {token for slot in words.slots for token in slot}:
            for kept in self._kept(token, words.view):
                for document, column, offset in self._rows(kept, looked):
                    found[document, column.split("_")[0]][token].append(offset)
        return found

    def _kept(self, token: str, view: str) -> tuple[str, ...]:
        """What the index keeps of the words a token stands for."""
        ambiguous = view != "exact" and is_ambiguous(token)
        return self._vocabulary.spellings(token) if ambiguous else (token,)

    def _rows(self, kept: str, looked: list[str]) -> sqlite3.Cursor:
        return self._connection.execute(
            f'SELECT doc, col, "offset" FROM temp.positions_{self._generation} '
            f"WHERE term = ? AND col IN ({', '.join('?' * len(looked))}) "
            "AND doc IN (SELECT number FROM temp.candidates)",
            (kept, *looked),
        )
