"""A corpus of real articles through detection into an index: articles a second, and memory."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice
from pathlib import Path

from bench.rasd import Ran, run
from bench.table import Row
from pipeline.importing.files import lines

#: What `--quick` imports.
QUICK_RECORDS = 3_000


def first_records(corpus: Path, folder: Path, count: int = QUICK_RECORDS) -> Path:
    """A smaller corpus: the first `count` records of `corpus`."""
    smaller = folder / "corpus.jsonl"
    records = (line.content for line in islice(lines(corpus), count))
    smaller.write_bytes(b"\n".join(record for record in records if record))
    return smaller


def measure(corpus: Path, environment: Mapping[str, str], folder: Path) -> list[Row]:
    """`rasd import CORPUS` into the index that `environment` names; the rows to print."""
    ran = run("import", str(corpus), environment=environment, folder=folder)
    index = environment["RASD_INDEX"]
    articles = int(ran.steps["index"]["indexed"])
    return [
        Row(
            f"import, {index}: {articles:,} articles in {ran.took_s:.0f} s",
            f"{articles / ran.took_s:,.0f} articles/s ({_shares(ran)}; {ran.cpu_s:.0f} s of CPU)",
            "at least 400/s",
        ),
        Row(
            f"import, {index}: memory",
            f"peak {ran.memory.peak_bytes / 1e6:,.0f} MB; last quarter {ran.memory.growth:.2f} × the second",
            "under 1 GB, flat",
        ),
    ]


def _shares(ran: Ran) -> str:
    """Detection goes on beside both reading and indexing, which waits for the last of it."""
    detecting, indexing = (float(ran.steps[name]["took_s"]) for name in ("detect", "index"))
    return f"read {ran.took_s - indexing:.0f} s, then index {indexing:.0f} s; detect {detecting:.0f} s beside"
