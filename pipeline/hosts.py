"""
Between the ledger and whoever asks the web: which host may be asked, when, and by whom.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from urllib.parse import SplitResult, quote, unquote, urlsplit

PORTS = {"http": 80, "https": 443}
_NAME = re.compile(r"[a-z0-9._-]+")
#: What separates labels, and ends a name without changing it.
_DOTS = ".\u3002\uff0e\uff61"


def host_of(url: str) -> str:
    """Whom a request for `url` goes to, by the name its pace is kept under.

    Lower case, as DNS has it, with `:port` where it is not the scheme's own.

    Returns:
        "" when there is no host to be read in it.

    >>> host_of("https://News.Example:8443/a"), host_of("http://news.example.:80/"), host_of("https://é.example")
    ('news.example:8443', 'news.example', 'xn--9ca.example')
    """
    try:
        return authority(urlsplit(url.strip()))
    except ValueError:
        return ""


def authority(parts: SplitResult) -> str:
    """Host and port of an address, in one spelling. Raises ValueError for a port that is none."""
    host = _ascii_host(parts.hostname or "")
    if ":" in host:
        host = f"[{host}]"
    if parts.port is not None and parts.port != PORTS.get(parts.scheme.lower()):
        host = f"{host}:{parts.port}"
    return host


def _ascii_host(host: str) -> str:
    """Lower case, no dot at the end; letters beyond ASCII, escaped or not, as DNS has them."""
    readable = unquote(host).lower().rstrip(_DOTS)
    if _NAME.fullmatch(readable):
        return readable
    try:
        name = readable.encode("idna").decode("ascii").lower().rstrip(".")
    except UnicodeError:
        name = ""
    return name if _NAME.fullmatch(name) else quote(readable, safe=":[]", errors="replace").lower()


@dataclass(frozen=True, slots=True, kw_only=True)
class Robots:
    """A host's robots.txt, as last asked for."""

    status: int  #: HTTP status; 0 when there was no answer
    body: str
    fetched_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class HostLease:
    """The right to send requests to one host, one at a time, until `leased_until`."""

    host: str  #: lower case, with `:port` where it is not the scheme's own
    worker: str
    leased_until: datetime
    next_request_at: datetime  #: not before this
    failures: int = 0  #: in a row
    robots: Robots | None = None
    token: int = 0  #: tells this lease from earlier and later ones of the same host; the ledger's


@dataclass(frozen=True, slots=True, kw_only=True)
class HostReport:
    """What is known of a host when its lease is given back."""

    next_request_at: datetime
    failures: int


class HostLedger(Protocol):
    """Hosts as the ledger keeps them: their pace holds across workers and processes."""

    def claim_host(self, stage: str, *, worker: str, now: datetime) -> HostLease | None:
        """Lease a host that may be asked now and has work for `stage` ("poll" or "fetch").

        For poll: has a due feed. For fetch: has an entry waiting. Hosts with the newest waiting
        entry come first; a new feed's backlog after everybody's fresh entries.
        """
        ...

    def next_host_at(self, stage: str, *, now: datetime) -> datetime | None:
        """When the next host with work for `stage` that nobody holds may be asked; None: there is none."""
        ...

    def claim_this_host(self, host: str, *, worker: str, now: datetime) -> HostLease | None:
        """Lease one host by its name, whether it has work or not; None while it may not be asked."""
        ...

    def renew_host(self, lease: HostLease, *, now: datetime) -> HostLease:
        """The same lease, from now, and with it the pages claimed under it.

        One that another has taken meanwhile comes back as it was, with `leased_until` in the past.
        """
        ...

    def release_host(self, lease: HostLease, report: HostReport) -> None:
        """Give the host back; a lease that ran out and was taken by another is left alone."""
        ...

    def save_robots(self, lease: HostLease, robots: Robots) -> None:
        """Remember the host's robots.txt."""
        ...
