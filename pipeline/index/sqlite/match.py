"""
The query tree as FTS5 understands it, and as SQL where it does not.

Tokens hold letters and digits only, so none can be mistaken for FTS5's syntax; they are quoted all
the same. Parts that only help the ranking are subsets of what they stand beside, so they never
change what is found: a word written exactly as asked, and two words of the query side by side.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise, product
from typing import Any, Final

from pipeline.answers import SearchRequest
from pipeline.index.document import microseconds
from pipeline.search.reading import fields_of
from pipeline.search.request import Asked
from pipeline.search.terms import ways_of
from pipeline.search.tree import AllOf, AnyOf, Dated, Leaf, Near, Node, Not, Prefix, Value, Words, conjuncts

#: Neighbouring words of a query that are also tried as a phrase.
_PAIRS: Final = 3


@dataclass
class Selection:
    """FROM and WHERE of a request, with their parameters."""

    source: str
    conditions: list[str]
    parameters: list[Any]
    expression: str = ""  #: what FTS5 is asked; "" when it is not
    verified: list[Near] = field(default_factory=list)  #: in the order of the tables `temp.near_0`, …

    @property
    def sql(self) -> str:
        """From FROM on."""
        return f"{self.source} WHERE {' AND '.join(self.conditions)}"


def selection_of(generation: int, asked: Asked) -> Selection:
    """The documents that answer a request."""
    made = Selection(f"FROM documents_{generation} d", ["1"], [])
    parts = conjuncts(asked.query.tree)
    native = [part for part in parts if _native(part)]
    if any(not isinstance(part, Not) for part in native):
        words = f"words_{generation}"
        made.expression = expression(AllOf(tuple(native)), ranked=asked.ranked)
        made.source = f"FROM {words} CROSS JOIN documents_{generation} d ON d.number = {words}.rowid"
        made.conditions.append(f"{words} MATCH ?")
        made.parameters.append(made.expression)
    else:
        native = []
    for part in parts:
        if part not in native:
            made.conditions.append(_condition(part, generation, made))
    _filter(made, generation, asked.request)
    return made


def expression(node: Node, *, ranked: bool = False) -> str:
    """The FTS5 expression of a part that has one."""
    match node:
        case Words():
            return _words(node, ranked=ranked)
        case Prefix(_, start):
            return f'{{{_columns(node, "base")}}} : "{start}" *'
        case Near():
            found = [_near(node, left, right) for left, right in _pairs(node)]
            return f"({' OR '.join(found)})"
        case AnyOf(parts):
            return "(" + " OR ".join(expression(part, ranked=ranked) for part in parts) + ")"
        case AllOf(parts):
            positive = [part for part in parts if not isinstance(part, Not)]
            wanted = [expression(part, ranked=ranked) for part in positive]
            wanted = _side_by_side(positive, wanted) if ranked else wanted
            unwanted = [expression(part.part) for part in parts if isinstance(part, Not)]
            joined = " AND ".join(wanted)
            return f"({joined})" if not unwanted else f"(({joined}) NOT ({' OR '.join(unwanted)}))"
    raise AssertionError(node)


def either(near: Near) -> str:
    """What every document with both operands of a NEAR matches: where to look for their positions."""
    sides = (" OR ".join(_words(words, ranked=False) for words in side) for side in (near.left, near.right))
    return " AND ".join(f"({side})" for side in sides)


def columns(leaf: Leaf, view: str) -> list[str]:
    """The columns a leaf is looked for in."""
    assert isinstance(leaf, Words | Prefix | Near)
    return [f"{name}_{view}" for name in fields_of(leaf)]


def _native(node: Node) -> bool:
    """Whether FTS5 can be asked for all of it in one expression."""
    match node:
        case Words() | Prefix():
            return True
        case Near():
            return not node.ordered and all(_apart(left, right) for left, right in _pairs(node))
        case Not(part):
            return _native(part)
        case AnyOf(parts):
            return all(map(_native, parts))
        case AllOf(parts):
            return all(map(_native, parts))
    return False


def _apart(left: Words, right: Words) -> bool:
    """Whether FTS5's NEAR says what ours does: one view, and no word that could serve both operands."""
    tokens = [{token for slot in words.slots for token in slot} for words in (left, right)]
    return left.view == right.view and tokens[0].isdisjoint(tokens[1])


def _pairs(near: Near) -> Iterator[tuple[Words, Words]]:
    return product(near.left, near.right)


def _words(words: Words, *, ranked: bool) -> str:
    looked = " ".join(columns(words, words.view))
    if ranked and words.view == "stem" and not words.field:
        looked += " lead_stem"  # a part of the body: what stands there counts twice
    found = [f'{{{looked}}} : "{" ".join(way)}"' for way in ways_of(words)]
    if ranked and words.own and words.view != "exact":
        found.append(f'{{{" ".join(columns(words, "exact"))}}} : "{" ".join(words.own)}"')
    return found[0] if len(found) == 1 else f"({' OR '.join(found)})"


def _near(near: Near, left: Words, right: Words) -> str:
    looked = " ".join(columns(near, left.view))
    ways = [
        f'{{{looked}}} : NEAR("{" ".join(one)}" "{" ".join(other)}", {near.within})'
        for one, other in product(ways_of(left), ways_of(right))
    ]
    return " OR ".join(ways)


def _side_by_side(wanted: Sequence[Node], written: Sequence[str]) -> list[str]:
    """Neighbouring words raise each other's rank where they stand side by side."""
    single = [at for at, part in enumerate(wanted) if isinstance(part, Words) and _plain(part)]
    found = list(written)
    for one, other in list(pairwise(single))[:_PAIRS]:
        tokens = [part.slots[0][0] for part in (wanted[one], wanted[other]) if isinstance(part, Words)]
        found[one] = f'({written[one]} OR {{title_stem body_stem}} : "{" ".join(tokens)}")'
    return found


def _plain(words: Words) -> bool:
    return words.view == "stem" and len(words.slots) == 1 and not words.field


def _condition(node: Node, generation: int, made: Selection) -> str:  # noqa: PLR0911 - a case each
    """A part as SQL, its parameters added."""
    if _native(node) and not isinstance(node, Not):
        made.parameters.append(expression(node))
        return f"d.number IN (SELECT rowid FROM words_{generation} WHERE words_{generation} MATCH ?)"
    match node:
        case Near():
            made.verified.append(node)
            return f"d.number IN (SELECT number FROM temp.near_{len(made.verified) - 1})"
        case Value():
            return _value(node, generation, made)
        case Dated():
            return _dated(node, made)
        case Not(part):
            return f"NOT {_condition(part, generation, made)}"
        case AnyOf(parts):
            return "(" + " OR ".join(_condition(part, generation, made) for part in parts) + ")"
        case AllOf(parts):
            return "(" + " AND ".join(_condition(part, generation, made) for part in parts) + ")"
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


def _columns(leaf: Prefix, view: str) -> str:
    return " ".join(columns(leaf, view))
