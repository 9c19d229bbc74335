"""
What every answer carries and every request must satisfy, before any page is asked.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pipeline.web import problems
from pipeline.web.problems import ProblemError

#: The largest form is a saved search's.
MAX_BODY_BYTES: Final = 64 * 1024
#: Longer addresses are no searches: a query has at most some hundred letters, nine bytes each.
MAX_URL_BYTES: Final = 16 * 1024
#: Reading never changes anything.
SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})

_CSP: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS: Final = {
    "Content-Security-Policy": _CSP,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow",
    "Referrer-Policy": "same-origin",  # with less, browsers send our own forms with `Origin: null`
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


class Protection:
    """The outermost layer.

    Args:
        hosts: names under which we may be asked, or empty for any. A page elsewhere whose name is
            made to point at this machine could otherwise read what is open to whoever sits here.
        secure: people come over TLS: browsers are told never to try without.
    """

    def __init__(self, app: ASGIApp, *, hosts: Callable[[], frozenset[str]], secure: bool) -> None:
        self._app = app
        self._hosts = hosts
        self._headers = {**_HEADERS, **({"Strict-Transport-Security": "max-age=31536000"} if secure else {})}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        refused = self._refusal(scope)
        app = self._app if refused is None else problems.answer(refused, scope["path"])
        send = self._adding(send, scope["path"])
        if scope["method"] == "HEAD":
            heading = _Heading(receive, send)
            await app({**scope, "method": "GET"}, heading.receive, heading.send)
        else:
            await app(scope, _Measured(receive), send)

    def _refusal(self, scope: Scope) -> ProblemError | None:
        headers = Headers(scope=scope)
        if len(scope.get("raw_path") or b"") + len(scope["query_string"]) > MAX_URL_BYTES:
            return ProblemError(414, "too-long", f"an address has at most {MAX_URL_BYTES} bytes")
        if _length(headers) > MAX_BODY_BYTES:
            return ProblemError(413, "too-large", f"a form has at most {MAX_BODY_BYTES} bytes")
        hosts = self._hosts()
        if hosts and _name_of(headers.get("host", "")) not in hosts:
            return ProblemError(421, "other-host", "this is not the name of this machine")
        if scope["method"] not in SAFE and not _same_origin(headers):
            return ProblemError(403, "other-site", "another site sent this")
        return None

    def _adding(self, send: Send, path: str) -> Send:
        async def adding(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers[name] = value
                if not path.startswith("/static/"):
                    headers.setdefault("Cache-Control", "no-store")
            await send(message)

        return adding


class _Heading:
    """What a GET would answer, without its body: a file that would be made row by row is not made."""

    def __init__(self, receive: Receive, send: Send) -> None:
        self._receive = receive
        self._send = send
        self._sent = asyncio.Event()
        self._asked = False

    async def receive(self) -> Message:
        if not self._asked:
            self._asked = True
            return await self._receive()
        await self._sent.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            await self._send(message)
            await self._send({"type": "http.response.body", "body": b""})
            self._sent.set()


class _Measured:
    """A body that came without its length is counted as it comes."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._bytes = 0

    async def __call__(self) -> Message:
        message = await self._receive()
        self._bytes += len(message.get("body", b""))
        if self._bytes > MAX_BODY_BYTES:
            raise ProblemError(413, "too-large", f"a form has at most {MAX_BODY_BYTES} bytes")
        return message


def _same_origin(headers: Headers) -> bool:
    """Whether a browser says that the request comes from our own pages; programs say nothing."""
    if headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
        return False
    origin = headers.get("origin")
    return origin is None or urlsplit(origin).netloc == headers.get("host")


def _name_of(host: str) -> str:
    """The name alone.

    >>> _name_of("127.0.0.1:8090"), _name_of("[::1]:8090"), _name_of("LocalHost")
    ('127.0.0.1', '[::1]', 'localhost')
    """
    bracketed = host.startswith("[")
    name = host.split("]", maxsplit=1)[0] + "]" if bracketed else host.split(":", maxsplit=1)[0]
    return name.casefold()


def _length(headers: Headers) -> int:
    stated = headers.get("content-length", "")
    return int(stated) if stated.isascii() and stated.isdigit() else 0
