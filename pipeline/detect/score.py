"""
The score of a topic over an article: the points of each kind of evidence, added up.

An article that tells several stories is scored as a whole and story by story; the best counts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from pipeline.detect.evidence import Told, evidence_of
from pipeline.detect.passages import Passages
from pipeline.records import Evidence, Topic

#: A story that takes less of the article than this is not what the article is about.
_LEAST_PART: Final = 0.4


def best(topic: Topic, told: Sequence[Told], cut: Passages, *, post: bool) -> tuple[Evidence, ...]:
    """The evidence of the whole or, where it says more, of one of the stories."""
    # A headline alone, and that of a post, is all the text there is or a good part of it.
    whole = range(0 if post or not cut.sentences else 1, cut.sentences + 1)
    stories = [part for part in cut.parts if _is_large(part, told)] if len(cut.parts) > 1 else []
    found = [
        counted(topic.points, evidence_of(topic, told, cut, part, post=post)) for part in (whole, *stories)
    ]
    return max(found, key=score)


def counted(points: Sequence[tuple[str, float]], found: Mapping[str, float]) -> tuple[Evidence, ...]:
    """Each kind of evidence found, with its points."""
    worth = dict(points)
    return tuple(
        Evidence(name=name, value=round(value, 3), points=round(value * worth[name], 3))
        for name, value in found.items()
        if worth.get(name)
    )


def score(evidence: Sequence[Evidence]) -> float:
    """What the evidence adds up to."""
    return sum(one.points for one in evidence)


def _is_large(part: range, told: Sequence[Told]) -> bool:
    return sum(told[number].words for number in part) >= _LEAST_PART * sum(one.words for one in told[1:])
