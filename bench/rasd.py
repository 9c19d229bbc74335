"""Rasd as its users start it: the installed command, with an environment of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path
from typing import Any

from bench.memory import MemoryWatch

COMMAND = Path(sys.executable).with_name("rasd")


@dataclass(frozen=True)
class Ran:
    """A command that ended well."""

    took_s: float
    cpu_s: float  #: its own and that of what it started: the same on a machine busy with other work
    memory: MemoryWatch
    steps: Mapping[str, Mapping[str, Any]]  #: what each step logged: counts and `took_s`


def run(*arguments: str, environment: Mapping[str, str], folder: Path) -> Ran:
    """Run `rasd` and watch its memory; its log goes to a file in `folder`.

    Raises:
        SystemExit: it failed; says where its log is.
    """
    log = folder / f"{arguments[0]}.log"
    started, cpu_before = time.monotonic(), _cpu_s()
    with log.open("wb") as stderr:
        process = subprocess.Popen(  # noqa: S603 - our own command
            [str(COMMAND), *arguments],
            env={**_without_ours(), **environment},
            stdout=subprocess.DEVNULL,
            stderr=stderr,
        )
        with MemoryWatch(process.pid) as memory:
            status = process.wait()
    if status:
        sys.exit(f"rasd {' '.join(arguments)} ended with {status}; its log: {log}")
    return Ran(time.monotonic() - started, _cpu_s() - cpu_before, memory, _steps(log))


def _cpu_s() -> float:
    """What children that have ended used."""
    used = os.times()
    return used.children_user + used.children_system


def _without_ours() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("RASD_")}


def _steps(log: Path) -> dict[str, dict[str, Any]]:
    """What each step logged; of one that looked once more for the rest, what it did at first."""
    events = (json.loads(line) for line in log.read_text("utf-8").splitlines() if line.startswith("{"))
    found = [event for event in events if "took_s" in event]
    return {event["event"]: event for event in sorted(found, key=itemgetter("took_s"))}
