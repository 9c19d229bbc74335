"""
A topic's own examples, run: what `rasd topics test` and the tests of the topics hold it to.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pipeline.detect.match import Detector
from pipeline.records import Topic


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """An example that went the other way. An example is a title; after a line break, a body."""

    topic_id: str
    example: str
    expected: bool
    score: float
    threshold: float

    def __str__(self) -> str:
        """One line for whoever edits the topic."""
        what = "should match but reaches" if self.expected else "should not match but reaches"
        scores = f"{what} {self.score:.2f} of {self.threshold:.2f}"
        return f"config/topics/{self.topic_id}.yml: {scores}: {self.example}"


def failures(topics: Mapping[str, Topic]) -> list[Failure]:
    """The examples that fail, in the order of the files."""
    return [failure for topic in topics.values() for failure in _failures(topic)]


def _failures(topic: Topic) -> Iterator[Failure]:
    detector = Detector({topic.topic_id: topic})
    for expected, examples in ((True, topic.examples_match), (False, topic.examples_no_match)):
        for example in examples:
            title, _, body = example.partition("\n")
            matches = detector.explain(title, body)
            reached = matches[0].score if matches else 0.0
            if (reached >= topic.threshold) != expected:
                yield Failure(
                    topic_id=topic.topic_id,
                    example=example,
                    expected=expected,
                    score=reached,
                    threshold=topic.threshold,
                )
