"""
The pages over what was imported, through a real server on loopback: how long a reader waits.

Each of the two hundred queries is opened as a search page, and the first article of each as its own
page, similar coverage included.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from http.client import HTTPConnection
from statistics import quantiles
from typing import NamedTuple
from urllib.parse import quote, unquote

import uvicorn

from bench.queries import TOGETHER, queries
from bench.table import Row
from pipeline.settings import Settings
from pipeline.web.app import make_app
from pipeline.web.asking import warm_up
from pipeline.web.desk import Limits
from pipeline.web.serve import open_desk
from pipeline.web.throttle import Allowance

ASKED_MS = 200
_ARTICLE = re.compile(r'href="(/articles/[0-9a-f]{32})')
_NO_LIMIT = Allowance(per_minute=1e9)


class Opened(NamedTuple):
    """One page, opened."""

    took_ms: float
    address: str
    html: str


def measure(settings: Settings) -> list[Row]:
    """Open them all, one at a time and eight; the rows to print."""
    with _served(settings) as address:
        searches = [f"/?q={quote(query)}" for query in queries()]
        found = [_opened(address, path) for path in searches]  # warms the caches, and is not counted
        articles = list(dict.fromkeys(path for page in found for path in _ARTICLE.findall(page.html)[:1]))
        for path in articles:
            _opened(address, path)
        alone = [_opened(address, path) for path in searches]
        read = [_opened(address, path) for path in articles]
        with ThreadPoolExecutor(TOGETHER) as pool:
            among = list(pool.map(lambda path: _opened(address, path), searches))
    engine = settings.index
    return [
        Row(f"{len(alone)} search pages, {engine}", _times(alone), f"p95 under {ASKED_MS} ms"),
        Row(f"the same, {TOGETHER} at a time", _times(among)),
        Row(f"{len(read)} article pages, {engine}", _times(read), f"p95 under {ASKED_MS} ms"),
        Row("the slowest page", _told(max(*alone, *read))),
    ]


@contextmanager
def _served(settings: Settings) -> Iterator[str]:
    limits = Limits(requests=_NO_LIMIT, exports=_NO_LIMIT, strangers=_NO_LIMIT)
    with open_desk(settings, on_loopback=True) as desk:
        warm_up(desk)
        app = make_app(replace(desk, limits=limits))
        server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="critical"))
        thread = threading.Thread(target=server.run)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        try:
            yield f"127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


def _opened(address: str, path: str) -> Opened:
    started = time.perf_counter()
    connection = HTTPConnection(address, timeout=60)
    try:
        connection.request("GET", path)
        html = connection.getresponse().read().decode()
    finally:
        connection.close()
    return Opened((time.perf_counter() - started) * 1000, path, html)


def _times(opened: Sequence[Opened]) -> str:
    cuts = quantiles([each.took_ms for each in opened], n=100)
    return f"p50 {cuts[49]:.0f} ms, p95 {cuts[94]:.0f} ms"


def _told(opened: Opened) -> str:
    return f"{opened.took_ms:.0f} ms: {unquote(opened.address)}"
