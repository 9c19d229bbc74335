"""
The order of the steps, and the parts they work with.

    poll | fetch | extract | detect | index

Every method drains what the ledger says is pending and returns counts; each may be killed anywhere
and run again. What an entry's error means is decided in its step; here nothing is decided.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AbstractContextManager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import structlog

from pipeline.clock import Clock
from pipeline.collect.archive import WarcArchive
from pipeline.collect.fetch import fetch
from pipeline.collect.http import Fetcher
from pipeline.collect.poll import poll
from pipeline.detect.backtest import newly_found
from pipeline.detect.detect import detect
from pipeline.detect.match import Detector
from pipeline.errors import ConfigError
from pipeline.extract.extract import ArticleReader, extract
from pipeline.extract.reread import Changes, changes
from pipeline.importing import import_file
from pipeline.index.index import SearchableIndex, documents_of, index
from pipeline.ledger.ledger import Ledger
from pipeline.records import Outlet, Stage
from pipeline.redo import Selection
from pipeline.search.days import edges_of

log = structlog.get_logger()

Counts = dict[str, int]

#: The steps in their order.
STEPS = ("poll", "fetch", "extract", "detect", "index")
#: For how long housekeeping takes what was removed out of the index once more.
_REMOVED_AGAIN = timedelta(days=3)
_DAY = timedelta(days=1)
#: How long indexing waits for more, where more is to come: the time of a few batches.
_MORE_AFTER_S = 0.5
#: Stages that can be done again over what is stored.
REDONE = ("extract", "detect", "index")


@dataclass(frozen=True, kw_only=True)
class Pace:
    """How long and how wide a worker collects."""

    budget_s: float
    concurrency: int
    pause_s: float
    looks_s: tuple[float, ...] = ()  #: ages at which a young article is looked at again


@dataclass(frozen=True, kw_only=True)
class Retention:
    """How long things are kept."""

    archive_days: int
    keep_days: int  #: 0: for ever


@dataclass(kw_only=True)
class Monitor:
    """The pipeline with its parts; what only one step needs is opened, or made, by that step."""

    ledger: Ledger
    archive: WarcArchive
    searchable: SearchableIndex
    outlets: Mapping[str, Outlet]
    make_detector: Callable[[], Detector]
    open_fetcher: Callable[[], AbstractAsyncContextManager[Fetcher]]
    open_extractor: Callable[[], AbstractContextManager[ArticleReader]]
    clock: Clock
    pace: Pace
    retention: Retention
    zone: str = "UTC"  #: of days that people write
    worker: str = "0"

    def run(self) -> dict[str, Counts]:
        """Every step once, in order."""
        return {step: self.step(step) for step in STEPS}

    def step(self, name: str) -> Counts:
        """One step by its name."""
        bodies: dict[str, Callable[[], Counts]] = {
            "poll": lambda: asyncio.run(self._poll()),
            "fetch": lambda: asyncio.run(self._fetch()),
            "extract": self._extract,
            "detect": self._detect,
            "index": lambda: self._index(lambda: False),
        }
        return self._recorded(name, bodies[name])

    def poll(self) -> Counts:
        """Ask every feed that is due what is new."""
        return self.step("poll")

    def make_due(self, outlet_id: str | None = None) -> int:
        """Let every feed, or those of one outlet, be polled at the next poll; how many.

        Raises:
            ConfigError: no outlet is called so.
        """
        if outlet_id and outlet_id not in self.outlets:
            raise ConfigError(
                f"no outlet {outlet_id!r}; those there are stand in config/outlets, see: rasd feeds"
            )
        self.ledger.sync_outlets(self.outlets, now=self.clock.now())
        return self.ledger.make_due(now=self.clock.now(), outlet_id=outlet_id)

    def fetch(self) -> Counts:
        """Fetch the pages of new and changed entries."""
        return self.step("fetch")

    def extract(self) -> Counts:
        """Read the articles on fetched pages."""
        return self.step("extract")

    def detect(self) -> Counts:
        """Hold articles against the topics."""
        return self.step("detect")

    def index(self, *, more_to_come: Callable[[], bool] = lambda: False) -> Counts:
        """Send what changed to the index, until nothing is pending and no more is to come."""
        return self._recorded("index", lambda: self._index(more_to_come))

    def import_file(self, path: Path, *, progress: Callable[[int], None] = lambda _: None) -> Counts:
        """Take articles or pages from a file; they wait for detection or extraction like any other."""
        self.ledger.sync_outlets(self.outlets, now=self.clock.now())  # configured names go before the file's
        return import_file(path, self.ledger, self.archive, now=self.clock.now(), progress=progress)

    def redo(
        self,
        stage: str,
        *,
        since: str | None = None,
        until: str | None = None,
        outlet: str | None = None,
        topic: str | None = None,
        only_failed: bool = False,
    ) -> int:
        """Put articles back to a stage; returns how many.

        To `detect` with a topic go the articles that match it, and those that would as it is today.

        Args:
            stage: `extract`, `detect` or `index`.
            since: as an analyst writes dates, e.g. `2026-03` or `7d`; inclusive.
            until: the same, to its end.
            only_failed: only what was given up on.
        """
        if stage not in REDONE:
            raise ConfigError(f"{stage!r} cannot be done again; write one of {', '.join(REDONE)}")
        meant = self._selection(since, until, outlet, topic, only_failed=only_failed)
        found = self._newly_found(meant) if stage == "detect" and topic and not only_failed else []
        return self.ledger.redo_articles(found, Stage(stage), now=self.clock.now()) + self.ledger.redo(
            Stage(stage),
            since=meant.since,
            until=meant.until,
            outlet_id=meant.outlet_id,
            topic_id=meant.topic_id,
            only_failed=meant.only_failed,
            now=self.clock.now(),
        )

    def _newly_found(self, meant: Selection) -> list[str]:
        """The ids of stored articles that would match the topic meant and do not yet."""
        detector = self.make_detector().only(meant.topic_id or "")
        stored = (
            (document.detected.article, document.detected.matches)
            for batch in documents_of(self.ledger)
            for document in batch
            if meant.holds(document.detected.article)
        )
        return [article.article_id for article in newly_found(stored, detector)]

    def preview(
        self,
        *,
        since: str | None = None,
        until: str | None = None,
        outlet: str | None = None,
        topic: str | None = None,
        only_failed: bool = False,
        limit: int | None = None,
        progress: Callable[[int], None] = lambda _: None,
    ) -> Changes:
        """What `redo("extract", …)` would change; nothing is written."""
        with self.open_extractor() as extractor:
            return changes(
                self.ledger,
                self.archive,
                extractor,
                selection=self._selection(since, until, outlet, topic, only_failed=only_failed),
                outlets=self.outlets,
                clock=self.clock,
                limit=limit,
                progress=progress,
            )

    def _selection(
        self,
        since: str | None,
        until: str | None,
        outlet: str | None,
        topic: str | None,
        *,
        only_failed: bool,
    ) -> Selection:
        now = self.clock.now()
        return Selection(
            since=edges_of(since, zone=self.zone, now=now)[0] if since else None,
            until=edges_of(until, zone=self.zone, now=now)[1] if until else None,
            outlet_id=outlet,
            topic_id=topic,
            only_failed=only_failed,
        )

    def steps_from(self, stage: str) -> tuple[str, ...]:
        """The steps that follow from a stage on."""
        return STEPS[STEPS.index(stage) :]

    def check_feeds(self) -> list[str]:
        """What housekeeping has to say of the outlets: one line each."""
        seen = self.ledger.entries_since(self.clock.now() - _DAY)
        return list(complaints_of_feeds(self.outlets, seen))

    def rebuild(self, *, progress: Callable[[int], None] = lambda _: None) -> int:
        """Make the index anew from the ledger; returns the documents in it."""
        began_at = self.clock.now()
        total = self.searchable.rebuild(documents_of(self.ledger), progress)
        removed = self.ledger.removed_since(began_at)  # some may have been read before they were removed
        if not removed:
            return total
        self.searchable.delete(removed)
        return self.searchable.count()

    def forget(self, url: str) -> str | None:
        """Take an article out of ledger and index for good; its id, or None if unknown."""
        article_id = self.ledger.forget(url, now=self.clock.now())
        if article_id is not None:
            self.searchable.delete([article_id])
        return article_id

    def expire(self) -> Counts:
        """Drop what is older than the retention says."""
        now = self.clock.now()
        responses = self.archive.expire(now - timedelta(days=self.retention.archive_days))
        # What was removed while an indexing process died may have been written after it was deleted.
        self.searchable.delete(self.ledger.removed_since(now - _REMOVED_AGAIN))
        if not self.retention.keep_days:
            return {"responses_files": responses, "articles": 0}
        horizon = now - timedelta(days=self.retention.keep_days)
        expired = self.ledger.expire_articles(horizon, now=now)
        self.searchable.delete(expired)
        self.searchable.delete_months_before(horizon.strftime("%Y-%m"))
        return {"responses_files": responses, "articles": len(expired)}

    def optimize(self) -> None:
        """Let the ledger's database tidy up, and the index what lies in months gone by."""
        self.ledger.optimize()
        self.searchable.compact_months_before(self.clock.now().strftime("%Y-%m"))

    async def _poll(self) -> Counts:
        self.ledger.sync_outlets(self.outlets, now=self.clock.now())
        async with self.open_fetcher() as fetcher:
            return await poll(
                self.ledger,
                fetcher,
                outlets=self.outlets,
                archive=self.archive,
                clock=self.clock,
                worker=self.worker,
                budget_s=self.pace.budget_s,
                concurrency=self.pace.concurrency,
                pause_s=self.pace.pause_s,
            )

    async def _fetch(self) -> Counts:
        async with self.open_fetcher() as fetcher:
            return await fetch(
                self.ledger,
                fetcher,
                outlets=self.outlets,
                archive=self.archive,
                clock=self.clock,
                worker=self.worker,
                budget_s=self.pace.budget_s,
                concurrency=self.pace.concurrency,
                pause_s=self.pace.pause_s,
                looks_s=self.pace.looks_s,
            )

    def _extract(self) -> Counts:
        with self.open_extractor() as extractor:
            return extract(
                self.ledger,
                self.archive,
                extractor,
                outlets=self.outlets,
                clock=self.clock,
                worker=self.worker,
            )

    def _detect(self) -> Counts:
        return detect(self.ledger, self.make_detector(), clock=self.clock, worker=self.worker)

    def _index(self, more_to_come: Callable[[], bool]) -> Counts:
        self.searchable.check()
        counts: Counter[str] = Counter()
        while True:
            waits = more_to_come()  # asked before: what comes in between is not missed
            counts.update(index(self.ledger, self.searchable, clock=self.clock, worker=self.worker))
            if not waits:
                return dict(counts)
            time.sleep(_MORE_AFTER_S)

    def _recorded(self, step: str, body: Callable[[], Counts]) -> Counts:
        started_at = self.clock.now()
        counts = body()
        ended_at = self.clock.now()
        self.ledger.record_run(
            step, worker=self.worker, started_at=started_at, ended_at=ended_at, counts=counts
        )
        took_s = round((ended_at - started_at).total_seconds(), 3)
        log.info(step, worker=self.worker, took_s=took_s, **counts)
        return counts


def complaints_of_feeds(outlets: Mapping[str, Outlet], entries_last_day: Mapping[str, int]) -> Sequence[str]:
    """One line for each outlet outside what its file expects of a day."""
    return [
        f"{outlet_id}: {entries_last_day.get(outlet_id, 0)} entries in the last day; "
        f"config/outlets/{outlet_id}.yml expects {outlet.entries_per_day[0]} to {outlet.entries_per_day[1]}"
        for outlet_id, outlet in sorted(outlets.items())
        if outlet.entries_per_day
        and not outlet.entries_per_day[0] <= entries_last_day.get(outlet_id, 0) <= outlet.entries_per_day[1]
    ]
