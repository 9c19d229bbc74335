"""
Forms: what a listed word may look like in a text, by its class.

    noun       و ف, ب ل ك, ال and لل; dual, plural, case endings, pronouns
    adjective  the same, and the feminine
    name       و ف and ب ل ك, never ال
    article    written with ال, which it never loses: الدوما is not دوما
    verb       و ف ل س; persons and objects. Perfect and imperfect are listed apart
    exact      as it is written, nothing before or after it

Nothing is guessed about a word of a text: it is a form of a listed word, or it is none.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

from pipeline.arabic import counts
from pipeline.arabic.characters import fold

_DATA: Final = Path(__file__).resolve().parent / "data"

WORD_CLASSES: Final = ("noun", "adjective", "name", "article", "verb", "exact")

_ARTICLE: Final = "ال"  # the
_PRONOUNS: Final = ("ه", "ها", "هم", "هما", "هن", "نا", "ك", "كم", "ي")
_OBJECTS: Final = ("ه", "ها", "هم", "هما", "نا", "ك", "كم", "ني")
#: A word that takes the article in fewer of its uses than this is a name.
_SELDOM_ARTICLED: Final = 0.02


class Proclitic(NamedTuple):
    """What stands before a word."""

    letters: str
    article: bool
    classes: frozenset[str]  #: of words it stands before
    lam: bool = False  #: a ل of the word is swallowed: ل + ال + لقاء → للقاء


class Ending(NamedTuple):
    """A form of a word, before anything stands in front of it."""

    folded: str
    articled: bool  #: whether ال may stand before it
    own_marbuta: bool = True  #: False: its final heh is a pronoun, which ة never writes
    construct: bool = False  #: only before the next word of a term: وزيرا خارجية


_NOMINAL: Final = frozenset({"noun", "adjective", "name", "article"})
_COMMON: Final = frozenset({"noun", "adjective", "article"})
_VERBAL: Final = frozenset({"verb"})
_ALL: Final = _NOMINAL | _VERBAL | {"exact"}


def _proclitics() -> Iterator[Proclitic]:
    yield Proclitic("", False, _ALL)
    for conjunction in ("", "و", "ف"):  # and, so
        if conjunction:
            yield Proclitic(conjunction, False, _NOMINAL | _VERBAL)
        for preposition in ("ب", "ل", "ك"):  # in, for, like
            classes = _NOMINAL | _VERBAL if preposition == "ل" else _NOMINAL  # "so that" before verbs
            yield Proclitic(conjunction + preposition, False, classes)
        yield Proclitic(conjunction + "س", False, _VERBAL)  # will
        for preposition in ("", "ب", "ك"):
            yield Proclitic(conjunction + preposition + _ARTICLE, True, _COMMON)
        yield Proclitic(conjunction + "لل", True, _COMMON)
        yield Proclitic(conjunction + "لل", True, _COMMON, lam=True)


PROCLITICS: Final = tuple(_proclitics())


def guess_class(word: str) -> str:
    """The class of `word` as published, by its shape and by how a corpus uses it."""
    folded = fold(word)
    if folded.startswith(_ARTICLE) and word[0] == _ARTICLE[0] and len(folded) > 3:
        return "article"
    articled, bare = counts.articled(folded), counts.count(folded)
    if articled <= _SELDOM_ARTICLED * bare and word[-1] not in "ةۃ" and not folded.endswith("ات"):
        return "name"
    feminine = counts.family(folded + "ه")
    return "adjective" if folded[-1] == "ي" and feminine >= 0.2 * (bare + articled) else "noun"


def endings(word: str, word_class: str) -> Iterator[Ending]:
    """The forms of `word`, as published and without its article, that its class gives it."""
    folded = fold(word)
    yield Ending(folded, articled=True)
    if word_class == "verb":
        yield from _verbal(folded)
    elif word_class == "adjective":
        yield from _adjectival(folded)
    elif word_class == "noun":
        yield from _nominal(folded, marbuta=word[-1] in "ةۃ")


def _adjectival(folded: str) -> Iterator[Ending]:
    # Not the accusative of an adjective in ي: روسيا (Russia) would be one of روسي (Russian).
    for ending in ("ه", "ين", "ون", "ات", "ان", "تين", "تان", *(() if folded[-1] == "ي" else ("ا",))):
        yield Ending(folded + ending, articled=ending != "ا")


def _nominal(folded: str, *, marbuta: bool) -> Iterator[Ending]:
    if marbuta:
        yield from _nominal_in_marbuta(folded[:-1])
    elif folded.endswith("ات"):
        yield from (_owned(folded, pronoun) for pronoun in _PRONOUNS)
    else:
        for ending in ("ان", "ين", "ون", "ات"):
            yield Ending(folded + ending, articled=True)
        yield Ending(folded + "ا", articled=False)
        for ending in ("ي", "و"):
            yield Ending(folded + ending, articled=False, construct=True)
        yield from (_owned(folded, pronoun) for pronoun in _PRONOUNS)
        if folded[-1] == "ء":
            yield from (_owned(folded[:-1] + seat, pronoun) for seat in "ئؤ" for pronoun in _PRONOUNS)


def _nominal_in_marbuta(stem: str) -> Iterator[Ending]:
    for ending in ("تان", "تين", "ات"):
        yield Ending(stem + ending, articled=True)
    for ending in ("تا", "تي"):
        yield Ending(stem + ending, articled=False, construct=True)
    for before in ("ت", "تي", "ات"):
        yield from (_owned(stem + before, pronoun) for pronoun in _PRONOUNS)


def _owned(stem: str, pronoun: str) -> Ending:
    # "My" is spelled like the ending of an adjective, and news seldom says it.
    return Ending(stem + pronoun, articled=False, own_marbuta=False, construct=pronoun == "ي")


def _verbal(folded: str) -> Iterator[Ending]:
    weak = folded[-1] in "اي"
    if folded[0] == "ي":
        stems = [prefix + folded[1:] for prefix in "يتنا"]
        persons: tuple[str, ...] = ("", "ان", "ا") + (() if weak else ("ون", "ين", "وا", "ن"))
        shortened: tuple[str, ...] = ("ون", "ين", "وا", "")
    else:
        stems = [folded]
        persons = ("", "نا") + (("ا", "تما") if folded[-1] == "ي" else () if weak else ("ت", "تا", "ا", "وا"))
        shortened = ("ت", "تا", "وا")
    bases = [stem + person for stem in stems for person in persons]
    if weak:
        bases += [stem[:-1] + person for stem in stems for person in shortened]
    for base in bases:
        yield Ending(base, articled=False)
        yield from (Ending(base + pronoun, articled=False, own_marbuta=False) for pronoun in _OBJECTS)


def spellings(word: str) -> tuple[str, ...]:
    """`word`, as published, and the other ways reviewed tables say it is written; `word` first."""
    folded = fold(word)
    article = _ARTICLE if folded.startswith(_ARTICLE) and word[0] == _ARTICLE[0] else ""
    bare = word[len(article) :]
    found = {word: None}
    for others in _spellings().get(fold(bare), ()):
        found[article + others] = None
    for start, ways in _beginnings():
        if fold(bare).startswith(start):
            for other in ways:
                found[article + other + fold(bare)[len(start) :]] = None
    return tuple(found)


def plurals(word: str) -> tuple[str, ...]:
    """Broken plurals and other forms a reviewed table gives a noun, as published."""
    return _plurals().get(fold(word), ())


@cache
def _spellings() -> dict[str, tuple[str, ...]]:
    groups = [group for group in read_table("spellings.tsv") if not group[0].endswith("*")]
    return {fold(word): tuple(o for o in group if o != word) for group in groups for word in group}


@cache
def _beginnings() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Folded beginning of a word → the other ways it is written, whatever follows."""
    groups = [
        [w.rstrip("*") for w in group] for group in read_table("spellings.tsv") if group[0].endswith("*")
    ]
    return tuple((fold(word), tuple(o for o in group if o != word)) for group in groups for word in group)


@cache
def _plurals() -> dict[str, tuple[str, ...]]:
    return {fold(group[0]): tuple(group[1:]) for group in read_table("plurals.tsv")}


def read_table(name: str) -> list[list[str]]:
    """The words of each line of a reviewed table; what follows # is its English."""
    lines = (_DATA / name).read_text(encoding="utf-8").splitlines()
    return [found for line in lines if (found := line.split("#")[0].split())]
