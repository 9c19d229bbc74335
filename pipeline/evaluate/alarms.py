"""
Scores topics over a whole corpus: how often each speaks, and of a sample of what it flags and
nearly flags, how much belongs by what people said of those articles.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, Literal, get_args

from pipeline.detect.interval import share
from pipeline.errors import ConfigError
from pipeline.evaluate.survey import Drawn, Flags, Survey, sample
from pipeline.records import Article

Verdict = Literal["yes", "borderline", "no"]
#: What was said of articles, by topic and id.
Judged = Mapping[tuple[str, str], Verdict]

_RESAMPLES: Final = 1_000
_SEED: Final = 20260301


def read_judged(file: Path) -> dict[tuple[str, str], Verdict]:
    """What people said: lines of id, topic and yes, borderline or no; `#` opens a remark.

    Raises:
        ConfigError: a line is none of these, or the same pair is judged twice.
    """
    found: dict[tuple[str, str], Verdict] = {}
    for number, line in enumerate(file.read_text("utf-8").splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        article_id, topic, said, *more = [*line.split("\t"), "", ""]
        verdict = next((one for one in get_args(Verdict) if one == said.strip()), None)
        if verdict is None or any(more[:-2]):
            raise ConfigError(f"{file}:{number}: write an id, a topic and yes, borderline or no, with tabs")
        if (topic, article_id) in found:
            raise ConfigError(f"{file}:{number}: {article_id} is judged for {topic} a second time")
        found[topic, article_id] = verdict
    return found


def unjudged(told: Survey, judged: Judged, most: int) -> Iterator[tuple[str, str, Article]]:
    """Topic, "flagged" or "near", and an article drawn that nobody judged yet."""
    for name, flags in told.topics.items():
        for kind, found in (("flagged", flags.flagged), ("near", flags.near)):
            for one in sample(found, most):
                if (name, one.article.article_id) not in judged:
                    yield name, kind, one.article


def figures_of(told: Survey, judged: Judged, most: int) -> dict[str, Any]:
    """By topic: how often it speaks, how often it is right, and how much it misses."""
    return {
        "articles": told.articles,
        "days": len(told.days),
        "topics": {name: _figures(name, flags, told, judged, most) for name, flags in told.topics.items()},
    }


def _figures(name: str, flags: Flags, told: Survey, judged: Judged, most: int) -> dict[str, Any]:
    drawn, near = sample(flags.flagged, most), sample(flags.near, most)
    said, missed = _said(name, drawn, judged), _said(name, near, judged)
    counts, near_counts = Counter(said), Counter(missed)
    clear = [one for one in said if one != "borderline"]
    precision, clear_precision = share(counts["yes"], len(said)), share(counts["yes"], len(clear))
    recall = _recall(said, missed, len(flags.flagged), len(flags.near))
    return {
        "per_1000": 1000 * flags.count / told.articles if told.articles else 0.0,
        "per_day": flags.dated / len(told.days) if told.days else 0.0,
        "flagged": flags.count,
        "drawn": len(drawn),
        "read": len(said),
        "right": counts["yes"],
        "borderline": counts["borderline"],
        "wrong": counts["no"],
        "precision": precision and precision[0],
        "precision_interval": precision and precision[1:],
        "precision_clear": clear_precision and clear_precision[0],
        "precision_clear_interval": clear_precision and clear_precision[1:],
        "near": len(flags.near),
        "near_drawn": len(near),
        "near_read": len(missed),
        "near_right": near_counts["yes"],
        "near_borderline": near_counts["borderline"],
        "recall": recall and recall[0],
        "recall_interval": recall and recall[1:],
    }


def _recall(
    said: Sequence[Verdict], missed: Sequence[Verdict], flagged: int, near: int
) -> tuple[float, float, float] | None:
    """Of what belongs among flagged and nearly flagged, the part flagged; and where it may lie.

    Borderline articles do not belong. What names not even all that is required is not counted.
    """
    if not said or (near and not missed):
        return None
    draw = random.Random(_SEED)  # noqa: S311 - statistics, not secrets
    drawn = sorted(
        _found_share(draw.choices(said, k=len(said)), draw.choices(missed, k=len(missed)), flagged, near)
        for _ in range(_RESAMPLES)
    )
    tail = _RESAMPLES // 40
    return _found_share(said, missed, flagged, near), drawn[tail], drawn[-tail - 1]


def _found_share(said: Sequence[Verdict], missed: Sequence[Verdict], flagged: int, near: int) -> float:
    found = flagged * said.count("yes") / len(said)
    lost = near * missed.count("yes") / len(missed) if missed else 0.0
    return found / (found + lost) if found + lost else 1.0


def _said(topic: str, drawn: Sequence[Drawn], judged: Judged) -> list[Verdict]:
    pairs = ((topic, one.article.article_id) for one in drawn)
    return [judged[pair] for pair in pairs if pair in judged]
