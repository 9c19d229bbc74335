"""
Transliteration: a foreign name is written as each writer hears it, and nobody can list all ways.

    نتنياهو نيتنياهو            a long vowel or none
    بلومبرغ بلومبرج             g, which Arabic has no letter for
    غانتس غانتز, أنطونوف أنتونوف  s and z, t with and without emphasis

Spellings that texts really have are reviewed in `names.tsv`. For the rest there is a rule: a form no
corpus knows, neither itself nor what its clitics and endings leave, is the listed name it differs from
in one such place, or in two where the name has more than four consonants and can be no other.
"""

from __future__ import annotations

import re
from typing import Final

from pipeline.arabic.counts import articled, count
from pipeline.arabic.stems import base, stem
from pipeline.arabic.suffixes import singular

#: Names of fewer consonants are too near to other words: Putin and Bhutan have three.
_LEAST_CONSONANTS: Final = 4
#: Letters names of other languages do not have in Arabic.
_ARABIC_ONLY: Final = frozenset("عحضظ")
_DUAL: Final = ("ان", "ين")
#: Letters that are heard alike → the one they are compared by.
_HEARD: Final = str.maketrans("جقگطثصزذ", "غغغتتسسد")
_VOWELS: Final = "اويءئؤ"
_CONSONANT: Final = re.compile(f"تش|[^{_VOWELS}]")


def is_foreign(folded: str) -> bool:
    """Whether a listed name is one writers may spell otherwise; طالبان is also two students."""
    body, _ = _without_end(folded)
    long_enough = len(_CONSONANT.findall(body)) >= _LEAST_CONSONANTS
    many = singular(folded) or (folded.endswith(_DUAL) and articled(folded[:-2]))
    return long_enough and _ARABIC_ONLY.isdisjoint(folded) and not many


def consonants(folded: str) -> str:
    """What all spellings of a name have in common: its consonants as they are heard, how it begins and ends.

    >>> consonants("زابوريجيا") == consonants("زابورجيا"), consonants("ترامب") == consonants("ترامبي")
    (True, False)
    """
    body, end = _without_end(folded)
    start = body[:1] if body[:1] in _VOWELS else ""
    return start + "".join(letter[-1] for letter in _CONSONANT.findall(body)).translate(_HEARD) + end


def may_be_foreign(folded: str) -> bool:
    """Whether a form is worth a look: most of a text is known, or has letters no foreign name has."""
    return not count(folded) and _ARABIC_ONLY.isdisjoint(folded)


def is_unknown(folded: str) -> bool:
    """Whether a corpus has neither a word nor what its clitics and endings leave."""
    return not count(folded) and not count(base(folded)) and not count(stem(folded))


def spelled_alike(one: str, other: str) -> bool:
    """Whether two spellings of the same consonants differ in a place or two, and there in what is heard."""
    mine, theirs = _without_end(one)[0], _without_end(other)[0]
    letters = list(zip(_CONSONANT.findall(mine), _CONSONANT.findall(theirs), strict=True))
    gaps = list(zip(_CONSONANT.split(mine), _CONSONANT.split(theirs), strict=True))
    changes = sum(a != b for a, b in (*letters, *gaps))
    is_long = len(letters) > _LEAST_CONSONANTS
    return changes <= 1 + is_long and all(
        a == b or _is_lengthened(a, b) or (is_long and len(a) == len(b)) for a, b in gaps
    )


def _is_lengthened(one: str, other: str) -> bool:
    """Whether a long vowel stands in one of two gaps only: نتنياهو, نيتنياهو; كييف, كيف."""
    shorter, longer = sorted((one, other), key=len)
    return len(longer) - len(shorter) == 1 and longer.startswith(shorter)


def _without_end(folded: str) -> tuple[str, str]:
    """A name less the vowels it ends in, and these; ا and ه are one there: أوديسا, أوديسة."""
    body = folded.rstrip(_VOWELS + "ه")
    return body, folded[len(body) :].replace("ه", "ا")
