"""
Near-copies: articles that share most of their text share a key, whoever published them.

A wire report appears in twenty papers with another headline and a line more or less. The key is made
of the least of the hashes of the pairs of words its text begins with: two texts have the same least one
as often as a pair taken at random is in both. Rare words weigh more in that choice, since every text has
the common ones; and several are taken, since among a hundred thousand articles one is had in common by
chance. `rasd evaluate copies` measures what comes of it.

Source: Broder, On the resemblance and containment of documents, 1997; for the weights, Manasse, McSherry
and Talwar, Consistent weighted sampling, 2010.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from hashlib import blake2b
from heapq import nsmallest
from itertools import pairwise
from typing import Final

from pipeline.arabic.counts import family

#: Pairs a key is made of: with fewer, articles on one subject fall together; with more, copies apart.
_TAKEN: Final = 4
#: Words of the body that are looked at: endings differ more than beginnings do.
_LOOKED_AT: Final = 100
#: Shorter bodies are copies only when they are the same to the word.
_FEWEST: Final = 20
#: A word that stands so often in our counted corpus is in every article.
_EVERYWHERE: Final = 120_000
_LEAST: Final = 0.01
_PAIRS_REMEMBERED: Final = 100_000
_WORDS_REMEMBERED: Final = 50_000


def copy_key(stems: Sequence[str], title: Sequence[str]) -> int:
    """The key of an article by the stems of its body and title; fits a signed integer of 64 bits."""
    if len(stems) < _FEWEST:
        return _key(" ".join([*title, "|", *stems]))
    pairs = set(pairwise(stems[:_LOOKED_AT]))
    return _key(" ".join(sorted(" ".join(pair) for pair in nsmallest(_TAKEN, pairs, key=_place))))


@lru_cache(maxsize=_PAIRS_REMEMBERED)
def _place(pair: tuple[str, str]) -> tuple[float, tuple[str, str]]:
    """Where a pair stands among all there could be: by chance, but the same for ever; rare ones sooner."""
    even = int.from_bytes(blake2b(" ".join(pair).encode(), digest_size=6).digest()) / 2**48
    return -math.log(1 - even) / (_rarity(pair[0]) * _rarity(pair[1])), pair


@lru_cache(maxsize=_WORDS_REMEMBERED)
def _rarity(stem: str) -> float:
    return max(_LEAST, math.log(_EVERYWHERE / (1 + family(stem))))


def _key(text: str) -> int:
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), signed=True)
