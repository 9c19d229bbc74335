"""
How well are feeds read? Puts every file of a folder before `pipeline.collect.feeds`.

Each is read in another process, beside feedparser left to itself in a third, so that a file that hangs
or kills a reader is a figure and not the end. Where a folder holds `utf8_ok.xml`, its other files
are damaged copies of that one, and their titles are held against its.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tarfile
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from queue import Empty, Queue
from threading import Thread
from typing import IO, Any, Self

from pipeline.errors import ConfigError

#: A file that takes longer is given up; two seconds are already counted as slow.
_DEADLINE_S = 20.0
_SLOW_S = 2.0
_UNDAMAGED = "utf8_ok.xml"

Report = dict[str, Any]


def evaluate_feeds(folder: Path) -> dict[str, Any]:
    """Read every file of a folder, at any depth; a `.tar.xz` is unpacked first.

    Returns `{files, crashed, hung, over_2s, slowest_s, slowest_cpu_s, peak_mb, entries, linked, dated,
    outcomes, compared, feedparser_entries, fewer_than_feedparser, titles_compared, titles_same, damaged,
    per_file}`. `entries` are items found, `linked` those of them that lead somewhere. Compared are the
    files in which feedparser finds anything; titles, where it has no complaint and finds as many.

    Raises:
        ConfigError: there are no files.
    """
    with _files(folder) as (root, paths):
        if not paths:
            raise ConfigError(f"{folder}: no files to read")
        reports, others = _read_all(paths)
    per_file = [_held_together(str(path.relative_to(root)), reports[path], others[path]) for path in paths]
    return {**_summary(per_file), "damaged": _damaged(per_file), "per_file": per_file}


def _read_all(paths: Sequence[Path]) -> tuple[dict[Path, Report], dict[Path, Report]]:
    with ExitStack() as stack:
        ours, alone = (stack.enter_context(_Reader(name)) for name in ("ours", "alone"))
        reports, others = {}, {}
        for path in paths:
            # One after the other: side by side they would take each other's time.
            ours.ask(path)
            reports[path] = ours.report()
            alone.ask(path)
            others[path] = alone.report()
    return reports, others


def _held_together(name: str, report: Report, other: Report) -> Report:
    """One file: what we found, and what feedparser did."""
    found, theirs = report["titles"], other["titles"]
    comparable = other["outcome"] == "read" and not other["reason"] and len(found) == len(theirs)
    return {
        "file": name,
        **report,
        "seconds": round(report["seconds"], 3),
        "entries": len(found),
        "feedparser_entries": len(theirs),
        "titles_compared": len(found) if comparable else 0,
        "titles_same": sum(map(str.__eq__, found, theirs)) if comparable else 0,
    }


def _summary(per_file: Sequence[Report]) -> dict[str, Any]:
    def total(name: str) -> int:
        return sum(report.get(name, 0) for report in per_file)

    outcomes = Counter(report["outcome"] for report in per_file)
    return {
        "files": len(per_file),
        "crashed": outcomes["crashed"] + outcomes["died"],
        "hung": outcomes["hung"],
        "over_2s": sum(report["seconds"] > _SLOW_S for report in per_file),
        "slowest_s": max(report["seconds"] for report in per_file),
        "slowest_cpu_s": round(max(report["cpu_s"] for report in per_file), 3),
        "peak_mb": round(max(report["peak_mb"] for report in per_file), 1),
        "entries": total("entries"),
        "linked": total("linked"),
        "dated": total("dated"),
        "outcomes": dict(sorted(outcomes.items())),
        "compared": sum(report["feedparser_entries"] > 0 for report in per_file),
        "feedparser_entries": total("feedparser_entries"),
        "fewer_than_feedparser": sum(report["entries"] < report["feedparser_entries"] for report in per_file),
        "titles_compared": total("titles_compared"),
        "titles_same": total("titles_same"),
    }


def _damaged(per_file: Sequence[Report]) -> dict[str, dict[str, int]]:
    """By file: titles found, and how many of them are those of the undamaged copy."""
    originals = {
        str(Path(report["file"]).parent): report["titles"]
        for report in per_file
        if Path(report["file"]).name == _UNDAMAGED
    }
    return {
        report["file"]: {
            "entries": report["entries"],
            "titles_right": _right(report["titles"], originals[str(Path(report["file"]).parent)]),
        }
        for report in per_file
        if str(Path(report["file"]).parent) in originals
    }


def _right(titles: Sequence[str], originals: Sequence[str]) -> int:
    """How many titles are those of the original, letter by letter; what damage put after one may stand."""
    return sum(title.startswith(original) for title, original in zip(titles, originals, strict=False))


@contextmanager
def _files(folder: Path) -> Iterator[tuple[Path, list[Path]]]:
    if not folder.is_file():
        yield folder, sorted(path for path in folder.rglob("*") if path.is_file())
        return
    with tempfile.TemporaryDirectory(prefix="rasd-feeds-") as unpacked:
        try:
            with tarfile.open(folder) as archive:
                archive.extractall(unpacked, filter="data")
        except tarfile.TarError as error:
            raise ConfigError(f"{folder}: {error}; give a folder, or a tar archive") from error
        root = Path(unpacked)
        yield root, sorted(path for path in root.rglob("*") if path.is_file())


class _Reader:
    """A process that reads files, one at a time; another one takes its place when it does not answer."""

    def __init__(self, name: str, *, deadline_s: float = _DEADLINE_S) -> None:
        self._name, self._deadline_s = name, deadline_s
        self._process: subprocess.Popen[str] | None = None
        self._answers: Queue[str] = Queue()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    def ask(self, path: Path) -> None:
        """Begin to read a file."""
        process = self._process or self._start()
        assert process.stdin is not None
        process.stdin.write(json.dumps(str(path)) + "\n")
        process.stdin.flush()

    def report(self) -> Report:
        """What became of the file asked for last."""
        try:
            line = self._answers.get(timeout=self._deadline_s)
        except Empty:
            line = '{"outcome": "hung"}'
        report: Mapping[str, Any] = json.loads(line or '{"outcome": "died"}')
        if report["outcome"] in {"hung", "died"}:
            self._end()
        nothing = {
            "reason": "",
            "titles": [],
            "linked": 0,
            "dated": 0,
            "seconds": 0.0,
            "cpu_s": 0.0,
            "peak_mb": 0.0,
        }
        hung = {"seconds": self._deadline_s} if report["outcome"] == "hung" else {}
        return {**nothing, **hung, **report}

    def _start(self) -> subprocess.Popen[str]:
        self._answers = Queue()
        self._process = subprocess.Popen(  # noqa: S603 - this very Python
            [sys.executable, "-W", "ignore", "-m", "pipeline.evaluate.feed_reader", self._name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )
        assert self._process.stdout is not None
        Thread(target=_pass_on, args=(self._process.stdout, self._answers), daemon=True).start()
        return self._process

    def _end(self) -> None:
        if self._process is None:
            return
        with self._process as process:
            process.kill()
        self._process = None


def _pass_on(lines: IO[str], answers: Queue[str]) -> None:
    """Every line, and an empty one at the end."""
    for line in lines:
        answers.put(line)
    answers.put("")
