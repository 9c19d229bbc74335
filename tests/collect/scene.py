"""A server, a ledger and guests, on a clock that jumps: sleeping takes no time."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from pipeline.collect.visits import Round, visiting
from pipeline.ledger.ledger import open_ledger
from pipeline.records import Feed, Outlet
from tests.collect.server import answer, browsing, serving

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


class JumpingClock:
    """Sleeping takes no time and moves the clock."""

    def __init__(self):
        self.at = NOON

    def now(self):
        return self.at

    async def sleep(self, seconds):
        self.at += timedelta(seconds=seconds)
        await asyncio.sleep(0)


class Scene:
    """A server, a ledger, and guests at the server's host."""

    def __init__(self, server, other, fetcher, ledger, clock):
        self.server, self.other, self.fetcher, self.ledger, self.clock = server, other, fetcher, ledger, clock
        self.asked_at = []

    def serves(self, path, body="x", *, took_s=0.0, **more):
        write = answer(body, **more)

        async def slowly(request, writer):
            self.asked_at.append(self.clock.at)
            self.clock.at += timedelta(seconds=took_s)
            await write(request, writer)

        return self.server.does(path, slowly)

    def round(self, *, pause_s=2.0, worker="w", seconds=3600):
        return Round(
            ledger=self.ledger,
            fetcher=self.fetcher,
            clock=self.clock,
            worker=worker,
            pause_s=pause_s,
            ends_at=self.clock.now() + timedelta(seconds=seconds),
        )

    @asynccontextmanager
    async def guest(self, **round_):
        async with visiting(self.round(**round_), self.server.url("/")) as visit:
            yield visit

    async def get(self, visit, url, *, deadline_s=1.0):
        return await visit.get(url, headers={}, max_bytes=10_000, deadline_s=deadline_s)

    def rests_s(self):
        """How long the host is left alone from now."""
        lease = self.ledger.claim_this_host(self.host, worker="x", now=self.clock.now() + timedelta(days=9))
        return (lease.next_request_at - self.clock.now()).total_seconds()

    @property
    def host(self):
        return f"{self.server.address}:{self.server.port}"

    def gaps_s(self):
        return [round((b - a).total_seconds(), 1) for a, b in pairwise(self.asked_at)]


def play(folder, act):
    async def played():
        clock = JumpingClock()
        with open_ledger(f"sqlite:///{folder}/ledger.sqlite") as ledger:
            async with (
                serving() as server,
                serving("127.0.0.7") as other,
                browsing(server, other) as fetcher,
            ):
                return await act(Scene(server, other, fetcher, ledger, clock))

    return asyncio.run(played())


def outlets_of(urls):
    feeds = tuple(Feed(url=url, outlet_id="alnahr", poll_at_most_s=600) for url in urls)
    outlet = Outlet(
        outlet_id="alnahr", title="النهر", title_en="The River", home="", country="jo", time_zone="UTC",
        pause_s=0.0, feeds=feeds,
    )  # fmt: skip
    return {"alnahr": outlet}
