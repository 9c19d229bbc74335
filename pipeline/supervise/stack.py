"""
Starting the stack, watching it, and stopping it so that nothing is left running.

    lock the folder | migrate Airflow's database | supervisord | healthy … | stop | kill what is left
"""

from __future__ import annotations

import fcntl
import importlib.metadata
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.error import HTTPError

from pipeline.errors import ConfigError, StoreError
from pipeline.supervise import environment, processes
from pipeline.supervise.configuration import COMMANDS, STOP_S, supervisord_configuration
from pipeline.supervise.rest import COMPONENTS, AirflowApi
from pipeline.supervise.watchdog import EVERY_S, Watch

#: The DAGs of this project.
DAGS = Path(__file__).resolve().parents[2] / "dags"
#: How long a healthy start may take on a slow machine. Measured on two cores: 9 to 12 s.
START_TIMEOUT_S = 120.0
#: The parts a run cannot do without.
AIRFLOW_PARTS = ("api-server", "scheduler", "dag-processor")


class Stack:
    """A running Airflow. Made by :func:`supervised_airflow`."""

    def __init__(self, folder: Path, port: int, supervisord: subprocess.Popen[bytes]) -> None:
        self.folder = folder  #: Airflow's own: database, logs, secrets
        self.port = port
        self.address = f"http://{environment.HOST}:{port}"
        self.api = AirflowApi(self.address, user=environment.USER, password=environment.password(folder))
        self._supervisord = supervisord
        self._dag_of: dict[str, str] = {}

    def wait_until_healthy(self) -> None:
        """Return when the API server answers, and scheduler and DAG processor have reported to it.

        Raises:
            StoreError: they have not in time; says which, and where their logs are.
        """
        deadline = time.monotonic() + START_TIMEOUT_S
        while set((health := self.api.health()).values()) != {"healthy"}:
            if self._supervisord.poll() is not None:
                raise StoreError(f"supervisord ended; see {self.folder / 'supervisord.log'}")
            if time.monotonic() > deadline:
                raise StoreError(
                    f"{self._not_healthy(health)} after {START_TIMEOUT_S:.0f} s; see {self.folder}/*.log"
                )
            time.sleep(0.1)

    def trigger(self, dag_id: str, params: Mapping[str, Any] | None = None) -> str:
        """Start a run, as soon as the DAG's file has been read; returns the run's id.

        Raises:
            StoreError: Airflow does not know the DAG, or refuses the parameters; says why.
        """
        self._wait_for_dag(dag_id)
        try:
            run_id = self.api.trigger(dag_id, params)
        except HTTPError as error:
            raise StoreError(f"Airflow refused to start {dag_id}: {error.read().decode()[:500]}") from error
        self._dag_of[run_id] = dag_id
        return run_id

    def wait(self, run_id: str, timeout_s: float = 300.0) -> str:
        """The state a run came to, or the one it was still in when the time was up."""
        return self.api.wait(self._dag_of[run_id], run_id, timeout_s=timeout_s)

    def task_states(self, run_id: str) -> dict[str, str]:
        """Task instance → state, e.g. `{"poll[0]": "success", "index": "running"}`."""
        return self.api.task_states(self._dag_of[run_id], run_id)

    def task_results(self, run_id: str) -> dict[str, Any]:
        """Task instance → what it returned: the counts of each step."""
        return self.api.task_results(self._dag_of[run_id], run_id)

    def task_log(self, run_id: str, task: str, *, map_index: int = -1, attempt: int = 1) -> str:
        """What a task instance logged."""
        return self.api.task_log(self._dag_of[run_id], run_id, task, map_index=map_index, attempt=attempt)

    def parts(self) -> dict[str, int]:
        """Part → process id, of those that run just now."""
        return processes.started_by(self._supervisord.pid, self.folder)

    def watch(self) -> int:
        """Kill what hangs, until supervisord ends, which it does not by itself; returns its exit status."""
        watch = Watch()
        while (status := self._supervisord.poll()) is None:
            now = time.monotonic()
            watch = watch.seen(self.api.health(), now)
            hung = watch.hung(now)
            self._kill(hung)
            watch = watch.without(hung)
            with suppress(subprocess.TimeoutExpired):
                self._supervisord.wait(EVERY_S)
        return status

    def _kill(self, parts: set[str]) -> None:
        for part, process_id in self.parts().items() if parts else ():
            if part in parts:
                sys.stderr.write(f"{part} has been unwell for too long: killed, to be started again\n")
                with suppress(ProcessLookupError):
                    os.kill(process_id, signal.SIGKILL)

    def stop(self) -> None:
        """Stop every part, and kill what is left: afterwards nothing runs."""
        self._supervisord.terminate()
        try:
            self._supervisord.wait(timeout=STOP_S * (len(COMMANDS) + 1))
        except subprocess.TimeoutExpired:
            self._supervisord.kill()
            self._supervisord.wait()
        processes.end(processes.belonging(self.folder))

    def _wait_for_dag(self, dag_id: str, timeout_s: float = 30.0) -> None:
        deadline = time.monotonic() + timeout_s
        while not self.api.has_dag(dag_id):
            if time.monotonic() > deadline:
                errors = "; ".join(f"{name}: {why}" for name, why in self.api.import_errors().items())
                raise StoreError(f"Airflow knows no DAG {dag_id}; {errors or 'no file defines it'}")
            time.sleep(0.1)

    @staticmethod
    def _not_healthy(health: Mapping[str, str]) -> str:
        if not health:
            return "the API server does not answer"
        return ", ".join(f"{name} is {health[name]}" for name in COMPONENTS if health[name] != "healthy")


@contextmanager
def supervised_airflow(
    folder: Path,
    dags: Path = DAGS,
    env: Mapping[str, str] | None = None,
    *,
    port: int | None = None,
    scheduled: bool = False,
    janitor: bool = False,
) -> Iterator[Stack]:
    """Airflow's parts, supervised, for as long as the block lasts.

    Args:
        folder: Airflow's own: database, logs, secrets; made if need be. `RASD_HOME` is a variable like
            any other.
        dags: folder of DAG files; by default this project's.
        env: added to the environment of every part and task, with the last word.
        port: of the API server; by default a free one.
        scheduled: DAGs start by their schedules too, not only when triggered.
        janitor: beside Airflow, the process that trims its database and logs.

    Raises:
        ConfigError: another stack runs in this folder, or the port is taken.
        StoreError: the folder or Airflow's database could not be set up.
    """
    folder = folder.resolve()
    _make(folder)
    with _locked(folder):
        if port is not None and not environment.is_free(port):
            raise ConfigError(f"port {port} is taken on {environment.HOST}; choose another with --port")
        port = port or environment.free_port()
        extra = dict(env or {})
        if not scheduled:
            extra["AIRFLOW__SCHEDULER__USE_JOB_SCHEDULE"] = "False"
        variables = environment.airflow_environment(folder, dags=dags.resolve(), port=port, extra=extra)
        _migrate(folder, variables)
        stack = Stack(folder, port, _supervisord(folder, variables, janitor=janitor))
        try:
            yield stack
        finally:
            stack.stop()


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o700)  # secrets, and logs that quote them at worst
    except OSError as error:
        raise StoreError(
            f"{folder}: {error.strerror or error}; point RASD_HOME at a folder this user may write to"
        ) from error


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Hold the folder against a second stack; let go by the kernel however this process ends."""
    with (folder / "lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            holder = lock.read().strip() or "unknown"
            raise ConfigError(
                f"Airflow already runs in {folder}, kept by process {holder}; stop it with: kill {holder}"
            ) from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


def _migrate(folder: Path, variables: Mapping[str, str]) -> None:
    """Bring Airflow's database to the installed version, unless that has been done."""
    version = importlib.metadata.version("apache-airflow-core")
    address = variables["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"]
    done, stamp = folder / "migrated", f"{version} {address}\n"
    if done.exists() and done.read_text(encoding="utf-8") == stamp:
        return
    if address.startswith("sqlite:") and not (folder / "airflow.db").exists():
        _write_ahead(folder / "airflow.db")
    airflow = str(Path(sys.executable).with_name("airflow"))
    ran = subprocess.run(  # noqa: S603 - our own command
        [airflow, "db", "migrate"], env=dict(variables), capture_output=True, text=True, check=False
    )
    (folder / "migrate.log").write_text(ran.stdout + ran.stderr, encoding="utf-8")
    if ran.returncode:
        raise StoreError(f"`airflow db migrate` failed; see {folder / 'migrate.log'}")
    environment.write_private(done, stamp)


def _write_ahead(database: Path) -> None:
    """Make the database file with a write-ahead log: four processes write to it, and none should wait."""
    with sqlite3.connect(database) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
    connection.close()
    database.chmod(0o600)


def _supervisord(folder: Path, variables: Mapping[str, str], *, janitor: bool) -> subprocess.Popen[bytes]:
    environment.password(folder)
    parts = (*AIRFLOW_PARTS, "janitor") if janitor else AIRFLOW_PARTS
    configuration = folder / "supervisord.conf"
    configuration.write_text(supervisord_configuration(folder, parts), encoding="utf-8")
    return subprocess.Popen(  # noqa: S603 - our own command
        [sys.executable, "-m", "pipeline.supervise.part", "supervisord", "-n", "-c", str(configuration)],
        env={**variables, processes.PART: "supervisord"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,  # Ctrl-C reaches us alone; we stop it in our order
    )
