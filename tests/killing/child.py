"""
Runs one step in this process and dies at a given call: `python -m tests.killing.child JSON`.

The product has no hooks for this: a wrapped ledger, archive or index is handed to the monitor.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from dataclasses import dataclass
from typing import Any

from pipeline import wiring
from tests.watching import ShiftedClock


@dataclass(frozen=True)
class Moment:
    """When to die: at the nth call of a part's method that mentions `needle`."""

    part: str  #: ledger | archive | searchable
    method: str
    when: str  #: before | after
    nth: int = 1
    needle: str = ""  #: only calls whose arguments or result mention this count


class Deadly:
    """A part that behaves until its moment comes."""

    def __init__(self, part: Any, moment: Moment) -> None:
        self._part = part
        self._moment = moment
        self._calls = 0

    def __getattr__(self, name: str) -> Any:
        attribute = getattr(self._part, name)
        return self._wrapped(attribute) if name == self._moment.method else attribute

    def _wrapped(self, method: Any) -> Any:
        def call(*args: Any, **kwargs: Any) -> Any:
            due_by_arguments = self._is_due(args, kwargs)
            if due_by_arguments and self._moment.when == "before":
                die()
            result = method(*args, **kwargs)
            if self._moment.when == "after" and (due_by_arguments or self._is_due(result)):
                die()
            return result

        return call

    def _is_due(self, *told: Any) -> bool:
        if self._moment.needle and self._moment.needle not in repr(told):
            return False
        self._calls += 1
        return self._calls == self._moment.nth


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def main(order: dict[str, Any]) -> None:
    with wiring.open_monitor(clock=ShiftedClock(order["ahead_s"])) as monitor:
        if "moment" in order:
            moment = Moment(**order["moment"])
            setattr(monitor, moment.part, Deadly(getattr(monitor, moment.part), moment))
        for step in order["steps"]:
            monitor.step(step)


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
