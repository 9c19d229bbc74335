"""
One request to the web, survived: the only module that knows httpx.

httpx has no time-out for a request as a whole, inflates bombs, follows name servers anywhere and
keeps cookies. So its transport is used without its client: here are the wall-clock deadline, the
caps on the wire and after decompression, redirects by hand, and connections to checked addresses
only. What a status *means* is not decided here.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from importlib.metadata import version

import httpx

from pipeline.arabic.charset import decode_text
from pipeline.collect.addresses import Network
from pipeline.collect.answer import Answer, Headers, Hop
from pipeline.collect.connect import (
    CheckedBackend,
    ConnectMap,
    ForbiddenAddressError,
    Lookup,
    MappedBackend,
    Resolve,
)
from pipeline.collect.encodings import (
    ACCEPT_ENCODING,
    BrokenEncodingError,
    TooLargeError,
    names_of,
    undo_encodings,
)
from pipeline.collect.urls import absolute
from pipeline.errors import (
    BlockedError,
    DisallowedError,
    HostDownError,
    RasdError,
    UnreachableError,
    UnusableError,
)

#: Called with each redirect's target before it is asked for; raises to stop there.
AllowRedirect = Callable[[str], Awaitable[None]]
#: Called with the media type of a 2xx answer before its body is read.
AcceptsType = Callable[[str], bool]

MAX_HOPS = 5
#: Of an answer that is no page (errors, redirects) this much is read: enough to know a wall by.
_ERROR_BODY_BYTES = 64 * 1024
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_CONNECT_S = 10.0
#: Between two pieces of an answer; the deadline is for the whole.
_SILENCE_S = 15.0
#: Longer than a host's usual pause, so that its next page comes over the same connection.
_KEEPALIVE_S = 10.0
#: Idle connections; each request looks through all of them.
_KEPT = 32
_LOOKUP_THREADS = 16


class Fetcher:
    """Asks for one URL at a time per call; calls may run side by side. See :func:`open_fetcher`."""

    def __init__(
        self, transport: httpx.AsyncBaseTransport, *, user_agent: str, allow_ports: Sequence[int] = ()
    ) -> None:
        self._transport = transport
        self._ports = frozenset({80, 443, *allow_ports})
        self._headers = {
            "User-Agent": user_agent,
            "Accept-Encoding": ACCEPT_ENCODING,
            "Accept-Language": "ar, *;q=0.5",
        }

    async def get(
        self,
        url: str,
        *,
        max_bytes: int,
        deadline_s: float,
        headers: Mapping[str, str] | None = None,
        allow_redirect: AllowRedirect | None = None,
        accepts: AcceptsType | None = None,
        cut: bool = False,
    ) -> Answer:
        """GET `url`, following redirects.

        Args:
            url: as published; the path is sent as spelled, letters beyond ASCII as UTF-8.
            max_bytes: cap on the body, on the wire and after decompression.
            deadline_s: for everything together, on the wall clock.
            headers: sent as given; values are latin-1, so validators go back byte for byte.
            allow_redirect: asked before each redirect is followed.
            accepts: asked with the media type of a 2xx answer; False ends it as unusable.
            cut: give the first `max_bytes` of a longer body, rather than raise.

        Raises:
            HostDownError: no connection to a host; its `url` is the one asked for in vain, which
                after a redirect is another host's.
            UnreachableError: time-out, reset, broken answer, too many redirects.
            DisallowedError: an address, port or scheme no request may reach.
            UnusableError: too large, not accepted, or not a URL at all.
            BlockedError: the server insists on a cookie.
        """
        hops: list[Hop] = []
        target = url
        try:
            async with asyncio.timeout(deadline_s):
                while True:
                    with _translated(target):
                        answer = await self._ask(target, headers or {}, max_bytes, accepts, cut=cut)
                    following = _next_hop(target, answer, hops)
                    if following is None:
                        break
                    if allow_redirect:
                        await allow_redirect(following.location)
                    hops.append(following)
                    target = following.location
        except TimeoutError as error:
            raise UnreachableError(url, f"no full answer within {deadline_s:g} s") from error
        return replace(answer, requested_url=url, final_url=target, hops=tuple(hops))

    async def _ask(
        self, url: str, headers: Mapping[str, str], max_bytes: int, accepts: AcceptsType | None, *, cut: bool
    ) -> Answer:
        """One request, no redirect followed."""
        request = self._request(url, headers)
        response = await self._transport.handle_async_request(request)
        try:
            answered = _without_body(url, request, response)
            wanted = 200 <= response.status_code < 300
            if wanted and accepts and not accepts(answered.media_type):
                raise UnusableError(url, f"is {answered.media_type!r}, not a page")
            cap, cut = (max_bytes, cut) if wanted else (_ERROR_BODY_BYTES, True)
            body = await _read_body(response, answered.header("content-encoding"), cap, cut=cut)
        finally:
            await response.aclose()
        return replace(answered, body=body)

    def _request(self, url: str, headers: Mapping[str, str]) -> httpx.Request:
        parsed = httpx.URL(url)
        if parsed.scheme not in {"http", "https"} or not parsed.host:
            raise DisallowedError(url, "only http and https addresses are asked for")
        if parsed.userinfo:
            raise DisallowedError(url, "addresses with a user name in them are not asked for")
        port = parsed.port or (443 if parsed.scheme == "https" else 80)
        if port not in self._ports:
            raise DisallowedError(url, f"port {port} is not allowed; RASD_ALLOW_PORTS opens it")
        timeouts = httpx.Timeout(_SILENCE_S, connect=_CONNECT_S, pool=None)
        return httpx.Request(
            "GET",
            parsed,
            headers=[(k.encode(), v.encode("latin-1")) for k, v in {**self._headers, **headers}.items()],
            extensions={"timeout": timeouts.as_dict()},
        )


@asynccontextmanager
async def open_fetcher(
    *,
    contact: str,
    allow_networks: Sequence[Network] = (),
    allow_ports: Sequence[int] = (),
    resolve: Resolve | None = None,
    connect_map: ConnectMap | None = None,
) -> AsyncIterator[Fetcher]:
    """A fetcher with its connections, closed at the end.

    Args:
        contact: address in the User-Agent for publishers to reach the operator.
        allow_networks: special ranges requests may reach, such as the newsroom's loopback.
        allow_ports: ports beside 80 and 443.
        resolve: a resolver in place of the system's; what it gives is checked as ever.
        connect_map: (host, port) of a URL → (address, port) of a plain server that plays it, https
            too; no lookup and no check is made. Raises OSError to refuse a connection. This is how
            a test serves real outlets' URLs from loopback.
    """
    lookup = Lookup(threads=_LOOKUP_THREADS)
    transport = httpx.AsyncHTTPTransport(
        trust_env=False,
        limits=httpx.Limits(
            max_connections=None, max_keepalive_connections=_KEPT, keepalive_expiry=_KEEPALIVE_S
        ),
    )
    # httpx takes no network backend; its version is bounded in pyproject.toml because of this line.
    transport._pool._network_backend = (  # noqa: SLF001 - no public way
        MappedBackend(connect_map)
        if connect_map
        else CheckedBackend(resolve=resolve or lookup, allow_networks=tuple(allow_networks))
    )
    try:
        async with transport:
            yield Fetcher(
                transport, user_agent=f"rasd/{version('rasd')} (+{contact})", allow_ports=allow_ports
            )
    finally:
        lookup.close()


def _next_hop(url: str, answer: Answer, hops: Sequence[Hop]) -> Hop | None:
    """The redirect an answer asks to follow, if it does."""
    location = answer.header("location")
    if answer.status not in _REDIRECTS or not location:
        return None
    target = absolute(url, decode_text(location.encode("latin-1"), None)[0])
    if not target:
        raise DisallowedError(url, f"redirects to {location[:200]!r}, which is no web address")
    if target == url or target in {hop.url for hop in hops}:
        if answer.header("set-cookie"):
            raise BlockedError(url, "redirects to itself until a cookie is kept")
        raise UnreachableError(url, "redirects in a circle")
    if len(hops) == MAX_HOPS:
        raise UnreachableError(url, f"more than {MAX_HOPS} redirects")
    return Hop(url=url, status=answer.status, location=target)


def _without_body(url: str, request: httpx.Request, response: httpx.Response) -> Answer:
    return Answer(
        requested_url=url,
        final_url=url,
        status=response.status_code,
        headers=_latin1(response.headers.raw),
        body=b"",
        request_headers=_latin1(request.headers.raw),
    )


def _latin1(raw: Sequence[tuple[bytes, bytes]]) -> Headers:
    return tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in raw)


async def _read_body(
    response: httpx.Response, content_encoding: str | None, max_bytes: int, *, cut: bool
) -> bytes:
    """The body as it was before it was encoded, `max_bytes` of it at most."""
    wire = bytearray()
    async for chunk in response.aiter_raw():
        wire += chunk
        if len(wire) > max_bytes:
            if not cut:
                raise TooLargeError(max_bytes, b"")
            del wire[max_bytes:]
            break
    return undo_encodings(bytes(wire), names_of(content_encoding), max_bytes=max_bytes, cut=cut)


@contextmanager
def _translated(url: str) -> Iterator[None]:
    """Whatever goes wrong on the way, as what it means for the entry."""
    try:
        yield
    except RasdError:
        raise
    except ForbiddenAddressError as error:
        raise DisallowedError(url, str(error)) from error
    except TooLargeError as error:
        raise UnusableError(url, str(error)) from error
    except BrokenEncodingError as error:
        raise UnreachableError(url, str(error)) from error
    except (httpx.ConnectError, httpx.ConnectTimeout) as error:
        raise HostDownError(url, f"no connection: {error or type(error).__name__}") from error
    except (httpx.InvalidURL, httpx.UnsupportedProtocol, httpx.LocalProtocolError, UnicodeError) as error:
        raise UnusableError(url, f"cannot be asked for: {error}") from error
    except httpx.HTTPError as error:
        raise UnreachableError(url, f"{type(error).__name__}: {error}".rstrip(": ")) from error
