"""
The query tree as Elasticsearch understands it: term, phrase, prefix and interval queries on our own
tokens. No analyst's text is ever parsed by the server.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import product
from typing import Any, Final

from pipeline.answers import SearchRequest
from pipeline.arabic.hamza import MARK, alefs_of, folded_of, meeting
from pipeline.index.document import microseconds
from pipeline.search.reading import fields_of
from pipeline.search.request import HALVED_AFTER, Asked
from pipeline.search.terms import ways_of
from pipeline.search.tree import (
    AllOf,
    AnyOf,
    Dated,
    Near,
    Node,
    Not,
    Prefix,
    Value,
    Words,
    conjuncts,
    side_by_side,
)

Clause = dict[str, Any]

#: What stands in a title or a lead says more than what stands in a body.
_BOOSTS: Final = {"title": 4.0, "lead": 1.5, "body": 1.0, "author": 1.0}
#: A word written exactly as asked says more than another form of it.
_EXACT: Final = 0.5


def query_of(asked: Asked) -> Clause:
    """The query of a request, filters and ranking with it."""
    tree = asked.query.tree
    ranked = asked.ranked
    query: Clause = {
        "bool": {
            "must": [clause(tree, ranked=ranked)] if tree else [],
            "filter": list(_filters(asked.request)),
            "should": _side_by_side(tree) if ranked else [],
            "minimum_should_match": 0,
        }
    }
    if asked.request.sort != "fresh":
        return query
    decay = {"origin": asked.now.isoformat(), "scale": f"{HALVED_AFTER.days}d", "decay": 0.5}
    return {"function_score": {"query": query, "exp": {"dated_at": decay}, "boost_mode": "multiply"}}


def clause(node: Node, *, ranked: bool = True) -> Clause:  # noqa: PLR0911 - a case each
    """The query of a part."""
    match node:
        case Words():
            return _words(node, ranked=ranked)
        case Prefix():
            return _any([_prefix(node, f"{name}_base") for name in fields_of(node)])
        case Near():
            return _any([_near(node, name) for name in fields_of(node)])
        case Value("outlet", value):
            return _silent(_any([{"term": {"outlet_id": value}}, {"term": {"outlet_key": value}}]))
        case Value(facet, value):
            return _silent({"term": {"topics" if facet == "topic" else facet: value}})
        case Dated(_, start, end):
            return _silent(between(start, end))
        case AnyOf(parts):
            return _any([clause(part, ranked=ranked) for part in parts])
        case AllOf(parts):
            return {
                "bool": {
                    "must": [clause(part, ranked=ranked) for part in parts if not isinstance(part, Not)],
                    "must_not": [clause(part.part, ranked=False) for part in parts if isinstance(part, Not)],
                }
            }
        case Not():
            raise AssertionError("a negation stands only within AllOf")


def _words(words: Words, *, ranked: bool) -> Clause:
    if len(words.slots) > 1 or words.view == "exact":
        found = [
            _in_field(f"{name}_{words.view}", way, _BOOSTS[name])
            for name in fields_of(words)
            for way in ways_of(words)
        ]
        return _any(found + (_as_written(words) if ranked else []))
    (slot,) = words.slots
    looked = [{"terms": {f"{name}_{words.view}": list(slot)}} for name in fields_of(words)]
    folded = list(dict.fromkeys(map(folded_of, slot)))
    if not ranked:
        return _any(looked)
    ranking = _any([*_anywhere(words, folded), *_as_written(words)])
    # Ranked by the folded word, or the rarer of its spellings would count for more.
    return ranking if folded == list(slot) else {"bool": {"must": [ranking], "filter": [_any(looked)]}}


def _anywhere(words: Words, folded: Sequence[str]) -> list[Clause]:
    """Single words in each field, and in the lead: a part of the body, so it counts twice."""
    names = fields_of(words)
    if words.view == "stem" and not words.field:
        names = (*names, "lead")
    return [_in_field(f"{name}_{words.view}", (token,), _BOOSTS[name]) for name in names for token in folded]


def _as_written(words: Words) -> list[Clause]:
    if not words.own or words.view == "exact":
        return []
    return [_in_field(f"{name}_exact", words.own, _EXACT * _BOOSTS[name]) for name in fields_of(words)]


def _prefix(prefix: Prefix, field: str) -> Clause:
    if not prefix.explicit:
        return {"prefix": {field: {"value": prefix.start}}}
    alefs = "".join(f"[{''.join(meeting(alef))}]" for alef in alefs_of(prefix.explicit))
    return {"regexp": {field: {"value": f"{prefix.start}[^{MARK}]*{MARK}{alefs}.*"}}}


def _in_field(field: str, tokens: Sequence[str], boost: float) -> Clause:
    if len(tokens) == 1:
        return {"term": {field: {"value": tokens[0], "boost": boost}}}
    return {"match_phrase": {field: {"query": " ".join(tokens), "boost": boost}}}


def _near(near: Near, name: str) -> Clause:
    """One operand after the other, or the other after it: in order, they share no word."""
    pairs = [(_rule(left, name), _rule(right, name)) for left, right in product(near.left, near.right)]
    ways = pairs if near.ordered else [*pairs, *(pair[::-1] for pair in pairs)]
    rules = [{"all_of": {"intervals": list(way), "ordered": True, "max_gaps": near.within}} for way in ways]
    return {"intervals": {f"{name}_base": {"any_of": {"intervals": rules}}}}


def _rule(words: Words, name: str) -> Clause:
    field = f"{name}_{words.view}"
    matches = [
        {
            "match": {
                "query": " ".join(way),
                "ordered": True,
                "max_gaps": 0,
                "use_field": field,
                "analyzer": "whitespace",
            }
        }
        for way in ways_of(words)
    ]
    return matches[0] if len(matches) == 1 else {"any_of": {"intervals": matches}}


def _side_by_side(tree: Node | None) -> list[Clause]:
    """Neighbouring words raise each other's rank where they stand side by side."""
    return [
        _in_field(f"{name}_stem", pair.stems, _BOOSTS[name])
        for pair in side_by_side(conjuncts(tree))
        for name in ("title", "body")
    ]


def _any(clauses: list[Clause]) -> Clause:
    return clauses[0] if len(clauses) == 1 else {"bool": {"should": clauses, "minimum_should_match": 1}}


def _silent(found: Clause) -> Clause:
    """A part that decides and does not rank."""
    return {"constant_score": {"filter": found, "boost": 0.0}}


def between(start: datetime | None, end: datetime | None) -> Clause:
    """The filter of a time, exact to the microsecond."""
    edges = {name: microseconds(at) for name, at in (("gte", start), ("lt", end)) if at is not None}
    return {"range": {"dated_us": edges}}


def _filters(request: SearchRequest) -> Iterator[Clause]:
    for field, values in (
        ("outlet_id", request.outlets),
        ("country", request.countries),
        ("topics", request.topics),
        ("author", request.authors),
    ):
        if values:
            yield {"terms": {field: list(values)}}
    if request.since is not None or request.until is not None:
        yield between(request.since, request.until)
