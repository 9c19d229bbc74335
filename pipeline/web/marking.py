"""
Texts cut where marks begin and end, so that a template can wrap each piece, escaped, by itself.

Spans are code points of the text as published, end exclusive; they may overlap and be out of order.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from pipeline.records import Hit, TopicMatch


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text, and what is said of all of it."""

    text: str
    marks: tuple[str, ...] = ()
    title: str = ""  #: what somebody who stays upon it is told


@dataclass(frozen=True, slots=True)
class Mark:
    """That something is said of a span."""

    start: int
    end: int
    name: str
    title: str = ""


def pieces(text: str, marks: Iterable[Mark], *, start: int = 0, end: int | None = None) -> list[Piece]:
    """`text` from `start` to `end` in pieces.

    >>> [(piece.text, piece.marks) for piece in pieces("abcd", [Mark(1, 3, "x"), Mark(2, 4, "y")])]
    [('a', ()), ('b', ('x',)), ('c', ('x', 'y')), ('d', ('y',))]
    """
    last = len(text) if end is None else end
    within = [mark for mark in marks if mark.start < last and mark.end > start]
    edges = sorted(
        {start, last} | {max(mark.start, start) for mark in within} | {min(mark.end, last) for mark in within}
    )
    return [_piece(text, begin, stop, within) for begin, stop in pairwise(edges) if begin < stop]


def spanned(text: str, spans: Iterable[tuple[int, int]]) -> list[Piece]:
    """A highlight's pieces."""
    return pieces(text, [Mark(start, end, "found") for start, end in spans])


def paragraphs(text: str, marks: Sequence[Mark]) -> Iterator[list[Piece]]:
    """A text, a paragraph at a time."""
    position = 0
    for line in text.split("\n"):
        if line.strip():
            yield pieces(text, marks, start=position, end=position + len(line))
        position += len(line) + 1


def evidence(matches: Sequence[TopicMatch], field: str) -> list[Mark]:
    """The hits of all topics in a field; what a guard cancelled is marked as such."""
    return [
        Mark(hit.start, hit.end, _name(number, hit), _title(match, hit))
        for number, match in enumerate(matches, start=1)
        for hit in match.hits
        if hit.field == field
    ]


def _name(number: int, hit: Hit) -> str:
    return "cancelled" if hit.cancelled_by else f"topic-{min(number, 4)}"


def _title(match: TopicMatch, hit: Hit) -> str:
    reason = f", {hit.cancelled_by}" if hit.cancelled_by else f", {hit.weight:g}"
    return f"{match.topic_id}: {hit.term}{reason}"


def _piece(text: str, start: int, end: int, marks: Sequence[Mark]) -> Piece:
    upon = [mark for mark in marks if mark.start <= start and mark.end >= end]
    names = tuple(dict.fromkeys(mark.name for mark in upon))
    return Piece(text[start:end], names, " · ".join(dict.fromkeys(mark.title for mark in upon if mark.title)))
