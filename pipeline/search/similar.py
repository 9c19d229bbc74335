"""
Similar coverage: the other reports of the event an article is about.

    SimilarRequest → the words that tell the event apart → candidates → a plain score for each

Any word may match, and the rare ones count most. An engine only gives candidates; the order is made
here, the same for every engine: words in title, lead and body add up, a title's most of all; two words
of the query side by side say more than both apart, and having most of the words says more than having
one of them often. Then the best candidates are read once more for what they share beside the query
(their names, mostly) and for when they were published, and everything is scored again with those words
and near those days. The article itself is taken out before anything is read, so it never feeds its own
search.

The weights were searched for over near-copies under other titles and same-day reports that share rare
names in their titles, as `rasd evaluate search --silver` makes the former.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Final, Protocol

from pipeline.answers import SimilarRequest
from pipeline.search.views import LEAD_WORDS, views_of

#: Words of the query article's own text that are looked for beside its title's.
_OWN_WORDS: Final = 12
#: Words an engine is asked for at once: the rarest.
_ASKED: Final = 16
#: Candidates that are read.
_CANDIDATES: Final = 120
#: The best ones that tell what else is looked for, and how many words they give.
_FEEDERS: Final = 6
_FED_WORDS: Final = 12
#: What a word they give counts, beside one of the query.
_FED: Final = 0.2
#: What being published on the days of the best candidates adds, and how long such days last.
_SAME_DAYS: Final = 0.5
_DAYS: Final = 2.0
#: Letters of a body that are read: some 200 words.
_READ_CHARS: Final = 1_200
_TITLE: Final = 5.0
_LEAD: Final = 0.6
_BODY: Final = 0.5
_PAIR: Final = 1.5
_COORDINATION: Final = 0.5
#: More of the same word adds ever less, and less in a long text: as in BM25.
_SATURATED: Final = 1.2
_TITLE_LENGTH: Final = (0.3, 9.0)  # how much length matters, and what is usual
_BODY_LENGTH: Final = (0.4, 170.0)


@dataclass(frozen=True)
class Candidate:
    """An article an engine proposes."""

    document_id: str
    title: str
    body: str
    published_at: datetime | None = None


class Source(Protocol):
    """What similar coverage needs of an engine."""

    def size(self) -> int:
        """Documents there are."""
        ...

    def frequencies(self, stems: Sequence[str]) -> Mapping[str, int]:
        """In how many bodies each stem stands."""
        ...

    def candidates(
        self, weights: Mapping[str, float], request: SimilarRequest, limit: int
    ) -> list[Candidate]:
        """Documents with any of the stems, those with the most weight first; not the excluded ones."""
        ...


def similar(source: Source, request: SimilarRequest) -> list[tuple[str, float]]:
    """Ids of similar articles with their scores, best first."""
    title, lead = views_of(request.title)[2], views_of(request.body[:_READ_CHARS])[2][:LEAD_WORDS]
    wanted = _Wanted.of(source, title, lead)
    if not wanted.weights:
        return []
    read = [_Read.of(each) for each in source.candidates(wanted.asked(), request, _CANDIDATES)]
    best = sorted(read, key=lambda each: (-wanted.score(each), each.document_id))[:_FEEDERS]
    fed = wanted.fed(source, best)
    known = {each.document_id for each in read}
    more = source.candidates(fed.asked(), request, _CANDIDATES)
    read += [_Read.of(each) for each in more if each.document_id not in known]
    worth = [(each, wanted.score(each)) for each in best]
    scored = [(each.document_id, fed.score(each) * (1 + _SAME_DAYS * _timely(each, worth))) for each in read]
    scored.sort(key=lambda found: (-found[1], found[0]))
    return scored


def best_of_copies(
    found: Sequence[tuple[str, float]], keys: Mapping[str, int | str], *, collapse: bool
) -> list[tuple[str, float, int]]:
    """Each with the number of articles it stands for: with `collapse` the best placed of near-copies."""
    if not collapse:
        return [(name, score, 1) for name, score in found]
    copies = Counter(keys[name] for name, _ in found)
    best: dict[int | str, tuple[str, float, int]] = {}
    for name, score in found:
        best.setdefault(keys[name], (name, score, copies[keys[name]]))
    return list(best.values())


@dataclass(frozen=True)
class _Read:
    """A candidate's words."""

    document_id: str
    title: Counter[str]
    lead: Counter[str]
    body: Counter[str]
    pairs: frozenset[tuple[str, str]]
    published_at: datetime | None

    @classmethod
    def of(cls, candidate: Candidate) -> _Read:
        title, body = views_of(candidate.title)[2], views_of(candidate.body[:_READ_CHARS])[2]
        return cls(
            candidate.document_id,
            Counter(title),
            Counter(body[:LEAD_WORDS]),
            Counter(body),
            frozenset(pairwise(title)) | frozenset(pairwise(body)),
            candidate.published_at,
        )


@dataclass(frozen=True)
class _Wanted:
    """What is looked for: stems with their weights, and pairs of them side by side."""

    weights: Mapping[str, float]
    pairs: Mapping[tuple[str, str], float]
    own: float  #: weight of the query's own words together
    added: Mapping[str, float]

    @classmethod
    def of(cls, source: Source, title: Sequence[str], lead: Sequence[str]) -> _Wanted:
        distinct = list(dict.fromkeys([*title, *lead]))
        rarity = _rarity(source, distinct)
        weights = {stem: rarity[stem] for stem in dict.fromkeys(title) if rarity[stem] > 0}
        told = sorted(set(lead) - set(title), key=lambda stem: -rarity[stem])
        weights |= {stem: 0.5 * rarity[stem] for stem in told[:_OWN_WORDS] if rarity[stem] > 0}
        pairs = {
            (one, other): _PAIR * min(weights[one], weights[other])
            for one, other in pairwise(title)
            if one in weights and other in weights
        }
        return cls(weights, pairs, sum(weights.values()), {})

    def asked(self) -> dict[str, float]:
        """The weightiest words, for an engine."""
        everything = {**self.added, **self.weights}
        return dict(sorted(everything.items(), key=lambda item: -item[1])[:_ASKED])

    def fed(self, source: Source, best: Sequence[_Read]) -> _Wanted:
        """With the words that the best candidates share beside."""
        count = Counter(stem for each in best for stem in {*each.title, *each.lead})
        rarity = _rarity(source, [stem for stem, times in count.items() if times > 1])
        scores = [(each, self.score(each)) for each in best]
        whole = sum(score for _, score in scores) or 1.0
        worth = {
            stem: rarity[stem]
            * sum(score for each, score in scores if stem in each.title or stem in each.lead)
            for stem in rarity
            if stem not in self.weights and rarity[stem] > 0
        }
        chosen = sorted(worth.items(), key=lambda item: -item[1])[:_FED_WORDS]
        return _Wanted(
            self.weights, self.pairs, self.own, {stem: _FED * value / whole for stem, value in chosen}
        )

    def score(self, read: _Read) -> float:
        """How much of what is looked for an article has."""
        found = {stem: _standing(stem, read) for stem in self.weights}
        words = sum(self.weights[stem] * standing for stem, standing in found.items())
        there = sum(self.weights[stem] for stem, standing in found.items() if standing) / self.own
        pairs = sum(weight for pair, weight in self.pairs.items() if pair in read.pairs)
        fed = sum(weight * _standing(stem, read) for stem, weight in self.added.items())
        return (words + pairs) * (1 + _COORDINATION * there) + fed


def _standing(stem: str, read: _Read) -> float:
    """How much a word stands out in an article: 0 where it is absent."""
    return (
        _TITLE * _saturated(read.title[stem], read.title.total(), _TITLE_LENGTH)
        + _LEAD * _saturated(read.lead[stem], 1, (0.0, 1.0))
        + _BODY * _saturated(read.body[stem], read.body.total(), _BODY_LENGTH)
    )


def _saturated(times: int, length: int, usual: tuple[float, float]) -> float:
    matters, mean = usual
    return times / (times + _SATURATED * (1 - matters + matters * length / mean)) if times else 0.0


def _timely(read: _Read, best: Sequence[tuple[_Read, float]]) -> float:
    """How near an article was published to the best others, 0 to 1; 0 where nobody says when."""
    if read.published_at is None:
        return 0.0
    near = whole = 0.0
    for other, worth in best:
        if other.document_id != read.document_id and other.published_at is not None:
            days = abs((other.published_at - read.published_at).total_seconds()) / 86_400
            near += worth * math.exp(-days / _DAYS)
            whole += worth
    return near / whole if whole else 0.0


def _rarity(source: Source, stems: Iterable[str]) -> dict[str, float]:
    """The weight of a stem by how few bodies have it; 0 for one that nearly every body has."""
    asked = [stem for stem in stems if len(stem) > 1]
    size, found = source.size(), source.frequencies(asked)
    # A body with a stem in two spellings is counted twice: in a small index that may be more than all.
    having = {stem: min(found.get(stem, 0), size) for stem in asked}
    rarity = {
        stem: max(0.0, math.log((size - count + 0.5) / (count + 0.5))) for stem, count in having.items()
    }
    return dict.fromkeys(stems, 0.0) | rarity
