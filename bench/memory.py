"""Memory of a process and everything it started, sampled while it runs."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import Self

import psutil  # comes with Airflow

#: Often enough to see a peak of half a second, seldom enough to cost nothing.
_EVERY_S = 0.25


@dataclass
class MemoryWatch:
    """Resident bytes of the process `pid` and its descendants, over its life."""

    pid: int
    samples: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    @property
    def peak_bytes(self) -> int:
        """The most there was at once."""
        return max(self.samples, default=0)

    @property
    def growth(self) -> float:
        """Peak of the last quarter of the time over peak of the second: about 1.0 is flat."""
        quarter = len(self.samples) // 4
        if not quarter:
            return 1.0
        return max(self.samples[-quarter:]) / max(self.samples[quarter : 2 * quarter])

    def _watch(self) -> None:
        while not self._ended.wait(_EVERY_S):
            if sample := _resident_bytes(self.pid):
                self.samples.append(sample)


def _resident_bytes(pid: int) -> int:
    try:
        root = psutil.Process(pid)
        family = [root, *root.children(recursive=True)]
    except psutil.NoSuchProcess:
        return 0
    return sum(map(_own_bytes, family))


def _own_bytes(process: psutil.Process) -> int:
    try:
        return int(process.memory_info().rss)
    except psutil.Error:
        return 0
