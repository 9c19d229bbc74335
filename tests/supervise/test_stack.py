"""Real Airflow under supervision: it starts, runs a DAG, heals, and leaves nothing behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import psutil
import pytest

from pipeline.errors import ConfigError, StoreError
from pipeline.supervise import janitor, processes
from pipeline.supervise.stack import supervised_airflow
from tests.services.airflow import run_ids

#: The smallest DAG with our shape: two mapped workers, then one task; and one that sleeps.
TINY = """
from datetime import UTC, datetime
import time

from airflow.sdk import Param, dag, task


@dag(schedule="*/10 * * * *", start_date=datetime(2026, 1, 1, tzinfo=UTC), catchup=False,
     is_paused_upon_creation=False, params={"seconds": Param(0, type="integer")})
def tiny():
    @task
    def poll(worker, params=None):
        time.sleep(params["seconds"])
        return worker

    @task
    def index(polled):
        print("told by the task")
        return sum(polled)

    index(poll.expand(worker=[1, 2]))


tiny()
"""

pytestmark = [pytest.mark.airflow, pytest.mark.slow]


@pytest.fixture(scope="module")
def dags(tmp_path_factory):
    folder = tmp_path_factory.mktemp("dags")
    (folder / "tiny.py").write_text(TINY)
    return folder


@pytest.fixture(scope="module")
def stack(tmp_path_factory, dags):
    with supervised_airflow(tmp_path_factory.mktemp("airflow"), dags) as running:
        running.wait_until_healthy()
        yield running


def soon(what, timeout_s: float = 60.0):
    """The first true answer of `what`."""
    deadline = time.monotonic() + timeout_s
    while not (answer := what()):
        assert time.monotonic() < deadline, f"{what} did not come true in {timeout_s} s"
        time.sleep(0.2)
    return answer


def listeners(folder: Path) -> set[str]:
    """Addresses the processes of a stack listen on."""
    return {
        connection.laddr.ip
        for process in processes.belonging(folder)
        for connection in process.net_connections("inet")
        if connection.status == psutil.CONN_LISTEN
    }


def test_a_run_goes_through(stack):
    """
    Triggered, run by the scheduler on LocalExecutor, and its results and logs can be read.
    """
    run = stack.trigger("tiny")

    assert "success" == stack.wait(run, timeout_s=60)
    assert {"poll[0]": "success", "poll[1]": "success", "index": "success"} == stack.task_states(run)
    assert {"poll[0]": 1, "poll[1]": 2, "index": 3} == stack.task_results(run)
    assert "told by the task" in stack.task_log(run, "index")


def test_nothing_starts_by_itself_unless_it_is_asked_to(stack):
    """
    The demo and the tests decide when a run starts; ten-minute ticks stay out of them.
    """
    assert all(run.startswith("manual__") for run in run_ids(stack.api, "tiny"))


def test_listens_on_loopback_alone(stack):
    """
    No part of Airflow can be reached from another machine.
    """
    assert {"127.0.0.1"} == listeners(stack.folder)


def test_an_unknown_dag_is_named(stack):
    """
    A wrong name, or a file that cannot be read, is told instead of waited for without end.
    """
    with pytest.raises(StoreError, match="Airflow knows no DAG tinny"):
        stack._wait_for_dag("tinny", timeout_s=0.5)


def test_wrong_parameters_are_told(stack):
    """
    What Airflow says about a parameter reaches whoever gave it.
    """
    with pytest.raises(StoreError, match="refused to start tiny"):
        stack.trigger("tiny", {"seconds": "a while"})


def test_a_second_stack_in_the_same_folder_says_so(stack, dags):
    """
    Two schedulers over one database would run everything twice.
    """
    with pytest.raises(ConfigError, match=f"already runs in .* process {os.getpid()}; stop it with"):
        supervised_airflow(stack.folder, dags).__enter__()


def test_a_taken_port_is_named(stack, dags, tmp_path):
    """
    Another server on the port is told before anything starts.
    """
    with pytest.raises(ConfigError, match=f"port {stack.port} is taken"):
        supervised_airflow(tmp_path, dags, port=stack.port).__enter__()


def test_a_killed_scheduler_comes_back(stack):
    """
    SIGKILL costs seconds: its leftovers are ended, a new one is healthy and runs what is asked.
    """
    before = stack.parts()["scheduler"]
    left = [process.pid for process in psutil.Process(before).children(recursive=True)]
    assert left

    os.kill(before, signal.SIGKILL)

    soon(lambda: stack.parts().get("scheduler", before) != before)
    assert "success" == stack.wait(stack.trigger("tiny"), timeout_s=90)
    assert not [pid for pid in left if psutil.pid_exists(pid)]


@pytest.mark.parametrize("part", ["api-server", "dag-processor"])
def test_every_other_part_comes_back_as_well(stack, part):
    """
    Whichever part dies, the next run goes through.
    """
    before = stack.parts()[part]

    os.kill(before, signal.SIGKILL)

    soon(lambda: stack.parts().get(part, before) != before)
    stack.wait_until_healthy()
    assert "success" == stack.wait(stack.trigger("tiny"), timeout_s=90)


def test_a_part_that_hangs_is_killed_and_comes_back(stack):
    """
    A process that is there and does nothing would stop the watching for ever.
    """
    before = stack.parts()["dag-processor"]
    os.kill(before, signal.SIGSTOP)

    stack._kill({"dag-processor"})  # as the watchdog does after five minutes

    soon(lambda: stack.parts().get("dag-processor", before) != before)


def test_the_janitor_cleans_a_living_database(stack, monkeypatch):
    """
    Old runs and logs go while Airflow works; the newest scheduled run, the DAGs and new runs stay.
    """
    from pipeline.supervise import environment

    gone = stack.trigger("tiny")
    assert "success" == stack.wait(gone, timeout_s=60)
    for name, value in environment.airflow_environment(
        stack.folder, dags=stack.folder, port=stack.port, extra={}
    ).items():
        monkeypatch.setenv(name, value)

    cleaned = janitor.clean(stack.folder, keep_days=0, now=datetime.now(UTC))

    assert cleaned
    assert gone not in run_ids(stack.api, "tiny")
    assert not list((stack.folder / "logs").rglob(f"*{gone}*"))
    assert not janitor.is_due(stack.folder, time.time())
    assert "success" == stack.wait(stack.trigger("tiny"), timeout_s=60)


def test_stops_within_seconds_and_leaves_nothing(stack):
    """
    Even with a task in the middle of its work nothing runs afterwards. (The last test with this stack.)
    """
    run = stack.trigger("tiny", {"seconds": 600})
    soon(lambda: "running" in stack.task_states(run).values())
    began = time.monotonic()

    stack.stop()

    assert time.monotonic() - began < 60
    assert [] == processes.belonging(stack.folder)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the leash is a Linux one")
def test_nothing_outlives_a_killed_caller(dags, tmp_path):
    """
    Whoever kills the demo or a test run outright finds no Airflow on the machine afterwards.
    """
    body = (
        "import sys, time; from pathlib import Path; from pipeline.supervise import supervised_airflow\n"
        "with supervised_airflow(Path(sys.argv[1]), Path(sys.argv[2])) as stack:\n"
        "    print('up', flush=True); time.sleep(600)\n"
    )
    caller = subprocess.Popen(
        [sys.executable, "-c", body, str(tmp_path), str(dags)], stdout=subprocess.PIPE, text=True
    )
    try:
        assert "up" == caller.stdout.readline().strip()
        soon(lambda: len(processes.belonging(tmp_path)) >= 4)  # supervisord and its parts

        caller.kill()

        soon(lambda: not processes.belonging(tmp_path))
    finally:
        with suppress(ProcessLookupError):
            caller.kill()
        caller.wait()
        caller.stdout.close()
        processes.end(processes.belonging(tmp_path))
