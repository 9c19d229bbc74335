"""
What is looked for of an event: the words of a title, their pairs, and how much of both an article has.

Words in title, lead and body add up, a title's most of all; two words of the query side by side say
more than both apart; and having most of the words says more than having one of them often.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Protocol

from pipeline.arabic.counts import family
from pipeline.search.report import Report

#: Words of the query article's own lead that are looked for beside its title's, at half their weight.
_OWN_WORDS: Final = 12
_OWN: Final = 0.5
_TITLE: Final = 4.0
_LEAD: Final = 1.2
_BODY: Final = 0.4
_PAIR: Final = 0.5
_COORDINATION: Final = 3.0
#: More of the same word adds ever less, and less in a long text: as in BM25.
_SATURATED: Final = 1.2
_TITLE_LENGTH: Final = (0.3, 9.0)  # how much length matters, and what is usual
_LEAD_LENGTH: Final = (0.0, 1.0)
_BODY_LENGTH: Final = (0.4, 170.0)
#: Bodies of the counted corpus that are lent to every index, and how many it has.
_LENT: Final = 1_000
_COUNTED: Final = 117_000


class Corpus(Protocol):
    """What knows how many bodies a word stands in."""

    def size(self) -> int:
        """Documents there are."""
        ...

    def frequencies(self, stems: Sequence[str]) -> Mapping[str, int]:
        """In how many bodies each stem stands."""
        ...


@dataclass(frozen=True)
class Wanted:
    """What is looked for: stems with their weights, and pairs of them side by side."""

    weights: Mapping[str, float]
    pairs: Mapping[tuple[str, str], float]

    @classmethod
    def of(cls, title: Sequence[str], lead: Sequence[str], corpus: Corpus) -> Wanted:
        """What a title asks for, and a lead where there is one."""
        rarity = rarity_of([*title, *lead], corpus)
        weights = {stem: rarity[stem] for stem in dict.fromkeys(title) if stem in rarity}
        told = sorted(rarity.keys() - set(title), key=lambda stem: (-rarity[stem], stem))
        weights |= {stem: _OWN * rarity[stem] for stem in told[:_OWN_WORDS]}
        pairs = {
            (one, other): _PAIR * min(weights[one], weights[other])
            for one, other in pairwise(title)
            if one in weights and other in weights
        }
        return cls(weights, pairs)

    def words(self, most: int) -> list[str]:
        """The weightiest of them."""
        return sorted(self.weights, key=lambda stem: (-self.weights[stem], stem))[:most]

    def score(self, report: Report) -> float:
        """How much of what is looked for an article has."""
        found = {stem: _standing(stem, report) for stem in self.weights}
        words = sum(self.weights[stem] * standing for stem, standing in found.items())
        pairs = sum(weight for pair, weight in self.pairs.items() if report.has_pair(*pair))
        there = sum(self.weights[stem] for stem, standing in found.items() if standing)
        return (words + pairs) * (1 + _COORDINATION * there / sum(self.weights.values()))


def rarity_of(stems: Iterable[str], corpus: Corpus) -> dict[str, float]:
    """The weight of stems by how few bodies have them; one that every other body has is left out.

    A small index knows little of words: nearly all are rare in it. So some bodies are lent to it that
    have each word as often as our counted corpus does; in a large one they make no difference.
    """
    asked = [stem for stem in dict.fromkeys(stems) if len(stem) > 1]
    size, found = corpus.size(), corpus.frequencies(asked)
    weights = {}
    for stem in asked:
        # A body with a stem in two spellings is counted twice.
        count = found.get(stem, 0)
        if 2 * count < size:
            lent = count + _LENT * _share(stem)
            weights[stem] = math.log((size + _LENT - lent + 0.5) / (lent + 0.5))
    return {stem: weight for stem, weight in weights.items() if weight > 0}


def _share(stem: str) -> float:
    """The share of the counted corpus's articles that have a word, about: as if it stood anywhere."""
    return 1 - math.exp(-family(stem) / _COUNTED)


def _standing(stem: str, report: Report) -> float:
    """How much a word stands out in an article: 0 where it is absent."""
    return (
        _TITLE * _saturated(report.title[stem], report.title.total(), _TITLE_LENGTH)
        + _LEAD * _saturated(report.lead[stem], 1, _LEAD_LENGTH)
        + _BODY * _saturated(report.body[stem], report.body.total(), _BODY_LENGTH)
    )


def _saturated(times: int, length: int, usual: tuple[float, float]) -> float:
    matters, mean = usual
    return times / (times + _SATURATED * (1 - matters + matters * length / mean)) if times else 0.0
