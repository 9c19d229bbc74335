"""
A step in a process of its own, beside the one this process is busy with.

Both drain the ledger as any two workers do, so nothing passes between them: what one settles the
other claims. Whoever is killed leaves claims whose leases run out.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from pipeline.errors import RasdError


class StepBeside:
    """`rasd STEP` under way; it shows progress, prints and logs for itself."""

    def __init__(self, step: str) -> None:
        self._step = step
        self._again = False
        self._process = self._started()

    def goes_on(self) -> bool:
        """Whether it is still at work."""
        if self._again and self._process.poll() == 0:
            self._again = False
            self._process = self._started()
        return self._process.poll() is None

    def once_more(self) -> None:
        """When it is done, let it look again: for what came after it had found nothing more."""
        self._again = True

    def end(self) -> None:
        """Wait until it is done.

        Raises:
            RasdError: it failed; why, it has said.
        """
        while self.goes_on():
            self._process.wait()
        if status := self._process.returncode:
            raise RasdError(
                f"rasd {self._step} ended with {status}; what it did is kept, run it again for the rest"
            )

    def stop(self) -> None:
        """End it now, wherever it is."""
        self._process.terminate()
        self._process.wait()

    def _started(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen([sys.executable, "-m", "pipeline.cli", self._step])  # noqa: S603 - our own command


@contextmanager
def beside(step: str) -> Iterator[StepBeside]:
    """Start a step; at the end it is waited for, after an error here it is stopped.

    Raises:
        RasdError: it failed.
    """
    running = StepBeside(step)
    try:
        yield running
    except BaseException:
        running.stop()
        raise
    running.end()
