"""
Characters: spellings Arabic writers use for the same word become one.

Folding is for comparing, never for showing, and it changes lengths. `fold_mapped` keeps the way back;
whoever folds word by word (`pipeline.arabic.words`) has the words' spans instead.

The order matters, and each step names why:

    invisible controls go       they stand between a letter and its mark
    spacing harakat go          NFKC would make blanks of them, and two words of one
    marks are thinned out       normalising takes the square of a run of marks
    NFKC composes               alef + U+0654 is one letter, so marks must still be there
    marks go, letters fold
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Final, NamedTuple

#: Vowel marks, superscript alef and Koranic signs: letters are told apart without them.
HARAKAT: Final = (
    "\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u0898-\u089f"
    "\u08ca-\u08ff"
)
#: Soft hyphen, joiners, directional marks, isolates, byte order mark: nothing a reader sees.
INVISIBLE: Final = "\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
TATWEEL: Final = "\u0640"
#: Alefs that say which sound they carry. A bare one does not say, so it meets each of them.
CARRIED_ALEFS: Final = frozenset("أإآ")

#: Harakat that presentation forms draw on a blank or on a tatweel.
_SPACING_HARAKAT: Final = "\ufe70-\ufe72\ufe74\ufe76-\ufe7f\ufc5e-\ufc63\ufcf2-\ufcf4"
#: Every mark of any script: those Unicode may have to put in order.
_MARKS: Final = "".join(chr(code) for code in range(0x300, 0x1E94B) if unicodedata.combining(chr(code)))
#: Letters that join the one before though they are no marks: Hangul vowels and finals, Indic signs.
_JOINING: Final = (
    "\u1160-\u11ff\uff9e-\uffdc\u09be\u09d7\u0b3e\u0b56\u0b57\u0bbe\u0bd7\u0cc2\u0cd5\u0cd6\u0d3e\u0d57"
    "\u0dcf\u0ddf\u102e\u1b35\U000110ba\U00011127\U0001133e\U00011357\U000114b0\U000114ba\U000114bd"
    "\U000115af\U00011930"
)
#: As many marks as Unicode's stream-safe format lets stand on one letter; real ones carry three.
_MOST_MARKS: Final = 30

_GONE_FIRST = re.compile(f"[{INVISIBLE}{_SPACING_HARAKAT}]")
#: Letters of Arabic as nearly all words are written: nothing to do before `bare`.
_PLAIN = re.compile("[\u0621-\u063a\u0641-\u064a]+")
_CROWD = re.compile(f"([{_MARKS}]{{{_MOST_MARKS}}})[{_MARKS}]+")
#: ASCII, the letters of Arabic with their vowels, its stops: most text is nothing else. Marks that make
#: another letter of one are left out.
_COMMON = re.compile(r"[\x00-\x7f\u060c\u061b\u061f\u0621-\u063a\u0640-\u0652]*")
_DROPPED = re.compile(f"[{HARAKAT}{INVISIBLE}{TATWEEL}\u0300-\u036f\u0674]")
#: Letters with accents fold only when taken apart; Arabic ones must not be.
_ACCENTED = re.compile("[\u00c0-\u05ff\u1e00-\u1fff]+")
_CLUSTER = re.compile(f".[{_MARKS}{_JOINING}{INVISIBLE}{_SPACING_HARAKAT}]*", re.DOTALL)

#: Letters of the script's other languages and shapes → the Arabic letter.
_RELATIVES: Final[dict[str, str]] = {
    "ٱ": "ا",
    "ٲ": "أ",
    "ٳ": "إ",
    "یېۍۑےۓ\u063d\u063e\u063f": "ي",  # ي or ى: Persian has one letter for both
    "ۃ": "ة",
    "ہھەۀۂۿ\u06c5": "ه",
    "کڪګ\u063b\u063c": "ك",
    "پ": "ب",
    "ڤڥڢ": "ف",
    "ژ": "ز",
    "چ": "ج",
    "ڭݣڨ": "گ",  # four ways to write a hard g; which of غ ج ق ك it is, the listed word says
    "ۏۊۋ": "و",
}
#: Letters writers exchange for one another → the one they are compared by.
_EXCHANGED: Final = {"أ": "ا", "إ": "ا", "آ": "ا", "ى": "ي", "ة": "ه"}
_RELATED: Final = str.maketrans(
    {ord(letter): to for letters, to in _RELATIVES.items() for letter in letters}
    | {0x0660 + digit: str(digit) for digit in range(10)}
    | {0x06F0 + digit: str(digit) for digit in range(10)}
)


class FoldedText(NamedTuple):
    """A folded text and the way back to what was published."""

    text: str
    starts: list[int]  #: of each folded character: where the published one it comes from begins
    ends: list[int]  #: and ends, its marks included; exclusive

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The published span of the folded characters `start` to `end`, which is not empty."""
        return self.starts[start], self.ends[end - 1]


def fold(text: str) -> str:
    """Fold spellings Arabic writers use for the same word; Latin becomes lower case.

    Drops harakat, tatweel and invisible controls; writes every alef bare, final yeh for alef
    maksura, heh for teh marbuta, Arabic letters for presentation forms and for their Persian
    relatives, 0 to 9 for all digits. Hamza on waw, on yeh and alone stays. Idempotent; linear.

    >>> fold("الأُردنّ") == fold("الاردن")
    True
    """
    return text.lower() if text.isascii() else bare(explicit(text))


def fold_mapped(text: str) -> FoldedText:
    """`fold(text)` with an offset map. An expansion maps to the one character it is published as.

    >>> folded = fold_mapped("قال: ﻻ")
    >>> folded.text, folded.span(5, 7)
    ('قال: لا', (5, 6))
    """
    pieces: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for folded, start, end in _folded_clusters(text):
        pieces.append(folded)
        starts += [start] * len(folded)
        ends += [end] * len(folded)
    return FoldedText("".join(pieces), starts, ends)


def is_plain(text: str) -> bool:
    """Whether there is nothing in `text` but letters of Arabic, in the one way that is usual.

    >>> is_plain("الأمة"), is_plain("الأُمَّــة"), is_plain("")
    (True, False, False)
    """
    return _PLAIN.fullmatch(text) is not None


def explicit(text: str) -> str:
    """Fold what only differs to the eye: alefs keep hamza and madda, ة its dots, ى has none.

    >>> explicit("الأُمَّــة")
    'الأمة'
    """
    if is_plain(text):
        return text
    if _COMMON.fullmatch(text):
        return _DROPPED.sub("", text).lower()
    apart = _ACCENTED.sub(_taken_apart, composed(text).casefold())
    return unicodedata.normalize("NFC", _DROPPED.sub("", apart)).translate(_RELATED)


def composed(text: str) -> str:
    """NFKC of what can be seen of `text`, in linear time: presentation forms are letters, marks stay.

    >>> composed("ﺑﻮ\u200cﺗﻴﻦ"), composed("ا\u0654")
    ('بوتين', 'أ')
    """
    return unicodedata.normalize("NFKC", _CROWD.sub(r"\1", _GONE_FIRST.sub("", text)))


def bare(explicit_text: str) -> str:
    """What `explicit` left, with alefs bare, ي for ى and ه for ة: folded.

    >>> bare("الأمة")
    'الامه'
    """
    for letter, written in _EXCHANGED.items():  # half the time of a table
        explicit_text = explicit_text.replace(letter, written)
    return explicit_text


def carrying(text: str) -> str:
    """The letters and digits of `text`; alefs keep hamza or madda, ة its dots, ى does not stay.

    >>> carrying("الأُمَّة"), fold("الأُمَّة")
    ('الأمة', 'الامه')
    """
    plain = text if is_plain(text) else "".join(filter(str.isalnum, explicit(text)))
    return plain.replace("ى", "ي")


def carried_alike(one: str, other: str) -> bool:
    """Whether no alef carries one thing in one spelling and another in the other, as far as both go.

    >>> carried_alike("إيران", "ايران"), carried_alike("أردوغان", "إردوغان")
    (True, False)
    """
    if CARRIED_ALEFS.isdisjoint(one) or CARRIED_ALEFS.isdisjoint(other):
        return True  # most words: told at once
    return all(
        mine == theirs or mine not in CARRIED_ALEFS or theirs not in CARRIED_ALEFS
        for mine, theirs in zip(one, other, strict=False)
    )


def _taken_apart(accented: re.Match[str]) -> str:
    return unicodedata.normalize("NFKD", accented[0])


def _folded_clusters(text: str) -> Iterator[tuple[str, int, int]]:
    """A letter with its marks, folded, and where it stands."""
    remembered: dict[str, str] = {}
    for found in _CLUSTER.finditer(text):
        cluster = found[0]
        folded = remembered.get(cluster)
        if folded is None:
            folded = remembered[cluster] = fold(cluster)
        yield folded, found.start(), found.end()
