"""
Which processes belong to a stack, and ending them.

They are known by their environment, which children inherit and which outlives a killed parent:
`AIRFLOW_HOME`, and the part's name that supervisord gives each of its children. Process groups would
not do, since Airflow gives each task one of its own; nor would parents, since orphans lose theirs.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

import psutil

#: Set by supervisord for each part, and by us for supervisord itself.
PART = "SUPERVISOR_PROCESS_NAME"


def belonging(folder: Path, part: str | None = None) -> list[psutil.Process]:
    """Processes of the stack whose `AIRFLOW_HOME` is `folder`: of one part, or of all; never this one."""
    return [
        process
        for process in psutil.process_iter()
        if process.pid != os.getpid() and (name := _part(process, str(folder))) and part in {None, name}
    ]


def started_by(parent: int, folder: Path) -> dict[str, int]:
    """Part → process id, of those of the stack that the process `parent` started and that run just now."""
    return {
        name: process.pid
        for process in psutil.process_iter()
        if (name := _part(process, str(folder))) and _parent(process) == parent
    }


def _part(process: psutil.Process, folder: str) -> str | None:
    """The part of the stack that a process belongs to, or None."""
    try:
        variables = process.environ()
    except (psutil.Error, OSError):
        return None  # ended meanwhile, or somebody else's
    return variables.get(PART) if variables.get("AIRFLOW_HOME") == folder else None


def _parent(process: psutil.Process) -> int | None:
    try:
        return int(process.ppid())
    except psutil.Error:
        return None  # ended meanwhile


def end(processes: Iterable[psutil.Process]) -> int:
    """Kill processes that have been asked before, or whose parent is dead; returns how many there were."""
    doomed = list(processes)
    for process in doomed:
        try:
            process.kill()
        except psutil.Error:
            continue
    psutil.wait_procs(doomed, timeout=10)
    return len(doomed)
