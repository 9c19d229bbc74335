"""
What a query is once it was read: a tree of parts, each of which an article answers or does not.

The tree is all an engine is given; `pipeline.search.reading` says what it means.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice, pairwise
from typing import Final, NamedTuple

from pipeline.arabic.hamza import folded_of

#: Tokens of which any may stand at one position, folded or carrier-explicit (`pipeline.arabic.hamza`).
Slot = tuple[str, ...]
#: Neighbouring words of a query that are also tried as a phrase.
_PAIRS: Final = 3


@dataclass(frozen=True, slots=True)
class Words:
    """Words side by side in one field, one to a slot; a single one most of the time."""

    form: str  #: as written
    view: str  #: exact | base | stem: which tokens of the text the slots are compared with
    slots: tuple[Slot, ...]
    field: str = ""  #: title | body | author; "": title or body
    own: tuple[str, ...] = ()  #: the exact tokens of what was written: standing so, it ranks higher


@dataclass(frozen=True, slots=True)
class Prefix:
    """Words that begin so, compared without their clitics."""

    form: str
    start: str
    field: str = ""
    explicit: str = ""  #: the start as it was spelled; "" where no alef of it carries anything


@dataclass(frozen=True, slots=True)
class Near:
    """Two operands with at most `within` words between their nearest edges, in one field, sharing none."""

    form: str
    left: tuple[Words, ...]  #: any of them
    right: tuple[Words, ...]
    within: int
    ordered: bool  #: left before right
    field: str = ""


@dataclass(frozen=True, slots=True)
class Value:
    """Articles of a topic, an outlet or a country."""

    facet: str  #: topic | outlet | country
    value: str
    form: str


@dataclass(frozen=True, slots=True)
class Dated:
    """Articles published, or first seen where nobody says when, from `start` to before `end`."""

    form: str
    start: datetime | None
    end: datetime | None


@dataclass(frozen=True, slots=True)
class Not:
    """Where `part` does not match; stands only within `AllOf`."""

    part: Node


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Where at least one part matches."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class AllOf:
    """Where every part matches; holds at least one that is not negated."""

    parts: tuple[Node, ...]


class Pair(NamedTuple):
    """Single words of a query that are neighbours in it."""

    at: int  #: where the first one stands among the parts
    stems: tuple[str, str]  #: folded


Text = Words | Prefix | Near
Leaf = Text | Value | Dated
Node = Leaf | Not | AnyOf | AllOf


def leaves(node: Node, *, negated: bool = True) -> Iterator[Leaf]:
    """Every leaf; those under a negation only where `negated`."""
    match node:
        case Not(part):
            if negated:
                yield from leaves(part)
        case AllOf(parts) | AnyOf(parts):
            for part in parts:
                yield from leaves(part, negated=negated)
        case _:
            yield node


def asked_of(parts: Sequence[Node]) -> list[Node]:
    """Parts as somebody wrote them, without the other ways to write the same."""
    return [part for part in parts if not isinstance(part, Words) or part.own or part.view == "exact"]


def conjuncts(node: Node | None) -> tuple[Node, ...]:
    """The parts that must all hold; a query of one part is that part."""
    match node:
        case None:
            return ()
        case AllOf(parts):
            return tuple(inner for part in parts for inner in conjuncts(part))
        case _:
            return (node,)


def side_by_side(parts: Sequence[Node]) -> list[Pair]:
    """Neighbours that rank an article higher where they stand side by side: the first few."""
    single = [
        (at, folded_of(part.slots[0][0]))
        for at, part in enumerate(parts)
        if isinstance(part, Words) and part.view == "stem" and len(part.slots) == 1 and not part.field
    ]
    return [Pair(at, (one, other)) for (at, one), (_, other) in islice(pairwise(single), _PAIRS)]
