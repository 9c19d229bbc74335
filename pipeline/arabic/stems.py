"""
Stems: what search compares, so that a word finds its other forms and not its look-alikes.

Arabic writes "and", "for", "in", "the" and "its" onto the word, and most words also begin or end in
such letters by nature. So nothing is taken off by shape alone: a corpus has to know the remainder
well enough (`pipeline.arabic.counts`). What counts cannot decide stands in two reviewed tables,
`data/protected.txt` and `data/stems.tsv`.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

from pipeline.arabic import counts
from pipeline.arabic.characters import fold
from pipeline.arabic.counts import articled, count, family

_DATA: Final = Path(__file__).resolve().parent / "data"

#: A remainder must be this many times as frequent as the word for و ف ب ل ك to come off.
#: Lower, and وفد (delegation) becomes فد; higher, and common words keep their و.
CLEARLY_COMMONER: Final = 3
#: Distinct words remembered; above it the memory starts anew, so that it stays flat over years.
_REMEMBERED: Final = 400_000
#: Remainders shorter than this are too many words at once.
_SHORTEST: Final = 3

#: Endings of pronouns → what stood before them, the longest first. ة opens to ت before a pronoun.
_PRONOUNS: Final = (
    ("اتهما", "ات"), ("تيهما", "ه"), ("تهما", "ه"), ("اتهم", "ات"), ("اتها", "ات"), ("اتنا", "ات"),
    ("تهم", "ه"), ("تها", "ه"), ("تنا", "ه"), ("تكم", "ه"), ("اته", "ات"), ("ته", "ه"),
    ("يهما", ""), ("هما", ""), ("هم", ""), ("ها", ""), ("نا", ""), ("كم", ""), ("ه", ""),
)  # fmt: skip
#: Endings of number and gender → what stands in the singular, the least share of the word's own
#: frequency the singular must have, and whether the ين of the same dual must be known too.
_NUMBERS: Final = (
    ("يتين", "ي", 0.2, False), ("يتان", "ي", 0.2, False), ("يات", "ي", 0.2, False),
    ("يين", "ي", 0.2, False), ("يون", "ي", 0.2, False), ("يه", "ي", 0.2, False),
    ("تين", "ه", 1.0, False), ("تان", "ه", 1.0, False), ("ات", "ه", 0.2, False), ("ات", "", 0.3, False),
    ("ين", "", 0.5, False), ("ون", "", 0.5, False), ("ان", "", 2.0, True),
    ("ا", "", 3.0, False), ("و", "", 3.0, True), ("ي", "", 3.0, True),
)  # fmt: skip


class _Memo(dict[str, str]):
    """Word → what `compute` makes of it."""

    def __missing__(self, word: str) -> str:
        if len(self) >= _REMEMBERED:
            self.clear()
        found = self[word] = self.compute(word)
        return found

    def compute(self, word: str) -> str:
        raise NotImplementedError


class _Bases(_Memo):
    def compute(self, word: str) -> str:
        return _without_proclitics(word)


class _Stems(_Memo):
    def compute(self, word: str) -> str:
        return _without_suffixes(_bases[word])


_bases = _Bases()
_stems = _Stems()


def base(folded: str) -> str:
    """`folded` without و ف, ب ل ك and the article, where a corpus knows the rest.

    >>> base("وللقاء"), base("ولايه"), base("طالبان")
    ('لقاء', 'ولايه', 'طالبان')
    """
    return _bases[folded]


def stem(folded: str) -> str:
    """What search compares: `base` without the endings of number, gender and possession.

    >>> stem("مفاوضاتهما") == stem("والمفاوضات"), stem("الرياض") == stem("الرياضه")
    (True, False)
    """
    return _stems[folded]


def _without_proclitics(word: str) -> str:
    if len(word) <= _SHORTEST or word in _protected():
        return word
    for remainder in (_conjunction_off(word), _preposition_off(word), _article_off(word)):
        if remainder:
            return _bases[remainder]
    return word


def _conjunction_off(word: str) -> str:
    """The rest after و or ف, or "" where that is no conjunction."""
    rest = word[1:]
    if word[0] not in "وف" or len(rest) < _SHORTEST:
        return ""
    if _known(rest) >= max(1, CLEARLY_COMMONER * count(word)):
        return rest
    # A word nobody has met: its و is nearly always "and", and a name in و loses it everywhere alike.
    return rest if word[0] == "و" and not count(word) and len(rest) > _SHORTEST else ""


def _preposition_off(word: str) -> str:
    """The rest after ب ل ك, لل written out again; "" where that is none."""
    if word.startswith("لل"):
        return _lam_off(word)
    rest = word[1:]
    if word[0] not in "بلك" or len(rest) < _SHORTEST:
        return ""
    return rest if _known(rest) >= max(1, CLEARLY_COMMONER * count(word)) else ""


def _lam_off(word: str) -> str:
    """ل + ال, or ل before a word in ل: للقاء is to a meeting, للناتو to the NATO."""
    after = word[2:]
    with_article, with_lam = "ال" + after, "ل" + after
    with_the = articled(after)
    lam = count(with_lam) + articled(with_lam)
    if max(with_the, lam) == 0 or len(after) < 2:
        return ""
    return with_article if with_the > lam else with_lam


def _article_off(word: str) -> str:
    """The rest after ال where it is known bare; "" where it is not, or the alef has a hamza."""
    rest = word[2:]
    if not word.startswith("ال") or len(rest) < 2 or not count(rest):
        return ""
    carried = counts.table().carried.get(word, 0)
    return "" if 2 * carried > count(word) else rest


def _without_suffixes(word: str) -> str:
    reviewed = _reviewed().get(word)
    if reviewed is not None:
        return reviewed
    if len(word) <= _SHORTEST or word in _protected():
        return word
    singular = _pronoun_off(word) or word
    return _number_off(singular) or singular


def _pronoun_off(word: str) -> str:
    """The word without its pronoun; "" where its ending is its own."""
    for ending, instead in _PRONOUNS:
        if word.endswith(ending):
            rest = word[: -len(ending)] + instead
            marbuta = 2 * counts.table().marbuta.get(word, 0) > count(word)
            if (
                len(rest) >= _SHORTEST
                and not marbuta
                and family(rest) >= max(1, CLEARLY_COMMONER * family(word))
            ):
                return rest
    return ""


def _number_off(word: str) -> str:
    """The singular; "" where the ending is the word's own."""
    best, most = "", 0
    for ending, instead, share, dual in _NUMBERS:
        rest = word[: -len(ending)] + instead
        if not word.endswith(ending) or len(rest) < _SHORTEST:
            continue
        times = family(rest)
        if times < max(1, share * family(word)) or (dual and not family(rest + "ين")):
            continue
        if ending == "ي" and family(word + "ه") >= 0.3 * family(word):
            continue  # an adjective of a place or a thing: it has a feminine
        if times > most:
            best, most = rest, times
    return best


def _known(rest: str) -> int:
    """How often `rest` stands; where never, how often what remains of it without proclitics."""
    found = count(rest)
    if found or len(rest) <= _SHORTEST:
        return found
    bare = _bases[rest]
    return family(bare) if bare != rest else 0


@cache
def _protected() -> frozenset[str]:
    """Folded words that begin or end like others and are none of their forms."""
    return frozenset(fold(line.split("#")[0].strip()) for line in _lines("protected.txt"))


@cache
def _reviewed() -> dict[str, str]:
    """Folded word → its stem: broken plurals, and spellings that differ by the seat of a hamza."""
    pairs = (line.split("#")[0].split() for line in _lines("stems.tsv"))
    return {fold(word): fold(other) for other, *others in pairs for word in others}


def _lines(name: str) -> list[str]:
    lines = (_DATA / name).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line.strip() and not line.startswith("#")]
