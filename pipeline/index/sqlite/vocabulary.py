"""
Words the embedded index holds: which spellings a folded word has in it.

FTS5 cannot have two tokens at one position, so what is kept of a word is its folded token with its
spelling behind it, and the folded one is found as a beginning. Only the last word of a phrase may be
one for FTS5; for the others it is told the spellings there are.
"""

from __future__ import annotations

import sqlite3
from typing import Final

from pipeline.arabic.hamza import MARK

#: Comes after every letter.
LAST: Final = "\U0010ffff"


class Vocabulary:
    """The words of one generation, looked up once within a request."""

    def __init__(self, connection: sqlite3.Connection, generation: int) -> None:
        self.generation = generation
        self._connection = connection
        self._table = f"temp.spellings_{generation}"
        self._made = (
            f"CREATE VIRTUAL TABLE IF NOT EXISTS {self._table} "
            f"USING fts5vocab('main', 'words_{generation}', 'row')"
        )
        self._known: dict[str, tuple[str, ...]] = {}

    def spellings(self, folded: str) -> tuple[str, ...]:
        """What is kept of the words that fold to `folded`, each way to spell it once."""
        return self.beginning(folded + MARK)

    def beginning(self, start: str) -> tuple[str, ...]:
        """What is kept of the words that begin with `start`; only of those that have an alef."""
        if start not in self._known:
            self._connection.execute(self._made)
            rows = self._connection.execute(
                f"SELECT term FROM {self._table} WHERE term >= ? AND term < ?", (start, start + LAST)
            )
            self._known[start] = tuple(term for (term,) in rows if MARK in term)
        return self._known[start]
