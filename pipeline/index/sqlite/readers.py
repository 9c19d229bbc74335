"""
Connections to search with: a few, lent to one search at a time, whatever thread it runs in.
"""

from __future__ import annotations

import queue
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from pipeline.index.sqlite import store

#: More at once would only wait for the processor instead of for a connection.
_MOST: Final = 4


class Readers:
    """Connections to one file, opened at need."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._free: queue.LifoQueue[sqlite3.Connection | None] = queue.LifoQueue()
        for _ in range(_MOST):
            self._free.put(None)

    @contextmanager
    def lent(self) -> Iterator[sqlite3.Connection]:
        """A connection for one search; waits for one where all are lent."""
        connection = self._free.get()
        try:
            if connection is None:
                connection = store.connect_reader(self._file)
            yield connection
        finally:
            self._free.put(connection)

    def close(self) -> None:
        """Let go of those that are not lent."""
        while not self._free.empty():
            if connection := self._free.get():
                connection.close()
