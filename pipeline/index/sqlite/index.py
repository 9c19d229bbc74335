"""
The embedded index: SQLite FTS5 over our own tokens, in a file of its own.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from pipeline.answers import SearchHit, SearchPage, SearchRequest, SimilarRequest
from pipeline.errors import IncompatibleError, StoreError
from pipeline.index.document import Analysed, analysed
from pipeline.index.every import every
from pipeline.index.frequencies import Frequencies
from pipeline.index.sqlite import likely, pages, read, store, write
from pipeline.index.sqlite.readers import Readers
from pipeline.records import IndexedDocument
from pipeline.search.echo import reading_of
from pipeline.search.request import QUERY_TIMEOUT_S, Asked, asked


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
        self._readers = Readers(file)
        self._orders = pages.Orders()
        self._known = Frequencies()

    def check(self) -> None:
        """Raise unless the file can be written."""
        with self._troubles(), store.writing(self._connection):
            pass

    def add(self, documents: Sequence[IndexedDocument]) -> Mapping[str, str]:
        """Write documents in one transaction; nothing is ever refused for good."""
        made = [(document, _analysed(document)) for document in documents]
        with self._troubles(), store.writing(self._connection):
            for generation in self._written():
                for document, found in made:
                    write.put(self._connection, generation, document, found)
        return {}

    def delete(self, document_ids: Iterable[str]) -> None:
        """Take documents out."""
        wanted = list(document_ids)
        with self._troubles(), store.writing(self._connection):
            for generation in self._written():
                write.delete(self._connection, generation, wanted)

    def refresh(self) -> None:
        """Nothing to do: what is committed is seen."""

    def search(self, request: SearchRequest) -> SearchPage:
        """One page of hits, with the exact total."""
        begun = time.monotonic()
        question = asked(request)
        with self._troubles(), self._readers.lent() as connection, store.reading(connection):
            page = self._page(connection, question)
        return replace(page, took_ms=(time.monotonic() - begun) * 1000)

    def every(self, request: SearchRequest) -> Iterator[SearchHit]:
        """Everything found, in order, a page at a time."""
        yield from every(self, request)

    def similar(self, request: SimilarRequest) -> SearchPage:
        """Other reports of the same event."""
        begun = time.monotonic()
        with (
            self._troubles(),
            self._readers.lent() as connection,
            store.reading(connection),
            store.limited(connection, QUERY_TIMEOUT_S),
        ):
            hits = likely.hits(connection, store.live(connection), request, self._known)
        return SearchPage(total=len(hits), hits=hits, took_ms=(time.monotonic() - begun) * 1000)

    def _page(self, connection: sqlite3.Connection, question: Asked) -> SearchPage:
        generation = store.live(connection)
        with store.limited(connection, QUERY_TIMEOUT_S) as check:  # what is shown is read afterwards
            answers = read.Answers(connection, generation, question, check)
            page = pages.next_page(self._orders, question) or pages.page_of(answers, self._orders, question)
            counted = answers.counts() if question.request.counts else None
        return SearchPage(
            total=answers.total(),
            hits=tuple(
                read.hit(
                    connection,
                    generation,
                    placed,
                    question.query.tree,
                    copies=answers.copies(placed[0]) if question.request.collapse else 1,
                )
                for placed in page.placed
                if answers.holds(placed[0])
            ),
            cursor=page.cursor,
            reading=reading_of(question.query, zone=question.request.zone),
            **({} if counted is None else counted._asdict()),
        )

    def count(self) -> int:
        """Documents searchable now."""
        with self._troubles():
            generation = store.live(self._connection)
            ((count,),) = self._connection.execute(f"SELECT count(*) FROM documents_{generation}")
        return int(count)

    def ids(self) -> Iterator[str]:
        """Ids of the documents searchable now, in order."""
        with self._troubles():
            generation = store.live(self._connection)
            rows = self._connection.execute(f"SELECT document_id FROM documents_{generation} ORDER BY 1")
            yield from (document_id for (document_id,) in rows)

    def rebuild(self, pages: Iterable[Sequence[IndexedDocument]], progress: Callable[[int], None]) -> int:
        """Fill the next generation, then make it the one that is searched."""
        with self._troubles():
            generation = store.begin_generation(self._connection)
        done = 0
        for page in pages:
            made = [(document, _analysed(document)) for document in page]
            with self._troubles(), store.writing(self._connection):
                if store.building(self._connection) != generation:
                    raise StoreError(f"{self._file}: another rebuild has begun meanwhile; this one gave way")
                for document, found in made:
                    write.put(self._connection, generation, document, found)
            done += len(page)
            progress(done)
        with self._troubles():
            store.make_live(self._connection, generation)
        return self.count()

    def compact_months_before(self, month: str) -> None:
        """Nothing to do: FTS5 merges as it writes."""

    def delete_months_before(self, month: str) -> int:
        """Take out documents of the months before `YYYY-MM`."""
        with self._troubles():
            rows = self._connection.execute(
                f"SELECT document_id FROM documents_{store.live(self._connection)} WHERE month < ?",
                (month,),
            ).fetchall()
        self.delete([document_id for (document_id,) in rows])
        return len(rows)

    def close(self) -> None:
        """Let go of the file."""
        self._readers.close()
        self._connection.close()

    def _written(self) -> list[int]:
        """Generations a write goes to; asked within the transaction that writes."""
        building = store.building(self._connection)
        live = store.live(self._connection)
        return [live] if building is None else [live, building]

    @contextmanager
    def _troubles(self) -> Iterator[None]:
        """What the file's library says within, as what to do about it."""
        try:
            yield
        except sqlite3.Error as error:
            raise self._trouble(error) from error

    def _trouble(self, error: sqlite3.Error) -> StoreError:
        if isinstance(error, sqlite3.OperationalError) and "locked" in str(error):
            return StoreError(
                f"{self._file}: another process has held it for {store.BUSY_TIMEOUT_S} s; try again"
            )
        return IncompatibleError(
            f"{self._file}: {error}; if the disk is not full and the file is damaged, run: rasd index rebuild"
        )


def _analysed(document: IndexedDocument) -> Analysed:
    article = document.detected.article
    return analysed(article.title, article.body, article.author)
