"""
What a query means: the plain reading of its tree on one article, and the spans that answer it.

This is the definition; an engine that disagrees with it is wrong, and a test says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from pipeline.answers import Highlight
from pipeline.arabic.stems import base, stem
from pipeline.arabic.words import WORD, folded_form, words
from pipeline.arabic.words import Word as Token
from pipeline.search.query import AllOf, AnyOf, Leaf, Node, Not, Phrase, Prefix, Word, cut, leaves

#: Letters of text shown around a highlight.
_AROUND: Final = 90
#: Pieces of a body shown at most.
_PIECES: Final = 3
#: Distinct forms remembered; above it the memory starts anew, so that it stays flat over years.
_REMEMBERED: Final = 300_000

Span = tuple[int, int]


class _Views(dict[str, tuple[str, str]]):
    """A word as published → its base and its stem, as engines keep them."""

    def __missing__(self, form: str) -> tuple[str, str]:
        if len(self) >= _REMEMBERED:
            self.clear()
        folded = folded_form(form)
        views = self[form] = (cut(base(folded)), cut(stem(folded))) if folded else ("", "")
        return views


_views: Final = _Views()


def token_views(text: str) -> tuple[str, str]:
    """Bases and stems of `text`, each separated by blanks: what engines are given.

    The same words as `AnalysedField` has, three times as fast, since no positions are kept.
    """
    pairs = [_views[form] for form in WORD.findall(text)]
    return " ".join([base for base, _ in pairs]), " ".join([stem for _, stem in pairs])


@dataclass(frozen=True)
class AnalysedField:
    """A field's words, with its views of equal positions."""

    text: str

    @cached_property
    def tokens(self) -> list[Token]:
        return words(self.text)

    @cached_property
    def bases(self) -> list[str]:
        """The view of phrases and prefixes."""
        return [_views[token.form][0] for token in self.tokens]

    @cached_property
    def stems(self) -> list[str]:
        """The view of words."""
        return [_views[token.form][1] for token in self.tokens]


def matches(tree: Node | None, fields: Mapping[str, AnalysedField]) -> bool:
    """Whether an article answers the query; without a tree every article does."""
    match tree:
        case None:
            return True
        case AllOf(parts):
            return all(matches(part, fields) for part in parts)
        case AnyOf(parts):
            return any(matches(part, fields) for part in parts)
        case Not(part):
            return not matches(part, fields)
        case leaf:
            return any(next(_spans(leaf, field), None) is not None for field in fields.values())


def highlights(tree: Node | None, fields: Mapping[str, AnalysedField]) -> tuple[Highlight, ...]:
    """Pieces of the published text with the spans that answer the query.

    A field without spans gives its beginning, so that a hit always shows something.
    """
    return tuple(
        piece for name, field in fields.items() for piece in _pieces(name, field, spans_of(tree, field))
    )


def spans_of(tree: Node | None, field: AnalysedField) -> list[Span]:
    """Spans of `field` that speak for the query, in order, none overlapping."""
    found = sorted({span for leaf in _wanted(tree) for span in _spans(leaf, field)})
    return list(_merged(found))


def _wanted(tree: Node | None) -> Iterable[Leaf]:
    return () if tree is None else leaves(tree, negated=False)


def _spans(leaf: Leaf, field: AnalysedField) -> Iterator[Span]:
    match leaf:
        case Word(_, wanted):
            yield from (_span(field, i) for i, found in enumerate(field.stems) if found == wanted)
        case Prefix(_, start):
            yield from (_span(field, i) for i, found in enumerate(field.bases) if found.startswith(start))
        case Phrase(_, bases):
            size = len(bases)
            for i in range(len(field.bases) - size + 1):
                if tuple(field.bases[i : i + size]) == bases:
                    yield field.tokens[i].start, field.tokens[i + size - 1].end


def _span(field: AnalysedField, position: int) -> Span:
    return field.tokens[position].start, field.tokens[position].end


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
    done = -1
    shown = 0
    for start, _ in spans:
        if start < done or shown == _PIECES:
            continue
        begin, done = _window(field.text, start)
        within = tuple((a - begin, b - begin) for a, b in spans if begin <= a and b <= done)
        yield Highlight(field=name, text=field.text[begin:done], spans=within)
        shown += 1
    if not spans and field.text:
        yield Highlight(field=name, text=field.text[: _window(field.text, 0)[1]], spans=())


def _window(text: str, around: int) -> Span:
    """A stretch of text around a position, cut between words."""
    begin, end = max(0, around - _AROUND), min(len(text), around + _AROUND)
    if begin:
        begin = text.find(" ", begin, around) + 1 or begin
    if end < len(text):
        end = max(text.rfind(" ", around, end), around + 1) if " " in text[around:end] else end
    return begin, end
