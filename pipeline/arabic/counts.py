"""
How often each form stands in a large corpus of news: what guesses about words are validated by.

The table is made by `scripts/count_forms.py`, is read at first need and takes about a sixth
of a second. Forms are counted unfolded, so that إلقاء (throwing) is no article before قاء.
"""

from __future__ import annotations

import gzip
from collections import defaultdict
from functools import cache
from itertools import product
from pathlib import Path
from typing import Final, NamedTuple

from pipeline.arabic.characters import CARRIED_ALEFS, bare

#: What a folded letter may have been written as: anywhere, and at the end of a word.
_ALEFS: Final = {"ا": "اأإآ"}
_ENDS: Final = {"ه": "هة", "ي": "يى"}
#: Words with more alefs have too many spellings to try; they are few.
_MOST_ALEFS: Final = 4

#: ال stands before nouns and adjectives in a larger share of their uses than this.
_SELDOM_ARTICLED: Final = 0.02

_DATA: Final = Path(__file__).resolve().parent / "data"


class Counts(NamedTuple):
    """How often forms stand, of those that stand more than a few times."""

    written: dict[str, int]  #: unfolded, as `explicit` leaves them
    everywhere: dict[str, int]  #: folded
    carried: dict[str, int]  #: of the folded: with a hamza or madda on the first alef
    marbuta: dict[str, int]  #: of the folded: with a teh marbuta at the end


@cache
def table() -> Counts:
    """The table, read once."""
    cells = gzip.decompress((_DATA / "counts.tsv.gz").read_bytes()).decode().split()
    forms, times = cells[::2], list(map(int, cells[1::2]))
    everywhere: defaultdict[str, int] = defaultdict(int)
    carried: defaultdict[str, int] = defaultdict(int)
    marbuta: defaultdict[str, int] = defaultdict(int)
    # Folded all at once: every command that reads Arabic waits for this.
    for form, folded, count in zip(forms, bare("\n".join(forms)).split("\n"), times, strict=True):
        everywhere[folded] += count
        if form[0] in CARRIED_ALEFS:
            carried[folded] += count
        if form[-1] == "ة":
            marbuta[folded] += count
    return Counts(dict(zip(forms, times, strict=True)), dict(everywhere), dict(carried), dict(marbuta))


def count(folded: str) -> int:
    """How often `folded` stands, however it is spelled."""
    return table().everywhere.get(folded, 0)


def articled(folded: str) -> int:
    """How often ال stands before `folded`: its alef is always bare."""
    whole = "ال" + folded
    known = table()
    return known.everywhere.get(whole, 0) - known.carried.get(whole, 0)


def seldom_articled(folded: str) -> bool:
    """Whether ال stands before `folded` in so few of its uses that it is no noun or adjective."""
    return articled(folded) <= _SELDOM_ARTICLED * count(folded)


def begins_bare(folded: str) -> bool:
    """Whether the first alef of `folded` may be an article's: half the time or more nothing is written on it.

    >>> begins_bare("الوزير"), begins_bare("المانيا")
    (True, False)
    """
    return 2 * table().carried.get(folded, 0) <= count(folded)


def family(folded: str) -> int:
    """How often `folded` stands, with and without the article."""
    return count(folded) + articled(folded)


def commonest_alefs(folded: str) -> str:
    """`folded` with the alefs it is mostly written with; as it is where it has too many to try."""
    if not 0 < folded.count("ا") <= _MOST_ALEFS:
        return folded
    spellings = ("".join(letters) for letters in product(*(_ALEFS.get(letter, letter) for letter in folded)))
    return max(spellings, key=_written)


def alike(spelled: str) -> int:
    """How often a word stands with the alefs it is spelled with, or with bare ones."""
    folded = bare(spelled)
    return _written(spelled) + (_written(folded) if spelled != folded else 0)


def _written(spelled: str) -> int:
    """How often a word stands with its alefs written just so, whatever its ending."""
    written, ends = table().written, _ENDS.get(spelled[-1], spelled[-1])
    return sum(written.get(spelled[:-1] + end, 0) for end in ends)
