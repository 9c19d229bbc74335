"""
Who addresses whom: a side, something done or said, and another side, in one sentence.

Arabic puts the verb first or after its subject, and the addressee last; "between" stands before
both sides, "with" between them. In each of these the word of address comes before the second side.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from pipeline.detect.mentions import Mention
from pipeline.records import ADDRESS

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
    """The first such turn in the mentions of a sentence, in order of their words."""
    if len(sides) < 2:
        return None
    acts = [one for one in mentions if one.term.group == ADDRESS]
    named = [one for one in mentions if one.term.group in sides] if acts else []
    for speaker, addressee in _pairs(named):
        for act in acts:
            if _in_order(speaker, act, addressee):
                return Addressed(speaker, act, addressee)
    return None


def _pairs(named: Sequence[Mention]) -> list[tuple[Mention, Mention]]:
    """Each mention with the next one of another side: the work grows with the mentions."""
    pairs: list[tuple[Mention, Mention]] = []
    for place, one in enumerate(named):
        other = next(
            (m for m in named[place + 1 :] if m.term.group != one.term.group and m.first > one.last), None
        )
        if other is not None:
            pairs.append((one, other))
    return pairs


def _in_order(speaker: Mention, act: Mention, addressee: Mention) -> bool:
    """Speaker, act, addressee; or act, speaker, addressee; or both sides together, and their act."""
    if act.first > addressee.last:
        together = addressee.first - speaker.last - 1 <= _TOGETHER
        return together and act.first - addressee.last - 1 <= _TOGETHER
    if act.last >= addressee.first or addressee.first - act.last - 1 > _REACH:
        return False
    gap = act.first - speaker.last if act.first > speaker.last else speaker.first - act.last
    return 0 < gap <= _REACH + 1
