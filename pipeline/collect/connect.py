"""
Where connections go: the address that was checked is the address connected to.

A name is looked up once, every address it has is held against the rules, and the connection is made
to one of *these* addresses: a name server that answers differently a moment later (DNS rebinding)
gains nothing. The URL's own name still goes into Host and TLS.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor

import httpcore

from pipeline.collect.addresses import Network, is_reachable

#: Name → addresses, as text, best first. Raises OSError when there are none.
Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
#: Name and port of a URL → address and port of the plain (never TLS) server that plays it.
#: Raises OSError to refuse the connection.
ConnectMap = Callable[[str, int], tuple[str, int]]

#: Of a name with many addresses, those tried before the host counts as down.
_MAX_ADDRESSES = 4

_SocketOptions = Iterable[
    tuple[int, int, int] | tuple[int, int, bytes | bytearray] | tuple[int, int, None, int]
]


class ForbiddenAddressError(Exception):
    """A name leads to an address no request may reach."""


class Lookup:
    """The system's resolver, on threads of its own: slow name servers hold up nothing else."""

    def __init__(self, *, threads: int) -> None:
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="lookup")

    async def __call__(self, host: str, port: int) -> Sequence[str]:
        found = await asyncio.get_running_loop().run_in_executor(
            self._threads, lambda: socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        )
        return list(dict.fromkeys(str(address[0]) for *_, address in found))

    def close(self) -> None:
        """Wait for nothing."""
        self._threads.shutdown(wait=False, cancel_futures=True)


class CheckedBackend(httpcore.AsyncNetworkBackend):
    """Connects to checked addresses only."""

    def __init__(self, *, resolve: Resolve, allow_networks: Sequence[Network]) -> None:
        self._inner = httpcore.AnyIOBackend()
        self._resolve = resolve
        self._allow_networks = allow_networks

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's signature
        local_address: str | None = None,
        socket_options: _SocketOptions | None = None,
    ) -> httpcore.AsyncNetworkStream:
        addresses = await self._checked(host, port)
        share = timeout / len(addresses) if timeout else None
        failure: Exception = httpcore.ConnectError(f"{host} has no address")
        for address in addresses:
            try:
                return _ClosedIfNoTls(
                    await self._inner.connect_tcp(address, port, share, local_address, socket_options)
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure

    async def sleep(self, seconds: float) -> None:
        await self._inner.sleep(seconds)

    async def _checked(self, host: str, port: int) -> Sequence[str]:
        """All addresses of a name, or none of them: a name with one forbidden address is suspect."""
        try:
            addresses = await self._resolve(host, port)
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError(f"{host}: {error}") from error
        for address in addresses:
            if not is_reachable(address, self._allow_networks):
                raise ForbiddenAddressError(f"{host} leads to {address}, which no request may reach")
        return addresses[:_MAX_ADDRESSES]


class MappedBackend(httpcore.AsyncNetworkBackend):
    """Real names played by a server beside us: for tests and the demo, never for the web."""

    def __init__(self, connect_map: ConnectMap) -> None:
        self._inner = httpcore.AnyIOBackend()
        self._connect_map = connect_map

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's signature
        local_address: str | None = None,
        socket_options: _SocketOptions | None = None,
    ) -> httpcore.AsyncNetworkStream:
        try:
            address, mapped_port = self._connect_map(host, port)
        except OSError as error:
            raise httpcore.ConnectError(f"{host}: {error}") from error
        stream = await self._inner.connect_tcp(address, mapped_port, timeout, local_address, socket_options)
        return _PlainStream(stream)

    async def sleep(self, seconds: float) -> None:
        await self._inner.sleep(seconds)


class _ClosedIfNoTls(httpcore.AsyncNetworkStream):
    """A stream that does not outlive a handshake broken off at the deadline."""

    def __init__(self, inner: httpcore.AsyncNetworkStream) -> None:
        self._inner = inner
        self.read, self.write, self.aclose = inner.read, inner.write, inner.aclose  # type: ignore[method-assign]
        self.get_extra_info = inner.get_extra_info  # type: ignore[method-assign]

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's signature
    ) -> httpcore.AsyncNetworkStream:
        try:
            return await self._inner.start_tls(ssl_context, server_hostname, timeout)
        except BaseException:
            await self._inner.aclose()
            raise


class _PlainStream(httpcore.AsyncNetworkStream):
    """A stream that stays plain where a URL's scheme asks for TLS."""

    def __init__(self, inner: httpcore.AsyncNetworkStream) -> None:
        self._inner = inner
        self.read, self.write, self.aclose = inner.read, inner.write, inner.aclose  # type: ignore[method-assign]
        self.get_extra_info = inner.get_extra_info  # type: ignore[method-assign]

    async def start_tls(self, *_: object, **__: object) -> httpcore.AsyncNetworkStream:
        return self
