"""
Holds topics against a whole corpus, and draws articles of what each flags and nearly flags.

The sample is drawn by a hash of topic and id, so the same articles come up whatever the topic's
terms: after an edit only those have to be read that it newly flags.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple

from pipeline.detect.match import Detector
from pipeline.evaluate.labelled import article_of
from pipeline.importing.files import lines
from pipeline.records import Article, Topic

Half = Literal["steer", "held", "all"]

#: Of a topic's threshold, the part from which an article nearly matches.
NEARLY: Final = 0.5
#: Of a body, what is shown to whoever judges.
_OPENING_CHARS: Final = 900


class Drawn(NamedTuple):
    """An article of a sample."""

    rank: str  #: the sample is those of the lowest
    article: Article


@dataclass(slots=True)
class Flags:
    """What one topic says over the corpus."""

    count: int = 0  #: articles flagged, labelled ones too
    dated: int = 0  #: of those
    flagged: list[Drawn] = field(default_factory=list)  #: outside the labelled set
    near: list[Drawn] = field(default_factory=list)  #: all that is required is there, but too weak


@dataclass(slots=True)
class Survey:
    """What the topics say over the corpus."""

    topics: Mapping[str, Flags]
    articles: int = 0
    days: set[str] = field(default_factory=set)  #: that dated articles are of


def survey(
    records: Iterable[Mapping[str, Any]],
    topics: Mapping[str, Topic],
    *,
    genres: Mapping[str, str] | None = None,
    labelled: Collection[str] = (),
    half: Half = "all",
) -> Survey:
    """Hold the topics against a corpus.

    Args:
        labelled: ids that are never drawn.
        half: only the articles of one half, by a hash of the id: mistakes are looked at in the
            one, and what came of it is measured in the other.
    """
    detector = Detector(
        {name: replace(each, threshold=each.threshold * NEARLY) for name, each in topics.items()}, genres
    )
    told = Survey({name: Flags() for name in topics})
    for record in records:
        if half not in ("all", half_of(record["id"])):
            continue
        told.articles += 1
        day = (record.get("date") or "")[:10]
        told.days |= {day} - {""}
        article = article_of(record)
        for match in detector.detect(article).matches:
            flags = told.topics[match.topic_id]
            flagged = match.score >= topics[match.topic_id].threshold
            flags.count += flagged
            flags.dated += flagged and bool(day)
            if article.article_id not in labelled:
                kind = flags.flagged if flagged else flags.near
                kind.append(Drawn(_rank(match.topic_id, article.article_id), _cut(article)))
    return told


def records_of(corpus: Path) -> Iterator[dict[str, Any]]:
    """The records of a file of JSON lines, packed or not."""
    for line in lines(corpus):
        yield json.loads(line.content or b"{}")


def half_of(article_id: str) -> Half:
    """Which half an article is of."""
    return "held" if int(hashlib.sha256(article_id.encode()).hexdigest(), 16) % 2 else "steer"


def sample(found: Sequence[Drawn], most: int) -> list[Drawn]:
    return sorted(found, key=lambda one: one.rank)[:most]


def _rank(topic: str, article_id: str) -> str:
    return hashlib.sha256(f"{topic} {article_id}".encode()).hexdigest()


def _cut(article: Article) -> Article:
    return replace(article, body=article.body[:_OPENING_CHARS])
