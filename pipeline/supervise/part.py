"""
Becomes one part of the stack: `python -m pipeline.supervise.part scheduler`.

First it ends what an earlier one of the same name left. A scheduler killed outright leaves its idle
workers and running tasks behind; the new one would start those tasks again beside them.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys

from pipeline.supervise import environment, processes
from pipeline.supervise.configuration import COMMANDS


def main() -> None:
    """Make room, then become the part."""
    name = sys.argv[1]
    left = processes.end(processes.belonging(environment.airflow_home(), name))
    if left:
        sys.stderr.write(f"{name}: ended {left} processes that an earlier {name} had left\n")
    if name == "supervisord":
        leash()
        become((sys.executable, "-m", "supervisor.supervisord", *sys.argv[2:]))
    become(COMMANDS[name])


def become(command: tuple[str, ...]) -> None:
    """Turn into another program, keeping the process id supervisord knows."""
    os.execv(command[0], command)  # noqa: S606 - no shell is wanted


def leash() -> None:
    """Where the kernel can: end, as told to, when whoever started us is killed."""
    if not sys.platform.startswith("linux"):
        return
    set_parent_death_signal = 1
    ctypes.CDLL(None).prctl(set_parent_death_signal, signal.SIGTERM)


if __name__ == "__main__":
    main()
