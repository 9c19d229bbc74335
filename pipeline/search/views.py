"""
Views: a text's words as they are compared, in three ways of equal positions.

*Exact* words are the published ones less vowel marks and tatweel; *base* words stand without their
clitics; *stems* without their endings as well. All are lower case and cut, here and nowhere else,
so that no engine has a say in it.

A base word and a stem that have an alef are kept with its carriers beside them, two tokens at one
position (`pipeline.arabic.hamza`); an exact word has its carriers anyway.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from operator import attrgetter
from typing import Final, NamedTuple

from pipeline.arabic.characters import HARAKAT, INVISIBLE, TATWEEL, composed, is_plain
from pipeline.arabic.hamza import MARK, indexed
from pipeline.arabic.lexicon import singulars, spelled_as_plural
from pipeline.arabic.stems import base, stem
from pipeline.arabic.words import WORD, folded_form

VIEWS: Final = ("exact", "base", "stem")
#: Tokens are cut here, in documents and in queries: an engine would split or refuse longer ones.
MAX_TOKEN_CHARS: Final = 64
#: Words of a body that count as its lead.
LEAD_WORDS: Final = 60
#: Distinct forms remembered, those met last.
_REMEMBERED: Final = 200_000

_UNWRITTEN: Final = re.compile(f"[{HARAKAT}{INVISIBLE}{TATWEEL}]")
_MARBUTAS: Final = "ة\u06c3\ufe93\ufe94"  # teh marbuta, of Urdu, and as presentation forms
_DIGITS: Final = {first + digit: str(digit) for first in (0x0660, 0x06F0) for digit in range(10)}


class Viewed(NamedTuple):
    """A word in the three views, in the order of `VIEWS`, and what an index keeps of the last two."""

    exact: str
    base: str
    stem: str
    kept_base: str
    kept_stem: str


#: View → what an index keeps of a word in it.
_KEPT: Final = {
    "exact": attrgetter("exact"),
    "base": attrgetter("kept_base"),
    "stem": attrgetter("kept_stem"),
}


def _stem(form: str, folded: str) -> str:
    """The stem, where the letters as published do not say otherwise.

    A heh that was written ة is no pronoun, so عينة (sample) is not "his eye"; إخبار (telling) is not
    the plural that أخبار (news) is.
    """
    bare, found = base(folded), stem(folded)
    if found != bare and not spelled_as_plural(bare, form):
        return bare
    own = bare == found + "ه" and found[-1] != "ي" and bare not in singulars()
    if own and form[-1] in _MARBUTAS:
        return bare
    return found


def exact(form: str) -> str:
    """A word as it is written, less vowel marks and tatweel; hamza and clitics stay.

    >>> exact("الأُردنّـ"), exact("٢٠٢٦م")
    ('الأردن', '2026م')
    """
    if is_plain(form):
        return cut(form)
    written = _UNWRITTEN.sub("", composed(form)).lower().translate(_DIGITS)
    return cut("".join(filter(str.isalnum, written)) or folded_form(form))


def cut(token: str) -> str:
    """A token as engines keep it."""
    return token[:MAX_TOKEN_CHARS]


@lru_cache(maxsize=_REMEMBERED)
def viewed(form: str) -> Viewed:
    """A word of a text or a query, as published, in the three views; empty strings for what is no word."""
    folded = folded_form(form)
    if not folded:
        return Viewed("", "", "", "", "")
    bare, found = cut(base(folded)), cut(_stem(form, folded))
    return Viewed(exact(form), bare, found, indexed(form, bare), indexed(form, found))


def views_of(text: str) -> tuple[list[str], list[str], list[str]]:
    """The words of `text` in each view, folded.

    The same words as `AnalysedField` has.
    """
    found = _found(text)
    return [word.exact for word in found], [word.base for word in found], [word.stem for word in found]


def kept_of(text: str) -> tuple[list[str], list[str], list[str], list[str]]:
    """What an index keeps of the words of `text` in each view, and their stems alone."""
    found = _found(text)
    return (
        [word.exact for word in found],
        [word.kept_base for word in found],
        [word.kept_stem for word in found],
        [word.stem for word in found],
    )


def stems_of(text: str) -> list[str]:
    """The words of `text` in the last view alone."""
    return [word.stem for word in _found(text)]


def _found(text: str) -> list[Viewed]:
    return [word for word in map(viewed, WORD.findall(text)) if word.base]


class _Places(dict[str, list[int]]):
    """Token → where it stands in one view of a field, looked for when it is first asked for."""

    def __init__(self, folded: list[str], kept: list[str]) -> None:
        super().__init__()
        self._folded, self._kept = folded, kept
        self._there = {*folded, *kept}

    def __missing__(self, token: str) -> list[int]:
        if token not in self._there:
            return []
        words = self._kept if MARK in token else self._folded
        self[token] = found = [at for at, word in enumerate(words) if word == token]
        return found


@dataclass(frozen=True)
class AnalysedField:
    """A field's words, with its views of equal positions; a page of hits makes many, so all is lazy."""

    text: str

    @cached_property
    def words(self) -> list[Viewed]:
        """Its words, in order."""
        return _found(self.text)

    def span(self, first: int, last: int) -> tuple[int, int]:
        """Where words stand in the text, from the `first` one to the `last` one."""
        return self._spans[first][0], self._spans[last][1]

    def kept(self, view: str) -> list[str]:
        """What an index keeps of its words in a view."""
        return list(map(_KEPT[view], self.words))

    def positions(self, view: str) -> Mapping[str, list[int]]:
        """Where each token stands in a view."""
        if view not in self._places:
            folded = map(attrgetter(view), self.words)
            self._places[view] = _Places(list(folded), self.kept(view))
        return self._places[view]

    @cached_property
    def _spans(self) -> list[tuple[int, int]]:
        spans = [found.span() for found in WORD.finditer(self.text)]
        if len(spans) == len(self.words):
            return spans
        return [(start, end) for start, end in spans if viewed(self.text[start:end]).base]

    @cached_property
    def _places(self) -> dict[str, _Places]:
        return {}
