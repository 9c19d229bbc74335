"""
What a reader is shown of an article found: pieces of the published text with the spans that answer
the query, and the reasons in a few words.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from pipeline.answers import Highlight, Reason
from pipeline.search.reading import fields_of, places
from pipeline.search.tree import Node, Text, leaves
from pipeline.search.views import AnalysedField

#: Letters of text shown around a highlight.
_AROUND: Final = 90
#: Pieces of a body shown at most.
_PIECES: Final = 3

Span = tuple[int, int]


def highlights(tree: Node | None, fields: Mapping[str, AnalysedField]) -> tuple[Highlight, ...]:
    """Pieces of title and body.

    A field without spans gives its beginning, so that a hit always shows something.
    """
    return tuple(
        piece
        for name in ("title", "body")
        for piece in _pieces(name, fields[name], spans_of(tree, fields, name))
    )


def reasons(tree: Node | None, fields: Mapping[str, AnalysedField]) -> tuple[Reason, ...]:
    """For each part of the query that is there, its commonest form in each field."""
    return tuple(
        reason
        for leaf in _wanted(tree)
        for name in fields_of(leaf)
        for reason in _reason(leaf, name, fields[name])
    )


def spans_of(tree: Node | None, fields: Mapping[str, AnalysedField], name: str) -> list[Span]:
    """Spans of a field that speak for the query, in order, none overlapping."""
    field = fields[name]
    found = sorted(
        {
            field.span(*place)
            for leaf in _wanted(tree)
            if name in fields_of(leaf)
            for place in places(leaf, field)
        }
    )
    return list(_merged(found))


def _wanted(tree: Node | None) -> list[Text]:
    return [] if tree is None else [leaf for leaf in leaves(tree, negated=False) if isinstance(leaf, Text)]


def _reason(leaf: Text, name: str, field: AnalysedField) -> Iterator[Reason]:
    forms = Counter(field.text[slice(*field.span(*place))] for place in places(leaf, field))
    if forms:
        yield Reason(asked=leaf.form, form=forms.most_common(1)[0][0], field=name, count=forms.total())


def _merged(spans: Iterable[Span]) -> Iterator[Span]:
    held: Span | None = None
    for start, end in spans:
        if held and start < held[1]:
            held = held[0], max(held[1], end)
            continue
        if held:
            yield held
        held = start, end
    if held:
        yield held


def _pieces(name: str, field: AnalysedField, spans: list[Span]) -> Iterator[Highlight]:
    if name == "title":
        yield Highlight(field=name, text=field.text, spans=tuple(spans))
        return
    shown: set[str] = set()
    for begin, end in _stretches(field.text, spans):
        text = field.text[begin:end]
        if text in shown:
            continue
        shown.add(text)
        within = tuple((a - begin, b - begin) for a, b in spans if begin <= a and b <= end)
        yield Highlight(field=name, text=text, spans=within)
        if len(shown) == _PIECES:
            return
    if not spans and field.text:
        yield Highlight(field=name, text=field.text[: _window(field.text, 0)[1]], spans=())


def _stretches(text: str, spans: Sequence[Span]) -> Iterator[Span]:
    """Stretches of text around spans: none begins before the one before it has ended, or cuts a span."""
    done = 0
    for start, end in spans:
        if start < done:
            continue
        begin, until = _window(text, start)
        until = max([until, end, *(b for a, b in spans if a < until)])
        begin = max(begin, done)
        yield start - len(text[begin:start].lstrip()), until
        done = until


def _window(text: str, around: int) -> Span:
    """A stretch of text around a position, cut between words."""
    begin, end = max(0, around - _AROUND), min(len(text), around + _AROUND)
    if begin:
        begin = text.find(" ", begin, around) + 1 or begin
    if end < len(text):
        end = max(text.rfind(" ", around, end), around + 1) if " " in text[around:end] else end
    return begin, end
