"""
Candidates for similar coverage from the embedded index.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from pipeline.answers import SearchHit, SimilarRequest
from pipeline.arabic.hamza import MARK, is_ambiguous
from pipeline.index.document import instant, microseconds
from pipeline.index.frequencies import Frequencies
from pipeline.index.sqlite import read
from pipeline.index.sqlite.expression import looked_up
from pipeline.index.sqlite.vocabulary import LAST
from pipeline.search.report import READ_CHARS, Candidate
from pipeline.search.similar import best_of_copies, similar

#: Documents whose postings are read for ranking, about: commoner words are left out beyond it.
_POSTINGS: Final = 20_000
#: bm25 weights in the order of TOKEN_FIELDS.
_WEIGHTS: Final = "0.0, 0.0, 1.5, 1.0, 0.0, 0.0, 1.0, 0.0, 0.0"


def hits(
    connection: sqlite3.Connection, generation: int, request: SimilarRequest, known: Frequencies
) -> tuple[SearchHit, ...]:
    """Other reports of the event of a request's article."""
    wanted = _with_text(connection, generation, request)
    if wanted is None:
        return ()
    source = SqliteSource(connection, generation, known)
    shown = best_of_copies(similar(source, wanted), source.copy_keys, collapse=request.collapse)
    return tuple(
        read.hit(connection, generation, (source.numbers[name], score), copies=copies)
        for name, score, copies in shown[: request.limit]
    )


def _with_text(
    connection: sqlite3.Connection, generation: int, request: SimilarRequest
) -> SimilarRequest | None:
    if not request.document_id:
        return request
    row = connection.execute(
        f"SELECT title, body, published_at FROM texts_{generation} "
        f"JOIN documents_{generation} USING (number) WHERE document_id = ?",
        (request.document_id,),
    ).fetchone()
    if row is None:
        return None
    title, body, published_at = row
    return replace(
        request,
        title=title,
        body=body,
        published_at=None if published_at is None else instant(published_at),
        exclude=(*request.exclude, request.document_id),
    )


class SqliteSource:
    """One generation, within one reading transaction."""

    def __init__(self, connection: sqlite3.Connection, generation: int, known: Frequencies) -> None:
        self._connection = connection
        self._generation = generation
        self.numbers: dict[str, int] = {}  #: of the candidates given so far, and their keys
        self.copy_keys: dict[str, int] = {}
        rows = connection.execute(f"SELECT total(articles) FROM quarters_{generation}")
        self._size = int(rows.fetchone()[0])
        self._known = known.of(generation, self._size)
        connection.execute(
            f"CREATE VIRTUAL TABLE IF NOT EXISTS temp.stems_{generation} "
            f"USING fts5vocab('main', 'words_{generation}', 'col')"
        )

    def size(self) -> int:
        """Documents there are."""
        return self._size

    def frequencies(self, stems: Sequence[str]) -> Mapping[str, int]:
        """In how many bodies each stem stands."""
        sql = (
            f"SELECT total(doc) FROM temp.stems_{self._generation} "
            "WHERE term >= ? AND term <= ? AND col = 'body_stem'"
        )
        for stem in stems:
            if stem not in self._known:
                # A body with a word in two spellings counts twice, which is near enough.
                ends = (f"{stem}{MARK}", f"{stem}{MARK}{LAST}") if is_ambiguous(stem) else (stem, stem)
                self._known[stem] = int(self._connection.execute(sql, ends).fetchone()[0])
        return self._known

    def candidates(self, stems: Sequence[str], request: SimilarRequest, limit: int) -> list[Candidate]:
        """Documents with any of the rarer stems, best first."""
        words, documents = f"words_{self._generation}", f"documents_{self._generation}"
        asked = " OR ".join(map(looked_up, self._rarest(stems)))
        conditions, parameters = (
            [f"{words} MATCH ?"],
            list[Any]([f"{{title_stem lead_stem body_stem}} : ({asked})"]),
        )
        for comparison, edge in ((">=", request.since), ("<", request.until)):
            if edge is not None:
                conditions.append(f"d.dated_at {comparison} ?")
                parameters.append(microseconds(edge))
        excluded = ", ".join("?" * len(request.exclude))
        best = (
            f"SELECT {words}.rowid AS number, d.document_id, d.copy_key, bm25({words}, {_WEIGHTS}) AS worse "
            f"FROM {words} CROSS JOIN {documents} d ON d.number = {words}.rowid "
            f"WHERE {' AND '.join(conditions)} AND d.document_id NOT IN ({excluded}) "
            "ORDER BY worse, d.document_id LIMIT ?"
        )
        rows = self._connection.execute(
            f"SELECT document_id, title, substr(body, 1, {READ_CHARS}), published_at, number, copy_key "
            f"FROM ({best}) JOIN texts_{self._generation} USING (number) ORDER BY worse, document_id",
            (*parameters, *request.exclude, limit),
        )
        found = []
        for name, title, body, at, number, copy_key in rows:
            self.numbers[name], self.copy_keys[name] = number, copy_key
            found.append(Candidate(name, title, body, None if at is None else instant(at)))
        return found

    def _rarest(self, stems: Sequence[str]) -> list[str]:
        found: list[str] = []
        postings = 0
        for stem in sorted(stems, key=lambda stem: self.frequencies([stem])[stem]):
            postings += self._known[stem]
            if len(found) > 1 and postings > _POSTINGS:
                break
            found.append(stem)
        return found
