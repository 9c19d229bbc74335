"""
Step 1, poll: what do the feeds list that is new?

    FeedState → PolledFeed with its FeedEntries

Feeds are asked host by host, with the validators they gave; what they list goes into the ledger in
one transaction with the validators that stand for it, or a crash between the two would lose
entries behind a 304 for ever.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import timedelta

import structlog

from pipeline.clock import Clock
from pipeline.collect.answer import Answer, validators
from pipeline.collect.archive import WarcArchive
from pipeline.collect.date_rules import KEPT
from pipeline.collect.feeds import holds_news, sitemaps_behind, without_validators
from pipeline.collect.http import Fetcher
from pipeline.collect.polled import (
    after_failure,
    after_new,
    after_unchanged,
    complaint,
    feed_error,
    is_unchanged,
    parsed_feed,
)
from pipeline.collect.schedule import is_proof_due
from pipeline.collect.visits import Round, Visit, visit_hosts
from pipeline.errors import EntryError, FeedError, HostDownError
from pipeline.records import Outlet
from pipeline.work import FeedState, PolledFeed, PollLedger

log = structlog.get_logger()

MAX_FEED_BYTES = 10_000_000
DEADLINE_S = 30.0
ACCEPT = (
    "application/rss+xml, application/atom+xml, application/rdf+xml, application/feed+json;q=0.9, "
    "application/xml;q=0.8, text/xml;q=0.8, */*;q=0.1"
)


async def poll(
    ledger: PollLedger,
    fetcher: Fetcher,
    *,
    outlets: Mapping[str, Outlet],
    archive: WarcArchive,
    clock: Clock,
    worker: str,
    budget_s: float,
    concurrency: int,
    pause_s: float,
) -> dict[str, int]:
    """Ask every feed that is due, until the budget is spent.

    Args:
        ledger: says which are due, and keeps what they list.
        fetcher: the web.
        outlets: by id, as configured.
        archive: keeps the bodies that brought something new.
        clock: owns the time.
        worker: names this process in leases.
        budget_s: no feed is begun after so many seconds.
        concurrency: hosts asked side by side.
        pause_s: between two requests to a host whose outlet names none.

    Returns:
        Counts: feeds asked, of them unchanged and failed; entries listed, of them new, changed and
        known; and entries that vanished from the middle of a window.
    """
    turn = Round(
        ledger=ledger,
        fetcher=fetcher,
        clock=clock,
        worker=worker,
        pause_s=pause_s,
        ends_at=clock.now() + timedelta(seconds=budget_s),
    )
    poller = _Poller(ledger, archive, outlets, clock)
    await visit_hosts(turn, "poll", poller.visit, concurrency=concurrency)
    names = ("feeds", "unchanged", "failed", "listed", "new", "changed", "known", "vanished")
    return {name: poller.counts[name] for name in names}


class _Poller:
    """The feeds of one host after another."""

    def __init__(
        self, ledger: PollLedger, archive: WarcArchive, outlets: Mapping[str, Outlet], clock: Clock
    ) -> None:
        self.counts: Counter[str] = Counter()
        self._ledger, self._archive, self._outlets, self._clock = ledger, archive, outlets, clock

    async def visit(self, visit: Visit) -> None:
        """Poll the due feeds of a host."""
        due = self._ledger.due_feeds(visit.lease, now=self._clock.now())
        down: HostDownError | None = None
        for state in due:
            if down is None and not visit.may_go_on():
                return
            try:
                polled = await self._polled(visit, state, down)
            except HostDownError as error:
                # Its other feeds would only wait for the same in vain: they fail with it, unasked.
                down = error
                polled = after_failure(state, feed_error(state.feed.url, error), self._clock.now())
            self._settle(polled)

    async def _polled(self, visit: Visit, state: FeedState, down: HostDownError | None) -> PolledFeed:
        """One feed asked, and what its answer means."""
        answer = None
        try:
            if down is not None:
                raise feed_error(state.feed.url, down)
            asked = _headers(state, proof=is_proof_due(state.feed.url, self._clock.now()))
            answer = await self._answer(visit, state, state.url, asked)
            answer = await self._behind(visit, state, answer)
            return self._understood(state, answer)
        except FeedError as error:
            return after_failure(state, error, self._clock.now(), http_status=answer.status if answer else 0)

    async def _behind(self, visit: Visit, state: FeedState, index: Answer) -> Answer:
        """The news sitemap an index of sitemaps leads to; any other answer is itself."""
        for address in sitemaps_behind(index):
            sitemap = await self._answer(visit, state, address, {"Accept": ACCEPT})
            if holds_news(sitemap):
                return without_validators(sitemap)
        return index

    async def _answer(
        self, visit: Visit, state: FeedState, address: str, headers: Mapping[str, str]
    ) -> Answer:
        url = state.feed.url
        try:
            return await visit.get(
                address,
                headers=headers,
                max_bytes=MAX_FEED_BYTES,
                deadline_s=DEADLINE_S,
                pause_s=self._outlet(state).pause_s,
            )
        except EntryError as error:
            if isinstance(error, HostDownError) and visit.is_resting:
                raise
            raise feed_error(url, error) from error

    def _outlet(self, state: FeedState) -> Outlet:
        outlet = self._outlets.get(state.feed.outlet_id)
        if outlet is None:
            raise FeedError(
                state.feed.url, "disallowed", f"{state.feed.outlet_id} is no longer in config/outlets"
            )
        return outlet

    def _understood(self, state: FeedState, answer: Answer) -> PolledFeed:
        now = self._clock.now()
        if is_unchanged(state, answer):
            return after_unchanged(state, answer, now)
        if error := complaint(state, answer, now):
            raise error
        told = self._ledger.dates_with_pages(state.feed.url, state.listed[:KEPT])
        parsed = parsed_feed(state, answer, self._outlet(state), now, with_pages=told)
        self._archive.write(answer, fetched_at=now, about={"kind": "feed", "feed": state.feed.url})
        return after_new(state, answer, parsed, now)

    def _settle(self, polled: PolledFeed) -> None:
        found = self._ledger.settle_poll(polled)
        failed = polled.status not in {"new", "unchanged"}
        self.counts["feeds"] += 1
        self.counts["unchanged"] += polled.status == "unchanged"
        self.counts["failed"] += failed
        for name in ("listed", "new", "changed", "known", "vanished"):
            self.counts[name] += getattr(found, name)
        log.info("polled", feed=polled.feed_url, status=polled.status, reason=polled.reason, new=found.new)
        if polled.next_poll_at is None:
            log.warning("feed_stopped", feed=polled.feed_url, reason="410: take it out of config/outlets")


def _headers(state: FeedState, *, proof: bool) -> dict[str, str]:
    """What a poll sends; a proof fetch leaves the validators out."""
    conditional = state.body_hash is not None and not proof
    return {"Accept": ACCEPT, **(validators(state.etag, state.last_modified) if conditional else {})}
