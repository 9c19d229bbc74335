"""
The embedded index: SQLite FTS5 over our own tokens, in a file of its own.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from pipeline.answers import SearchPage, SearchRequest
from pipeline.errors import IncompatibleError, StoreError
from pipeline.index.document import Tokens, tokens_of
from pipeline.index.sqlite import read, store, write
from pipeline.records import IndexedDocument
from pipeline.search.query import parse

#: No query may take longer.
QUERY_TIMEOUT_S = 10.0


def open_sqlite_index(file: Path, *, discard_incompatible: bool = False) -> SqliteIndex:
    """The index in `file`, made when absent.

    Args:
        discard_incompatible: begin anew where another version of Rasd, or damage, would stop us;
            for a rebuild.
    """
    try:
        return SqliteIndex(store.connect(file), file)
    except StoreError:
        if not discard_incompatible:
            raise
    for ending in ("", "-wal", "-shm"):
        Path(f"{file}{ending}").unlink(missing_ok=True)
    return SqliteIndex(store.connect(file), file)


class SqliteIndex:
    """An open embedded index; one for each process, several may be open at once."""

    def __init__(self, connection: sqlite3.Connection, file: Path) -> None:
        self._connection = connection
        self._file = file

    def check(self) -> None:
        """Raise unless the file can be written."""
        try:
            with store.writing(self._connection):
                pass
        except sqlite3.Error as error:
            raise self._trouble(error) from error

    def add(self, documents: Sequence[IndexedDocument]) -> Mapping[str, str]:
        """Write documents in one transaction; nothing is ever refused for good."""
        analysed = [(document, _tokens(document)) for document in documents]
        try:
            with store.writing(self._connection):
                for generation in self._written():
                    for document, tokens in analysed:
                        write.put(self._connection, generation, document, tokens)
        except sqlite3.Error as error:
            raise self._trouble(error) from error
        return {}

    def delete(self, document_ids: Iterable[str]) -> None:
        """Take documents out."""
        wanted = list(document_ids)
        with store.writing(self._connection):
            for generation in self._written():
                write.delete(self._connection, generation, wanted)

    def search(self, request: SearchRequest) -> SearchPage:
        """One page of hits, with the exact total."""
        tree = parse(request.query)
        begun = time.monotonic()
        try:
            with store.limited(self._connection, QUERY_TIMEOUT_S):
                page = read.search(self._connection, store.live(self._connection), request, tree)
        except sqlite3.Error as error:
            raise self._trouble(error) from error
        return replace(page, took_ms=(time.monotonic() - begun) * 1000)

    def count(self) -> int:
        """Documents searchable now."""
        generation = store.live(self._connection)
        ((count,),) = self._connection.execute(f"SELECT count(*) FROM documents_{generation}")
        return int(count)

    def ids(self) -> Iterator[str]:
        """Ids of the documents searchable now, in order."""
        generation = store.live(self._connection)
        rows = self._connection.execute(f"SELECT document_id FROM documents_{generation} ORDER BY 1")
        return (document_id for (document_id,) in rows)

    def rebuild(self, pages: Iterable[Sequence[IndexedDocument]], progress: Callable[[int], None]) -> int:
        """Fill the next generation, then make it the one that is searched."""
        generation = store.begin_generation(self._connection)
        done = 0
        for page in pages:
            analysed = [(document, _tokens(document)) for document in page]
            with store.writing(self._connection):
                if store.building(self._connection) != generation:
                    raise StoreError(f"{self._file}: another rebuild has begun meanwhile; this one gave way")
                for document, tokens in analysed:
                    write.put(self._connection, generation, document, tokens)
            done += len(page)
            progress(done)
        store.make_live(self._connection, generation)
        return self.count()

    def delete_months_before(self, month: str) -> int:
        """Take out documents of the months before `YYYY-MM`."""
        rows = self._connection.execute(
            f"SELECT document_id FROM documents_{store.live(self._connection)} WHERE month < ?",
            (month,),
        ).fetchall()
        self.delete([document_id for (document_id,) in rows])
        return len(rows)

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def _written(self) -> list[int]:
        """Generations a write goes to; asked within the transaction that writes."""
        building = store.building(self._connection)
        live = store.live(self._connection)
        return [live] if building is None else [live, building]

    def _trouble(self, error: sqlite3.Error) -> StoreError:
        if isinstance(error, sqlite3.OperationalError) and "locked" in str(error):
            return StoreError(
                f"{self._file}: another process has held it for {store.BUSY_TIMEOUT_S} s; try again"
            )
        return IncompatibleError(
            f"{self._file}: {error}; if the disk is not full and the file is damaged, run: rasd index rebuild"
        )


def _tokens(document: IndexedDocument) -> Tokens:
    article = document.detected.article
    return tokens_of(article.title, article.body)
