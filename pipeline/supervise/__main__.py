"""
`python -m pipeline.supervise`: the unattended system on this machine, until it is told to stop.

Exit status: 0 stopped as asked (or, with `--once`, the run was green), 1 it could not start or went
down, 3 the run of `--once` was red.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType

from pipeline import settings
from pipeline.errors import ConfigError, RasdError, StoreError
from pipeline.supervise import environment
from pipeline.supervise.stack import DAGS, Stack, supervised_airflow

#: Where Airflow's pages are looked for first.
PORT = 8080


class Told(Exception):  # noqa: N818 - not an error: somebody asked us to stop
    """Interrupted or terminated."""


def main() -> int:
    """Start, say where to look, wait; the exit status."""
    asked = _arguments()
    for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(signum, _told)
    try:
        return _run(asked)
    except Told:
        return 0
    except RasdError as error:
        sys.stderr.write(f"{error}\n")
        return 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m pipeline.supervise", description=__doc__)
    parser.add_argument("--once", action="store_true", help="start, run monitor_news once, stop")
    parser.add_argument("--port", type=int, default=PORT, help=f"of Airflow's pages (default {PORT})")
    parser.add_argument("--dags", type=Path, default=DAGS, help="folder of DAG files")
    return parser.parse_args()


def _told(signum: int, frame: FrameType | None) -> None:
    del signum, frame
    for known in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(known, signal.SIG_IGN)  # once is enough: stopping takes a moment
    raise Told


def _run(asked: argparse.Namespace) -> int:
    given = settings.load()
    began = time.monotonic()
    _say("Starting Airflow; this takes some 15 seconds.")
    outlets = _rehearse()
    with supervised_airflow(
        given.home / "airflow",
        asked.dags,
        environment.asked_for(),
        port=None if asked.once else asked.port,
        scheduled=not asked.once,
        janitor=not asked.once,
    ) as stack:
        stack.wait_until_healthy()
        if asked.once:
            return _once(stack)
        _say(_greeting(stack, given.home, outlets, time.monotonic() - began))
        try:
            status = stack.watch()
        except Told:
            _say("Stopping; running tasks get a moment to finish.")
            raise
    raise StoreError(f"supervisord ended by itself (status {status}); see {stack.folder / 'supervisord.log'}")


def _rehearse() -> int:
    """The number of outlets, once everything a task needs could be opened."""
    ran = subprocess.run(
        [sys.executable, "-m", "pipeline.supervise.rehearsal"], capture_output=True, text=True, check=False
    )
    if ran.returncode:
        raise ConfigError(ran.stderr.strip().splitlines()[-1])
    return int(ran.stdout)


def _once(stack: Stack) -> int:
    run_id = stack.trigger("monitor_news")
    state = stack.wait(run_id, timeout_s=7200)
    for task, result in sorted(stack.task_states(run_id).items()):
        _say(f"{task:12} {result}")
    return 0 if state == "success" else 3


def _greeting(stack: Stack, home: Path, outlets: int, took_s: float) -> str:
    return f"""\
Up after {took_s:.0f} s: {outlets} outlets, looked at every ten minutes.
  Airflow   {stack.address}   user {environment.USER}, password in {environment.password_file(stack.folder)}
  look      rasd status, rasd feeds, rasd search QUERY
  logs      {stack.folder}/*.log; everything else is in {home.resolve()}
  stop      Ctrl-C, or kill {os.getpid()}"""


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
