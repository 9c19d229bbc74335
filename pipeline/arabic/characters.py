"""
Characters: spellings Arabic writers use for the same word become one.

Folding is for comparing, never for showing. It changes lengths, so spans are kept by whoever folds
word by word (`pipeline.arabic.words`).
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

#: Vowel marks, superscript alef and Koranic signs: letters are told apart without them.
HARAKAT: Final = (
    "\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u0898-\u089f"
    "\u08ca-\u08ff"
)
#: Soft hyphen, joiners, directional marks, isolates, byte order mark: nothing a reader sees.
INVISIBLE: Final = "\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
TATWEEL: Final = "\u0640"

#: Harakat that presentation forms draw on a space or on a tatweel. NFKC would make words apart of them.
_SPACING_HARAKAT = re.compile("[\ufe70-\ufe72\ufe74\ufe76-\ufe7f\ufc5e-\ufc63\ufcf2-\ufcf4]")
_DROPPED = re.compile(f"[{HARAKAT}{INVISIBLE}{TATWEEL}\u0300-\u036f\u0674]")

_LETTERS: Final[dict[str, str]] = {
    "أإآٱٲٳ": "ا",  # every alef bare
    "ىیېۍۑےۓ\u063d\u063e\u063f": "ي",  # final yeh for alef maksura, and the yehs of Persian, Urdu, Pashto
    "ةۃہھەۀۂۿ\u06c5": "ه",  # heh for teh marbuta, and the hehs of other languages
    "کڪګ\u063b\u063c": "ك",
    "پ": "ب",
    "ڤڥڢ": "ف",
    "ژ": "ز",
    "چ": "ج",
    "ڭݣڨ": "گ",  # four ways to write a hard g; which of غ ج ق ك it is, a variant says
    "ۏۊۋ": "و",
}
#: Alefs that say which sound they carry. A bare one does not say, so it meets each of them.
CARRIED_ALEFS: Final = frozenset("أإآ")
_CARRYING: Final = CARRIED_ALEFS | {"ة"}
_FOLDED: Final = str.maketrans(
    {ord(letter): to for letters, to in _LETTERS.items() for letter in letters}
    | {0x0660 + digit: str(digit) for digit in range(10)}
    | {0x06F0 + digit: str(digit) for digit in range(10)}
)


def fold(text: str) -> str:
    """Fold spellings Arabic writers use for the same word; Latin becomes lower case.

    Drops harakat, tatweel and invisible controls; writes every alef bare, final yeh for alef
    maksura, heh for teh marbuta, Arabic letters for presentation forms and for their Persian
    relatives, 0 to 9 for all digits. Hamza on waw, on yeh and alone stays. Idempotent.

    >>> fold("الأُردنّ") == fold("الاردن")
    True
    """
    # Composition (within NFKC) has to see the marks before they go: alef + hamza above is one letter.
    composed = unicodedata.normalize("NFKC", _SPACING_HARAKAT.sub("", text))
    return _DROPPED.sub(
        "", unicodedata.normalize("NFKD", composed.lower()) if _foreign(composed) else composed.lower()
    ).translate(_FOLDED)


def _foreign(text: str) -> bool:
    """Whether there are letters with accents, which fold only when taken apart."""
    return any("\u00c0" <= letter <= "\u05ff" or "\u1e00" <= letter <= "\u1fff" for letter in text)


def carrying(text: str) -> str:
    """Fold `text`, but let alefs keep their hamza or madda, and ة its dots.

    >>> carrying("الأُمَّة"), fold("الأُمَّة")
    ('الأمة', 'الامه')
    """
    composed = unicodedata.normalize("NFKC", _SPACING_HARAKAT.sub("", text))
    return "".join(
        letter if letter in _CARRYING else "".join(filter(str.isalnum, fold(letter))) for letter in composed
    )
