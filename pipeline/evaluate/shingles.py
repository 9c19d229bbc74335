"""
How much of a text is another: runs of four words, as article extraction benchmarks count them.

Source: scrapinghub/article-extraction-benchmark, `evaluate.py` (the measure, not the code).
"""

from __future__ import annotations

import re
from collections import Counter
from typing import NamedTuple

#: Words in a run.
RUN = 4


class Overlap(NamedTuple):
    """Shares of runs: of those found that are right, of those right that were found, and both."""

    precision: float
    recall: float
    f1: float


def overlap(expected: str, found: str) -> Overlap:
    """Compare two texts run by run; runs that occur several times count several times.

    >>> overlap("a b c d e", "a b c d").recall
    0.5
    """
    wanted, given = shingles(expected), shingles(found)
    if not wanted and not given:
        return Overlap(1.0, 1.0, 1.0)
    right = (wanted & given).total()
    precision = right / given.total() if given else 0.0
    recall = right / wanted.total() if wanted else 0.0
    return Overlap(precision, recall, 2 * precision * recall / (precision + recall) if right else 0.0)


def shingles(text: str) -> Counter[tuple[str, ...]]:
    """Runs of a text's words; a shorter text is one run."""
    words = re.findall(r"\w+", text)
    if not words:
        return Counter()
    return Counter(tuple(words[start : start + RUN]) for start in range(max(1, len(words) - RUN + 1)))
