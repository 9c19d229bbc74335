"""
Mentions: the terms of one topic where they stand in a field, and what makes some of them not count.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from pipeline.arabic.matching import Found
from pipeline.records import Guard, Hit, Term

Spans = Sequence[tuple[int, int]]
#: What a place in the dictionary means to one topic.
Meaning = Term | Guard

#: Evidence is for reading: nobody reads more of it, and a hostile page could fill the ledger.
_MOST_HITS: Final = 200


class Mention(NamedTuple):
    """A term in a field. Sentence 0 is the headline."""

    term: Term
    sentence: int
    first: int  #: number of its first word
    last: int  #: number of its last word
    cancelled_by: str | None


class _Cancelled(NamedTuple):
    """Words around which mentions do not count."""

    first: int
    last: int
    sentence: int
    guard: Guard

    def covers(self, place: Found, sentence: int, group: str | None) -> bool:
        """Whether a mention at `place` is cancelled."""
        reach = self.guard.within + 1 if self.guard.within else 0  # so many words between: one place more
        near = place.first <= self.last + reach and place.last >= self.first - reach
        same = not reach or sentence == self.sentence
        return near and same and self.guard.cancels(group)


def mentions(
    found: Iterable[tuple[Found, Meaning]], sentences: Sequence[int], set_aside: dict[int, str]
) -> list[Mention]:
    """The mentions among what was `found` of one topic, in order.

    Args:
        sentences: the sentence of each word.
        set_aside: words in which no mention counts → why.
    """
    everything = list(found)
    guards = [
        _Cancelled(place.first, place.last, sentences[place.first], meaning)
        for place, meaning in everything
        if isinstance(meaning, Guard)
    ]
    return [
        Mention(
            term=meaning,
            sentence=sentences[place.first],
            first=place.first,
            last=place.last,
            cancelled_by=_reason(place, meaning, sentences, set_aside, guards),
        )
        for place, meaning in everything
        if isinstance(meaning, Term)
    ]


def _reason(
    place: Found,
    term: Term,
    sentences: Sequence[int],
    set_aside: dict[int, str],
    guards: Sequence[_Cancelled],
) -> str | None:
    """Why a mention does not count; None where it does."""
    for word in range(place.first, place.last + 1):
        if word in set_aside:
            return set_aside[word]
    sentence = sentences[place.first]
    return next((one.guard.name for one in guards if one.covers(place, sentence, term.group)), None)


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
        term=mention.term.name,
        form=text[start:end],
        field=field,
        start=start,
        end=end,
        weight=mention.term.weight,
        group=mention.term.group,
        cancelled_by=mention.cancelled_by,
    )
