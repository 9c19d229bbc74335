"""
Reading the embedded index.

What answers a request is written once into a temporary table; totals, facets, timeline and order are
read from it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from typing import Any, Final, NamedTuple

from pipeline.answers import Bucket, Counted, SearchHit
from pipeline.index.document import instant, microseconds
from pipeline.index.found import Found, hit_of
from pipeline.index.sqlite import verify
from pipeline.index.sqlite.expression import Expressions
from pipeline.index.sqlite.match import Selection, selection_of
from pipeline.index.sqlite.vocabulary import Vocabulary
from pipeline.index.sqlite.write import QUARTER_US
from pipeline.search import timeline
from pipeline.search.request import FACET_SIZE, HALVED_AFTER, Asked
from pipeline.search.tree import Node

#: Of more hits than this only the newest are ranked: ranking reads every hit's postings.
RANKED_AT_MOST: Final = 5_000
#: bm25 weights in the order of TOKEN_FIELDS: what stands in a title or a lead says more.
_WEIGHTS: Final = "2.0, 4.0, 4.0, 1.5, 0.5, 1.0, 1.0, 0.5, 1.0"
_HALVED_US: Final = HALVED_AFTER // timedelta(microseconds=1)

#: Number of a document, and its score.
Placed = tuple[int, float]


class Counts(NamedTuple):
    """What is counted over everything found, named as in a `SearchPage`."""

    total_collapsed: int
    undated: int
    facets: dict[str, tuple[Counted, ...]]
    timeline: tuple[Bucket, ...]
    timeline_by: str


class Answers:
    """Everything that answers one request, in a temporary table of `connection`."""

    def __init__(
        self, connection: sqlite3.Connection, generation: int, asked: Asked, check: Callable[[], None]
    ) -> None:
        self._connection = connection
        self._generation = generation
        self._asked = asked
        vocabulary = Vocabulary(connection, generation)
        self._selection = selection_of(generation, asked, Expressions(vocabulary))
        for number, part in enumerate(self._selection.verified):
            verify.verify(connection, vocabulary, number, part, check)
        self._fill(self._selection)

    def total(self) -> int:
        """How many documents."""
        return self._one("SELECT count(*) FROM temp.found")

    def counts(self) -> Counts:
        """Both totals, facets and timeline."""
        by, drawn = self._timeline()
        return Counts(
            total_collapsed=self._one("SELECT count(DISTINCT copy_key) FROM temp.found"),
            undated=self._one("SELECT count(*) FROM temp.found WHERE NOT is_dated"),
            facets={
                "topic": self._topics(),
                "outlet": self._outlets(),
                "country": self._facet("country"),
                "author": self._facet("author"),
            },
            timeline=drawn,
            timeline_by=by,
        )

    def ordered(self) -> Iterator[Placed]:
        """Everything in order; what is not ranked comes after what is, newest first."""
        if not self._asked.ranked or not self._selection.ranking:
            yield from ((number, 0.0) for number in self._by_date())
            return
        ranked = self._ranked()
        yield from ranked
        done = {number for number, _ in ranked}
        yield from ((number, 0.0) for number in self._by_date() if number not in done)

    def collapsed(self, ordered: Iterator[Placed]) -> Iterator[Placed]:
        """The same with the best placed of near-copies alone."""
        keys = dict(self._connection.execute("SELECT number, copy_key FROM temp.found"))
        seen: set[int] = set()
        for number, score in ordered:
            if keys[number] not in seen:
                seen.add(keys[number])
                yield number, score

    def by_date(self, after: tuple[int, str] | None, limit: int) -> list[Placed]:
        """A page by date, of those that come after a date and id."""
        older = self._asked.request.sort == "oldest"
        condition, parameters = "", list[Any]()
        if after is not None:
            comparison = ">" if older else "<"
            condition = f"WHERE dated_at {comparison} ? OR (dated_at = ? AND document_id > ?)"
            parameters = [after[0], after[0], after[1]]
        rows = self._connection.execute(
            f"SELECT number FROM temp.found {condition} "
            f"ORDER BY dated_at {'ASC' if older else 'DESC'}, document_id LIMIT ?",
            (*parameters, limit),
        )
        return [(number, 0.0) for (number,) in rows]

    def date_key(self, number: int) -> tuple[int, str]:
        """Where a document stands in an order by date."""
        rows = self._connection.execute(
            "SELECT dated_at, document_id FROM temp.found WHERE number = ?", (number,)
        )
        ((dated_at, document_id),) = rows
        return dated_at, document_id

    def holds(self, number: int) -> bool:
        """Whether a document is still among those found."""
        return bool(self._one(f"SELECT count(*) FROM temp.found WHERE number = {number}"))

    def copies(self, number: int) -> int:
        """How many of those found are near-copies of one of them, itself included."""
        return self._one(
            f"SELECT count(*) FROM temp.found WHERE copy_key = (SELECT copy_key FROM "
            f"documents_{self._generation} WHERE number = {number})"
        )

    def _fill(self, selection: Selection) -> None:
        self._connection.execute(
            "CREATE TEMP TABLE IF NOT EXISTS found (number INTEGER PRIMARY KEY, dated_at INTEGER, "
            "document_id TEXT, is_dated INTEGER, outlet_id TEXT, country TEXT, author TEXT, copy_key INTEGER)"
        )
        self._connection.execute("DELETE FROM temp.found")
        self._connection.execute(
            "INSERT INTO temp.found SELECT d.number, d.dated_at, d.document_id, d.is_dated, d.outlet_id, "
            f"d.country, d.author, d.copy_key {selection.sql}",
            selection.parameters,
        )

    def _ranked(self) -> list[Placed]:
        """The newest of those found, best first."""
        words = f"words_{self._generation}"
        rows = self._connection.execute(
            f"SELECT f.number, -bm25({words}, {_WEIGHTS}) AS score, f.dated_at, f.document_id "
            f"FROM {words} CROSS JOIN (SELECT number, dated_at, document_id FROM temp.found "
            f"ORDER BY dated_at DESC, document_id LIMIT {RANKED_AT_MOST}) f ON f.number = {words}.rowid "
            f"WHERE {words} MATCH ? ORDER BY score DESC, f.dated_at DESC, f.document_id",
            (self._selection.ranking,),
        )
        if self._asked.request.sort != "fresh":
            return [(number, score) for number, score, _, _ in rows]
        now = microseconds(self._asked.now)
        aged = [
            (score * 0.5 ** (max(0, now - dated_at) / _HALVED_US), dated_at, document_id, number)
            for number, score, dated_at, document_id in rows
        ]
        aged.sort(key=lambda row: (-row[0], -row[1], row[2]))
        return [(number, score) for score, _, _, number in aged]

    def _by_date(self) -> Iterator[int]:
        direction = "ASC" if self._asked.request.sort == "oldest" else "DESC"
        rows = self._connection.execute(
            f"SELECT number FROM temp.found ORDER BY dated_at {direction}, document_id"
        )
        return (number for (number,) in rows)

    def _topics(self) -> tuple[Counted, ...]:
        return self._counted(
            f"SELECT topic_id, topic_id, count(*) FROM topics_{self._generation} "
            "WHERE number IN (SELECT number FROM temp.found) GROUP BY 1 ORDER BY 3 DESC, 1"
        )

    def _outlets(self) -> tuple[Counted, ...]:
        return self._counted(
            "SELECT outlet_id, outlet_title, articles FROM (SELECT outlet_id, max(number) AS newest, "
            "count(*) AS articles FROM temp.found GROUP BY outlet_id) "
            f"JOIN texts_{self._generation} ON number = newest ORDER BY articles DESC, outlet_id"
        )

    def _facet(self, column: str) -> tuple[Counted, ...]:
        return self._counted(
            f"SELECT {column}, {column}, count(*) FROM temp.found WHERE {column} <> '' "
            "GROUP BY 1 ORDER BY 3 DESC, 1"
        )

    def _counted(self, sql: str) -> tuple[Counted, ...]:
        rows = self._connection.execute(f"{sql} LIMIT {FACET_SIZE}")
        return tuple(Counted(value=value, label=label, count=count) for value, label, count in rows)

    def _timeline(self) -> tuple[str, tuple[Bucket, ...]]:
        request = self._asked.request
        found = self._connection.execute(
            f"SELECT dated_at / {QUARTER_US}, count(*) FROM temp.found GROUP BY 1"
        ).fetchall()
        step = timeline.step_of(request.timeline_by, *self._asked.edges, self._asked.now)
        counts = timeline.summed(self._instants(found), step, request.zone)
        drawn = timeline.step_drawn(request.timeline_by, step, len(counts))
        if drawn != step:
            counts = timeline.summed(counts.items(), drawn, request.zone)
        coverage = timeline.summed(self._instants(self._coverage(found)), drawn, request.zone)
        return drawn, timeline.buckets(counts, coverage)

    def _coverage(self, found: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
        """All articles of the time that what was found spans, and a month around it."""
        if not found:
            return []
        month = 32 * 86_400_000_000 // QUARTER_US
        first, last = min(found)[0] - month, max(found)[0] + month
        return self._connection.execute(
            f"SELECT quarter, articles FROM quarters_{self._generation} WHERE quarter BETWEEN ? AND ?",
            (first, last),
        ).fetchall()

    def _instants(self, quarters: Sequence[tuple[int, int]]) -> Iterator[tuple[Any, int]]:
        return ((instant(quarter * QUARTER_US), count) for quarter, count in quarters)

    def _one(self, sql: str) -> int:
        ((value,),) = self._connection.execute(sql)
        return int(value)


def hit(
    connection: sqlite3.Connection,
    generation: int,
    placed: Placed,
    tree: Node | None = None,
    *,
    copies: int = 1,
) -> SearchHit:
    """One document as it is shown."""
    number, score = placed
    row = connection.execute(
        "SELECT d.document_id, t.url, t.title, t.body, t.author, d.outlet_id, t.outlet_title, d.country, "
        f"t.published_at, d.dated_at, t.withdrawn_at FROM documents_{generation} d "
        f"JOIN texts_{generation} t USING (number) WHERE number = ?",
        (number,),
    ).fetchone()
    topics = connection.execute(
        f"SELECT topic_id FROM topics_{generation} WHERE number = ? ORDER BY 1", (number,)
    )
    found = Found._make((*row, tuple(topic_id for (topic_id,) in topics)))
    return hit_of(found, tree, score=score, copies=copies)
