"""
Scores topics over labelled articles: precision, recall and F1, with and without borderline pairs.

A line is `{"id", "title", "body", "labels", "borderline"}`. One fifth of the lines, chosen by the
SHA-256 of their ids, is closed: rules are written without it and scored on it at the end.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Literal

from pipeline.detect.match import Detector
from pipeline.records import Article, Topic

Part = Literal["open", "closed", "all"]

_FIFTHS: Final = 5
_NO_DATE: Final = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(slots=True)
class Tally:
    """Right and wrong answers for one topic."""

    tp: int = 0
    fp: int = 0
    fn: int = 0

    def count(self, *, given: bool, labelled: bool) -> None:
        """Count one answer."""
        self.tp += given and labelled
        self.fp += given and not labelled
        self.fn += labelled and not given

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


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicScores:
    """Topic → tally over all pairs, and over those that are not borderline."""

    all_pairs: Mapping[str, Tally]
    clear_pairs: Mapping[str, Tally]
    articles: int

    @property
    def macro_f1(self) -> float:
        """The mean F1 of the topics."""
        return _mean(tally.f1 for tally in self.all_pairs.values())

    @property
    def macro_f1_clear(self) -> float:
        """The same without borderline pairs."""
        return _mean(tally.f1 for tally in self.clear_pairs.values())


def is_closed(article_id: str) -> bool:
    """Whether an article belongs to the fifth that nobody reads."""
    return int(hashlib.sha256(article_id.encode()).hexdigest(), 16) % _FIFTHS == 0


def evaluate_topics(lines: Iterable[str], topics: Mapping[str, Topic], part: Part = "open") -> TopicScores:
    """Hold topics against labelled lines of JSON; articles outside `part` are not even detected."""
    detector = Detector(topics)
    scores = TopicScores(
        all_pairs={name: Tally() for name in topics},
        clear_pairs={name: Tally() for name in topics},
        articles=0,
    )
    articles = 0
    for labelled in labelled_articles(lines, part):
        articles += 1
        found = {match.topic_id for match in detector.detect(article_of(labelled)).matches}
        for name in topics:
            given, is_labelled = name in found, name in labelled["labels"]
            scores.all_pairs[name].count(given=given, labelled=is_labelled)
            if name not in labelled.get("borderline", ()):
                scores.clear_pairs[name].count(given=given, labelled=is_labelled)
    return TopicScores(all_pairs=scores.all_pairs, clear_pairs=scores.clear_pairs, articles=articles)


def labelled_articles(lines: Iterable[str], part: Part) -> Iterator[dict[str, Any]]:
    """The lines of a part, parsed."""
    for line in lines:
        labelled: dict[str, Any] = json.loads(line)
        if part == "all" or is_closed(labelled["id"]) == (part == "closed"):
            yield labelled


def article_of(labelled: Mapping[str, Any]) -> Article:
    """A labelled line as detection sees it."""
    return Article(
        article_id=labelled["id"],
        outlet_id=labelled.get("outlet") or "",
        url=labelled.get("url") or "",
        title=labelled.get("title") or "",
        body=labelled.get("body") or "",
        first_seen_at=_NO_DATE,
    )


def _mean(values: Iterable[float]) -> float:
    numbers = list(values)
    return sum(numbers) / len(numbers) if numbers else 1.0
