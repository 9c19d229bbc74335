"""`python -m bench [--quick] [--only NAME] [--corpus FILE]`: measures, and prints one table."""

from __future__ import annotations

import argparse
import os
import platform
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from bench import arabic, extraction, imports, pages, polling, queries, schedule, scheduled, topics
from bench.table import Row, show
from pipeline.settings import Settings
from tests.services.elasticsearch import NotToBeHadError, running_elasticsearch

CORPUS = Path(__file__).resolve().parent.parent.parent / "shared" / "data" / "corpus" / "corpus.jsonl.xz"
ENGINES = ("embedded", "elasticsearch")
PARTS = ("arabic", "extraction", "imports", "queries", "scheduled", "topics", "polling", "schedule")
#: These need no corpus.
WITHOUT_CORPUS = {"extraction", "scheduled", "polling", "schedule"}


def main() -> None:
    """Measure what was asked for."""
    asked = _arguments()
    parts = asked.only or PARTS
    rows: list[Row] = [Row("machine", f"{os.cpu_count()} cores, Python {platform.python_version()}")]
    with tempfile.TemporaryDirectory(prefix="rasd-bench-", dir=asked.folder) as name:
        folder = Path(name)
        if "arabic" in parts:
            _say("analysing Arabic …")
            rows += _arabic(asked.corpus, asked.engine or ENGINES)
        if {"imports", "queries"} & set(parts):
            corpus = imports.first_records(asked.corpus, folder) if asked.quick else asked.corpus
            for engine in asked.engine or ENGINES:
                rows += _on_engine(corpus, engine, parts, folder)
        if "extraction" in parts:
            _say("extracting, with everybody's extractors …")
            rows += extraction.measure()
        if "topics" in parts:
            _say("detecting topics …")
            rows += topics.measure(asked.corpus)
        if "scheduled" in parts:
            _say("scheduled runs under Airflow …")
            rows += scheduled.measure(_made(folder / "scheduled"))
        if "polling" in parts:
            _say("polls that find nothing …")
            rows += polling.measure(_made(folder / "polling"))
        if "schedule" in parts:
            _say("a week of polls on a fake clock …")
            rows += schedule.measure(1_000 if asked.quick else schedule.FEEDS)
    show(rows)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="only the first 3,000 records of the corpus")
    parser.add_argument("--only", action="append", choices=PARTS, help="leave the others out")
    parser.add_argument("--engine", action="append", choices=ENGINES, help="leave the other index out")
    parser.add_argument("--corpus", type=Path, default=CORPUS, help="JSONL, plain or packed")
    parser.add_argument(
        "--folder", type=Path, help="where to work, if not in the temporary folder; made at need"
    )
    asked = parser.parse_args()
    try:
        if asked.folder:
            asked.folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        parser.error(f"--folder {asked.folder}: {error.strerror}")
    if not asked.corpus.exists() and not set(asked.only or PARTS) <= WITHOUT_CORPUS:
        parser.error(f"{asked.corpus} is not there; name another with --corpus, or use --only scheduled")
    return asked


def _arabic(corpus: Path, engines: Sequence[str]) -> list[Row]:
    """Beside the node's own analyzer, where there is a node."""
    if "elasticsearch" in engines:
        with suppress(NotToBeHadError), running_elasticsearch() as url:
            return arabic.measure(corpus, url)
    return arabic.measure(corpus, "")


def _on_engine(corpus: Path, engine: str, parts: list[str], folder: Path) -> list[Row]:
    try:
        return _on_corpus(corpus, engine, parts, folder)
    except NotToBeHadError as reason:
        return [Row(engine, f"not measured: {reason}")]


def _on_corpus(corpus: Path, engine: str, parts: list[str], folder: Path) -> list[Row]:
    """Import into one engine, then ask it; what was not asked for is done, not shown."""
    home = _made(folder / engine)
    with _environment(engine, home) as environment:
        _say(f"importing {corpus.name} into {engine} …")
        imported = imports.measure(corpus, environment, home)
        if "queries" not in parts:
            return imported
        _say(f"asking {engine} …")
        asked = [*queries.measure(_settings(environment)), *pages.measure(_settings(environment))]
    return [*(imported if "imports" in parts else ()), *asked]


@contextmanager
def _environment(engine: str, home: Path) -> Iterator[dict[str, str]]:
    environment = {"RASD_HOME": str(home / "home"), "RASD_INDEX": engine}
    if engine == "embedded":
        yield environment
    else:
        with running_elasticsearch() as url:
            yield environment | {"RASD_ELASTICSEARCH_URL": url}


def _settings(environment: dict[str, str]) -> Settings:
    return Settings(**{name.removeprefix("RASD_").lower(): value for name, value in environment.items()})


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def _say(what: str) -> None:
    print(what, file=sys.stderr, flush=True)  # noqa: T201 - a word to whoever waits


if __name__ == "__main__":
    main()
