"""
Reading the embedded index: the query tree becomes an FTS5 expression over our own tokens.

Tokens hold letters and digits only, so none can be mistaken for FTS5's syntax; they are quoted all
the same.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from pipeline.answers import Counted, SearchHit, SearchPage, SearchRequest
from pipeline.search.query import AllOf, AnyOf, Node, Not, Phrase, Prefix, Word
from pipeline.search.reading import AnalysedField, highlights

#: Of more hits than this only the newest are ranked: ranking reads every hit's postings.
RANKED_AT_MOST: Final = 5_000
#: bm25 weights of title_base, title_stem, body_base, body_stem.
_WEIGHTS: Final = "4.0, 4.0, 1.0, 1.0"

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def expression(tree: Node) -> str:
    """The FTS5 expression of a query tree."""
    match tree:
        case Word(_, stem):
            return f'{{title_stem body_stem}} : "{stem}"'
        case Phrase(_, bases):
            return f'{{title_base body_base}} : "{" ".join(bases)}"'
        case Prefix(_, start):
            return f'{{title_base body_base}} : "{start}" *'
        case AnyOf(parts):
            return "(" + " OR ".join(expression(part) for part in parts) + ")"
        case AllOf(parts):
            wanted = " AND ".join(expression(part) for part in parts if not isinstance(part, Not))
            unwanted = [expression(part.part) for part in parts if isinstance(part, Not)]
            return f"({wanted})" if not unwanted else f"(({wanted}) NOT ({' OR '.join(unwanted)}))"
        case Not():
            raise AssertionError("a negation stands only within AllOf")


@dataclass(frozen=True)
class _Selection:
    """FROM and WHERE of a request, with their parameters."""

    source: str
    condition: str
    parameters: tuple[Any, ...]


def search(
    connection: sqlite3.Connection, generation: int, request: SearchRequest, tree: Node | None
) -> SearchPage:
    """One page of hits, the exact total and the topics' counts."""
    selection = _select(generation, request, tree)
    ((total,),) = _rows(connection, "SELECT count(*)", selection)
    topic_counts = dict(
        connection.execute(
            f"SELECT topic_id, count(*) FROM topics_{generation} WHERE number IN (SELECT d.number "
            f"{selection.source} {selection.condition}) GROUP BY topic_id ORDER BY 2 DESC, 1",
            selection.parameters,
        )
    )
    numbers = _ordered(connection, generation, selection, request, ranked=tree is not None)
    return SearchPage(
        total=total,
        hits=tuple(_hit(connection, generation, number, score, tree) for number, score in numbers),
        facets={"topic": tuple(Counted(value=t, label=t, count=n) for t, n in topic_counts.items())},
    )


def _select(generation: int, request: SearchRequest, tree: Node | None) -> _Selection:
    documents, words = f"documents_{generation} d", f"words_{generation}"
    source, conditions, parameters = f"FROM {documents}", ["1"], list[Any]()
    if tree is not None:
        source = f"FROM {words} CROSS JOIN {documents} ON d.number = {words}.rowid"
        conditions.append(f"{words} MATCH ?")
        parameters.append(expression(tree))
    for column, values in (("d.outlet_id", request.outlets), ("d.country", request.countries)):
        if values:
            conditions.append(f"{column} IN ({', '.join('?' * len(values))})")
            parameters += values
    if request.topics:
        marks = ", ".join("?" * len(request.topics))
        conditions.append(f"d.number IN (SELECT number FROM topics_{generation} WHERE topic_id IN ({marks}))")
        parameters += request.topics
    for comparison, edge in ((">=", request.since), ("<", request.until)):
        if edge is not None:
            conditions.append(f"d.dated_at {comparison} ?")
            parameters.append(_microseconds(edge))
    return _Selection(source, "WHERE " + " AND ".join(conditions), tuple(parameters))


def _ordered(
    connection: sqlite3.Connection,
    generation: int,
    selection: _Selection,
    request: SearchRequest,
    *,
    ranked: bool,
) -> list[tuple[int, float]]:
    paging = (request.limit, request.offset)
    if request.sort == "relevance" and ranked:
        return connection.execute(
            "SELECT number, -score FROM (SELECT d.number, d.dated_at, d.document_id, "
            f"bm25(words_{generation}, {_WEIGHTS}) AS score "
            f"{selection.source} {selection.condition} ORDER BY d.dated_at DESC LIMIT {RANKED_AT_MOST}) "
            "ORDER BY score, dated_at DESC, document_id LIMIT ? OFFSET ?",
            (*selection.parameters, *paging),
        ).fetchall()
    direction = "ASC" if request.sort == "oldest" else "DESC"
    return [
        (number, 0.0)
        for (number,) in connection.execute(
            f"SELECT d.number {selection.source} {selection.condition} "
            f"ORDER BY d.dated_at {direction}, d.document_id LIMIT ? OFFSET ?",
            (*selection.parameters, *paging),
        )
    ]


def _rows(connection: sqlite3.Connection, what: str, selection: _Selection) -> list[tuple[Any, ...]]:
    return connection.execute(
        f"{what} {selection.source} {selection.condition}", selection.parameters
    ).fetchall()


def _hit(
    connection: sqlite3.Connection, generation: int, number: int, score: float, tree: Node | None
) -> SearchHit:
    row = connection.execute(
        "SELECT d.document_id, t.url, t.title, d.outlet_id, t.outlet_title, d.country, t.published_at, "
        f"d.dated_at, t.body, t.withdrawn_at FROM documents_{generation} d "
        f"JOIN texts_{generation} t USING (number) WHERE number = ?",
        (number,),
    ).fetchone()
    topics = connection.execute(
        f"SELECT topic_id FROM topics_{generation} WHERE number = ? ORDER BY 1",
        (number,),
    )
    return SearchHit(
        document_id=row[0],
        url=row[1],
        title=row[2],
        outlet_id=row[3],
        outlet_title=row[4],
        country=row[5],
        published_at=_datetime(row[6]),
        dated_at=_EPOCH + timedelta(microseconds=row[7]),
        body=row[8],
        withdrawn_at=_datetime(row[9]),
        topics=tuple(topic_id for (topic_id,) in topics),
        score=score,
        highlights=highlights(tree, {"title": AnalysedField(row[2]), "body": AnalysedField(row[8])}),
    )


def _microseconds(at: datetime) -> int:
    return round(at.timestamp() * 1_000_000)


def _datetime(at: int | None) -> datetime | None:
    return None if at is None else _EPOCH + timedelta(microseconds=at)
