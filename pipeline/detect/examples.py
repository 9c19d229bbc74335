"""
A topic's own examples, run: what `rasd topics test` and the tests of the topics hold it to.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from pipeline.detect.match import Detector
from pipeline.records import Article, Example, Topic


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """An example that went the other way."""

    topic_id: str
    example: Example
    score: float
    threshold: float
    missing: tuple[str, ...] = ()

    def __str__(self) -> str:
        """One line for whoever edits the topic."""
        what = "should match" if self.example.matches else "should not match"
        text = self.example.text.replace("\n", " | ")
        where = f"config/topics/{self.topic_id}.yml:{self.example.line}"
        lacking = f", {', '.join(self.missing)} missing" if self.missing else ""
        return f"{where}: {what} and reaches {self.score:g} of {self.threshold:g}{lacking}: {text}"


def failures(topics: Mapping[str, Topic]) -> list[Failure]:
    """The examples that fail, in the order of the files."""
    return [failure for topic in topics.values() for failure in _failures(topic)]


def lowest_score(topic: Topic) -> float:
    """Of the examples that should match, the lowest score; infinite without any."""
    detector = Detector({topic.topic_id: topic})
    matching = (as_article(example.text) for example in topic.examples if example.matches)
    return min((found[0].score for one in matching if (found := detector.explain(one))), default=math.inf)


def as_article(text: str) -> Article:
    """A text as an article: its first line the headline, the rest the body."""
    title, _, body = text.partition("\n")
    at = datetime(2000, 1, 1, tzinfo=UTC)
    return Article(article_id="", outlet_id="", url="", title=title, body=body, first_seen_at=at)


def _failures(topic: Topic) -> Iterator[Failure]:
    detector = Detector({topic.topic_id: topic})
    for example in topic.examples:
        article = as_article(example.text)
        if bool(detector.detect(article).matches) != example.matches:
            explained = detector.explain(article)
            yield Failure(
                topic_id=topic.topic_id,
                example=example,
                score=explained[0].score if explained else 0.0,
                threshold=topic.threshold,
                missing=explained[0].missing if explained else topic.required,
            )
