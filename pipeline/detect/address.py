"""
Who addresses whom: a side, something done or said, and another side, in one sentence.

Arabic puts the verb first or after its subject, and the addressee last; "between" stands before
both sides, "with" between them. In each of these the word of address comes before the second side.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Final, NamedTuple

from pipeline.detect.mentions import Mention
from pipeline.records import ADDRESS, OTHERS

#: Words that may stand between the word of address and either side.
_REACH: Final = 7
#: The same where both sides are its subject: "Moscow and Washington agree".
_TOGETHER: Final = 3


class Addressed(NamedTuple):
    """That one side turns to another."""

    speaker: Mention
    act: Mention
    addressee: Mention


def addressed(sides: Sequence[str], mentions: Sequence[Mention]) -> Addressed | None:
    """The first turn of one side to another in the mentions of a sentence, in order of their words."""
    return next(_turns([one for one in mentions if one.term.group in sides], mentions), None)


def turned_away(sides: Sequence[str], mentions: Sequence[Mention]) -> tuple[int, int]:
    """Of the turns in which a side takes part: how many have a third party at the other end; of how many."""
    strangers = third_parties(sides, mentions)
    named = [one for one in mentions if one.term.group in sides or one in strangers]
    ends = [(turn.speaker.term.group, turn.addressee.term.group) for turn in _turns(named, mentions)]
    return sum(OTHERS in pair for pair in ends), len(ends)


def third_parties(sides: Collection[str], mentions: Sequence[Mention]) -> list[Mention]:
    """Those named who are no side; of several words for one, the first."""
    named = {(one.first, one.last) for one in mentions if one.term.group in sides}
    others = {
        one.first: one
        for one in reversed(mentions)
        if one.term.group == OTHERS
        and not any(first <= one.last and one.first <= last for first, last in named)
    }
    return [others[first] for first in sorted(others)]


def _turns(named: Sequence[Mention], mentions: Sequence[Mention]) -> Iterator[Addressed]:
    """Every turn of one of those `named` to the next of another group."""
    acts = [one for one in mentions if one.term.group == ADDRESS]
    for speaker, addressee in _pairs(named) if acts else ():
        act = next((act for act in acts if _in_order(speaker, act, addressee)), None)
        if act is not None:
            yield Addressed(speaker, act, addressee)


def _pairs(named: Sequence[Mention]) -> Iterator[tuple[Mention, Mention]]:
    """Each mention with the next one of another group: the work grows with the mentions."""
    for place, one in enumerate(named):
        other = next(
            (m for m in named[place + 1 :] if m.term.group != one.term.group and m.first > one.last), None
        )
        if other is not None:
            yield one, other


def _in_order(speaker: Mention, act: Mention, addressee: Mention) -> bool:
    """Speaker, act, addressee; or act, speaker, addressee; or both sides together, and their act."""
    if act.first > addressee.last:
        together = addressee.first - speaker.last - 1 <= _TOGETHER
        return together and act.first - addressee.last - 1 <= _TOGETHER
    if act.last >= addressee.first or addressee.first - act.last - 1 > _REACH:
        return False
    gap = act.first - speaker.last if act.first > speaker.last else speaker.first - act.last
    return 0 < gap <= _REACH + 1
