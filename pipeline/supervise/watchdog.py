"""
Which part hangs? Supervisord starts again what has died; a process that lives and does nothing it leaves.

Pure: what is known of each part's health goes in, with the time; which parts to kill comes out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

#: A part that starts, or waits for a database that is busy, is unwell for less.
PATIENCE_S = 300.0
#: How often one looks.
EVERY_S = 30.0

_PART_OF = {"scheduler": "scheduler", "dag_processor": "dag-processor"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """What has been seen so far: part → unwell since, on a clock that only runs forward."""

    unwell_since: Mapping[str, float] = field(default_factory=dict)

    def seen(self, health: Mapping[str, str], now: float) -> Watch:
        """The watch after another look.

        Args:
            health: component → status, as the API server tells it; empty when that does not answer, and
                then nothing is known of the others.
            now: seconds.
        """
        if not health:
            return Watch(unwell_since={"api-server": self.unwell_since.get("api-server", now)})
        unwell = {part for component, part in _PART_OF.items() if health.get(component) != "healthy"}
        return Watch(unwell_since={part: self.unwell_since.get(part, now) for part in unwell})

    def hung(self, now: float) -> set[str]:
        """The parts that have been unwell for too long."""
        return {part for part, since in self.unwell_since.items() if now - since >= PATIENCE_S}

    def without(self, parts: set[str]) -> Watch:
        """The watch after these were killed: their successors start with a clean slate."""
        return Watch(
            unwell_since={part: since for part, since in self.unwell_since.items() if part not in parts}
        )
