"""Fifty mixed queries on what was imported: how long an analyst waits."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from statistics import quantiles
from typing import NamedTuple

from bench.table import Row
from pipeline import wiring
from pipeline.answers import SearchRequest
from pipeline.settings import Settings

QUERIES = Path(__file__).with_name("queries.txt")

#: The first round warms the caches of engine and operating system and is not counted.
ROUNDS = 4


class Asked(NamedTuple):
    """One query, answered."""

    took_ms: float
    total: int
    query: str


def queries() -> list[str]:
    """The fifty, in their order."""
    lines = QUERIES.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def measure(settings: Settings) -> list[Row]:
    """Ask them all, some rounds long; the rows to print."""
    with wiring.opened_index(settings, reading=True) as index:
        rounds = [[_asked(index, query) for query in queries()] for _ in range(ROUNDS)]
    counted = [asked for answered in rounds[1:] for asked in answered]
    times = [asked.took_ms for asked in counted]
    worst, coldest = max(counted), max(rounds[0])
    return [
        Row(
            f"{len(queries())} queries, {settings.index}",
            f"p50 {quantiles(times, n=100)[49]:.0f} ms, p95 {quantiles(times, n=100)[94]:.0f} ms",
            "p95 under 100 ms",
        ),
        Row(f"the slowest, {settings.index}", _told(worst)),
        Row(f"the slowest in the first round, {settings.index}", _told(coldest)),
        Row(f"queries that found nothing, {settings.index}", _nothing(rounds[0])),
    ]


def _asked(index: wiring.SearchableIndex, query: str) -> Asked:
    started = time.perf_counter()
    page = index.search(SearchRequest(query=query))
    return Asked((time.perf_counter() - started) * 1000, page.total, query)


def _told(asked: Asked) -> str:
    return f"{asked.took_ms:.0f} ms: {asked.query} ({asked.total:,} articles)"


def _nothing(answered: Sequence[Asked]) -> str:
    return ", ".join(asked.query for asked in answered if not asked.total) or "none"
