"""
Several worker processes side by side, for machines with cores to spare: `rasd extract --workers N`.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from queue import SimpleQueue
from types import TracebackType
from typing import Self

from pipeline.extract.channel import Request
from pipeline.extract.fit import Read
from pipeline.extract.worker import Extractor

#: Pages given out for each worker: the one it reads, and the next.
_AHEAD = 2


class Extractors:
    """Reads pages in `count` worker processes; answers come in the order of the requests.

    A context manager; one thread at a time asks.
    """

    def __init__(self, count: int) -> None:
        self._all = [Extractor() for _ in range(count)]
        self._free: SimpleQueue[Extractor] = SimpleQueue()
        for extractor in self._all:
            self._free.put(extractor)
        # Threads that wait on pipes; nothing is read in them.
        self._threads = ThreadPoolExecutor(max_workers=count)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def reads(self, requests: Iterable[Request]) -> Iterator[Read]:
        """Read pages, as many at a time as there are workers; see :meth:`Extractor.reads`."""
        waiting: deque[Future[Read]] = deque()
        for request in requests:
            waiting.append(self._threads.submit(self._read, request))
            if len(waiting) >= _AHEAD * len(self._all):
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()

    def close(self) -> None:
        """End the workers, once each has answered."""
        self._threads.shutdown(cancel_futures=True)
        for extractor in self._all:
            extractor.close()

    def _read(self, request: Request) -> Read:
        extractor = self._free.get()
        try:
            return next(extractor.reads([request]))
        finally:
            self._free.put(extractor)
