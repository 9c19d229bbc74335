"""
A web server on loopback that can misbehave: it writes what it is told, as slowly as it is told.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from ipaddress import IPv4Network

from pipeline.collect.answer import Answer
from pipeline.collect.http import Fetcher, open_fetcher

#: Opened in tests only: the server stands on it.
LOOPBACK = IPv4Network("127.0.0.0/8")
CAP_BYTES = 1_000_000
DEADLINE_S = 1.0


@dataclass(frozen=True)
class Request:
    """What a client asked."""

    host: str
    path: str
    headers: Mapping[str, str]


#: Writes an answer, whole or not; the connection is closed afterwards.
Handler = Callable[[Request, asyncio.StreamWriter], Awaitable[None]]


@dataclass
class Server:
    """Answers by path, or by host and path; 404 for everything else."""

    address: str = "127.0.0.1"
    port: int = 0
    handlers: dict[str, Handler] = field(default_factory=dict)
    requests: list[Request] = field(default_factory=list)
    connections: set[asyncio.Task[None] | None] = field(default_factory=set)
    at_once: int = 0
    most_at_once: int = 0

    def url(self, path: str) -> str:
        return f"http://{self.address}:{self.port}{path}"

    def answers(
        self,
        path: str,
        body: bytes | str = b"",
        *,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
    ) -> str:
        """Answer `path` like this from now on; returns its URL."""
        self.handlers[path] = answer(body, status=status, headers=headers)
        return self.url(path)

    def does(self, path: str, handler: Handler) -> str:
        """Let `handler` answer `path`; returns its URL."""
        self.handlers[path] = handler
        return self.url(path)

    def connect_map(self, host: str, port: int) -> tuple[str, int]:
        """Every host of the world is played here."""
        del host, port
        return self.address, self.port

    @property
    def paths(self) -> list[str]:
        """What was asked for, robots.txt aside."""
        return [request.path for request in self.requests if request.path != "/robots.txt"]

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections.add(asyncio.current_task())
        self.at_once += 1
        self.most_at_once = max(self.at_once, self.most_at_once)
        try:
            request = await _read(reader)
            self.requests.append(request)
            handler = self.handlers.get(request.host + request.path) or self.handlers.get(request.path)
            await (handler or answer("not here", status=404))(request, writer)
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            self.at_once -= 1
            writer.close()
            with contextlib.suppress(ConnectionError, asyncio.CancelledError):
                await writer.wait_closed()


def answer(
    body: bytes | str = b"", *, status: int = 200, headers: Mapping[str, str] | None = None
) -> Handler:
    """A handler for an ordinary answer."""
    payload = body.encode() if isinstance(body, str) else body
    fields = {
        "Content-Type": "text/html; charset=utf-8",
        "Content-Length": str(len(payload)),
        **(headers or {}),
    }

    async def write(_: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(head(status, fields) + payload)
        await writer.drain()

    return write


def raw(*pieces: bytes, pause_s: float = 0.0, reset: bool = False) -> Handler:
    """A handler that writes bytes as they are, a pause between the pieces; a reset at the end."""

    async def write(_: Request, writer: asyncio.StreamWriter) -> None:
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(pause_s)
        if reset:
            writer.transport.abort()

    return write


def endless(begin: bytes, piece: bytes, *, pause_s: float = 0.0) -> Handler:
    """A handler that never stops."""

    async def write(_: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(begin)
        while True:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(pause_s)

    return write


def head(status: int, fields: Mapping[str, str]) -> bytes:
    """Status line and headers."""
    lines = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return f"HTTP/1.1 {status} Word\r\n{lines}Connection: close\r\n\r\n".encode("latin-1")


async def _read(reader: asyncio.StreamReader) -> Request:
    begin = await reader.readexactly(1)
    if begin == b"\x16":  # a TLS handshake: this server speaks none
        raise ConnectionError
    text = (begin + await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    first, *lines = text.strip().split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    return Request(host=headers.get("host", ""), path=first.split(" ")[1], headers=headers)


@asynccontextmanager
async def serving(address: str = "127.0.0.1") -> AsyncIterator[Server]:
    """A server on a free port of loopback."""
    server = Server(address=address)
    listener = await asyncio.start_server(server._serve, address, 0)
    server.port = listener.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        listener.close()
        for connection in server.connections:
            if connection:
                connection.cancel()
        await asyncio.gather(*filter(None, server.connections), return_exceptions=True)


@asynccontextmanager
async def browsing(
    *servers: Server, networks: Sequence[str] = (str(LOOPBACK),), ports: Sequence[int] = ()
) -> AsyncIterator[Fetcher]:
    """A fetcher that may reach the servers by their addresses, and what else is opened."""
    async with open_fetcher(
        contact="https://example.org/us",
        allow_networks=tuple(map(IPv4Network, networks)),
        allow_ports=(*(server.port for server in servers), *ports),
    ) as fetcher:
        yield fetcher


@asynccontextmanager
async def playing(server: Server) -> AsyncIterator[Fetcher]:
    """A fetcher for which the server plays every host."""
    async with open_fetcher(contact="https://example.org/us", connect_map=server.connect_map) as fetcher:
        yield fetcher


async def get(fetcher: Fetcher, url: str, **options: object) -> Answer:
    """GET with small caps."""
    return await fetcher.get(url, **{"max_bytes": CAP_BYTES, "deadline_s": DEADLINE_S, **options})


def against(scene: Callable[[Server, Fetcher], Awaitable[object]]) -> object:
    """Play a scene between a server and a fetcher."""

    async def play() -> object:
        async with serving() as server, browsing(server) as fetcher:
            return await scene(server, fetcher)

    return asyncio.run(play())
