"""
Puts the desk together and serves it: one process, on loopback unless told otherwise.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.client import HTTPConnection
from typing import Final

import uvicorn

from pipeline import configured, wiring
from pipeline.clock import Clock, SystemClock
from pipeline.errors import ConfigError
from pipeline.settings import Settings
from pipeline.web.app import make_app
from pipeline.web.asking import warm_up
from pipeline.web.desk import Configured, Desk, seal_of

#: How long answers under way may take once the process is told to stop.
_GRACE_S: Final = 5
#: How long a health check waits for an answer.
_PATIENCE_S: Final = 15


@contextmanager
def open_desk(settings: Settings, *, on_loopback: bool, clock: Clock | None = None) -> Iterator[Desk]:
    """A desk on real parts; everything opened is closed at the end."""
    clock = clock or SystemClock()
    with wiring.opened_ledger(settings) as ledger, wiring.opened_index(settings, reading=True) as index:
        yield Desk(
            ledger=ledger,
            index=index,
            configured=Configured(lambda: configured.in_force(settings.config, ledger)[0], clock),
            clock=clock,
            zone=settings.time_zone,
            seal=seal_of(ledger),
            on_loopback=on_loopback,
            address=settings.web_address.rstrip("/"),
        )


def serve(settings: Settings, *, host: str, port: int) -> None:
    """Serve until stopped.

    Raises:
        ConfigError: others than this machine could ask, and nobody would have to sign in.
    """
    on_loopback = is_loopback(host)
    with open_desk(settings, on_loopback=on_loopback) as desk:
        if not on_loopback and not desk.ledger.has_users():
            raise ConfigError(
                f"{host} can be reached by others and there are no users: add one with `rasd users add`, "
                "or leave --host at 127.0.0.1"
            )
        warm_up(desk)
        uvicorn.run(
            make_app(desk),
            host=host,
            port=port,
            log_level="warning",
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=_GRACE_S,
        )


def is_well(port: int) -> bool:
    """Whether pages served on this machine answer, with ledger and index behind them."""
    connection = HTTPConnection("127.0.0.1", port, timeout=_PATIENCE_S)
    try:
        connection.request("GET", "/health")
        return connection.getresponse().status == HTTPStatus.OK
    except OSError:
        return False
    finally:
        connection.close()


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach it.

    >>> is_loopback("127.0.0.1"), is_loopback("localhost"), is_loopback("0.0.0.0")
    (True, True, False)
    """
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
