"""
A request as SQL: what FTS5 can be asked in one expression, and conditions for the rest.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from pipeline.answers import SearchRequest
from pipeline.index.document import microseconds
from pipeline.index.sqlite.expression import Expressions
from pipeline.search.request import Asked
from pipeline.search.tree import AllOf, AnyOf, Dated, Near, Node, Not, Value, Words, conjuncts


@dataclass
class Selection:
    """FROM and WHERE of a request, with their parameters."""

    source: str
    conditions: list[str]
    parameters: list[Any]
    ranking: str = ""  #: what FTS5 ranks by; "" when it is not asked for words
    verified: list[Near | Words] = field(default_factory=list)  #: in the order of `temp.verified_0`, …

    @property
    def sql(self) -> str:
        """From FROM on."""
        return f"{self.source} WHERE {' AND '.join(self.conditions)}"


def selection_of(generation: int, asked: Asked, expressions: Expressions) -> Selection:
    """The documents that answer a request."""
    made = Selection(f"FROM documents_{generation} d", ["1"], [])
    parts = conjuncts(asked.query.tree)
    native = [part for part in parts if expressions.is_native(part)]
    if any(not isinstance(part, Not) for part in native):
        words = f"words_{generation}"
        made.source = f"FROM {words} CROSS JOIN documents_{generation} d ON d.number = {words}.rowid"
        made.conditions.append(f"{words} MATCH ?")
        made.parameters.append(expressions.selecting(AllOf(tuple(native))))
        if asked.ranked:
            made.ranking = expressions.ranking(AllOf(tuple(native)))
    else:
        native = []
    for part in parts:
        if part not in native:
            made.conditions.append(_condition(part, generation, made, expressions))
    _filter(made, generation, asked.request)
    return made


def _condition(node: Node, generation: int, made: Selection, expressions: Expressions) -> str:  # noqa: PLR0911 - a case each
    """A part as SQL, its parameters added."""
    if expressions.is_native(node) and not isinstance(node, Not):
        made.parameters.append(expressions.selecting(node))
        return f"d.number IN (SELECT rowid FROM words_{generation} WHERE words_{generation} MATCH ?)"
    match node:
        case Near() | Words():
            made.verified.append(node)
            return f"d.number IN (SELECT number FROM temp.verified_{len(made.verified) - 1})"
        case Value():
            return _value(node, generation, made)
        case Dated():
            return _dated(node, made)
        case Not(part):
            return f"NOT {_condition(part, generation, made, expressions)}"
        case AnyOf(parts):
            return "(" + " OR ".join(_condition(part, generation, made, expressions) for part in parts) + ")"
        case AllOf(parts):
            return "(" + " AND ".join(_condition(part, generation, made, expressions) for part in parts) + ")"
    raise AssertionError(node)


def _value(value: Value, generation: int, made: Selection) -> str:
    made.parameters.append(value.value)
    match value.facet:
        case "topic":
            return f"d.number IN (SELECT number FROM topics_{generation} WHERE topic_id = ?)"
        case "outlet":
            made.parameters.append(value.value)
            return "(d.outlet_id = ? OR d.outlet_key = ?)"
    return "d.country = ?"


def _dated(dated: Dated, made: Selection) -> str:
    edges = [(comparison, at) for comparison, at in ((">=", dated.start), ("<", dated.end)) if at is not None]
    made.parameters += [microseconds(at) for _, at in edges]
    return "(" + " AND ".join(f"d.dated_at {comparison} ?" for comparison, _ in edges) + ")"


def _filter(made: Selection, generation: int, request: SearchRequest) -> None:
    for column, values in (
        ("d.outlet_id", request.outlets),
        ("d.country", request.countries),
        ("d.author", request.authors),
    ):
        if values:
            made.conditions.append(f"{column} IN ({', '.join('?' * len(values))})")
            made.parameters += values
    if request.topics:
        marks = ", ".join("?" * len(request.topics))
        made.conditions.append(
            f"d.number IN (SELECT number FROM topics_{generation} WHERE topic_id IN ({marks}))"
        )
        made.parameters += request.topics
    if request.since is not None or request.until is not None:
        made.conditions.append(_dated(Dated("", request.since, request.until), made))
