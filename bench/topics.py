"""How fast topics are detected: the project's, two hundred made-up ones, and regexes beside them."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from bench.table import Row
from pipeline.config import load_topics
from pipeline.detect.match import Detector
from pipeline.errors import ImportLineError
from pipeline.importing import read_articles
from pipeline.records import Article, Topic

CONFIG = Path(__file__).resolve().parent.parent / "config"
#: One record in so many of the corpus is read, so that every outlet has its share.
_EVERY = 29
_ARTICLES = 4_000
#: Read before the clock starts: a detector remembers the forms it has met.
_WARM = 500
_MANY = 200


def measure(corpus: Path) -> list[Row]:
    """Articles a second of one core's time; the rows to print."""
    articles = _articles(corpus)
    topics = load_topics(CONFIG)
    words = sum(len(article.body.split()) for article in articles) / len(articles)
    many = _many(topics)
    return [
        Row(
            f"detection, {len(topics)} topics, {words:.0f} words an article",
            f"{_rate(Detector(topics).detect, articles):,.0f} articles/s",
            "1,000",
        ),
        Row(
            f"detection, {len(many)} topics",
            f"{_rate(Detector(many).detect, articles):,.0f} articles/s",
            "300",
        ),
        Row(
            f"regexes of the same {len(topics)} topics' terms, as written",
            f"{_rate(_regexes(topics), articles):,.0f} articles/s",
        ),
    ]


def _articles(corpus: Path) -> list[Article]:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    read = (one for one in read_articles(corpus, now=now) if not isinstance(one, ImportLineError))
    return list(islice(read, 0, _EVERY * _ARTICLES, _EVERY))


def _many(topics: Mapping[str, Topic]) -> dict[str, Topic]:
    """As many topics as `_MANY`: those there are, over and over, half of their terms made up."""
    made = list(topics.values())
    return {
        f"topic_{number}": _altered(made[number % len(made)], number // len(made)) for number in range(_MANY)
    }


def _altered(topic: Topic, round_: int) -> Topic:
    """The topic itself, and from the second round on one that shares half of its terms with it."""
    tail = "بتثجحخدذرزسشصضطظعغ"[round_ % 18] if round_ else ""  # letters, to make words of no language
    terms = tuple(
        replace(term, text=term.text + tail, variants=tuple(v + tail for v in term.variants))
        if tail and place % 2
        else term
        for place, term in enumerate(topic.terms)
    )
    return replace(topic, terms=terms)


def _regexes(topics: Mapping[str, Topic]) -> Callable[[Article], object]:
    patterns = [
        re.compile(
            "|".join(
                rf"\b{re.escape(text)}\b" for term in topic.terms for text in (term.text, *term.variants)
            )
        )
        for topic in topics.values()
    ]

    def matched(article: Article) -> list[list[str]]:
        return [pattern.findall(f"{article.title}\n{article.body}") for pattern in patterns]

    return matched


def _rate(detect: Callable[[Article], object], articles: Sequence[Article]) -> float:
    for article in articles[:_WARM]:
        detect(article)
    started = time.process_time()
    for article in articles:
        detect(article)
    return len(articles) / (time.process_time() - started)
