"""
Views: a text's words as they are compared, in three ways of equal positions.

*Exact* words are the published ones less vowel marks and tatweel; *base* words stand without their
clitics; *stems* without their endings as well. All are lower case and cut, here and nowhere else,
so that no engine has a say in it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final

from pipeline.arabic.characters import HARAKAT, INVISIBLE, TATWEEL, composed, is_plain
from pipeline.arabic.lexicon import singulars
from pipeline.arabic.stems import base, stem
from pipeline.arabic.words import WORD, folded_form, words
from pipeline.arabic.words import Word as Token

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


class Viewed(tuple[str, str, str]):
    """A word in the three views, in the order of `VIEWS`."""

    __slots__ = ()


def _stem(form: str, folded: str) -> str:
    """The stem; a heh that was written ة is no pronoun, so عينة (sample) is not "his eye"."""
    bare, found = base(folded), stem(folded)
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
    return Viewed((exact(form), cut(base(folded)), cut(_stem(form, folded))) if folded else ("", "", ""))


def views_of(text: str) -> tuple[list[str], list[str], list[str]]:
    """The words of `text` in each view: what engines are given.

    The same words as `AnalysedField` has, three times as fast, since no positions are kept.
    """
    found = [word for word in map(viewed, WORD.findall(text)) if word[1]]
    return [word[0] for word in found], [word[1] for word in found], [word[2] for word in found]


class _Positions(dict[str, dict[str, list[int]]]):
    """View → token → where it stands; a view is made when it is first asked for."""

    def __init__(self, field: AnalysedField) -> None:
        super().__init__()
        self._field = field

    def __missing__(self, view: str) -> dict[str, list[int]]:
        places: defaultdict[str, list[int]] = defaultdict(list)
        for position, token in enumerate(self._field.view(view)):
            places[token].append(position)
        self[view] = found = dict(places)
        return found


@dataclass(frozen=True)
class AnalysedField:
    """A field's words, with its views of equal positions."""

    text: str

    @cached_property
    def tokens(self) -> list[Token]:
        """Its words where they stand."""
        return words(self.text)

    def view(self, name: str) -> list[str]:
        """Its words as `name` compares them."""
        place = VIEWS.index(name)
        return [viewed(token.form)[place] for token in self.tokens]

    @cached_property
    def positions(self) -> _Positions:
        """View → token → where it stands."""
        return _Positions(self)
