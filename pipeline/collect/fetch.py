"""
Step 2, fetch: the pages behind new and changed entries.

    PendingPage → PageRef of its page in the archive, or the outcome instead

Host by host, newest entry first, one request at a time. When a host is down, what waits for it
spends the same try together, unasked: nobody waits for fifty time-outs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import timedelta

import structlog

from pipeline.clock import Clock
from pipeline.collect.answer import validators
from pipeline.collect.archive import WarcArchive
from pipeline.collect.fetched import (
    StoredPage,
    UnchangedPage,
    after_fetch,
    complaint,
    is_page_type,
    is_unchanged,
)
from pipeline.collect.http import Fetcher
from pipeline.collect.visits import Round, Visit, visit_hosts
from pipeline.errors import EntryError, HostDownError
from pipeline.records import Outcome, Outlet, Stage
from pipeline.work import CHUNK, FetchLedger, PendingPage, SettledPage

log = structlog.get_logger()

MAX_PAGE_BYTES = 5_000_000
_DEADLINE_S = 30.0
_ACCEPT = "text/html, application/xhtml+xml;q=0.9, */*;q=0.1"


async def fetch(
    ledger: FetchLedger,
    fetcher: Fetcher,
    archive: WarcArchive,
    *,
    outlets: Mapping[str, Outlet],
    clock: Clock,
    worker: str,
    budget_s: float,
    concurrency: int,
    pause_s: float,
    looks_s: Sequence[float] = (),
) -> dict[str, int]:
    """Fetch pages that wait, until none does or the budget is spent.

    Args:
        ledger: says which wait, and keeps what became of them.
        fetcher: the web.
        archive: keeps the pages.
        outlets: by id, as configured.
        clock: owns the time.
        worker: names this process in leases.
        budget_s: no request is begun after so many seconds.
        concurrency: hosts asked side by side.
        pause_s: between two requests to a host whose outlet names none.
        looks_s: ages at which a young article is looked at again.

    Returns:
        Counts: pages fetched; found unchanged at a further look; to be tried again; where the
        feed's text has to serve; and each outcome that ended an entry.
    """
    turn = Round(
        ledger=ledger,
        fetcher=fetcher,
        clock=clock,
        worker=worker,
        pause_s=pause_s,
        ends_at=clock.now() + timedelta(seconds=budget_s),
    )
    ledger.look_again(now=clock.now())
    step = _Step(ledger, archive, outlets, clock, looks_s)
    await visit_hosts(turn, "fetch", step.visit, concurrency=concurrency)
    return dict(step.counts)


class _Step:
    """The pages of one host after another."""

    def __init__(
        self,
        ledger: FetchLedger,
        archive: WarcArchive,
        outlets: Mapping[str, Outlet],
        clock: Clock,
        looks_s: Sequence[float],
    ) -> None:
        ended = (
            Outcome.GONE,
            Outcome.BLOCKED,
            Outcome.DISALLOWED,
            Outcome.UNUSABLE,
            Outcome.UNREACHABLE,
            Outcome.NOT_ARABIC,
        )
        self.counts: Counter[str] = Counter(
            dict.fromkeys(("fetched", "unchanged", "again", "from_feed", *ended), 0)
        )
        self._ledger, self._archive, self._outlets, self._clock = ledger, archive, outlets, clock
        self._looks_s = looks_s

    async def visit(self, visit: Visit) -> None:
        """Fetch a chunk of a host's pages; those that died before come one by one."""
        room = visit.chunk
        while room > 0:
            pages = self._ledger.claim_pages(visit.lease, now=self._clock.now(), limit=room)
            room -= len(pages)
            if not pages or not await self._fetch(visit, list(pages)):
                return

    async def _fetch(self, visit: Visit, pages: list[PendingPage]) -> bool:
        """Fetch claimed pages; returns whether the visit may go on."""
        while pages:
            if not visit.may_go_on():
                break
            pending = pages.pop(0)
            try:
                found = await self._found(visit, pending)
            except HostDownError as error:
                self._host_is_down(visit, [pending, *pages], error)
                return False
            except BaseException:
                # A bug, or the end of the process: what was not begun is not to blame for it.
                self._ledger.unclaim_pages([page.entry_id for page in pages])
                raise
            self._settle(self._after(pending, found))
        if pages and not visit.is_lost:
            self._ledger.unclaim_pages([page.entry_id for page in pages])
        return not pages

    def _after(self, pending: PendingPage, found: StoredPage | UnchangedPage | EntryError) -> SettledPage:
        return after_fetch(pending, found, self._clock.now(), looks_s=self._looks_s)

    async def _found(self, visit: Visit, pending: PendingPage) -> StoredPage | UnchangedPage | EntryError:
        """One request: the page, kept, or why there is none."""
        outlet = self._outlets.get(pending.outlet_id)
        try:
            answer = await visit.get(
                pending.url,
                headers={"Accept": _ACCEPT, **validators(pending.etag, pending.last_modified)},
                max_bytes=MAX_PAGE_BYTES,
                deadline_s=_DEADLINE_S,
                pause_s=outlet.pause_s if outlet else None,
                accepts=is_page_type,
            )
        except HostDownError as error:
            if visit.is_resting:
                raise
            return error  # a redirect led to another host, which is down
        except EntryError as error:
            return error
        now = self._clock.now()
        if is_unchanged(pending, answer):
            return UnchangedPage()
        if refusal := complaint(answer, now):
            return refusal
        page = self._archive.write(answer, fetched_at=now, about={"kind": "page", "entry": pending.entry_id})
        return StoredPage(
            page=page,
            final_url=answer.final_url,
            fetched_at=now,
            etag=answer.header("etag"),
            last_modified=answer.header("last-modified"),
        )

    def _host_is_down(self, visit: Visit, pages: list[PendingPage], error: HostDownError) -> None:
        """Everything that waits for the host has had this try; the next is minutes away."""
        now = self._clock.now()
        while pages:
            for pending in pages:
                self._settle(self._after(pending, error))
            pages = list(self._ledger.claim_pages(visit.lease, now=now, limit=CHUNK))

    def _settle(self, settled: SettledPage) -> None:
        if settled.page:
            self._archive.sync()
        self._ledger.settle_page(settled, now=self._clock.now())
        name = _name_of(settled)
        self.counts[name] += 1
        log.debug(name, entry=settled.entry_id, reason=settled.reason)


def _name_of(settled: SettledPage) -> str:
    if settled.next_stage is Stage.FETCH:
        return "again"
    if settled.next_stage is Stage.EXTRACT:
        return "fetched" if settled.page else "from_feed"
    if settled.outcome is None:
        return "unchanged"
    return settled.outcome.value
