"""
Which language is a text in? Arabic, one of its neighbours in the same script, or another.

By script first, then by letters and function words, which also tell a headline; a statistical
identifier decides what they leave open. Pure.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import yaml

#: No language can be named.
UNDETERMINED = "und"
#: Words judged: the beginning speaks for the rest.
_JUDGED_CHARS = 20_000
#: From this share of its letters a text is in the Arabic script: quotes and names may be in Latin.
_SCRIPT_ENOUGH = 0.5
#: By how much of all words one language has to lead for its neighbours to be ruled out.
_LEAD = 0.05
#: A letter of another language says more than a word that may also be a name.
_LETTER_WEIGHT = 1.5

#: In so many letters every neighbour of Arabic uses one that Arabic lacks.
_MANY_LETTERS = 300
#: In fewer, a headline in a dialect may look like a neighbour's; two lines of a feed have more.
_SURE_LETTERS = 60
#: Up to this share of Arabic script a text in another is not one that mixes them.
_SCRIPT_ABSENT = 0.1

_ARABIC_LETTER = re.compile(
    r"[\u0620-\u063f\u0641-\u064a\u066e-\u06d3\u06d5\u06ee-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufefc]"
)
_WORD = re.compile(r"[^\W\d_]+(?:\u200c[^\W\d_]+)*")
_MARKS = re.compile("[\u0640\u064b-\u065f\u0670\u200e\u200f]")
#: Farsi yeh and keheh, which Arabic keyboards also give. No other letter is folded: they are the telltales.
_SAME_LETTERS = str.maketrans("یک", "يك")


@dataclass(frozen=True, slots=True)
class _Telltales:
    letters: frozenset[str]
    words: frozenset[str]
    beginnings: tuple[str, ...]
    endings: tuple[str, ...]

    def speaks(self, word: str) -> float:
        """How much a word, as :func:`_words` leaves it, speaks for this language."""
        if word in self.words:
            return 1.0
        if not self.letters.isdisjoint(word):
            return _LETTER_WEIGHT
        return float(len(word) > 3 and (word.startswith(self.beginnings) or word.endswith(self.endings)))


def language_of(text: str) -> str:
    """The language `text` is in, as an ISO 639 code, or "und".

    >>> language_of("قال الوزير إن الاتفاق سيوقع غدا")
    'ar'
    """
    sample = unicodedata.normalize("NFKC", text[:_JUDGED_CHARS])
    letters = sum(map(str.isalpha, sample))
    if not letters:
        return UNDETERMINED
    if len(_ARABIC_LETTER.findall(sample)) < _SCRIPT_ENOUGH * letters:
        found = _identified(sample, ())
        return UNDETERMINED if found[:2] in _telltales() else found
    if letters > _MANY_LETTERS and not _foreign_letters().search(sample):
        return "ar"
    return _of_arabic_script(sample)


def surely_foreign(text: str) -> str:
    """The language of a text that cannot be an Arabic one; "" where it may be, or is too short to tell.

    >>> surely_foreign("Falcon 9"), surely_foreign("The reservoir behind the dam rose by a metre. " * 3)
    ('', 'en')
    """
    letters = sum(map(str.isalpha, text))
    share = arabic_letters(text) / letters if letters else 0.0
    if letters < _SURE_LETTERS or _SCRIPT_ABSENT < share < _SCRIPT_ENOUGH:
        return ""
    language = language_of(text)
    return "" if language in {"ar", UNDETERMINED} else language


def arabic_letters(text: str) -> int:
    """How many letters of the Arabic script `text` has."""
    return len(_ARABIC_LETTER.findall(text))


def _of_arabic_script(sample: str) -> str:
    words = _words(sample)
    scores = {
        language: sum(telltales.speaks(word) * times for word, times in words.items())
        for language, telltales in _telltales().items()
    }
    best, second = sorted(scores, key=lambda language: -scores[language])[:2]
    if scores[best] - scores[second] > _LEAD * words.total():
        return best
    return _identified(sample, tuple(_telltales())) if _foreign_letters().search(sample) else "ar"


def _words(sample: str) -> Counter[str]:
    return Counter(_WORD.findall(_plain(sample)))


def _plain(text: str) -> str:
    return _MARKS.sub("", text).translate(_SAME_LETTERS)


@cache
def _foreign_letters() -> re.Pattern[str]:
    """Letters no Arabic keyboard gives; the yeh and kaf of Persian among them."""
    letters = "".join(sorted(frozenset("یک").union(*(entry.letters for entry in _telltales().values()))))
    return re.compile(f"[{letters}]")


@cache
def _telltales() -> Mapping[str, _Telltales]:
    raw = yaml.safe_load(resources.files("pipeline.arabic").joinpath("data/languages.yml").read_text("utf-8"))
    return {language: _made(entry) for language, entry in raw.items()}


def _made(entry: Mapping[str, Any]) -> _Telltales:
    return _Telltales(
        letters=frozenset(entry["letters"]),
        words=frozenset(map(_plain, entry["words"])),
        beginnings=tuple(entry.get("beginnings", ())),
        endings=tuple(entry.get("endings", ())),
    )


def _identified(sample: str, among: tuple[str, ...]) -> str:
    """What the statistical identifier says, among some languages or all it knows."""
    language, _ = _identifier(among).classify(sample)
    return str(language)


@cache
def _identifier(among: tuple[str, ...]) -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE)
    known = [language for language in among if language in identifier.labels]
    if known:
        identifier.set_languages(known)
    return identifier
