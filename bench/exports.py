"""
`python -m bench.exports [ROWS]`: what an export of so many articles takes, each in its own process.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from bench.table import Row, show
from pipeline.answers import Highlight, SearchHit
from pipeline.records import Hit, TopicMatch
from pipeline.web.exports import lines, rows, sheets

ROWS = 100_000
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
FORMATS = ("csv", "jsonl", "xlsx")


def main() -> None:
    """Measure each format, or, in a process of its own, one."""
    if len(sys.argv) == 3:
        _one(sys.argv[1], int(sys.argv[2]))
        return
    number = int(sys.argv[1]) if len(sys.argv) == 2 else ROWS
    found = []
    for name in FORMATS:
        for size in (number // 100, number):
            told = subprocess.run(  # noqa: S603 - this very module
                [sys.executable, "-m", "bench.exports", name, str(size)],
                capture_output=True,
                text=True,
                check=True,
            )
            found.append(Row(f"{name}, {size:,} articles", told.stdout.strip()))
    show(found)


def _one(name: str, number: int) -> None:
    begun = time.monotonic()
    written = sum(len(chunk) for chunk in _made(name, _articles(number)))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{written / 1e6:,.1f} MB in {time.monotonic() - begun:.1f} s, peak {peak:,.0f} MB")  # noqa: T201 - for the process above


def _made(name: str, found: Iterator[rows.Row]) -> Iterator[bytes]:
    match name:
        case "csv":
            return sheets.csv_of(found)
        case "jsonl":
            return lines.jsonl_of(found)
        case _:
            return sheets.xlsx_of(found, zone="Asia/Amman")


def _articles(number: int) -> Iterator[rows.Row]:
    """Articles of 300 words, each about a topic with ten hits."""
    word = "المحادثات"  # the talks
    found = Hit(term="محادثات", form=word, field="body", start=0, end=9, weight=1)  # talks
    match = TopicMatch(topic_id="sudan_war", topic_version="v", score=0.9, threshold=0.5, hits=(found,) * 10)
    body = " ".join([word] * 300)
    for place in range(number):
        at = NOON + timedelta(minutes=place)
        hit = SearchHit(
            document_id=f"{place:032x}",
            url=f"https://outlet.example/{place}",
            title=f"{word} {place}",
            outlet_id="outlet",
            outlet_title=word,
            country="sd",
            published_at=at,
            dated_at=at,
            topics=("sudan_war",),
            score=1.0,
            body=body,
            highlights=(Highlight(field="body", text=body[:180], spans=((0, 9),)),),
        )
        yield rows.Row(hit, (match,))


if __name__ == "__main__":
    main()
