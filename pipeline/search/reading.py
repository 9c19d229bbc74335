"""
What a query means: the plain reading of its tree on one article.

This is the definition; an engine that disagrees with it is wrong, and a test says so.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from pipeline.arabic.hamza import begins
from pipeline.search.tree import AllOf, AnyOf, Dated, Near, Node, Not, Prefix, Text, Value, Words
from pipeline.search.views import AnalysedField

#: First and last position of words that stand side by side.
Place = tuple[int, int]


@dataclass(frozen=True)
class Read:
    """An article as a query sees it."""

    fields: Mapping[str, AnalysedField]  #: title, body, author
    dated_at: datetime
    topics: frozenset[str] = frozenset()
    outlet: frozenset[str] = frozenset()  #: its id, and the key of its name
    country: str = ""


def matches(tree: Node | None, article: Read) -> bool:
    """Whether an article answers the query; without a tree every article does."""
    match tree:
        case None:
            return True
        case AllOf(parts):
            return all(matches(part, article) for part in parts)
        case AnyOf(parts):
            return any(matches(part, article) for part in parts)
        case Not(part):
            return not matches(part, article)
        case Value() | Dated():
            return _has(tree, article)
        case leaf:
            return any(places(leaf, article.fields[name]) for name in fields_of(leaf))


def fields_of(leaf: Text) -> tuple[str, ...]:
    """The fields a leaf looks at."""
    return (leaf.field,) if leaf.field else ("title", "body")


def places(leaf: Text, field: AnalysedField) -> list[Place]:
    """Where a leaf stands in a field, in order."""
    match leaf:
        case Words():
            return places_of_words(leaf, field.positions(leaf.view))
        case Prefix():
            words = field.kept("base")
            return [(at, at) for at, kept in enumerate(words) if begins(kept, leaf.start, leaf.explicit)]
        case Near():
            left, right = (
                [place for words in side for place in places_of_words(words, field.positions(words.view))]
                for side in (leaf.left, leaf.right)
            )
            return sorted({*close(left, right, leaf.within, ordered=leaf.ordered)})


def places_of_words(words: Words, positions: Mapping[str, Sequence[int]]) -> list[Place]:
    """Where the slots stand side by side, given where each token stands: nowhere is an empty list."""
    found = {at for token in words.slots[0] for at in positions[token]}
    for offset, slot in enumerate(words.slots[1:], start=1):
        found &= {at - offset for token in slot for at in positions[token]}
    return [(at, at + len(words.slots) - 1) for at in sorted(found)]


def close(left: Sequence[Place], right: Sequence[Place], within: int, *, ordered: bool) -> Iterator[Place]:
    """Those of either side that have one of the other near: after the left one, or on any side of it."""
    yield from _followed(left, right, within)
    yield from _following(right, left, within)
    if not ordered:
        yield from _followed(right, left, within)
        yield from _following(left, right, within)


def _followed(ones: Sequence[Place], others: Sequence[Place], within: int) -> Iterator[Place]:
    """Of `ones` those after which one of `others` begins in time."""
    starts = sorted(start for start, _ in others)
    for start, end in ones:
        if bisect_right(starts, end + within + 1) > bisect_right(starts, end):
            yield start, end


def _following(ones: Sequence[Place], others: Sequence[Place], within: int) -> Iterator[Place]:
    """Of `ones` those before which one of `others` ends in time."""
    ends = sorted(end for _, end in others)
    for start, end in ones:
        if bisect_left(ends, start) > bisect_left(ends, start - within - 1):
            yield start, end


def _has(leaf: Value | Dated, article: Read) -> bool:
    match leaf:
        case Value("topic", value):
            return value in article.topics
        case Value("outlet", value):
            return value in article.outlet
        case Value(_, value):
            return value == article.country
        case Dated(_, start, end):
            return (start is None or start <= article.dated_at) and (end is None or article.dated_at < end)
