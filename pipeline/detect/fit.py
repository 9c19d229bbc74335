"""
Learn what each kind of evidence is worth: from labelled articles to points and thresholds.

Logistic regression over all topics at once: the points are shared, each topic has a threshold of
its own that departs from the others' only as far as its own articles insist. Nothing learnt runs
unseen: what comes out are small whole numbers for files that people read and change. The same
cases give the same numbers.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pipeline.records import EVIDENCE

#: Evidence against a topic: its points are never above 0, all others never below.
AGAINST: Final = frozenset({"others", "turned_away", "elsewhere", "title_elsewhere"})
#: What is expected of evidence before any article is read; of all other kinds, nothing. Labelled
#: articles hold little sport and cinema, so they would not teach it.
_EXPECTED: Final = {"elsewhere": -3.0, "title_elsewhere": -1.5}
#: How strongly weights are held to what is expected, and a topic's threshold to that of all. Held
#: harder, topics without sides, which have no evidence of them, would take its worth from the others.
_HELD_WEIGHTS: Final = 0.3
_HELD_THRESHOLD: Final = 1.0
#: How rarely topics are met is for the articles to say: held only so that a step has something to divide by.
_HELD_RARITY: Final = 0.01
#: How many positive cases of all topics together a topic's own are weighed against for its threshold.
_BORROWED: Final = 20
#: What a false alarm costs for a threshold, beside what is found and missed: of what a stream brings,
#: less belongs than of what was labelled and judged.
_FALSE_ALARM: Final = 2.0
#: The points of the strongest kind of evidence; none against a topic is worth more.
_MOST_POINTS: Final = 12
_SWEEPS: Final = 200
_SETTLED: Final = 1e-4
#: No step of one weight is longer.
_STRIDE: Final = 1.0

#: The name of the weight for how rarely topics are met.
_RARITY: Final = ""
#: A weight's name: a kind of evidence; that of rarity; a topic, for how it differs.
Weights = dict[str, float]


@dataclass(frozen=True, slots=True)
class Case:
    """An article held against a topic: the evidence, and what the reader said."""

    values: Mapping[str, float]  #: kind of evidence → 0 to 1
    belongs: bool
    counts: float = 1.0  #: less for what another reader might decide otherwise


@dataclass(frozen=True, slots=True)
class Learnt:
    """What the files will say."""

    points: tuple[tuple[str, float], ...]
    threshold: float  #: of a topic nothing is known of
    thresholds: Mapping[str, float]  #: of each topic


def fit(cases: Mapping[str, Sequence[Case]]) -> Learnt:
    """Points and thresholds of least loss, in whole numbers; `cases` by topic."""
    flat = [(_columns(topic, case), case) for topic in sorted(cases) for case in cases[topic]]
    weights = _solve(flat, held=_held(cases))
    # By the strongest that speaks for a topic: what is expected against it must not outweigh little data.
    scale = _MOST_POINTS / (max(weights[kind] for kind in EVIDENCE) or 1.0)
    scaled = {kind: round(max(weights[kind] * scale, -_MOST_POINTS)) for kind in EVIDENCE}
    points = tuple((kind, float(worth)) for kind, worth in scaled.items() if worth)
    everything = [case for each in cases.values() for case in each]
    return Learnt(
        points=points,
        threshold=_threshold(points, (), everything),
        thresholds={topic: _threshold(points, cases[topic], everything) for topic in sorted(cases)},
    )


def _threshold(points: Sequence[tuple[str, float]], own: Sequence[Case], everything: Sequence[Case]) -> float:
    """The threshold of the best F1 over a topic's own cases and, the fewer they are, those of all."""
    mine, all_ = _scored(points, own), _scored(points, everything)
    positive = sum(case.belongs for case in own)

    def worth(threshold: int) -> tuple[float, int]:
        mixed = positive * _f1(mine, threshold) + _BORROWED * _f1(all_, threshold)
        return round(mixed, 6), threshold  # of two as good, the stricter

    return float(max(range(1, 4 * _MOST_POINTS), key=worth))


def _scored(points: Sequence[tuple[str, float]], cases: Sequence[Case]) -> list[tuple[float, Case]]:
    worth = dict(points)
    return [
        (sum(worth.get(kind, 0.0) * value for kind, value in case.values.items()), case) for case in cases
    ]


def _f1(scored: Sequence[tuple[float, Case]], threshold: float) -> float:
    found = [case for score, case in scored if score >= threshold]
    right = sum(case.counts for case in found if case.belongs)
    wrong = _FALSE_ALARM * sum(case.counts for case in found if not case.belongs)
    wanted = sum(case.counts for _, case in scored if case.belongs)
    return 2 * right / (right + wrong + wanted) if right else 0.0


def _columns(topic: str, case: Case) -> dict[str, float]:
    return {**case.values, _RARITY: 1.0, topic: 1.0}


def _held(cases: Mapping[str, Sequence[Case]]) -> Weights:
    each = dict.fromkeys(EVIDENCE, _HELD_WEIGHTS) | dict.fromkeys(cases, _HELD_THRESHOLD)
    return each | {_RARITY: _HELD_RARITY}


def _solve(cases: Sequence[tuple[Mapping[str, float], Case]], *, held: Weights) -> Weights:
    """One weight after the other by Newton's step, over and over, until none moves."""
    weights = {name: _EXPECTED.get(name, 0.0) for name in held}
    where = {
        name: [(number, values[name]) for number, (values, _) in enumerate(cases) if values.get(name)]
        for name in held
    }
    sums = [sum(weights[name] * value for name, value in values.items()) for values, _ in cases]
    for _ in range(_SWEEPS):
        moved = 0.0
        for name in held:
            departed = weights[name] - _EXPECTED.get(name, 0.0)
            slope, curve = _slope_and_curve(where[name], cases, sums, departed, held[name])
            wanted = _allowed(name, weights[name] - max(-_STRIDE, min(_STRIDE, slope / curve)))
            step = wanted - weights[name]
            weights[name] = wanted
            moved = max(moved, abs(step))
            for number, value in where[name] if step else ():
                sums[number] += step * value
        if moved < _SETTLED:
            break
    return weights


def _slope_and_curve(
    where: Sequence[tuple[int, float]],
    cases: Sequence[tuple[Mapping[str, float], Case]],
    sums: Sequence[float],
    departed: float,
    held: float,
) -> tuple[float, float]:
    """The first and second derivative of the loss by one weight.

    Args:
        where: the places of the cases it has a part in, with their values.
        sums: what each case adds up to.
        departed: how far the weight is from what is expected of it.
        held: how strongly it is held there.
    """
    slope, curve = held * departed, held
    for number, value in where:
        case = cases[number][1]
        chance = 1 / (1 + math.exp(-sums[number]))
        slope += case.counts * (chance - case.belongs) * value
        curve += case.counts * chance * (1 - chance) * value * value
    return slope, curve


def _allowed(name: str, weight: float) -> float:
    if name not in EVIDENCE:
        return weight
    return min(0.0, weight) if name in AGAINST else max(0.0, weight)
