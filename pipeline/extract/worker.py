"""
The process pages are read in, so that a page can only harm itself: `python -m pipeline.extract.worker`.

A paragraph with 100,000 attributes keeps trafilatura busy for 41 seconds, deep trees and large tables
take memory without end, and threads crash it. So a process of its own, started with `subprocess`
(`multiprocessing` dies inside an Airflow task), reads one page at a time under limits of memory and
processor time. Its parent gives each page a deadline, kills it when that has passed, and replaces it
after some hundred pages. It ends when its parent's pipe closes.
"""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from pipeline.errors import EntryError, RasdError
from pipeline.extract.channel import (
    MAX_ANSWER_BYTES,
    ClosedError,
    LateError,
    Request,
    pack_crash,
    pack_read,
    pack_request,
    receive,
    send,
    unpack_answer,
    unpack_request,
)
from pipeline.extract.fit import Read
from pipeline.records import Outcome

#: What a page may take. Real ones take 0.1 s; the slowest of 1,000 took 0.4 s.
DEADLINE_S = 10.0
#: A new process takes its time on a busy machine: it loads the libraries.
_START_S = 120.0
#: Pages after which a worker is replaced: the libraries' memory only grows.
PAGES_PER_WORKER = 500
#: Address space of the worker; what 200,000 links take, and as much again.
MEMORY_BYTES = 1_500_000_000
#: A worker that has grown beyond this ends after its page: the libraries give little memory back.
_GROWN_BYTES = 200_000_000
#: How long a worker whose pipe was closed may take to end.
_END_S = 2.0
_READY = b"ready"
_OUT_OF_MEMORY = "ran out of memory"


class CrashedError(EntryError):
    """A page the worker did not survive, twice: a bug of ours or a hostile page."""

    outcome = Outcome.FAILED


class Extractor:
    """Reads pages in a worker process, which it starts when the first page comes.

    A context manager; one thread at a time.
    """

    def __init__(
        self,
        *,
        deadline_s: float = DEADLINE_S,
        pages_per_worker: int = PAGES_PER_WORKER,
        memory_bytes: int = MEMORY_BYTES,
    ) -> None:
        self.deadline_s = deadline_s
        self.pages_per_worker = pages_per_worker
        self.memory_bytes = memory_bytes
        self._process: subprocess.Popen[bytes] | None = None
        self._pages = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def reads(self, requests: Iterable[Request]) -> Iterator[Read]:
        """Read pages one after the other; each gets its answer.

        A page that kills the worker is given to a new one, alone, once more, and without a template.
        One that kills it twice has failed, and says how.

        Raises:
            RasdError: no worker could be started.
        """
        return map(self._read, requests)

    def _read(self, request: Request) -> Read:
        answer = self._ask(pack_request(request))
        if isinstance(answer, str):
            answer = self._ask(pack_request(request._replace(use=None)))
        if isinstance(answer, str):
            pending = request.pending
            return Read(error=CrashedError(pending.final_url or pending.entry.url, answer))
        return answer

    def close(self) -> None:
        """End the worker."""
        process, self._process = self._process, None
        if process is None:
            return
        _close_pipes(process)
        try:
            process.wait(_END_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def _ask(self, message: bytes) -> Read | str:
        """The worker's answer; a text says how it died, or why it is not to be trusted any more."""
        process = self._ready()
        assert process.stdin
        assert process.stdout
        try:
            send(process.stdin.fileno(), message, timeout_s=self.deadline_s)
            reply = receive(process.stdout.fileno(), timeout_s=self.deadline_s, max_bytes=MAX_ANSWER_BYTES)
        except LateError:
            self._kill()
            return f"killed after {self.deadline_s:g} s"
        except ClosedError:
            return self._kill()
        answer = unpack_answer(reply)
        if isinstance(answer, str) or _resident_bytes(process.pid) > _GROWN_BYTES:
            self.close()
        return answer

    def _ready(self) -> subprocess.Popen[bytes]:
        """A worker that waits for a page."""
        if self._process and (self._pages >= self.pages_per_worker or self._process.poll() is not None):
            self.close()
        self._pages += 1
        if self._process is None:
            self._process, self._pages = self._started(), 1
        return self._process

    def _started(self) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(  # noqa: S603 - our own module, by the interpreter that runs us
            [sys.executable, "-m", "pipeline.extract.worker", str(self.memory_bytes), str(self.deadline_s)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
        )
        assert process.stdin
        assert process.stdout
        os.set_blocking(process.stdin.fileno(), False)
        try:
            receive(process.stdout.fileno(), timeout_s=_START_S, max_bytes=len(_READY))
        except (LateError, ClosedError) as error:
            process.kill()
            process.wait()
            raise RasdError(
                f"the extraction worker did not start (status {process.returncode}); "
                f"run {sys.executable} -m pipeline.extract.worker to see why"
            ) from error
        return process

    def _kill(self) -> str:
        """End a worker that is dead or does not listen; how it died."""
        process, self._process = self._process, None
        assert process
        with suppress(subprocess.TimeoutExpired):
            process.wait(0.2)
        process.kill()
        status = process.wait()
        _close_pipes(process)
        return (
            f"worker killed by {signal.Signals(-status).name}"
            if status < 0
            else f"worker ended with {status}"
        )


def _close_pipes(process: subprocess.Popen[bytes]) -> None:
    for pipe in (process.stdin, process.stdout):
        if pipe:
            with suppress(OSError):
                pipe.close()


def _resident_bytes(pid: int) -> int:
    """Memory a process has just now; 0 where the system does not say."""
    try:
        pages = Path(f"/proc/{pid}/statm").read_text("ascii").split()[1]
    except (OSError, IndexError):
        return 0
    return int(pages) * resource.getpagesize()


# -- in the worker ----------------------------------------------------------------------------


def serve(requests: int, answers: int, *, deadline_s: float) -> None:
    """Answer requests until their pipe closes; both are file descriptors."""
    send(answers, _READY)
    while True:
        try:
            message = receive(requests)
        except ClosedError:
            return
        _limit_processor(deadline_s)
        send(answers, _answer(message))


def _answer(message: bytes) -> bytes:
    from pipeline.extract.read import read_article

    request = unpack_request(message)
    try:
        read = read_article(
            request.pending,
            request.body,
            request.content_type,
            outlet=request.outlet,
            now=request.now,
            use=request.use,
        )
    except MemoryError:
        return pack_crash(_OUT_OF_MEMORY)
    except Exception as error:  # noqa: BLE001 - one page's bug is that page's outcome, with its trace
        return pack_crash(_trace_of(error))
    return pack_read(read)


def _load() -> None:
    """Load the libraries before the first page, whose deadline is not meant for that."""
    import pipeline.extract.read  # noqa: F401


def _trace_of(error: Exception) -> str:
    """What went wrong and where, in a line."""
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    where = f" ({Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno})" if trace else ""
    return f"crashed: {type(error).__name__}: {str(error)[:200]}{where}"


def _limit_memory(memory_bytes: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _limit_processor(deadline_s: float) -> None:
    """A worker whose parent has died in the meantime ends by itself."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds = int(used.ru_utime + used.ru_stime + 2 * deadline_s) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, resource.RLIM_INFINITY))


def main() -> None:
    """The worker process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's; it will close the pipe
    answers = os.dup(sys.stdout.fileno())
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # whatever a library prints is no answer
    memory_bytes, deadline_s = int(sys.argv[1]), float(sys.argv[2])
    _limit_memory(memory_bytes)
    _load()
    with suppress(ClosedError):
        serve(sys.stdin.fileno(), answers, deadline_s=deadline_s)


if __name__ == "__main__":
    main()
