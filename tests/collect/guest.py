"""A guest at a test server: a visit under the lease of a real ledger, without pauses."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

from pipeline.clock import SystemClock
from pipeline.collect.visits import Round, Visit, visiting
from pipeline.ledger.ledger import open_ledger
from tests.collect.server import Server, browsing


@asynccontextmanager
async def guest(server: Server, folder: Path, url: str) -> AsyncIterator[Visit]:
    """Visit the server's host."""
    clock = SystemClock()
    with open_ledger(f"sqlite:///{folder}/ledger.sqlite") as ledger:
        async with browsing(server) as fetcher:
            turn = Round(
                ledger=ledger,
                fetcher=fetcher,
                clock=clock,
                worker="guest",
                pause_s=0.0,
                ends_at=clock.now() + timedelta(seconds=1),
            )
            async with visiting(turn, url) as visit:
                yield visit
