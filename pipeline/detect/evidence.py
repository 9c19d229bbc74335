"""
Evidence: what an article says for and against a topic, each kind by its name and from 0 to 1.

An editor reads these names in the topic's file and in `rasd why`. How many points each is worth
stands in the file; nothing here knows a weight.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from pipeline.detect.address import addressed, third_parties, turned_away
from pipeline.detect.mentions import Mention
from pipeline.detect.passages import Passages
from pipeline.records import ADDRESS, ELSEWHERE, NAMED, OTHERS, Topic

#: Points of terms at which a post says all it can.
_FULL: Final = 22.0
#: Points of a term that speaks as strongly as one term can.
_STRONGEST: Final = 10.0
#: Points from which on a term in a headline leaves no doubt what it stands for.
_PLAIN: Final = 6.0
#: The share of the text that counts as all of it: "about a third or more".
_SUBSTANTIAL: Final = 0.4
#: Words within which sides and act are taken for one statement.
_STATEMENT: Final = 15
#: What that is worth where the sides only stand beside each other.
_BESIDE: Final = 0.7
#: Groups whose terms tell something about a sentence, but add nothing to it.
_WITHOUT_WEIGHT: Final = frozenset({ADDRESS, ELSEWHERE, OTHERS})


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
        post: whether the article is a post. What fills a text of two sentences may still say little,
            so nothing in one counts for more than its terms do.
    """
    titled = part.start <= 1 and told[0].words > 0
    headline = told[0] if titled or len(told) == 1 else told[max(part.start, 1)]
    body = [told[number] for number in part]
    opening = [told[number] for number in cut.opening_of(part)]
    first = [headline, *opening]
    found = {
        "title_part": _share_named(topic, headline),
        "opening": max((_least_said(topic, one, before) for before, one in pairwise(first)), default=0.0),
        "throughout": _throughout(topic, told, part) / _SUBSTANTIAL,
        "dealing": _share(body, lambda one: dealing(topic, one.mentions)) / _SUBSTANTIAL,
    }
    if post:
        most = _strength(topic, [headline, *body])
        found = {name: min(value, most) for name, value in found.items()}
    found |= {
        "named": float(any(NAMED in one.groups for one in first)),
        "turned_away": _turned_away(topic, body),
        "others": _others(frozenset(topic.sides or topic.required), first),
        "elsewhere": _share(body, lambda one: ELSEWHERE in one.groups),
        "title_elsewhere": float(ELSEWHERE in headline.groups),
    }
    return {name: min(1.0, value) for name, value in found.items() if value > 0}


def dealing(topic: Topic, mentions: Sequence[Mention]) -> float:
    """How strongly a sentence says within a few words all that is required.

    Third parties among those words weaken it, and that no side turns to the other.
    """
    best = 0.0
    for place, start in enumerate(mentions):
        near: list[Mention] = []
        groups: set[str | None] = set()
        for one in mentions[place:]:
            if one.last - start.first >= _STATEMENT:
                break
            near.append(one)
            groups.update((one.term.group, *one.term.stands_for))
            if groups.issuperset(topic.required) and one.term.group in groups.intersection(topic.required):
                best = max(best, _weakest(topic, near) / (1 + len(third_parties(topic.sides, near))))
    if best and topic.sides and not addressed(topic.sides, mentions):
        return best * _BESIDE
    return best


def _groups(mentions: Iterable[Mention]) -> frozenset[str | None]:
    return frozenset(group for one in mentions for group in (one.term.group, *one.term.stands_for))


def _share_named(topic: Topic, one: Told) -> float:
    """The share of what is required that a sentence names: sides plainly, all else by its strength."""
    if not topic.required:
        return 0.0
    named = (
        float(group in one.groups)
        if group in topic.sides
        else min(1.0, _strongest_of(one.mentions, group) / _PLAIN)
        for group in topic.required
    )
    return sum(named) / len(topic.required)


def _least_said(topic: Topic, one: Told, before: Told) -> float:
    """How strongly a sentence, with the one before it, says the weakest of all that is required."""
    if not one.mentions or not (one.groups | before.groups).issuperset(topic.required):
        return 0.0
    return _weakest(topic, [*before.mentions, *one.mentions])


def _weakest(topic: Topic, mentions: Sequence[Mention]) -> float:
    """How strongly the weakest required group that is no side is named; without any, whether anything is."""
    acts = [group for group in topic.required if group not in topic.sides]
    anything = any(one.term.group not in _WITHOUT_WEIGHT for one in mentions)
    return min((_strongest_of(mentions, group) for group in acts), default=anything * _STRONGEST) / _STRONGEST


def _strongest_of(mentions: Sequence[Mention], group: str) -> float:
    """The points of the strongest term of `group`, or that stands for it."""
    return max(
        (one.term.weight for one in mentions if group == one.term.group or group in one.term.stands_for),
        default=0.0,
    )


def _strength(topic: Topic, sentences: Sequence[Told]) -> float:
    """How strongly the distinct terms of `sentences` speak, as a share of the points that say all."""
    mentions = [mention for one in sentences for mention in one.mentions]
    groups = frozenset[str | None]().union(*(one.groups for one in sentences))
    if not groups.issuperset(topic.required):
        return 0.0
    weights = {
        (one.term.text, one.term.group): one.term.weight
        for one in mentions
        if one.term.group not in _WITHOUT_WEIGHT
    }
    return max(0.0, min(1.0, sum(weights.values()) / _FULL))


def _throughout(topic: Topic, told: Sequence[Told], part: range) -> float:
    """The share of the words that stand in sentences which speak of the topic, by how strongly they do.

    A side may have been named in the sentence before; what is done must be said in the sentence itself.
    """
    total = sum(told[number].words for number in part)
    spoken = sum(
        told[number].words * _weakest(topic, told[number].mentions)
        for number in part
        if (told[number].groups | told[max(0, number - 1)].groups).issuperset(topic.required)
    )
    return spoken / total if total else 0.0


def _share(body: Sequence[Told], speaks: Callable[[Told], float]) -> float:
    """The share of the words that stand in sentences which speak, by how much they do."""
    total = sum(one.words for one in body)
    return sum(one.words * speaks(one) for one in body if one.mentions) / total if total else 0.0


def _others(sides: frozenset[str], sentences: Sequence[Told]) -> float:
    """The share of third parties among all parties named."""
    ours = sum(len({(m.first, m.last) for m in one.mentions if m.term.group in sides}) for one in sentences)
    theirs = sum(len(third_parties(sides, one.mentions)) for one in sentences)
    return theirs / (ours + theirs) if theirs else 0.0


def _turned_away(topic: Topic, sentences: Sequence[Told]) -> float:
    """Of the turns the sides take part in, the share in which a third party is at the other end."""
    turns = [turned_away(topic.sides, one.mentions) for one in sentences]
    away, every = (sum(counts) for counts in zip(*turns, strict=True))
    return away / every if every else 0.0
