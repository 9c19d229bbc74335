"""
Being a guest: one request at a time to a host, paced, by its robots.txt, under the ledger's lease.

Poll and fetch both drain hosts through :func:`visit_hosts`; every request they make goes through
:meth:`Visit.get`. So a host's pace holds across feeds, pages, robots.txt, workers and runs.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from pipeline.clock import Clock
from pipeline.collect.answer import Answer
from pipeline.collect.http import AcceptsType, Fetcher
from pipeline.collect.robots import (
    AGENT,
    Permission,
    crawl_delay_s,
    fetch_robots,
    is_fresh,
    permission,
    robots_url,
)
from pipeline.collect.schedule import retry_after_s, spread
from pipeline.errors import DisallowedError, HostDownError, UnreachableError
from pipeline.hosts import HostLease, HostLedger, HostReport, Robots, host_of
from pipeline.work import CHUNK, LEASE_S

#: A longer pause is not waited for: the host is given back, and another gets the time.
PATIENCE_S = 10.0
#: A slow server is given as long a rest as it took to answer, to this.
_MAX_BREATHER_S = 10.0
#: Rest of a host that is down: doubling from the first to the last.
_DOWN_S, _MAX_DOWN_S = 60.0, 1800.0
#: So many time-outs and resets in a row, and the host is left alone for a while.
_MAX_TROUBLES, _TROUBLED_S = 3, 300.0
#: Rest of a host that says 429 or 503 without saying for how long.
_OVERLOADED_S, _MAX_OVERLOADED_S = 120.0, 3600.0
#: The lease is renewed when this much of it is gone.
_RENEW_S = LEASE_S / 5
#: Between two looks for a host whose pause is over: at least, and at most.
_GLANCE_S, _LOOK_S = 0.01, 0.5


@dataclass(kw_only=True)
class Round:
    """One run of a step over hosts: what is the same for all of them."""

    ledger: HostLedger
    fetcher: Fetcher
    clock: Clock
    worker: str
    pause_s: float
    ends_at: datetime
    foreign_robots: dict[str, Robots] = field(default_factory=dict)  #: of hosts redirects lead to

    def has_time(self) -> bool:
        """Whether the budget is not yet spent."""
        return self.clock.now() < self.ends_at


#: Works on a leased host.
Work = Callable[["Visit"], Awaitable[None]]


class Visit:
    """A leased host, asked one thing at a time."""

    def __init__(self, turn: Round, lease: HostLease) -> None:
        self.lease = lease
        self.is_lost = False  #: another worker has it: we were too slow
        self.is_resting = False  #: it wants to be left alone: no more requests on this visit
        self._round = turn
        self._robots = lease.robots
        self._failures = lease.failures
        self._next_at = lease.next_request_at
        self._troubles = 0
        self._renewed_at = turn.clock.now()

    @property
    def robots_text(self) -> str:
        """The host's robots.txt, as far as it was asked for."""
        return self._robots.body if self._robots else ""

    @property
    def rules(self) -> str:
        """What the host's robots.txt comes to, in a few words."""
        if self._robots is None:
            return "not asked for"
        delay_s = crawl_delay_s(self._robots)
        paced = f", a request every {delay_s:g} s" if delay_s else ""
        return f"robots.txt answers {self._robots.status}{paced}"

    @property
    def chunk(self) -> int:
        """How much work to take: no more than gets done well within a lease."""
        pause = max(self._round.pause_s, crawl_delay_s(self._robots))
        return max(1, min(CHUNK, int(LEASE_S / 4 / max(pause, 1.0)))) if pause <= PATIENCE_S else 1

    def may_go_on(self) -> bool:
        """Whether another request can begin within this run, and soon; keeps the lease alive."""
        now = self._round.clock.now()
        if (now - self._renewed_at).total_seconds() > _RENEW_S:
            self.lease, self._renewed_at = self._round.ledger.renew_host(self.lease, now=now), now
            self.is_lost = self.lease.leased_until <= now
        wait_s = (self._next_at - now).total_seconds()
        in_time = self._next_at < self._round.ends_at and wait_s <= PATIENCE_S
        return in_time and not self.is_resting and not self.is_lost

    async def get(
        self,
        url: str,
        *,
        headers: Mapping[str, str],
        max_bytes: int,
        deadline_s: float,
        pause_s: float | None = None,
        accepts: AcceptsType | None = None,
    ) -> Answer:
        """GET a URL of this host, when its turn has come and its rules allow.

        Args:
            url: on this host.
            headers: sent as given.
            max_bytes: as for :meth:`Fetcher.get`.
            deadline_s: as for :meth:`Fetcher.get`.
            pause_s: the outlet's own, in place of the run's.
            accepts: as for :meth:`Fetcher.get`.

        Raises:
            EntryError: as :meth:`Fetcher.get`; `DisallowedError` also by robots.txt, `HostDownError`
                also where that cannot be had.
        """
        pause_s = self._round.pause_s if pause_s is None else pause_s
        await self._know_robots(url, pause_s)
        async with self._turn(url, pause_s):
            answer = await self._round.fetcher.get(
                url,
                headers=headers,
                max_bytes=max_bytes,
                deadline_s=deadline_s,
                accepts=accepts,
                allow_redirect=self._allow_redirect,
            )
        self._heed(answer)
        return answer

    def release(self) -> None:
        """Give the host back with what was learnt of it."""
        report = HostReport(next_request_at=self._next_at, failures=self._failures)
        self._round.ledger.release_host(self.lease, report)

    async def _know_robots(self, url: str, pause_s: float) -> None:
        """Have the host's rules at hand, asking for them once a day, and keep to them."""
        if not is_fresh(self._robots, self._round.clock.now()):
            async with self._turn(url, pause_s):
                robots = await fetch_robots(self._round.fetcher, url, now=self._round.clock.now())
            self._round.ledger.save_robots(self.lease, robots)
            self._robots = robots
            # The pause it asks for begins with this very answer; a long one only once it is known.
            self._pause(min(crawl_delay_s(robots), PATIENCE_S))
        assert self._robots is not None
        if permission(self._robots, url) is Permission.UNKNOWN:
            self._goes_down(url)
            raise HostDownError(
                url, f"nothing may be asked for: {robots_url(url)} answers {self._robots.status}"
            )
        _check(self._robots, url)

    async def _allow_redirect(self, url: str) -> None:
        """Stop at a redirect to what its host's rules forbid."""
        host, now = host_of(url), self._round.clock.now()
        known = self._robots if host == self.lease.host else self._round.foreign_robots.get(host)
        if known is None or not is_fresh(known, now):
            known = await fetch_robots(self._round.fetcher, url, now=now)
            self._round.foreign_robots[host] = known
        _check(known, url)

    @asynccontextmanager
    async def _turn(self, url: str, pause_s: float) -> AsyncIterator[None]:
        """Wait for the host's pause to be over; begin the next one afterwards."""
        clock = self._round.clock
        await clock.sleep(max(0.0, (self._next_at - clock.now()).total_seconds()))
        began_at = clock.now()
        try:
            yield
            self._failures = self._troubles = 0
        except HostDownError as error:
            if host_of(error.url) == host_of(url):
                self._goes_down(url)
            raise
        except UnreachableError:
            self._troubles += 1
            if self._troubles >= _MAX_TROUBLES:
                self._rest(_TROUBLED_S)
            raise
        finally:
            took_s = (clock.now() - began_at).total_seconds()
            self._pause(_pause_s(pause_s, crawl_delay_s(self._robots), took_s))

    def _heed(self, answer: Answer) -> None:
        """A host that says it is too much for it is left alone for a while."""
        if answer.status in {429, 503}:
            now = self._round.clock.now()
            usual_s = _OVERLOADED_S * (1 + 0.25 * spread(f"{self.lease.host} {now:%H:%M}"))
            self._rest(min(retry_after_s(answer, now) or usual_s, _MAX_OVERLOADED_S))

    def _goes_down(self, url: str) -> None:
        self._failures += 1
        doubled_s = min(_DOWN_S * 2.0 ** min(self._failures, 10), _MAX_DOWN_S)
        self._rest(doubled_s * (1 + 0.2 * spread(f"{host_of(url)} {self._failures}")))

    def _rest(self, seconds: float) -> None:
        self.is_resting = True
        self._pause(seconds)

    def _pause(self, seconds: float) -> None:
        self._next_at = max(self._next_at, self._round.clock.now() + timedelta(seconds=seconds))


@asynccontextmanager
async def visiting(turn: Round, url: str) -> AsyncIterator[Visit]:
    """Visit the host of one URL, when whoever has it is done and its pause is over.

    Raises:
        HostDownError: it is not free in time.
    """
    host = host_of(url)
    while (lease := turn.ledger.claim_this_host(host, worker=turn.worker, now=turn.clock.now())) is None:
        if not turn.has_time():
            raise HostDownError(url, f"{host} is busy or rests; see: rasd feeds")
        await turn.clock.sleep(_LOOK_S)
    visit = Visit(turn, lease)
    try:
        yield visit
    finally:
        visit.release()


async def visit_hosts(turn: Round, stage: str, work: Work, *, concurrency: int) -> None:
    """Lease hosts with work for `stage` and work on them, `concurrency` side by side.

    Ends when the budget is spent, or when no host has work that may be asked soon: one just left, by
    another step or by this one, may only be waiting for its pause to end.
    """
    try:
        async with asyncio.TaskGroup() as slots:
            for _ in range(concurrency):
                slots.create_task(_slot(turn, stage, work))
    except BaseExceptionGroup as group:
        raise group.exceptions[0] from group  # one failure stopped the others: it is what failed


async def _slot(turn: Round, stage: str, work: Work) -> None:
    while turn.has_time():
        lease = turn.ledger.claim_host(stage, worker=turn.worker, now=turn.clock.now())
        if lease is None:
            wait_s = _soonest_s(turn, stage)
            if wait_s is None:
                return
            await turn.clock.sleep(min(max(wait_s, _GLANCE_S), _LOOK_S))
            continue
        visit = Visit(turn, lease)
        try:
            await work(visit)
        finally:
            visit.release()


def _soonest_s(turn: Round, stage: str) -> float | None:
    """How long until a host with work may be asked; None when none will be soon, or in time."""
    now = turn.clock.now()
    at = turn.ledger.next_host_at(stage, now=now)
    if at is None or at >= turn.ends_at or at > now + timedelta(seconds=PATIENCE_S):
        return None
    return max(0.0, (at - now).total_seconds())


def _check(robots: Robots, url: str) -> None:
    """Raise unless the rules of its host let `url` be asked for."""
    found = permission(robots, url)
    if found is Permission.UNKNOWN:
        raise UnreachableError(url, f"{robots_url(url)} answers {robots.status}, so nothing may be asked for")
    if found is Permission.DISALLOWED:
        raise DisallowedError(url, f"robots.txt forbids it to {AGENT!r}")


def _pause_s(usual_s: float, crawl_delay: float, took_s: float) -> float:
    """The pause after a request: as configured, as the publisher asks, as long as the server needed.

    >>> _pause_s(2.0, 0.0, took_s=4.5), _pause_s(0.0, 7.0, took_s=0.1)
    (4.5, 7.0)
    """
    breather_s = min(took_s, _MAX_BREATHER_S) if usual_s > 0 else 0.0
    return max(usual_s, crawl_delay, breather_s)
