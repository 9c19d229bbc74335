"""
How well are dates read? Scores `pipeline.arabic.dates` over a table of real ones.
"""

from __future__ import annotations

import csv
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pipeline.arabic.dates import ReadDate, parse_date
from pipeline.errors import ConfigError

_COLUMNS = ("raw", "zone", "now", "expected")
_ADVICE = "write zone like Asia/Amman, now and expected like 2025-05-02T12:00Z"


def evaluate_dates(file: Path) -> dict[str, Any]:
    """Score a table with the columns raw, zone, now, expected (tab-separated, with a header).

    Expected is an instant to the minute, a local day, or "none". Returns `{right, wrong, none,
    total, mistakes}`: `none` counts dates that were not read, `mistakes` are the rows that are not
    right, with what was read.

    Raises:
        ConfigError: the table lacks a column or a row cannot be read; names file and line.
    """
    counts = {"right": 0, "wrong": 0, "none": 0}
    mistakes = []
    rows = _rows(file)
    for row in rows:
        read = parse_date(row["raw"], zone=row["zone"], now=datetime.fromisoformat(row["now"]))
        verdict = _verdict(row["expected"], read, row["zone"])
        counts[verdict] += 1
        if verdict != "right":
            mistakes.append(
                {
                    **row,
                    "read": read.instant.isoformat() if read else "none",
                    "rule": read.rule if read else "",
                }
            )
    return {**counts, "total": len(rows), "mistakes": mistakes}


def _rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        table = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        missing = ", ".join(sorted(set(_COLUMNS) - set(table.fieldnames or ())))
        if missing:
            raise ConfigError(f"{file}:1: no column {missing}; write {' '.join(_COLUMNS)}")
        return [_checked({name: row[name] or "" for name in _COLUMNS}, file, table.line_num) for row in table]


def _checked(row: dict[str, str], file: Path, line: int) -> dict[str, str]:
    try:
        ZoneInfo(row["zone"])
        stated = [datetime.fromisoformat(row[name]) for name in ("now", "expected") if row[name] != "none"]
    except (ValueError, OSError, KeyError) as error:
        raise ConfigError(f"{file}:{line}: {error}; {_ADVICE}") from error
    if not stated or stated[0].tzinfo is None:
        raise ConfigError(f"{file}:{line}: now names no zone; {_ADVICE}")
    return row


def _verdict(expected: str, read: ReadDate | None, zone: str) -> str:
    if expected == "none":
        return "wrong" if read else "right"
    if read is None:
        return "none"
    return "right" if _is_as(expected, read.instant, zone) else "wrong"


def _is_as(expected: str, instant: datetime, zone: str) -> bool:
    """Whether an instant is the expected one, as far as that is stated."""
    if "T" not in expected:
        return instant.astimezone(ZoneInfo(zone)).date().isoformat() == expected
    wanted = datetime.fromisoformat(expected)
    seconds = expected.count(":") > 1 and "+" not in expected
    return wanted == (instant if seconds else instant.replace(second=0, microsecond=0))
