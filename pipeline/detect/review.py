"""
Review: where people and a topic disagree, and how precise the topic is by what they say.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from pipeline.detect.interval import share
from pipeline.detect.match import Detector
from pipeline.records import Article, Judgement, TopicMatch

#: Of a body this much is proposed as an example: enough to be read, and to be put in other words.
_EXAMPLE_CHARS: Final = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewed:
    """An article a person judged, and what the topic says of it today."""

    judgement: Judgement
    article: Article
    match: TopicMatch | None

    @property
    def found(self) -> bool:
        """Whether the topic finds it."""
        return bool(self.match and self.match.reached)

    @property
    def agrees(self) -> bool:
        """Whether topic and person are of one mind."""
        return self.found == self.judgement.belongs

    @property
    def example(self) -> str:
        """The lines to put under `match` or `no_match`, once they are in words of one's own."""
        text = f"{self.article.title}\n{self.article.body[:_EXAMPLE_CHARS]}".strip()
        why = f"  # {self.judgement.why}" if self.judgement.why else ""
        return "\n".join([f"    - |{why}", *(f"      {line}" for line in text.splitlines())])


def review(detector: Detector, judged: Sequence[tuple[Judgement, Article]]) -> list[Reviewed]:
    """Each judgement against what is found today; disagreements first."""
    reviewed = [
        Reviewed(
            judgement=judgement,
            article=article,
            match=next(
                (one for one in detector.explain(article) if one.topic_id == judgement.topic_id), None
            ),
        )
        for judgement, article in judged
    ]
    return sorted(reviewed, key=lambda one: one.agrees)


def precision(reviewed: Sequence[Reviewed]) -> tuple[float, float, float] | None:
    """Of what the topic finds among the judged, the part that belongs, and its interval."""
    found = [one for one in reviewed if one.found]
    return share(sum(one.judgement.belongs for one in found), len(found))
