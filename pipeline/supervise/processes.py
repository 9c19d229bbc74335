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
        if process.pid != os.getpid() and _belongs(process, str(folder), part)
    ]


def _belongs(process: psutil.Process, folder: str, part: str | None) -> bool:
    try:
        variables = process.environ()
    except (psutil.Error, OSError):
        return False  # ended meanwhile, or somebody else's
    return bool(
        variables.get("AIRFLOW_HOME") == folder
        and PART in variables
        and (part is None or variables[PART] == part)
    )


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
