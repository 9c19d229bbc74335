"""
Clitics: what Arabic writes onto the beginning of a word, in the one order it has.

    و ف  and, so        before anything
    س    will           before verbs of the present
    ب ل ك in, for, like  before nouns; ل also before verbs of the present: so that
    ال   the            before nouns and adjectives; ل and ال are written لل

Interrogative أ is not among them: it would make a question of every Ahmad.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from pipeline.arabic.lexicon import ARTICLE

_COMMON: Final = frozenset({"noun", "adjective", "article"})
_NOMINAL: Final = _COMMON | {"name"}
_VERBAL: Final = frozenset({"verb"})
_ALL: Final = _NOMINAL | _VERBAL | {"exact"}


class Proclitic(NamedTuple):
    """What stands before a word."""

    letters: str
    article: bool
    classes: frozenset[str]  #: of words it stands before
    lam: bool = False  #: a ل of the word is swallowed: ل + ال + لقاء → للقاء
    conjunction: str = ""
    particle: str = ""  #: a preposition, or the س of the future
    present: bool = False  #: before verbs only of the present: سيعلن, ليعلن

    @property
    def article_written(self) -> bool:
        """Whether the article's alef can be seen."""
        return self.article and self.particle != "ل"

    @property
    def own(self) -> str:
        """What stands before the word with its article."""
        return self.conjunction + self.particle


def _proclitics() -> Iterator[Proclitic]:
    yield Proclitic("", False, _ALL)
    for before in ("", "و", "ف"):
        if before:
            yield Proclitic(before, False, _NOMINAL | _VERBAL, conjunction=before)
        yield Proclitic(before + "س", False, _VERBAL, conjunction=before, particle="س", present=True)
        for preposition in ("ب", "ك"):
            letters = before + preposition
            yield Proclitic(letters, False, _NOMINAL, conjunction=before, particle=preposition)
        yield Proclitic(
            before + "ل", False, _NOMINAL | _VERBAL, conjunction=before, particle="ل", present=True
        )
        for preposition in ("", "ب", "ك"):
            letters = before + preposition + ARTICLE
            yield Proclitic(letters, True, _COMMON, conjunction=before, particle=preposition)
        for lam in (False, True):
            yield Proclitic(before + "لل", True, _COMMON, lam, conjunction=before, particle="ل")


PROCLITICS: Final = tuple(_proclitics())
_BARE: Final = tuple(proclitic for proclitic in PROCLITICS if not proclitic.letters)
_BY_LETTER: Final = {
    letter: tuple(p for p in PROCLITICS if p.letters[:1] in {"", letter}) for letter in "وفسبلكا"
}


def cut(folded: str) -> Iterator[tuple[Proclitic, str]]:
    """The ways to take a proclitic off `folded`, none among them, and what is left: maybe no word.

    >>> [rest for _, rest in cut("للقاء")]
    ['للقاء', 'لقاء', 'قاء', 'لقاء']
    """
    for proclitic in _BY_LETTER.get(folded[:1], _BARE):
        if folded.startswith(proclitic.letters):
            rest = folded[len(proclitic.letters) :]
            if rest:
                yield proclitic, "ل" + rest if proclitic.lam else rest
