"""
Vowel marks: where both a term and a text have them, they choose between readings.

    عُمان (Oman) is not عمّان (Amman), and عمان may be either

A mark added to a text never loses a term that is written without.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Final

from pipeline.arabic.characters import HARAKAT, fold
from pipeline.arabic.lexicon import read_table

_MARK: Final = re.compile(f"[{HARAKAT}]")
_SHADDA: Final = "\u0651"
#: Short vowels, their doubled forms, and the sukun; others, like the dagger alef, tell nothing apart.
_VOWELS: Final = frozenset("\u064b\u064c\u064d\u064e\u064f\u0650\u0652")

#: Putting marks in order takes the square of their number, and no word is longer.
_LONGEST: Final = 200


def full_reading(word: str) -> str:
    """`word` with all its marks where a reviewed table has one reading that agrees with those it has.

    >>> full_reading("عمّان") == "عَمَّان", full_reading("عمان")
    (True, 'عمان')
    """
    if not has_marks(word):
        return word
    known = _vowelled().get(fold(word), ())
    agreeing = [reading for reading in known if marks_agree(reading, 0, word, article=False)]
    return agreeing[0] if len(agreeing) == 1 else word


def has_marks(word: str) -> bool:
    """Whether `word` is written with any."""
    return bool(_MARK.search(word))


def marks_agree(form: str, before: int, base: str, *, article: bool) -> bool:
    """Whether the marks of `form`, where it has any, are those of `base`.

    Args:
        before: letters of `form` that stand before the word.
        article: whether the last of them are an article, which doubles some letters after it.
    """
    if len(form) > _LONGEST:
        return True
    theirs = _marks(form)[before:]
    ours = _marks(base)
    return all(
        _vowels_agree(mine, other) and _shadda_agrees(mine, other, letter, at, article=article)
        for at, ((letter, mine), (_, other)) in enumerate(zip(ours, theirs, strict=False))
    )


@cache
def _vowelled() -> dict[str, list[str]]:
    return {fold(readings[0]): readings for readings in read_table("vowelled.tsv")}


def _vowels_agree(mine: str, other: str) -> bool:
    one, two = _VOWELS.intersection(mine), _VOWELS.intersection(other)
    return not one or not two or one == two


def _shadda_agrees(mine: str, other: str, letter: str, at: int, *, article: bool) -> bool:
    """A doubled letter is another word, except after an article and in the ي of an adjective."""
    if _SHADDA not in other or (article and at == 0) or letter == "ي":
        return not (_SHADDA in mine and other and _SHADDA not in other)
    return _SHADDA in mine


def _marks(word: str) -> list[tuple[str, str]]:
    """Each letter with its marks. Tanwin counts for the letter before its alef, where some write it."""
    letters: list[tuple[str, str]] = []
    for character in unicodedata.normalize("NFC", word):
        if _MARK.match(character):
            if letters:
                at = -2 if character == "\u064b" and letters[-1][0] == "ا" and len(letters) > 1 else -1
                letters[at] = (letters[at][0], letters[at][1] + character)
        elif any(map(str.isalnum, folded := fold(character))):
            letters.append((folded, ""))
    return letters
