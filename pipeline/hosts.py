"""
Between the ledger and whoever asks the web: which host may be asked, when, and by whom.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


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
