"""
What was learnt of how an outlet lays out its pages, and what extract needs of the ledger to keep it.

What a template says, and when it is believed, is known to `pipeline.extract` alone; the ledger keeps it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol


class Trust(StrEnum):
    """How far a template is believed."""

    LEARNING = "learning"  #: pages are looked at; there is no template yet
    TRIAL = "trial"  #: there is one, and every page is read both ways
    IN_USE = "in_use"  #: pages are read by it, every Nth both ways


@dataclass(frozen=True, slots=True, kw_only=True)
class OutletTemplate:
    """What is known of one outlet's layout."""

    outlet_id: str
    edition: int = 0  #: rises with every change of this record; 0: not written yet
    version: int = 0  #: of the template; articles read by it name it; 0: there was none yet
    trust: Trust = Trust.LEARNING
    layout: Mapping[str, Any] | None = None  #: where things stand, as `pipeline.extract.layout` says it
    seen: tuple[Mapping[str, Any], ...] = ()  #: where they stood on the latest pages, the newest last
    agreed: int = 0  #: pages in a row that were read both ways, alike
    missed: int = 0  #: pages in a row it did not fit
    used: int = 0  #: pages read by this version
    unverified: tuple[str, ...] = ()  #: entries read by it since it was last verified
    again: tuple[str, ...] = ()  #: entries a version that was given up had read: to be read again
    verified_at: datetime | None = None
    dropped: str = ""  #: why the version before was given up


class TemplateLedger(Protocol):
    """What extract needs to keep templates."""

    def templates_of(self, outlet_ids: Iterable[str]) -> Mapping[str, OutletTemplate]:
        """The templates of those outlets that have one, by outlet."""
        ...

    def save_template(self, template: OutletTemplate) -> bool:
        """Write one down as the next edition; False, and nothing is written, where it is not the latest."""
        ...

    def read_again(self, entry_ids: Iterable[str], *, now: datetime) -> None:
        """Let entries wait for extraction again, behind everything fresh."""
        ...
