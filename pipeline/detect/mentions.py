"""
Mentions: the terms of one topic where they stand in a field, and what makes some of them not count.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from pipeline.arabic.matching import Found
from pipeline.records import Guard, Hit, Near, Term

Spans = Sequence[tuple[int, int]]
#: What a place in the dictionary means to one topic.
Meaning = Term | Guard | Near

#: Evidence is for reading: nobody reads more of it, and a hostile page could fill the ledger.
_MOST_HITS: Final = 200


class Mention(NamedTuple):
    """A term in a field. Sentence 0 is the title."""

    term: Term
    sentence: int
    first: int  #: number of its first word
    last: int  #: number of its last word
    cancelled_by: str | None


def mentions(
    found: Iterable[tuple[Found, Meaning]], sentences: Sequence[int], set_aside: dict[int, str]
) -> list[Mention]:
    """The mentions among what was `found` of one topic, in order.

    Args:
        sentences: the sentence of each word.
        set_aside: words in which no mention counts → why.
    """
    everything = list(found)
    cancelling = dict(set_aside)
    for place, meaning in everything:
        if isinstance(meaning, Guard):
            cancelling.update(dict.fromkeys(range(place.first, place.last + 1), meaning.name))
    return [
        Mention(meaning, sentences[place.first], place.first, place.last, _cancelled(place, cancelling))
        for place, meaning in everything
        if isinstance(meaning, Term)
    ]


def _cancelled(place: Found, cancelling: dict[int, str]) -> str | None:
    words = range(place.first, place.last + 1)
    return next((cancelling[word] for word in words if word in cancelling), None)


def meetings(found: Sequence[Mention], rules: Iterable[Near]) -> Iterator[Mention]:
    """Where two groups stand close together in one sentence: a mention that names both.

    Only neighbours are looked at, so the work grows with the mentions and not with their square.
    """
    for rule in rules:
        sides = [one for one in found if one.term.group in rule.groups and one.cancelled_by is None]
        for one, other in pairwise(sides):
            close = other.first - one.last - 1 <= rule.within and one.sentence == other.sentence
            if close and one.term.group != other.term.group and other.last > one.last:
                yield Mention(_meeting(rule), one.sentence, one.first, other.last, None)


def _meeting(rule: Near) -> Term:
    return Term(text=f"{rule.groups[0]} ~ {rule.groups[1]}", weight=rule.weight)


def words_of(spans: Spans, start: int, end: int) -> range:
    """The numbers of the words that share a character with `start` to `end`."""
    ends = [last for _, last in spans]
    first = bisect_left(ends, start + 1)
    last = bisect_left(spans, (end, 0))
    return range(first, last)


def hits(found: Sequence[Mention], field: str, text: str, spans: Spans) -> list[Hit]:
    """Mentions as evidence, with offsets of `text`."""
    return [_hit(mention, field, text, spans) for mention in found[:_MOST_HITS]]


def _hit(mention: Mention, field: str, text: str, spans: Spans) -> Hit:
    start, end = spans[mention.first][0], spans[mention.last][1]
    return Hit(
        term=mention.term.text,
        form=text[start:end],
        field=field,
        start=start,
        end=end,
        weight=mention.term.weight,
        group=mention.term.group,
        cancelled_by=mention.cancelled_by,
    )
