"""
Matching: where listed terms stand in a text, in whatever form their class allows.

The words of all terms make one dictionary, so a text is scanned once however many topics there
are. A clitic comes off only where a listed word remains, and then only in the order Arabic has.
Letters are compatible rather than equal: a bare alef meets any hamza, two different hamzas do not
meet. Spans are those of the published text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from pipeline.arabic import counts
from pipeline.arabic.characters import CARRIED_ALEFS, HARAKAT, carrying, fold
from pipeline.arabic.forms import (
    PROCLITICS,
    Ending,
    Proclitic,
    endings,
    guess_class,
    plurals,
    spellings,
)
from pipeline.arabic.words import WORD, folded_form

_MARKS: Final = re.compile(f"[{HARAKAT}]")
#: Forms that are a word of grammar whenever they are written so: on, to, until.
_GRAMMAR: Final = frozenset({"على", "إلى", "الى", "حتى"})  # on, to, to, until
#: Distinct forms remembered; above it the memory starts anew, so that it stays flat over years.
_REMEMBERED: Final = 300_000


class Written(NamedTuple):
    """A term as an editor lists it; `word_class` "" is guessed."""

    text: str
    word_class: str = ""


class Found(NamedTuple):
    """A term in a text."""

    term: int  #: its place in the list the matcher was made of
    first: int  #: number of its first word
    last: int  #: number of its last word


@dataclass(frozen=True, slots=True)
class Listed:
    """A word of one or more terms."""

    base: str  #: as published, without its article
    word_class: str
    needs_article: bool
    vowelled: bool


class Reading(NamedTuple):
    """One way to read a form of a text: as which listed word, and with what before it."""

    word: int
    proclitic: Proclitic
    construct: bool


class _Entry(NamedTuple):
    word: int
    ending: Ending
    base: str


class Matcher:
    """The terms of all topics in one dictionary. Remembers every form it has read."""

    def __init__(self, terms: Sequence[Sequence[Written]]) -> None:
        """Each term is the list of its spellings and variants; a `Found` names its place."""
        self._listed: list[Listed] = []
        self._numbers: dict[Listed, int] = {}
        self._surface: dict[str, list[_Entry]] = {}
        self._phrases: dict[int, list[tuple[int, tuple[int, ...]]]] = {}  #: first word → term, the rest
        self._readings = _Readings(self)
        for number, variants in enumerate(terms):
            for written in variants:
                self._add(number, written)

    def find(self, text: str) -> list[Found]:
        """Where terms stand in `text`, in order of their first words. Numbers are those of `WORD`."""
        return self.find_in(WORD.findall(text))

    def find_in(self, forms: Sequence[str]) -> list[Found]:
        """The same over forms already cut."""
        readings = self._readings
        hits: dict[Found, None] = {}  # one term, however many ways its form can be read
        for place, form in enumerate(forms):
            for reading in readings[form]:
                for term, rest in self._phrases.get(reading.word, ()):
                    if (rest or not reading.construct) and self._goes_on(forms, place + 1, rest):
                        hits[Found(term, place, place + len(rest))] = None
        return list(hits)

    def _goes_on(self, forms: Sequence[str], place: int, rest: tuple[int, ...]) -> bool:
        """Whether the other words of a term follow: agreeing in number and article, nothing before them."""
        if place + len(rest) > len(forms):
            return False
        return all(
            any(
                reading.word == word and len(reading.proclitic.letters) == 2 * reading.proclitic.article
                for reading in self._readings[forms[place + offset]]
            )
            for offset, word in enumerate(rest)
        )

    # -- the dictionary -----------------------------------------------------------------------

    def _add(self, term: int, written: Written) -> None:
        found = [match for match in WORD.findall(written.text) if folded_form(match)]
        for option in _options(found, written.word_class):
            numbers = [self._number(listed) for listed in option]
            phrases = self._phrases.setdefault(numbers[0], [])
            if (term, tuple(numbers[1:])) not in phrases:
                phrases.append((term, tuple(numbers[1:])))

    def _number(self, listed: Listed) -> int:
        number = self._numbers.get(listed)
        if number is None:
            number = self._numbers[listed] = len(self._listed)
            self._listed.append(listed)
            for form in (listed.base, *_more_forms(listed)):
                for ending in endings(form, listed.word_class):
                    self._surface.setdefault(ending.folded, []).append(_Entry(number, ending, form))
        return number

    # -- reading a form -----------------------------------------------------------------------

    def read(self, form: str) -> tuple[Reading, ...]:
        """Every listed word `form` can be a form of."""
        folded = folded_form(form)
        readings: dict[Reading, None] = {}
        for proclitic in _BY_LETTER.get(folded[:1], _BARE):
            if not folded.startswith(proclitic.letters):
                continue
            rest = ("ل" if proclitic.lam else "") + folded[len(proclitic.letters) :]
            for entry in self._surface.get(rest, ()):
                if self._licensed(form, folded, proclitic, entry):
                    readings[Reading(entry.word, proclitic, entry.ending.construct)] = None
        return tuple(readings)

    def _licensed(self, form: str, folded: str, proclitic: Proclitic, entry: _Entry) -> bool:
        listed = self._listed[entry.word]
        return (
            listed.word_class in proclitic.classes
            and (proclitic.article or not listed.needs_article)
            and (entry.ending.articled or not proclitic.article)
            and (form not in _GRAMMAR or entry.base in _GRAMMAR)
            and _letters_agree(form, proclitic, entry)
            and not (proclitic.letters and not proclitic.article and _stands_alone(folded))
            and (not listed.vowelled or _marks_agree(form, proclitic, entry.base))
        )


class _Readings(dict[str, tuple[Reading, ...]]):
    """Form as published → its readings, nearly always none."""

    def __init__(self, matcher: Matcher) -> None:
        super().__init__()
        self._matcher = matcher

    def __missing__(self, form: str) -> tuple[Reading, ...]:
        if len(self) >= _REMEMBERED:
            self.clear()
        found = self[form] = self._matcher.read(form)
        return found


def _by_letter() -> dict[str, tuple[Proclitic, ...]]:
    letters = {proclitic.letters[0] for proclitic in PROCLITICS if proclitic.letters}
    return {
        letter: tuple(p for p in PROCLITICS if not p.letters or p.letters[0] == letter) for letter in letters
    }


_BY_LETTER: Final = _by_letter()
_BARE: Final = tuple(proclitic for proclitic in PROCLITICS if not proclitic.letters)


def _options(found: Sequence[str], word_class: str) -> list[list[Listed]]:
    """The ways to write a term: each spelling of each word, and two words run together."""
    options: list[list[Listed]] = []
    for forms in (found, *_run_together(found)):
        ways: list[list[Listed]] = [[]]
        for place, form in enumerate(forms):
            listed = [_listed(way, "" if place else word_class) for way in spellings(form)]
            ways = [[*way, word] for way in ways for word in listed]
        options.extend(ways)
    return options


def _run_together(found: Sequence[str]) -> list[list[str]]:
    """Hasty texts write عبد الفتاح, or any name of two words, as one."""
    if len(found) < 2 or min(len(form) for form in found[:2]) < 2:
        return []
    two_words = len(found) == 2 and not found[1].startswith("ال")
    return [[found[0] + found[1], *found[2:]]] if two_words or found[0] == "عبد" else []  # servant of


def _listed(form: str, word_class: str) -> Listed:
    guessed = guess_class(form)
    chosen = word_class or guessed
    with_article = guessed == "article" and chosen not in {"verb", "exact"}
    return Listed(
        base=form[2:] if with_article else form,
        word_class="article" if with_article else chosen,
        needs_article=with_article or chosen == "article",
        vowelled=bool(_MARKS.search(form)),
    )


def _more_forms(listed: Listed) -> tuple[str, ...]:
    return plurals(listed.base) if listed.word_class in {"noun", "adjective"} else ()


def _letters_agree(form: str, proclitic: Proclitic, entry: _Entry) -> bool:
    """Whether alefs carry compatible hamzas, the article none, and a pronoun is not written as ة."""
    letters = carrying(form)
    written_out = proclitic.article and not proclitic.letters.endswith("لل")
    if written_out and letters[len(proclitic.letters) - 2] != "ا":
        return False
    if not entry.ending.own_marbuta and letters[-1] == "ة":
        return False
    rest = ("ل" if proclitic.lam else "") + letters[len(proclitic.letters) :]
    return all(
        ours == theirs or ours not in CARRIED_ALEFS or theirs not in CARRIED_ALEFS
        for ours, theirs in zip(carrying(entry.base), rest, strict=False)
    )


def _stands_alone(folded: str) -> bool:
    """Whether a corpus writes ال before the whole, so that its first letter is its own: الفروسية."""
    return counts.articled(folded) >= max(5, 0.2 * counts.count(folded))


def _marks_agree(form: str, proclitic: Proclitic, base: str) -> bool:
    """Whether the vowels of `form`, where it has any, are those of a term written with them."""
    theirs = _vowels(form)[len(proclitic.letters) :]
    return all(
        not given or not meant or given == meant for given, meant in zip(theirs, _vowels(base), strict=False)
    )


def _vowels(form: str) -> list[str]:
    """The marks after each letter."""
    vowels: list[str] = []
    for letter in unicodedata.normalize("NFC", form):
        if _MARKS.match(letter):
            if vowels:
                vowels[-1] = "".join(sorted(vowels[-1] + letter))
        elif any(map(str.isalnum, fold(letter))):
            vowels.append("")
    return vowels
