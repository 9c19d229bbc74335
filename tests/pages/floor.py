"""
How well the pages of this folder are read, and the floor below which that may not sink.

`python -m tests.pages.floor` measures and raises the floor to what is measured. It lowers nothing unless
told to, with a sentence that is kept: `--lower "why less is right now"`.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pipeline.evaluate.extraction import evaluate_extraction

PAGES = Path(__file__).parent
FLOOR = PAGES / "floor.json"
#: Figures that are better the higher they are; of the others, the lower.
HIGHER = ("pages", "mean_f1", "min_f1", "dates_right", "titles_right", "authors_right")
LOWER = ("dates_wrong", "authors_wrong", "outcomes_wrong")
#: When all pages of this folder were fetched, where they do not say otherwise.
NOW = datetime(2026, 2, 28, 12, tzinfo=UTC)


def measured() -> dict[str, Any]:
    """The figures, and the fingerprint of the pages they are over."""
    scored = evaluate_extraction(PAGES, now=NOW)
    return {name: scored[name] for name in (*HIGHER, *LOWER)} | {"fingerprint": fingerprint()}


def fingerprint() -> str:
    """Changes with any page or gold."""
    digest = hashlib.sha256()
    for path in sorted([*PAGES.glob("*/*.html"), *PAGES.glob("*/gold/*.json")]):
        digest.update(path.relative_to(PAGES).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def pinned() -> dict[str, Any]:
    floor: dict[str, Any] = json.loads(FLOOR.read_text("utf-8"))
    return floor


def sunk(now: dict[str, Any], floor: dict[str, Any]) -> list[str]:
    """Every figure that is worse than the floor, with both."""
    worse = [name for name in HIGHER if now[name] < floor[name]]
    worse += [name for name in LOWER if now[name] > floor[name]]
    return [f"{name}: {now[name]}, floor {floor[name]}" for name in worse]


def main() -> None:
    """Measure, and pin what is better."""
    parser = argparse.ArgumentParser(prog="python -m tests.pages.floor", description=__doc__)
    parser.add_argument("--lower", metavar="SENTENCE", help="let the floor sink, for this reason")
    why = parser.parse_args().lower
    now, floor = measured(), pinned() if FLOOR.exists() else {}
    fallen = sunk(now, floor) if floor else []
    if fallen and not why:
        sys.exit("worse than before:\n" + "\n".join(fallen) + '\nif that is right: --lower "a sentence"')
    lowered = floor.get("lowered", [])
    if fallen:
        lowered = [*lowered, {"why": why, "what": fallen}]
    FLOOR.write_text(json.dumps(now | {"lowered": lowered}, ensure_ascii=False, indent=1) + "\n", "utf-8")
    print(json.dumps(now, indent=1))


if __name__ == "__main__":
    main()
