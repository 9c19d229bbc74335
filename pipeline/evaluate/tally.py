"""
Right and wrong answers, counted: precision, recall, F1, TDT's cost, and how sure they are.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

#: How much dearer a false alarm is than a miss, at two articles in a hundred: TDT's constant.
_FALSE_ALARM: Final = 4.9
_RESAMPLES: Final = 1_000
_SEED: Final = 20260301
#: The middle 95 of 100.
_TAIL: Final = 0.025


@dataclass(slots=True)
class Tally:
    """Right and wrong answers for one topic."""

    tp: int = 0
    fp: int = 0
    fn: int = 0
    tn: int = 0

    def count(self, *, given: bool, labelled: bool) -> None:
        """Count one answer."""
        self.tp += given and labelled
        self.fp += given and not labelled
        self.fn += labelled and not given
        self.tn += not given and not labelled

    @property
    def precision(self) -> float:
        """Of what was found, the right part; 1 where nothing was found."""
        return self.tp / (self.tp + self.fp) if self.tp + self.fp else 1.0

    @property
    def recall(self) -> float:
        """Of what there is, the part found; 1 where there is nothing."""
        return self.tp / (self.tp + self.fn) if self.tp + self.fn else 1.0

    @property
    def f1(self) -> float:
        """Their harmonic mean."""
        both = 2 * self.tp + self.fp + self.fn
        return 2 * self.tp / both if both else 1.0

    @property
    def cost(self) -> float:
        """0: perfect, 1: as bad as never saying yes. Source: NIST, Topic Detection and Tracking."""
        false_alarms = self.fp / (self.fp + self.tn) if self.fp + self.tn else 0.0
        return 1 - self.recall + _FALSE_ALARM * false_alarms


@dataclass(frozen=True, slots=True)
class Answer:
    """An article, what was said of it, and what the reader had said."""

    group: str  #: of articles on one event or of one text: they are drawn together
    given: frozenset[str]
    labels: frozenset[str]
    borderline: frozenset[str]


def tallies(answers: Sequence[Answer], topics: Sequence[str], *, clear: bool) -> dict[str, Tally]:
    """By topic; `clear` leaves out the pairs another reader might decide otherwise."""
    counted = {topic: Tally() for topic in topics}
    for answer in answers:
        for topic, tally in counted.items():
            if not (clear and topic in answer.borderline):
                tally.count(given=topic in answer.given, labelled=topic in answer.labels)
    return counted


def macro_f1(counted: Mapping[str, Tally]) -> float:
    """The mean F1 of the topics."""
    return sum(tally.f1 for tally in counted.values()) / len(counted) if counted else 1.0


def interval(answers: Sequence[Answer], figure: Callable[[Sequence[Answer]], float]) -> tuple[float, float]:
    """Between which a figure lies in 95 of 100 draws of as many groups, the same every time."""
    groups: dict[str, list[Answer]] = {}
    for answer in answers:
        groups.setdefault(answer.group, []).append(answer)
    names = sorted(groups)
    draw = random.Random(_SEED)  # noqa: S311 - statistics, not secrets
    drawn = sorted(
        figure([answer for name in draw.choices(names, k=len(names)) for answer in groups[name]])
        for _ in range(_RESAMPLES if names else 0)
    )
    if not drawn:
        return (0.0, 1.0)
    return drawn[int(_TAIL * len(drawn))], drawn[int((1 - _TAIL) * len(drawn)) - 1]
