"""
Two hundred mixed queries on what was imported: how long an analyst waits, alone and among eight.

Each is asked as the pages ask: the first twenty hits, both totals, facets and timeline.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import quantiles
from typing import NamedTuple

from bench.table import Row
from pipeline import wiring
from pipeline.answers import SearchRequest
from pipeline.errors import QueryError, QueryTimeoutError
from pipeline.index.index import SearchableIndex
from pipeline.search.request import QUERY_TIMEOUT_S
from pipeline.settings import Settings

QUERIES = Path(__file__).with_name("queries.txt")
#: What costs most: words nearly every article has, hot prefixes, NEAR over common words.
WORST = (
    "من OR في OR على OR إلى",  # from, in, on, to
    "است* OR الم*",
    "في ONEAR/1 من",  # in, from
    "(قال OR أكد OR أعلن) NEAR/20 (الرئيس OR الوزير OR المتحدث)",  # said … president, minister, spokesman
    "الم* -في",
)
#: The first round warms the caches of engine and operating system and is not counted.
ROUNDS = 2
TOGETHER = 8
ASKED_MS = {"embedded": 120, "elasticsearch": 80}


class Asked(NamedTuple):
    """One query, answered."""

    took_ms: float
    total: int
    query: str


def queries() -> list[str]:
    """The two hundred, in their order."""
    lines = QUERIES.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def measure(settings: Settings) -> list[Row]:
    """Ask them all, one at a time and eight; the rows to print."""
    with wiring.opened_index(settings, reading=True) as index:
        return rows(index, settings.index)


def rows(index: SearchableIndex, engine: str) -> list[Row]:
    """The figures of one engine."""
    cold = [_asked(index, query) for query in queries()]
    alone = [_asked(index, query) for _ in range(ROUNDS) for query in queries()]
    with ThreadPoolExecutor(TOGETHER) as pool:
        among = list(pool.map(lambda query: _asked(index, query), queries() * ROUNDS))
    return [
        Row(f"{len(queries())} queries, {engine}", _times(alone), f"p95 under {ASKED_MS[engine]} ms"),
        Row(f"the same, {TOGETHER} at a time", _times(among)),
        Row(f"the slowest, {engine}", _told(max(alone))),
        Row("the slowest in the first round", _told(max(cold))),
        Row("queries that found nothing", _nothing(cold)),
        *(Row("worst case", _worst(index, query), f"ended within {QUERY_TIMEOUT_S:g} s") for query in WORST),
    ]


def _asked(index: SearchableIndex, query: str) -> Asked:
    started = time.perf_counter()
    page = index.search(SearchRequest(query=query))
    return Asked((time.perf_counter() - started) * 1000, page.total, query)


def _worst(index: SearchableIndex, query: str) -> str:
    started = time.perf_counter()
    try:
        return _told(_asked(index, query))
    except (QueryTimeoutError, QueryError) as error:
        return f"{(time.perf_counter() - started) * 1000:.0f} ms: {query}: {error}"


def _times(asked: Sequence[Asked]) -> str:
    cuts = quantiles([each.took_ms for each in asked], n=100)
    return f"p50 {cuts[49]:.0f} ms, p95 {cuts[94]:.0f} ms"


def _told(asked: Asked) -> str:
    return f"{asked.took_ms:.0f} ms: {asked.query} ({asked.total:,} articles)"


def _nothing(answered: Sequence[Asked]) -> str:
    return ", ".join(asked.query for asked in answered if not asked.total) or "none"
