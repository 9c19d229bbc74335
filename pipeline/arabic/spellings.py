"""
Spellings: the ways to write a term, by what the reviewed tables know of its words.

A name of several words is a part of its own, أبو ظبي; names of two words are also joined and parted.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import product
from typing import Final

from pipeline.arabic.characters import carrying, fold
from pipeline.arabic.lexicon import ARTICLE, Words, has_article, read_table

#: Ways to write one term at most: a term of many names with many spellings would have thousands.
_MOST_WAYS: Final = 400
_SERVANT: Final = "عبد"  # servant of: the first half of many names
_FATHER: Final = "أبو"  # father of: so is this, and it has three cases
_FATHERS: Final = ("أبي", "أبا")  # the other two


def ways(words: Sequence[str]) -> list[Words]:
    """The ways to write a term, as published; the first is `words` itself."""
    found = dict.fromkeys([tuple(words)])
    found.update(dict.fromkeys(_limited(_written_otherwise(tuple(words)))))
    found.update(dict.fromkeys(other for way in tuple(found) for other in _declined(way)))
    found.update(dict.fromkeys(other for way in tuple(found) for other in (*_joined(way), *_parted(way))))
    return list(found)


def _limited(found: Iterator[Words]) -> Iterator[Words]:
    return (way for _, way in zip(range(_MOST_WAYS), found, strict=False))


def _written_otherwise(words: Words) -> Iterator[Words]:
    """Each part of a term in each of its spellings."""
    for parts in _parts(words):
        yield from (tuple(word for part in chosen for word in part) for chosen in product(*parts))


def _parts(words: Words) -> Iterator[list[list[Words]]]:
    """The ways to cut a term into parts the tables know, each with its spellings."""
    if not words:
        yield []
        return
    for size in range(min(3, len(words)), 0, -1):
        spelled = _spellings(words[:size])
        if len(spelled) > 1 or size == 1:
            yield from ([spelled, *rest] for rest in _parts(words[size:]))
            return


def _spellings(part: Words) -> list[Words]:
    """`part` first, then what the tables say it is also written as; an article stays before all."""
    article = ARTICLE if has_article(part[0]) and _folded(part) not in _known() else ""
    bare = (part[0][len(article) :], *part[1:])
    same = carrying("".join(bare)), len(bare)
    others = [
        (article + other[0], *other[1:])
        for other in _known().get(_folded(bare), ())
        if (carrying("".join(other)), len(other)) != same
    ]
    if len(part) == 1:
        others += [(article + other,) for other in _begun(bare[0])]
    return [part, *others]


def _begun(word: str) -> Iterator[str]:
    folded = fold(word)
    for start, others in _beginnings():
        if folded.startswith(start):
            yield from (other + folded[len(start) :] for other in others)


def _declined(words: Words) -> Iterator[Words]:
    """أبو مازن (Abu Mazen) is أبي مازن behind a preposition, and أبا مازن as an object."""
    for place, word in enumerate(words[:-1]):
        if fold(word) == fold(_FATHER):
            yield from ((*words[:place], other, *words[place + 1 :]) for other in _FATHERS)


def _joined(words: Words) -> Iterator[Words]:
    """Hasty texts write عبد الفتاح, or any name of two words, as one."""
    for place in range(len(words) - 1):
        first, second = words[place : place + 2]
        two_words = len(words) == 2 and not second.startswith(ARTICLE) and min(len(first), len(second)) > 1
        if two_words or first in {_SERVANT, _FATHER}:
            yield (*words[:place], first + second, *words[place + 2 :])


def _parted(words: Words) -> Iterator[Words]:
    """And عبدالفتاح is written as two."""
    for place, word in enumerate(words):
        if word.startswith(_SERVANT + ARTICLE) and len(word) > len(_SERVANT + ARTICLE) + 1:
            yield (*words[:place], _SERVANT, word[len(_SERVANT) :], *words[place + 1 :])


def _folded(words: Words) -> Words:
    return tuple(map(fold, words))


def _groups() -> list[list[str]]:
    return [*read_table("names.tsv"), *read_table("spellings.tsv")]


@cache
def _known() -> dict[Words, tuple[Words, ...]]:
    """A spelling, folded, → all spellings of its groups."""
    found: dict[Words, dict[Words, None]] = {}
    for group in _groups():
        spelled = [tuple(spelling.split("_")) for spelling in group if not spelling.endswith("*")]
        for way in spelled:
            found.setdefault(_folded(way), {}).update(dict.fromkeys(spelled))
    return {way: tuple(others) for way, others in found.items()}


@cache
def _beginnings() -> tuple[tuple[str, Words], ...]:
    """Folded beginning of a word → the other ways it is written, whatever follows."""
    groups = [[way.rstrip("*") for way in group] for group in _groups() if group[0].endswith("*")]
    return tuple((fold(way), tuple(o for o in group if o != way)) for group in groups for way in group)
