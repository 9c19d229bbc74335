"""
What the pages work with: ledger, index, configuration, clock, and who may ask how often.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

import structlog

from pipeline.clock import Clock
from pipeline.errors import ConfigError
from pipeline.index.index import SearchableIndex
from pipeline.ledger.ledger import Ledger
from pipeline.records import Outlet, Topic
from pipeline.standing import Standing
from pipeline.web.seals import FormSeal, new_token
from pipeline.web.throttle import Allowance, Patience

#: How old the configuration shown may be.
RELOAD_AFTER: Final = timedelta(seconds=60)
#: Where the ledger keeps what forms are sealed with.
_SEAL: Final = "web_form_seal"

_log = structlog.get_logger(__name__)


class Configured:
    """Outlets and topics as they stand, read again when they were read a minute ago."""

    def __init__(self, read: Callable[[], Standing], clock: Clock) -> None:
        self._read = read
        self._clock = clock
        self._lock = threading.Lock()
        self._found = read()
        self._read_at = clock.now()

    @property
    def outlets(self) -> Mapping[str, Outlet]:
        return self._fresh().outlets

    @property
    def topics(self) -> Mapping[str, Topic]:
        return self._fresh().topics

    def _fresh(self) -> Standing:
        with self._lock:
            if self._clock.now() - self._read_at > RELOAD_AFTER:
                self._read_at = self._clock.now()
                try:
                    self._found = self._read()
                except ConfigError as error:
                    _log.warning("configuration_kept", reason=str(error))
            return self._found


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How often one visitor may ask."""

    requests: Allowance = field(default_factory=lambda: Allowance(per_minute=240))
    exports: Allowance = field(default_factory=lambda: Allowance(per_minute=20))
    strangers: Allowance = field(default_factory=lambda: Allowance(per_minute=60))
    passwords: Patience = field(default_factory=Patience)


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Everything a request may need."""

    ledger: Ledger
    index: SearchableIndex
    configured: Configured
    clock: Clock
    zone: str  #: IANA, of readers who did not choose one
    seal: FormSeal
    on_loopback: bool  #: only people of this machine can ask: without users it is open to them
    address: str = ""  #: under which people reach us, `https://rasd.example`; "": as they ask
    limits: Limits = field(default_factory=Limits)

    def now(self) -> datetime:
        """The present instant."""
        return self.clock.now()

    @property
    def signs_in(self) -> bool:
        """Whether one has to: not at a machine of one's own that has no users yet."""
        return not self.on_loopback or self.ledger.has_users()

    @property
    def secure(self) -> bool:
        """Whether people come over TLS."""
        return self.address.startswith("https://")


def seal_of(ledger: Ledger) -> FormSeal:
    """The ledger's seal, made when there is none: forms outlive a restart."""
    if not ledger.remembered(_SEAL):
        ledger.remember(_SEAL, new_token())
    return FormSeal(ledger.remembered(_SEAL) or "")
