r"""
What a floor under similar coverage costs and saves, over lists of events (`_KIN` in `similar.py`).

    .venv/bin/python scripts/coverage_floor.py ../shared/data/corpus/corpus.jsonl.xz \
        --events bench/coverage/read-held.jsonl --events bench/coverage/world-held.jsonl

Each query article stands in a press of its answers and 150 others of the same ten days, drawn by chance.
For each floor: the share of answers below it, and how many of the best eight of the others are above it.
Some of those others do tell of the same event, or of its neighbours: nobody read them.
"""

from __future__ import annotations

import argparse
import random
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from statistics import mean
from typing import Final

from pipeline.evaluate.coverage import Corpus, Task, tasks
from pipeline.search.likeness import kinship, models_of
from pipeline.search.report import READ_CHARS, Candidate, Report

FLOORS: Final = (0.05, 0.1, 0.12, 0.15, 0.18, 0.2, 0.25)
OTHERS: Final = 150
SHOWN: Final = 8
AROUND: Final = timedelta(days=5)


class Press:
    """A few articles, as an index that counts words."""

    def __init__(self, reports: Sequence[Report]) -> None:
        self._size = len(reports)
        self._having = Counter(stem for report in reports for stem in report.body)

    def size(self) -> int:
        """Articles there are."""
        return self._size

    def frequencies(self, stems: Sequence[str]) -> Mapping[str, int]:
        """In how many openings each stem stands."""
        return {stem: self._having[stem] for stem in stems}


def read(corpora: Sequence[Path], corpus: Corpus) -> dict[str, Candidate]:
    """Every dated article of more than a few words, in the order of their dates."""
    found = [
        Candidate(document.document_id, article.title, article.body[:READ_CHARS], article.date.published_at)
        for document in corpus.read(corpora)
        if (article := document.detected.article).date
    ]
    found.sort(key=lambda each: (each.published_at, each.document_id))
    return {each.document_id: each for each in found}


def kin(
    asked: Sequence[Task], articles: Mapping[str, Candidate]
) -> Iterator[tuple[list[float], list[float]]]:
    """For each query article: how near its answers are to it, and the nearest of the others."""
    ordered = list(articles.values())
    times = [each.published_at for each in ordered]
    chance = random.Random(5)  # noqa: S311 - the same draws every time
    for task in asked:
        query = articles.get(task.document_id)
        if query is None or query.published_at is None:
            continue
        first = bisect_left(times, query.published_at - AROUND)
        around = ordered[first : bisect_right(times, query.published_at + AROUND)]
        known = {task.document_id, *task.answers, *task.neither}
        others = [each for each in around if each.document_id not in known]
        if len(others) < OTHERS:
            continue
        answers = [Report.of(articles[name]) for name in sorted(task.answers) if name in articles]
        strangers = [Report.of(each) for each in chance.sample(others, OTHERS)]
        own = Report.of(query)
        (model,) = models_of({}, {}, own, Press([own, *answers, *strangers]))
        nearest = sorted((kinship(each, model) for each in strangers), reverse=True)[:SHOWN]
        yield [kinship(each, model) for each in answers], nearest


def main() -> None:
    """Print a line for each floor and list."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").strip().partition("\n")[0])
    parser.add_argument("corpora", nargs="+", type=Path, metavar="CORPUS")
    parser.add_argument("--events", action="append", type=Path, required=True)
    asked = parser.parse_args()
    corpus = Corpus()
    articles = read(asked.corpora, corpus)
    for file in asked.events:
        found = list(kin(tasks(file, corpus), articles))
        right = [value for answers, _ in found for value in answers]
        print(f"{file.stem}: {len(found)} articles, {len(right)} answers")
        for floor in FLOORS:
            lost = mean(value < floor for value in right)
            left = mean(sum(value >= floor for value in nearest) for _, nearest in found)
            print(f"  floor {floor:.2f}: answers left out {lost:.3f}, others listed {left:.2f} of {SHOWN}")


if __name__ == "__main__":
    main()
