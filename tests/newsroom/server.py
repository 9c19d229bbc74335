"""
Real HTTP for the make-believe press: one server for each outlet, in threads, on loopback.
"""

from __future__ import annotations

import socket
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from typing import Any

from tests.newsroom.answers import Answer

#: An outlet's own address: 127.77.0.11 and on. Linux answers on all of 127.0.0.0/8.
_ADDRESS = "127.77.0.{number}"
_FIRST_NUMBER = 11
#: Tries at a port that is free on every address.
_PORT_TRIES = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A request somebody made, and the status it was answered with."""

    outlet: str
    path: str  #: as sent
    status: int  #: 0: the connection was closed without an answer
    headers: dict[str, str]  #: names in lower case
    at: datetime
    slug: str | None = None  #: of the article asked for
    is_feed: bool = False


class Requests(Sequence[Request]):
    """Requests in the order they were answered; safe across threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._made: list[Request] = []

    def append(self, request: Request) -> None:
        """Remember one more."""
        with self._lock:
            self._made.append(request)

    def clear(self) -> None:
        """Forget all."""
        with self._lock:
            self._made.clear()

    def of(self, outlet: str) -> list[Request]:
        """Those made to one outlet."""
        return [request for request in self if request.outlet == outlet]

    def __iter__(self) -> Iterator[Request]:
        with self._lock:
            return iter(tuple(self._made))

    def __len__(self) -> int:
        return len(self._made)

    def __getitem__(self, index: Any) -> Any:
        with self._lock:
            return self._made[index]

    def __repr__(self) -> str:
        return f"Requests({list(self)!r})"


#: From outlet, path and headers to the answer and the seconds it takes; None: hang up.
Respond = Callable[[str, str, dict[str, str]], tuple[Answer | None, float]]


class OutletServer(ThreadingHTTPServer):
    """The web server of one outlet."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def __init__(
        self, address: tuple[str, int], *, outlet: str, respond: Respond, requests: Requests
    ) -> None:
        self.outlet = outlet
        self.respond = respond
        self.requests = requests
        self.stopping = threading.Event()
        self._open: set[socket.socket] = set()
        super().__init__(address, _Handler)

    def server_bind(self) -> None:
        """Bind without asking the resolver who we are."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = self.server_address[:2]

    @property
    def base(self) -> str:
        """`http://127.77.0.11:8080`"""
        return f"http://{self.server_name}:{self.server_port}"

    def start(self) -> None:
        """Serve in a thread of its own."""
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self) -> None:
        """Answer nobody any more, kept-alive connections included."""
        self.stopping.set()
        self.shutdown()
        self.server_close()
        for connection in tuple(self._open):
            _hang_up(connection)

    def process_request(self, request: Any, client_address: Any) -> None:
        """Keep the connection in mind, to be able to end it."""
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        """Forget a connection that has ended."""
        self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away, or a server that did, is no error."""
        if not self.stopping.is_set() and not isinstance(sys.exc_info()[1], ConnectionError | TimeoutError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: OutletServer
    timeout = 60

    def do_GET(self) -> None:
        """Answer, and put the request on record before the client can see the answer."""
        headers = {name.lower(): value for name, value in self.headers.items()}
        answer, delay_s = self.server.respond(self.server.outlet, self.path, headers)
        if delay_s:
            self.server.stopping.wait(delay_s)
        self._record(headers, answer)
        if answer is None or self.server.stopping.is_set():
            self.close_connection = True
            _hang_up(self.connection)
            return
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body)

    def do_HEAD(self) -> None:
        """The same without a body."""
        self.do_GET()

    def version_string(self) -> str:
        """What most sites say."""
        return "nginx"

    def log_message(self, *_: object) -> None:
        """`Newsroom.requests` is the log."""

    def _record(self, headers: dict[str, str], answer: Answer | None) -> None:
        self.server.requests.append(
            Request(
                outlet=self.server.outlet,
                path=self.path,
                status=int(answer.status) if answer else 0,
                headers=headers,
                at=datetime.now(UTC),
                slug=answer.slug if answer else None,
                is_feed=answer.is_feed if answer else False,
            )
        )


def open_servers(
    outlets: Sequence[str], *, port: int, respond: Respond, requests: Requests
) -> list[OutletServer]:
    """One bound server for each outlet: an address each and one port; else one address, a port each.

    Args:
        port: the one to use; 0: any that is free.

    Raises:
        OSError: the port is taken.
    """
    for left in reversed(range(_PORT_TRIES)):
        opened: list[OutletServer] = []
        try:
            for number, outlet in enumerate(outlets, start=_FIRST_NUMBER):
                chosen = opened[0].server_port if opened else port
                address = (_ADDRESS.format(number=number), chosen)
                opened.append(OutletServer(address, outlet=outlet, respond=respond, requests=requests))
        except OSError:
            for server in opened:
                server.server_close()
            if not opened:
                break
            if port or not left:
                raise
        else:
            return opened
    ports = count(port) if port else iter(lambda: 0, None)
    return [
        OutletServer(("127.0.0.1", next(ports)), outlet=outlet, respond=respond, requests=requests)
        for outlet in outlets
    ]


def _hang_up(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # it had ended already
