"""
Whatever a server does, a request ends in time, holds little, and keeps nobody else waiting.
"""

from __future__ import annotations

import asyncio
import gzip
import time
import tracemalloc

import pytest

from pipeline.errors import (
    BlockedError,
    DisallowedError,
    HostDownError,
    UnreachableError,
    UnusableError,
)
from tests.collect.server import CAP_BYTES, answer, browsing, endless, get, head, raw, serving

DEADLINE_S = 1.5
#: Everything a request may hold at a time.
MAX_HELD_BYTES = 100_000_000
HTML = {"Content-Type": "text/html"}


def bomb(layers):
    """300 MB of zeros in 300 KB, or in far less."""
    data = b"\0" * 300_000_000
    for _ in range(layers):
        data = gzip.compress(data, compresslevel=1 if len(data) > CAP_BYTES else 9)
    return answer(data, headers={"Content-Encoding": ", ".join(["gzip"] * layers)})


def redirect(target, **headers):
    return answer(status=302, headers={"Location": target, **headers})


HOSTILE = {
    "a byte every half second": (lambda: endless(head(200, HTML), b"a", pause_s=0.5), UnreachableError),
    "an endless header": (
        lambda: endless(b"HTTP/1.1 200 OK\r\n", b"X-A: b\r\n", pause_s=0.01),
        UnreachableError,
    ),
    "a header of 200 KB": (
        lambda: raw(b"HTTP/1.1 200 OK\r\nX: " + b"a" * 200_000 + b"\r\n\r\n"),
        UnreachableError,
    ),
    "a redirect to itself": (lambda: redirect("/hostile"), UnreachableError),
    "a redirect that sets a cookie": (lambda: redirect("/hostile", **{"Set-Cookie": "a=b"}), BlockedError),
    "a redirect to loopback": (lambda: redirect("http://127.1/"), (DisallowedError, UnusableError)),
    "a bomb": (lambda: bomb(1), UnusableError),
    "a bomb in a bomb": (lambda: bomb(2), UnusableError),
    "a wrong length": (lambda: raw(head(200, {"Content-Length": "1000"}), b"short"), UnreachableError),
    "a reset in mid-body": (
        lambda: raw(head(200, {"Content-Length": "1000"}), b"short", reset=True),
        UnreachableError,
    ),
    "a body that never ends": (lambda: endless(head(200, HTML), b"a" * 65536), UnusableError),
    "silence": (lambda: raw(b"", pause_s=30.0), UnreachableError),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_answers_end_in_time_and_keep_nobody_waiting(name):
    """
    Each ends with its own outcome, within a second of the deadline, under 100 MB held, and a request
    to another host is answered meanwhile.
    """
    make, expected = HOSTILE[name]
    handler = make()

    async def scene():
        # The network of the hostile server is open, all the rest of loopback is not.
        async with serving("127.0.0.9") as hostile, serving("127.0.0.10") as other:
            other.answers("/quick", "x")
            hostile.does("/hostile", handler)
            async with browsing(hostile, other, networks=("127.0.0.9/32", "127.0.0.10/32")) as fetcher:
                asked = asyncio.create_task(get(fetcher, hostile.url("/hostile"), deadline_s=DEADLINE_S))
                await asyncio.sleep(0)
                quick = await get(fetcher, other.url("/quick"), deadline_s=DEADLINE_S + 10)
                with pytest.raises(expected):
                    await asked
                return quick.body

    tracemalloc.start()
    began = time.monotonic()
    try:
        served = asyncio.run(scene())
        took_s = time.monotonic() - began
        _, held = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert b"x" == served
    assert MAX_HELD_BYTES > held
    assert DEADLINE_S + 1 > took_s


@pytest.mark.parametrize("says", [b"", b"HTTP/1.1 400 Bad Request\r\n\r\n", b"\x15\x03\x01\x00\x02\x02\x28"])
def test_broken_tls_ends_in_time(says):
    """
    Silence, plain HTTP or an alert in place of a handshake.
    """

    async def scene():
        over, ended = asyncio.Event(), asyncio.Event()

        async def speak(reader, writer):
            writer.write(says)
            if not says:
                await over.wait()
            writer.close()
            await writer.wait_closed()
            ended.set()

        listener = await asyncio.start_server(speak, "127.0.0.1", 0)
        port = listener.sockets[0].getsockname()[1]
        async with serving() as server, browsing(server, ports=(port,)) as fetcher:
            with pytest.raises((HostDownError, UnreachableError)):
                await get(fetcher, f"https://127.0.0.1:{port}/", deadline_s=DEADLINE_S)
        over.set()
        listener.close()
        await ended.wait()

    began = time.monotonic()
    asyncio.run(scene())

    assert DEADLINE_S + 1 > time.monotonic() - began
