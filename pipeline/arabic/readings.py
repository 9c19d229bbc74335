"""
Readings: as which listed words a form of a text can be read.

The words of all terms make one dictionary of forms. A clitic comes off only where one of them remains,
in the order Arabic has. Letters are compatible rather than equal: a bare alef meets any hamza, two
different hamzas do not meet.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from pipeline.arabic import counts
from pipeline.arabic.attested import begins_itself
from pipeline.arabic.characters import CARRIED_ALEFS, carried_alike, carrying, explicit, fold
from pipeline.arabic.clitics import Proclitic, cut
from pipeline.arabic.forms import Ending, Listed, bases, endings
from pipeline.arabic.lexicon import ARTICLE, names
from pipeline.arabic.transliteration import consonants, is_foreign, is_unknown, may_be_foreign, spelled_alike
from pipeline.arabic.vowels import marks_agree
from pipeline.arabic.words import LONE, folded_form

#: Forms that are a word of grammar whenever they are written so: on, to, to, until, when, with.
_GRAMMAR: Final = frozenset({"على", "إلى", "الى", "حتى", "متى", "لدى"})
#: A word with a clitic is never this many times as frequent as without, rare words taken for so frequent.
_FAR_COMMONER: Final = 10
_RARE: Final = 5
#: A bare ال is an article where it stands so many times as often as the same with a hamza.
_OFTENER: Final = 3
_CASE_AND_PRONOUNS: Final = frozenset({"ا", "ه", "ها", "هم", "هما", "نا"})
#: A hard g is one of these in Arabic letters; which, the listed word says.
_HARD_G: Final = "غجقك"
#: Letters by which nearly all forms are told from every foreign name.
_TAIL: Final = 3
#: No word is longer; a run of letters that is costs nothing.
_LONGEST: Final = 64


class Reading(NamedTuple):
    """One way to read a form of a text: as which listed word, and with what before and after it."""

    word: int  #: its number in the dictionary
    proclitic: Proclitic
    ending: Ending
    inflected: bool  #: another form than the listed one
    later: bool = False  #: only behind the first word of a term


class _Entry(NamedTuple):
    word: int
    ending: Ending
    base: str


class Dictionary:
    """Listed words by number, and every form they take."""

    def __init__(self) -> None:
        self.listed: Final[list[Listed]] = []
        self._numbers: dict[Listed, int] = {}
        self._surface: dict[str, list[_Entry]] = {}
        #: Foreign names by the consonants that all their spellings have.
        self._foreign: dict[str, list[_Entry]] = {}
        self._foreign_tails: set[str] = set()  #: the last letters of these, which no clitic changes

    def number(self, listed: Listed) -> int:
        """The number of a word, which is added where it is new."""
        known = self._numbers.get(listed)
        if known is not None:
            return known
        number = self._numbers[listed] = len(self.listed)
        self.listed.append(listed)
        for base in bases(listed):
            for ending in endings(base, listed):
                entry = _Entry(number, ending, base)
                for spelled in _with_hard_g(ending.folded):
                    self._surface.setdefault(spelled, []).append(entry)
                if listed.word_class in {"name", "article"} and is_foreign(ending.folded):
                    heard = consonants(ending.folded)
                    self._foreign.setdefault(heard, []).append(entry)
                    self._foreign_tails.add(heard[-_TAIL:])
        return number

    def forms(self) -> Iterator[tuple[str, Ending]]:
        """Every form of every word, without clitics, folded."""
        for folded, entries in self._surface.items():
            yield from ((folded, entry.ending) for entry in entries)

    def read(self, form: str) -> tuple[Reading, ...]:
        """Every listed word `form` can be a form of."""
        folded = folded_form(form)
        if len(folded) > _LONGEST:
            return ()
        found: dict[Reading, None] = {}
        for spelled in _with_hard_g(folded):
            for proclitic, rest in cut(spelled):
                for entry in self._surface.get(rest, ()):
                    if self._licensed(form, spelled, proclitic, entry):
                        found[self._reading(form, spelled, proclitic, entry)] = None
        if found or not may_be_foreign(folded):
            return tuple(found)
        return tuple(self._spelled_otherwise(folded))

    def _spelled_otherwise(self, folded: str) -> Iterator[Reading]:
        """The foreign names an unknown form may be a spelling of."""
        if consonants(folded)[-_TAIL:] not in self._foreign_tails:
            return
        likely = [
            (proclitic, rest, entry)
            for proclitic, rest in cut(folded)
            for entry in self._foreign.get(consonants(rest), ())
            if _fits(proclitic, entry.ending, self.listed[entry.word])
        ]
        if likely and is_unknown(folded):
            for proclitic, rest, entry in likely:
                if is_unknown(rest) and spelled_alike(rest, entry.ending.folded):
                    yield Reading(entry.word, proclitic, entry.ending, inflected=True)

    def _reading(self, form: str, folded: str, proclitic: Proclitic, entry: _Entry) -> Reading:
        listed, ending = self.listed[entry.word], entry.ending
        if listed.word_class == "name" and _first_letter_is_its_own(form, folded, proclitic, entry):
            ending = ending._replace(construct=True)  # لبن سلمان is told from لبن (milk) by the rest
        inflected = ending.folded != fold(listed.base)
        later = listed.needs_article and not proclitic.article
        return Reading(entry.word, proclitic, ending, inflected, later)

    def _licensed(self, form: str, folded: str, proclitic: Proclitic, entry: _Entry) -> bool:
        listed = self.listed[entry.word]
        return (
            _fits(proclitic, entry.ending, listed)
            and _letters_agree(form, proclitic, entry, listed)
            and not _is_grammar(form, entry.base)
            and (listed.word_class == "name" or not _first_letter_is_its_own(form, folded, proclitic, entry))
            and (folded == fold(listed.base) or not _is_another_name(folded, entry.ending, listed))
            and (not listed.vowelled or _marks_agree(form, proclitic, entry.base))
        )


def _fits(proclitic: Proclitic, ending: Ending, listed: Listed) -> bool:
    """Whether Arabic writes this before a word of that class in that form.

    A pronoun stands for the article: وزير خارجيتها is a وزير الخارجية.
    """
    return (
        listed.word_class in proclitic.classes
        and (proclitic.article or not listed.needs_article or ending.owned)
        and (ending.articled or not proclitic.article)
        and (ending.present or not proclitic.present or listed.word_class != "verb")
    )


def _letters_agree(form: str, proclitic: Proclitic, entry: _Entry, listed: Listed) -> bool:
    """Whether alefs carry compatible hamzas, the article none, and a pronoun is not written as ة."""
    if entry.base[-1] == "ى" and entry.base != listed.base and explicit(form)[-1:] == "ي":
        return False  # قوى are powers, قوي is strong; a listed مستشفى may be written مستشفي
    letters = carrying(form)
    before = len(proclitic.letters)
    if proclitic.article_written and letters[before - len(ARTICLE)] in CARRIED_ALEFS:
        return False
    if not entry.ending.own_marbuta and letters[-1] == "ة":
        return False
    if _is_first_person(entry.ending) and not proclitic.present and letters[before] != "أ":
        return False
    rest = ("ل" if proclitic.lam else "") + letters[before:]
    if _reads_as_article(entry.base, rest):
        return False
    return carried_alike(carrying(entry.base), rest)


def _reads_as_article(base: str, rest: str) -> bool:
    """Whether the bare ال of `rest` is an article where `base` has أل: الغاز is gas, no puzzles."""
    carried = carrying(base)
    if not rest.startswith(ARTICLE) or carried[0] not in CARRIED_ALEFS:
        return False
    known = counts.table().written
    return known.get(rest, 0) > _OFTENER * known.get(carried[0] + rest[1:], 0)


def _is_first_person(ending: Ending) -> bool:
    """Whether it says "I do", which needs its hamza: التقى (he met) is not ألتقي (I meet)."""
    return ending.present and ending.folded[0] == "ا"


def _is_grammar(form: str, base: str) -> bool:
    """Whether `form` is على (on) or its like, and `base` is a word that only folds to it: علي (Ali)."""
    letters = explicit(form)
    word = letters if letters in _GRAMMAR else letters[1:] if letters[:1] in LONE else letters
    return word in _GRAMMAR and explicit(base) not in _GRAMMAR


def _first_letter_is_its_own(form: str, folded: str, proclitic: Proclitic, entry: _Entry) -> bool:
    """Whether a corpus writes ال before the whole: الفروسية, so فروسية (riding) has no ف to lose.

    Case and pronouns are no part of the whole: فردا is الفرد (the individual), and no فـ before a ردا.
    """
    if not proclitic.letters or proclitic.article or (proclitic.conjunction and " " in form):
        return False
    base = fold(entry.base)
    if counts.count(folded) > _FAR_COMMONER * max(counts.family(base), _RARE):
        return True  # بعد (after) is no ب before عد
    ending = entry.ending.folded.removeprefix(base)
    whole = folded.removesuffix(ending) if ending in _CASE_AND_PRONOUNS else folded
    return any(map(begins_itself, {folded, whole}))


def _is_another_name(folded: str, ending: Ending, listed: Listed) -> bool:
    """Whether `folded` is, clitics aside, a name that is not the listed word: طالبان is no two students."""
    if folded == fold(listed.base):
        return False  # listed so: the وبكين of واشنطن وبكين
    if listed.word_class == "adjective" and ending.folded.endswith("يه"):
        return False  # سورية is the country or its adjective
    names_left = [
        (len(proclitic.own), name) for proclitic, rest in cut(folded) if (name := _named(proclitic, rest))
    ]
    return bool(names_left) and fold(listed.base).removeprefix(ARTICLE) not in {
        name for before, name in names_left if before == min(names_left)[0]
    }


def _named(proclitic: Proclitic, rest: str) -> str:
    """The name left behind `proclitic`, without its article; "" where none is."""
    if proclitic.lam or proclitic.particle == "س":
        return ""
    whole = ARTICLE + rest if proclitic.article else rest
    return whole.removeprefix(ARTICLE) if whole in names() else ""


def _marks_agree(form: str, proclitic: Proclitic, base: str) -> bool:
    before = len(proclitic.letters) - proclitic.lam
    return marks_agree(form, before, base, article=proclitic.article)


def _with_hard_g(folded: str) -> Iterator[str]:
    """`folded` and, where it has a گ, the ways Arabic letters write it."""
    yield folded
    if "گ" in folded:
        yield from (folded.replace("گ", letter) for letter in _HARD_G)
