"""
The score of a topic over an article: how sure its mentions make us that it is a substantial theme.

A sentence's distinct terms add up their weights, w, and give it the strength 1 - exp(-w); a
sentence without one of the required groups has none. What title, opening and whole text each say is
taken together as independent witnesses: 1 - (1 - title)(1 - opening)(1 - throughout).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from pipeline.detect.mentions import Mention
from pipeline.detect.passages import Passages
from pipeline.records import Term, Topic

#: What each place can give the score by itself, at full strength.
TITLE: Final = 0.55
OPENING: Final = 0.55
THROUGHOUT: Final = 0.7
#: The share of the text that counts as all of it: "about a third or more".
SUBSTANTIAL: Final = 0.4


class Evidence(NamedTuple):
    """What an article says of a topic, each from 0 to 1."""

    title: float
    opening: float
    throughout: float


def score(evidence: Evidence) -> float:
    """From 0 to 1."""
    doubt = (1 - TITLE * evidence.title) * (1 - OPENING * evidence.opening)
    return 1 - doubt * (1 - THROUGHOUT * evidence.throughout)


def weigh(topic: Topic, mentions: Sequence[Mention], cut: Passages, *, has_title: bool) -> Evidence:
    """What the mentions that count say, sentence by sentence."""
    by_sentence = _by_sentence(mentions, cut.sentences)
    opening = range(min(cut.opening, cut.sentences) + 1)
    return Evidence(
        title=_strength(topic, by_sentence[0 if has_title or not cut.sentences else 1]),
        opening=_strength(topic, [term for sentence in opening for term in by_sentence[sentence]]),
        throughout=_throughout(topic, by_sentence, cut),
    )


def _by_sentence(mentions: Iterable[Mention], sentences: int) -> list[list[Term]]:
    """The terms that count in each sentence; "both sides" only after each side was named."""
    counted: list[list[Term]] = [[] for _ in range(sentences + 1)]
    named: set[str | None] = set()
    for mention in sorted(mentions, key=lambda mention: (mention.sentence, mention.first)):
        if mention.cancelled_by is None and named.issuperset(mention.term.stands_for):
            counted[mention.sentence].append(mention.term)
            named.add(mention.term.group)
    return counted


def _strength(topic: Topic, terms: Sequence[Term], context: Sequence[Term] = ()) -> float:
    """How strongly distinct `terms` speak for the topic; `context` may fill groups but has no weight."""
    groups = {group for term in (*terms, *context) for group in (term.group, *term.stands_for)}
    if not terms or not groups.issuperset(topic.required):
        return 0.0
    weight = sum(term.weight for term in {(term.text, term.group): term for term in terms}.values())
    return 1 - math.exp(-weight) if weight > 0 else 0.0


def _throughout(topic: Topic, by_sentence: Sequence[Sequence[Term]], cut: Passages) -> float:
    """The share of the body that speaks of the topic, `SUBSTANTIAL` of it being all."""
    total = len(cut.spans)
    if not total:
        return 0.0
    spoken = sum(
        cut.length(number) * _strength(topic, by_sentence[number], by_sentence[number - 1])
        for number in range(1, cut.sentences + 1)
        if by_sentence[number]
    )
    return min(1.0, spoken / total / SUBSTANTIAL)
