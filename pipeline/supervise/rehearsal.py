"""
Opens everything a task opens, and closes it: `python -m pipeline.supervise.rehearsal`.

What would turn every task red, a wrong setting, an outlet's file, a full disk, a ledger of a newer
version, is told in one line before anything starts. In a process of its own, because the libraries a
task needs would otherwise stay in the memory of one that does nothing but wait.
"""

from __future__ import annotations

import sys

from pipeline import wiring
from pipeline.errors import RasdError


def main() -> int:
    """The exit status: 0 when tasks can run, 1 when not, with the reason on standard error."""
    try:
        with wiring.open_monitor() as monitor:
            monitor.searchable.check()
    except RasdError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"{len(monitor.outlets)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
