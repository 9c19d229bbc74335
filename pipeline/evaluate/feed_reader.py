"""
Reads feeds for :mod:`pipeline.evaluate.feeds`, in a process that may hang, swell or die.

    python -m pipeline.evaluate.feed_reader ours|alone

A line in is the path of a file, a line out what was made of it, as JSON: by our reader, or by
feedparser left to itself.
"""

from __future__ import annotations

import json
import re
import resource
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

from pipeline.collect.entries import MAX_TITLE_CHARS, to_entry
from pipeline.collect.feeds import read_feed
from pipeline.collect.markup import one_line
from pipeline.collect.syndicated import read_by_feedparser_alone
from pipeline.errors import FeedError
from pipeline.records import Feed, Outlet

#: Where the files are said to have come from; links are completed by it.
URL = "https://news.example/feed"
_FEED = Feed(url=URL, outlet_id="evaluated")
_OUTLET = Outlet(outlet_id="evaluated", title="", title_en="", home=URL, country="", time_zone="Asia/Riyadh")

Report = dict[str, Any]


def ours(data: bytes) -> Report:
    """What the poll would make of a body, to the last field of every entry."""
    try:
        found = read_feed(data, "", feed_url=URL, url=URL)
    except FeedError as error:
        return {"outcome": error.name, "reason": error.reason, "titles": [], "linked": 0, "dated": 0}
    entries = [
        to_entry(raw, feed=_FEED, outlet=_OUTLET, base_url=URL, fetched_at=datetime.now(UTC))
        for raw in found.entries
    ]
    usable = [entry for entry in entries if entry]
    return {
        "outcome": "read",
        "reason": "",
        "titles": [one_line(raw.title, max_chars=MAX_TITLE_CHARS) for raw in found.entries],
        "linked": len(usable),
        "dated": sum(entry.date is not None for entry in usable),
    }


def alone(data: bytes) -> Report:
    """What feedparser makes of a body by its own defaults, and whether it complained."""
    titles, complained = read_by_feedparser_alone(data)
    return {
        "outcome": "read",
        "reason": "malformed" if complained else "",
        "titles": [one_line(title, max_chars=MAX_TITLE_CHARS) for title in titles],
    }


def main() -> None:
    """Answer until the last line."""
    read: Callable[[bytes], Report] = {"ours": ours, "alone": alone}[sys.argv[1]]
    for line in sys.stdin:
        data = Path(json.loads(line)).read_bytes()
        began, cpu_began = perf_counter(), process_time()
        try:
            report = read(data)
        except Exception as error:  # noqa: BLE001 - crashes are what is counted
            report = {"outcome": "crashed", "reason": f"{type(error).__name__}: {error}", "titles": []}
        seconds, cpu_s = perf_counter() - began, process_time() - cpu_began
        report |= {"seconds": seconds, "cpu_s": cpu_s, "peak_mb": _peak_mb()}
        sys.stdout.write(json.dumps(report) + "\n")
        sys.stdout.flush()


def _peak_mb() -> float:
    """The most memory this process ever held.

    What the kernel tells of finished children would count the parent's memory, too, from before the
    child became another program.
    """
    status = Path("/proc/self/status")
    if status.exists():
        held = re.search(r"VmHWM:\s*(\d+) kB", status.read_text("utf-8"))
        return int(held[1]) * 1024 / 1e6 if held else 0.0
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


if __name__ == "__main__":
    main()
