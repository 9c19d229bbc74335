"""
Accepted: what a listed term stands for, told to the editor who lists it.

Which forms of each of its words are accepted, how often a corpus has them, and which near ones are not.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from pipeline.arabic import counts
from pipeline.arabic.characters import fold
from pipeline.arabic.classes import guess_class
from pipeline.arabic.clitics import PROCLITICS
from pipeline.arabic.matching import Matcher, Written
from pipeline.arabic.spellings import ways
from pipeline.arabic.words import WORD, folded_form

#: Rejected forms shown: the most frequent say what an editor may have expected.
NEAREST: Final = 15
#: Of a word's letters, those that a near form shares: its own beginning, at least so long.
_SHORTEST_CORE: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class WordForms:
    """One word of a term."""

    word: str
    word_class: str
    guessed: bool  #: whether nobody set the class
    accepted: tuple[tuple[str, int], ...]  #: form, times in the corpus; the most frequent first
    unseen: int  #: accepted forms the corpus never has
    rejected: tuple[tuple[str, int], ...]  #: near forms that are not accepted, the most frequent first


@dataclass(frozen=True, slots=True, kw_only=True)
class TermForms:
    """A term, word by word, and the other ways it is written."""

    term: str
    also_written: tuple[str, ...]
    words: tuple[WordForms, ...]


def forms_of(term: str, word_class: str = "") -> TermForms:
    """What `term` accepts; `word_class` is that of its first word, "" guesses it.

    >>> [word.word_class for word in forms_of("مجلس الأمن").words]
    ['noun', 'noun']
    """
    words = [form for form in WORD.findall(term) if folded_form(form)]
    return TermForms(
        term=term,
        also_written=tuple(" ".join(way) for way in ways(words)[1:]) if words else (),
        words=tuple(
            _word_forms(word, "" if place else word_class, alone=len(words) == 1)
            for place, word in enumerate(words)
        ),
    )


def _word_forms(word: str, word_class: str, *, alone: bool) -> WordForms:
    matcher = Matcher([[Written(word, word_class)]])
    possible = set(_possible(matcher, alone=alone))
    seen = {form: times for form, times in _written(possible) if _accepts(matcher, form, alone=alone)}
    near = {
        form: times
        for form, times in _written(set(_near(fold(word), possible)))
        if form not in seen and not _accepts(matcher, form, alone=alone)
    }
    return WordForms(
        word=word,
        word_class=word_class or guess_class(word),
        guessed=not word_class,
        accepted=_by_count(seen),
        unseen=len(possible - {fold(form) for form in seen}),
        rejected=_by_count(near)[:NEAREST],
    )


def _accepts(matcher: Matcher, form: str, *, alone: bool) -> bool:
    """Heads that have lost their ن are accepted where another word follows."""
    return bool(matcher.find(form)) or (not alone and bool(matcher.read(form)))


def _possible(matcher: Matcher, *, alone: bool) -> Iterator[str]:
    """Every folded form with every clitic that can be read as the word."""
    for folded, ending in matcher.dictionary.forms():
        if ending.construct and alone:
            continue
        for proclitic in PROCLITICS:
            rest = folded[1:] if proclitic.lam else folded
            if not proclitic.lam or folded.startswith("ل"):
                form = proclitic.letters + rest
                if _accepts(matcher, form, alone=alone):
                    yield form


def _near(folded: str, possible: set[str]) -> Iterator[str]:
    """Folded forms of the corpus that hold the word's beginning, or differ from it by a letter."""
    core = folded.removeprefix("ال")
    core = core[:-1] if len(core) > _SHORTEST_CORE else core
    for form in counts.table().everywhere:
        if form not in possible and (core in form or _one_letter_apart(folded, form)):
            yield form
    yield from possible


def _one_letter_apart(one: str, other: str) -> bool:
    """Whether a letter added, left out or exchanged makes one of the other."""
    if abs(len(one) - len(other)) > 1:
        return False
    start = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), len(one))
    shorter, longer = sorted((one[start:], other[start:]), key=len)
    return shorter[1:] == longer[1:] if len(shorter) == len(longer) else shorter == longer[1:]


def _written(folded_forms: set[str]) -> Iterator[tuple[str, int]]:
    """The spellings the corpus has of folded forms, each with its count."""
    for form, times in counts.table().written.items():
        if fold(form) in folded_forms:
            yield form, times


def _by_count(found: dict[str, int]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(found.items(), key=lambda pair: (-pair[1], pair[0])))
