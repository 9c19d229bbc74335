"""
Search, scored: each report's title as a query, the other reports of its event as the answers.

The queried article is removed before ranking, near-copies of an answer count neither for nor against,
and the baseline is asked in the same run: Elasticsearch's stock Arabic analysis, best of title and
body, any word may match.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from statistics import mean, quantiles
from tempfile import TemporaryDirectory
from typing import Any, Final

from pipeline.answers import SimilarRequest
from pipeline.errors import QueryTimeoutError
from pipeline.evaluate.coverage import Corpus, Task, batches, tasks
from pipeline.index.elastic.client import Client
from pipeline.index.elastic.index import open_elastic_index
from pipeline.index.index import SearchableIndex
from pipeline.index.sqlite.index import open_sqlite_index

#: Answers looked for among this many.
TOP: Final = 10
#: Places looked at for the reciprocal rank.
_DEPTH: Final = 100
_DRAWS: Final = 2_000
#: The evaluation's own indices; no one else's are touched.
_PREFIX: Final = "rasd-evaluate"

#: A query's title and the ids not wanted → ids, best first.
Ask = Callable[[Task], Sequence[str]]


def evaluate_search(
    corpora: Sequence[Path],
    events: Path,
    *,
    engine: str,
    url: str = "",
    also: Sequence[Path] = (),
    at_once: int = 1,
) -> dict[str, Any]:
    """Index the corpus, ask every title, and score what comes.

    Args:
        corpora: JSONL files of records with `id`, `title`, `body`.
        events: JSONL of objects with `ids`.
        engine: "sqlite" or "elasticsearch"; the baseline needs the latter.
        url: of Elasticsearch.
        also: more files of events, each scored for itself.
        at_once: so many queries at a time are asked once more, for their times alone.
    """
    corpus = Corpus()
    with _indexed(corpora, corpus, engine, url) as (index, client):
        figures = {
            "engine": engine,
            "articles": len(corpus.titles),
            "skipped": dict(corpus.skipped.most_common()),
            "read_without": dict(corpus.mended.most_common()),
            **_scores(tasks(events, corpus), index, client),
        }
        if also:
            figures["also"] = {file.stem: _scores(tasks(file, corpus), index, client) for file in also}
        if at_once > 1:
            asked = [task for file in (events, *also) for task in tasks(file, corpus)]
            figures["at_once"] = {"queries": len(asked), **_together(asked, index, at_once)}
    return figures


def _scores(asked: Sequence[Task], index: SearchableIndex, client: Client | None) -> dict[str, Any]:
    ours = score(asked, lambda task: _similar(index, task))
    if client is None:
        return ours
    baseline = score(asked, lambda task: _baseline(client, task))
    return {
        **ours,
        "baseline": {name: baseline[name] for name in ("mrr", "recall_at_10", "p50_ms", "p95_ms")},
        "gain": {
            name: _gain(ours["by_query"][name], baseline["by_query"][name])
            for name in ("mrr", "recall_at_10")
        },
    }


def score(asked: Sequence[Task], ask: Ask) -> dict[str, Any]:
    """Mean reciprocal rank, recall at ten and times of a way to ask."""
    ranks, recalls, times = [], [], []
    for task in asked:
        begun = time.perf_counter()
        found = ask(task)
        times.append((time.perf_counter() - begun) * 1000)
        counted = [name for name in found if name != task.document_id and name not in task.neither]
        places = [place for place, name in enumerate(counted, start=1) if name in task.answers]
        ranks.append(1 / places[0] if places else 0.0)
        recalls.append(sum(place <= TOP for place in places) / len(task.answers))
    return {
        "queries": len(asked),
        "mrr": _mean(ranks),
        "recall_at_10": _mean(recalls),
        "interval": {"mrr": _interval(ranks), "recall_at_10": _interval(recalls)},
        **_times(times),
        "by_query": {"mrr": ranks, "recall_at_10": recalls},
    }


def _together(asked: Sequence[Task], index: SearchableIndex, at_once: int) -> dict[str, float]:
    """Times of queries that are asked by so many at a time."""

    def timed(task: Task) -> float:
        begun = time.perf_counter()
        _similar(index, task)
        return (time.perf_counter() - begun) * 1000

    with ThreadPoolExecutor(at_once) as askers:
        return _times(list(askers.map(timed, asked)))


@contextmanager
def _indexed(
    corpora: Sequence[Path], corpus: Corpus, engine: str, url: str
) -> Iterator[tuple[SearchableIndex, Client | None]]:
    """The corpus in an index of its own, gone at the end; `corpus` remembers what was read."""
    with TemporaryDirectory(prefix="rasd-evaluate-") as folder:
        if engine == "sqlite":
            embedded = open_sqlite_index(Path(folder) / "index.sqlite")
            _fill(embedded, corpora, corpus)
            try:
                yield embedded, None
            finally:
                embedded.close()
            return
        elastic = open_elastic_index(url, prefix=_PREFIX)
        client = Client(url)
        try:
            client.delete_indices(client.indices(f"{_PREFIX}-*"))
            elastic.check()
            _fill(elastic, corpora, corpus)
            elastic.refresh()
            yield elastic, client
        finally:
            client.delete_indices(client.indices(f"{_PREFIX}-*"))
            client.close()
            elastic.close()


def _fill(index: SearchableIndex, corpora: Iterable[Path], corpus: Corpus) -> None:
    for batch in batches(corpus.read(corpora)):
        index.add(batch)


def _similar(index: SearchableIndex, task: Task) -> list[str]:
    request = SimilarRequest(title=task.title, exclude=(task.document_id,), limit=_DEPTH)
    try:
        return [hit.document_id for hit in index.similar(request).hits]
    except QueryTimeoutError:
        return []  # it found nothing, and took its time


def _baseline(client: Client, task: Task) -> list[str]:
    match = {"query": task.title, "type": "best_fields", "fields": ["title^2", "body"], "operator": "or"}
    excluded = {"must_not": [{"term": {"document_id": task.document_id}}]}
    query = {"bool": {"must": [{"multi_match": match}], **excluded}}
    answer = client.search(_PREFIX, {"query": query, "size": _DEPTH, "source": False})
    return [hit["_id"] for hit in answer["hits"]["hits"]]


def _times(times: Sequence[float]) -> dict[str, float]:
    if len(times) < 2:
        return {"p50_ms": sum(times), "p95_ms": sum(times)}
    cuts = quantiles(times, n=100, method="inclusive")
    return {"p50_ms": round(cuts[49], 1), "p95_ms": round(cuts[94], 1)}


def _mean(values: Sequence[float]) -> float:
    return round(mean(values), 4) if values else 0.0


def _interval(values: Sequence[float]) -> list[float]:
    """The middle 90 % of the means of queries drawn again."""
    return _middle(lambda drawn: mean(values[at] for at in drawn), len(values))


def _gain(ours: Sequence[float], theirs: Sequence[float]) -> dict[str, Any]:
    """How many times the baseline, and the middle 90 % of it over queries drawn again."""

    def ratio(drawn: Iterable[int]) -> float:
        at = list(drawn)
        below = sum(theirs[place] for place in at)
        return sum(ours[place] for place in at) / below if below else 1.0

    return {"times": round(ratio(range(len(ours))), 3), "interval": _middle(ratio, len(ours))}


def _middle(figure: Callable[[Sequence[int]], float], size: int) -> list[float]:
    if not size:
        return [0.0, 0.0]
    chance = random.Random(7)  # noqa: S311 - the same draws every time
    drawn = sorted(figure([chance.randrange(size) for _ in range(size)]) for _ in range(_DRAWS))
    return [round(drawn[int(_DRAWS * 0.05)], 4), round(drawn[int(_DRAWS * 0.95)], 4)]
