"""
Evidence: what an article says for and against a topic, each kind by its name and from 0 to 1.

An editor reads these names in the topic's file and in `rasd why`. How many points each is worth
stands in the file; nothing here knows a weight.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from pipeline.detect.address import addressed
from pipeline.detect.mentions import Mention
from pipeline.detect.passages import Passages
from pipeline.records import ADDRESS, ELSEWHERE, NAMED, OTHERS, Topic

#: Points of terms at which a sentence says all it can.
FULL: Final = 16.0
#: The share of the text that counts as all of it: "about a third or more".
SUBSTANTIAL: Final = 0.4
#: The same of sentences in which the sides meet, and of those in which one addresses another.
MEETING: Final = 0.33
ADDRESSING: Final = 0.2
#: Groups whose terms tell something about a sentence, but add nothing to it.
_WITHOUT_WEIGHT: Final = frozenset({ADDRESS, ELSEWHERE, OTHERS})
#: Words between two sides: up to the first they touch, from the second on they are far apart.
_TOUCHING: Final = 2
_APART: Final = 12


class Told(NamedTuple):
    """What one sentence says of a topic. Sentence 0 is the headline."""

    words: int
    mentions: Sequence[Mention]  #: those that count, in order
    groups: frozenset[str | None]  #: they fill


def sentences_told(mentions: Iterable[Mention], cut: Passages, headline: int) -> list[Told]:
    """Each sentence with what counts in it; "both sides" only after each side was named.

    Args:
        headline: words of the headline.
    """
    counted: list[list[Mention]] = [[] for _ in range(cut.sentences + 1)]
    named: set[str | None] = set()
    for mention in sorted(mentions, key=lambda mention: (mention.sentence, mention.first)):
        owed = () if mention.term.group == NAMED else mention.term.stands_for
        if mention.cancelled_by is None and named.issuperset(owed):
            counted[mention.sentence].append(mention)
            named.update((mention.term.group, *mention.term.stands_for))
    lengths = [headline, *(cut.length(number) for number in range(1, cut.sentences + 1))]
    return [Told(words, found, _groups(found)) for words, found in zip(lengths, counted, strict=True)]


def evidence_of(
    topic: Topic, told: Sequence[Told], cut: Passages, part: range, *, post: bool
) -> dict[str, float]:
    """The kinds of `pipeline.records.EVIDENCE` that are there, above 0.

    Args:
        part: the sentences of the body that are read, in a row; the headline belongs to the first.
        post: whether the article is a post, which is read as one piece.
    """
    sides = frozenset(topic.sides or topic.required)
    titled = part.start <= 1 and told[0].words > 0
    headline = told[0] if titled or len(told) == 1 else told[max(part.start, 1)]
    body = [told[number] for number in part]
    opening = [told[number] for number in cut.opening_of(part)]
    first = [headline, *opening]
    found = {
        "title": _strength(topic, [headline]),
        "title_sides": float(headline.groups >= sides),
        "title_part": _named_of(topic, headline.groups),
        "opening": _strength(topic, opening, [headline]),
        "opening_sides": float(any(one.groups >= sides for one in opening)),
        "throughout": _throughout(topic, told, part) / SUBSTANTIAL,
        "meeting": _share(body, lambda one: one.groups >= sides) / MEETING,
        "addressed": float(any(addressed(topic.sides, one.mentions) for one in first)),
        "addressing": _share(body, lambda one: addressed(topic.sides, one.mentions) is not None) / ADDRESSING,
        "close": max(_closeness(topic.sides, one.mentions) for one in first),
        "named": float(any(NAMED in one.groups for one in first)),
        "others": _others(sides, first),
        "elsewhere": _share(body, lambda one: ELSEWHERE in one.groups),
        "title_elsewhere": float(ELSEWHERE in headline.groups),
        "post": _strength(topic, [headline, *body]) if post else 0.0,
    }
    return {name: min(1.0, value) for name, value in found.items() if value > 0}


def _groups(mentions: Iterable[Mention]) -> frozenset[str | None]:
    return frozenset(group for one in mentions for group in (one.term.group, *one.term.stands_for))


def _named_of(topic: Topic, groups: frozenset[str | None]) -> float:
    return sum(group in groups for group in topic.required) / len(topic.required) if topic.required else 0.0


def _strength(topic: Topic, sentences: Sequence[Told], context: Sequence[Told] = ()) -> float:
    """How strongly the distinct terms of `sentences` speak; `context` may fill groups, no more."""
    mentions = [mention for one in sentences for mention in one.mentions]
    groups = frozenset[str | None]().union(*(one.groups for one in (*sentences, *context)))
    if not mentions or not groups.issuperset(topic.required):
        return 0.0
    weights = {
        (one.term.text, one.term.group): one.term.weight
        for one in mentions
        if one.term.group not in _WITHOUT_WEIGHT
    }
    return max(0.0, min(1.0, sum(weights.values()) / FULL))


def _throughout(topic: Topic, told: Sequence[Told], part: range) -> float:
    """The share of the words that stand in sentences which speak of the topic, by their strength."""
    total = sum(told[number].words for number in part)
    spoken = sum(
        told[number].words * _strength(topic, [told[number]], told[max(0, number - 1) : number])
        for number in part
        if told[number].mentions
    )
    return spoken / total if total else 0.0


def _share(body: Sequence[Told], speaks: Callable[[Told], bool]) -> float:
    """The share of the words that stand in sentences of which `speaks` is true."""
    total = sum(one.words for one in body)
    return sum(one.words for one in body if one.mentions and speaks(one)) / total if total else 0.0


def _others(sides: frozenset[str], sentences: Sequence[Told]) -> float:
    """The share of third parties among all parties named; who is a side is no third party."""
    ours = theirs = 0
    for one in sentences:
        named = {(m.first, m.last) for m in one.mentions if m.term.group in sides}
        ours += len(named)
        theirs += len(
            {
                m.first
                for m in one.mentions
                if m.term.group == OTHERS
                and not any(first <= m.last and m.first <= last for first, last in named)
            }
        )
    return theirs / (ours + theirs) if theirs else 0.0


def _closeness(sides: Sequence[str], mentions: Sequence[Mention]) -> float:
    """1 where two sides touch, 0 where a dozen words stand between them."""
    named = [one for one in mentions if one.term.group in sides]
    gaps = [
        max(0, other.first - one.last - 1)
        for one, other in pairwise(named)
        if one.term.group != other.term.group
    ]
    return max(0.0, min(1.0, (_APART - min(gaps)) / (_APART - _TOUCHING))) if gaps else 0.0
