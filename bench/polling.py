"""Polls that find nothing: many feeds on sixty hosts, every one of them unchanged."""

from __future__ import annotations

import asyncio
import multiprocessing
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import yaml

from bench.scheduled import make_due
from bench.table import Row
from pipeline import log, wiring
from pipeline.settings import Settings

HOSTS = 60
FEEDS = (300, 2_000)
ENTRIES = 20
TARGET = {300: "under 5 s"}


def measure(folder: Path) -> list[Row]:
    """Poll each number of feeds when all are known and none has changed; the rows to print."""
    log.configure("error")
    with _served() as port:
        return [_measured(folder / str(feeds), feeds, port) for feeds in FEEDS]


def _measured(folder: Path, feeds: int, port: int) -> Row:
    folder.mkdir(parents=True)
    settings = _settings(folder, feeds, port)
    with wiring.open_monitor(settings) as monitor:
        monitor.poll()
    make_due(settings)
    with wiring.open_monitor(settings) as monitor:
        began = time.monotonic()
        counts = monitor.poll()
        took_s = time.monotonic() - began
    if counts["unchanged"] != feeds:
        raise RuntimeError(f"not every feed was unchanged: {counts}")
    return Row(
        f"{feeds:,} feeds on {HOSTS} hosts polled, nothing changed, no pauses",
        f"{took_s:.1f} s, {counts['feeds']:,} requests, {counts['feeds'] / took_s:,.0f} a second",
        TARGET.get(feeds, ""),
    )


def _settings(folder: Path, feeds: int, port: int) -> Settings:
    outlets = folder / "config" / "outlets"
    outlets.mkdir(parents=True)
    (folder / "config" / "topics").mkdir()
    for host in range(HOSTS):
        listed = [
            {"url": f"http://{_address(host)}:{port}/feed/{number}"} for number in range(host, feeds, HOSTS)
        ]
        outlet = {
            "title": f"صحيفة {host}",  # paper
            "home": f"http://{_address(host)}:{port}/",
            "country": "jo",
            "time_zone": "Asia/Amman",
            "feeds": listed,
        }
        file = outlets / f"paper-{host}.yml"
        file.write_text(yaml.safe_dump(outlet, allow_unicode=True), encoding="utf-8")
    return Settings(
        home=folder / "home",
        config=folder / "config",
        host_pause_s=0,
        allow_networks="127.0.0.0/8",
        allow_ports=str(port),
    )


def _address(host: int) -> str:
    return f"127.2.0.{host + 1}"


@contextmanager
def _served() -> Iterator[int]:
    """The hosts, in a process of their own: what they cost is not the poll's."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    context = multiprocessing.get_context("spawn")
    ready = context.Event()
    process = context.Process(target=_serve, args=(port, ready), daemon=True)
    process.start()
    try:
        ready.wait(30)
        yield port
    finally:
        process.terminate()
        process.join()


def _serve(port: int, ready: object) -> None:
    async def serve() -> None:
        for host in range(HOSTS):
            await asyncio.start_server(_answer, _address(host), port)
        ready.set()  # type: ignore[attr-defined]
        await asyncio.Event().wait()

    asyncio.run(serve())


async def _answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while request := await reader.readuntil(b"\r\n\r\n"):
            writer.write(_response(request))
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        pass  # the client is done
    finally:
        writer.close()


def _response(request: bytes) -> bytes:
    path = request.split(b" ", 2)[1].decode()
    if not path.startswith("/feed/"):
        return b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
    head = f'ETag: "{path}"\r\nContent-Type: application/rss+xml; charset=utf-8\r\n'
    if b"if-none-match" in request.lower():
        return f"HTTP/1.1 304 Not Modified\r\n{head}\r\n".encode()
    items = "".join(
        f"<item><title>خبر {number}</title><link>{path}/{number}</link></item>"  # an item of news
        for number in range(ENTRIES)
    )
    body = f"<rss version='2.0'><channel><title>x</title>{items}</channel></rss>".encode()
    return f"HTTP/1.1 200 OK\r\n{head}Content-Length: {len(body)}\r\n\r\n".encode() + body
