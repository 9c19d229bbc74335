"""
The compose stack without Docker: its own commands, environment and scripts over a real PostgreSQL, an
Elasticsearch with security on, and Airflow part by part.

What Docker adds (names of hosts, volumes, restarts) is replaced by addresses and folders of this
machine, nothing else.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path

import pytest

from pipeline.supervise.environment import free_port
from pipeline.supervise.rest import AirflowApi
from tests.newsroom import Newsroom
from tests.services import elasticsearch, postgresql
from tests.services.airflow import run_ids
from tests.test_compose import ROOT, SERVICES, VARIABLE

pytestmark = [pytest.mark.slow, pytest.mark.airflow, pytest.mark.elasticsearch, pytest.mark.postgresql]

PARTS = ("api-server", "scheduler", "dag-processor", "janitor")
PATIENCE_S = 120
#: The line of `set-up` that makes the first user of the pages.
SET_UP_USER = next(
    line for line in (ROOT / "deploy/set-up").read_text("utf-8").splitlines() if "rasd users add" in line
)
#: What a person writes into .env.
SECRETS = {
    "POSTGRES_PASSWORD": "for-tests-only",
    "LEDGER_DB_PASSWORD": "for-tests-only",
    "AIRFLOW_DB_PASSWORD": "for-tests-only",
    "ELASTIC_PASSWORD": elasticsearch.PASSWORD,
    "AIRFLOW_JWT_SECRET": "for-tests-only-and-long-enough-for-a-signature",
    "AIRFLOW_SECRET_KEY": "for-tests-only",
    "AIRFLOW_FERNET_KEY": "Zm9yLXRlc3RzLW9ubHktLS0tLS0tLS0tLS0tLS0tLS0=",
    "AIRFLOW_ADMIN_PASSWORD": "for-tests-only",
    "WEB_ADMIN_PASSWORD": "for-tests-only",
    "RASD_CONTACT": "https://operator.example/",
}


class Stack:
    """The services of docker-compose.yml as processes of this machine."""

    def __init__(self, folder: Path, server: postgresql.Server, node: str, press: Newsroom) -> None:
        self.folder = folder
        self.port = free_port()
        config = folder / "config"
        (folder / "home").mkdir()
        subprocess.run(["cp", "-r", ROOT / "config", config], check=True)
        for file in (config / "outlets").iterdir():
            file.unlink()
        press.config(config)
        self._given = {**SECRETS, "AIRFLOW_PORT": str(self.port), "RASD_HOST_PAUSE_S": "0"}
        self._here = {
            "@postgres:5432/rasd": f"@/rasd?host={server.folder}",
            "@postgres:5432/airflow": f"@/airflow?host={server.folder}",
            "http://elasticsearch:9200": node,
            "http://api-server:8080": f"http://127.0.0.1:{self.port}",
            "/var/lib/rasd": str(folder / "home"),
        }
        self._image = {
            "PATH": f"{Path(sys.executable).parent}:{ROOT / 'deploy'}:{os.environ['PATH']}",
            "HOME": str(folder),
            "RASD_HOME": str(folder / "home"),
            "RASD_CONFIG": str(config),
            "AIRFLOW_HOME": str(folder / "home/airflow"),
            "AIRFLOW__CORE__DAGS_FOLDER": str(ROOT / "dags"),
            **press.environment(),
        }
        (folder / "home/airflow").mkdir()
        self.api = AirflowApi(
            f"http://127.0.0.1:{self.port}", user="admin", password=SECRETS["AIRFLOW_ADMIN_PASSWORD"]
        )

    def run(self, service: str, *command: str) -> subprocess.CompletedProcess[str]:
        """`docker compose run SERVICE COMMAND`, through the image's entry point."""
        return subprocess.run(
            [*SERVICES[service].get("entrypoint", ["with-keys"]), *command],
            env=self.environment(service),
            cwd=self.folder,
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
            check=False,
        )

    def start(self, service: str) -> subprocess.Popen[bytes]:
        """The service, its output in a file of its name."""
        with (self.folder / f"{service}.log").open("wb") as log:
            return subprocess.Popen(
                ["with-keys", *SERVICES[service]["command"]],
                env=self.environment(service),
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def environment(self, service: str) -> dict[str, str]:
        """What the container would see, with this machine's addresses."""
        told = {
            name: VARIABLE.sub(lambda found: self._given.get(found[1], found[3] or ""), value)
            for name, value in SERVICES[service]["environment"].items()
        }
        for there, here in self._here.items():
            told = {name: value.replace(there, here) for name, value in told.items()}
        own = {"AIRFLOW__API__HOST": "127.0.0.1", "AIRFLOW__API__PORT": str(self.port)}
        return {**told, **self._image, **own}


@pytest.fixture(scope="module")
def stack(elasticsearch_url, postgresql_server, tmp_path_factory):
    """Everything up, as `docker compose up --wait` leaves it.

    The services the other tests share are asked for only to say in one way that they cannot be had.
    """
    with ExitStack() as parts:
        server = parts.enter_context(postgresql.running_postgresql(superuser="postgres"))
        make_databases(server)
        press = parts.enter_context(Newsroom())
        node = parts.enter_context(elasticsearch.running_elasticsearch(security=True, heap="512m"))
        stack = Stack(tmp_path_factory.mktemp("stack"), server, node, press)
        done = stack.run("set-up", *SERVICES["set-up"]["command"])
        assert 0 == done.returncode, done.stderr[-2000:]
        for service in PARTS:
            parts.callback(ended, stack.start(service))
        until(lambda: set(stack.api.health().values()) == {"healthy"}, "Airflow is healthy")
        until(lambda: stack.api.has_dag("monitor_news"), "monitor_news is known")
        yield stack


def make_databases(server: postgresql.Server) -> None:
    """What PostgreSQL's image runs when its volume is empty."""
    programs = f"{server.binaries}:{os.environ['PATH']}"
    environment = {**os.environ, **SECRETS, "PATH": programs, "PGHOST": str(server.folder)}
    environment["POSTGRES_USER"] = server.superuser
    subprocess.run(["sh", ROOT / "deploy/databases.sh"], env=environment, check=True, capture_output=True)


def found(stack: Stack, query: str) -> int:
    told = stack.run("rasd", "search", query, "--format", "json")
    assert 0 == told.returncode, told.stderr
    return json.loads(told.stdout)["total"]


def ended(process: subprocess.Popen[bytes]) -> None:
    os.killpg(process.pid, signal.SIGTERM)
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def until(holds, what: str) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < deadline, f"not within {PATIENCE_S} s: {what}"
        time.sleep(0.3)


@pytest.mark.timeout(400)
def test_a_scheduled_run_ends_in_elasticsearch_under_the_least_privilege(stack):
    """
    The run that the scheduler starts by itself fills the index through the ingest key, the reader's key
    finds it, and the scheduler's health check is content.
    """
    (run_id,) = run_ids(stack.api, "monitor_news")[-1:]

    state = stack.api.wait("monitor_news", run_id, timeout_s=PATIENCE_S)

    assert "success" == state, stack.api.task_states("monitor_news", run_id)
    until(lambda: found(stack, "بوتين") >= 3, "what was indexed is searchable")  # Putin
    check = stack.run("scheduler", "rasd", "status", "--check")
    assert (0, "") == (check.returncode, check.stdout)


def test_keys_are_not_the_users(stack):
    """
    Tasks never see the password of the user who may do anything, and the keys' file is private.
    """
    keys = stack.folder / "home/elasticsearch.env"

    assert 0o600 == keys.stat().st_mode & 0o777
    assert "ELASTIC_PASSWORD" not in stack.environment("scheduler")


def test_the_pages_have_their_first_user(stack):
    """
    Set-up made the admin once, and leaves them as they are when it runs again.
    """
    assert "admin" in stack.run("rasd", "users", "list").stdout
    again = stack.run("set-up", "sh", "-c", SET_UP_USER)
    assert (0, "admin is there already") == (again.returncode, again.stdout.strip())


def test_backup_and_restore_go_through_the_server_s_own_tools(stack):
    """
    `rasd backup` is pg_dump, and what it wrote can be put back and indexed anew.
    """
    before = found(stack, "بوتين")  # Putin

    assert 0 == stack.run("rasd", "backup", str(stack.folder / "saved")).returncode
    assert 0 == stack.run("rasd", "restore", str(stack.folder / "saved"), "--yes").returncode
    assert 0 == stack.run("rasd", "index", "rebuild").returncode

    until(lambda: found(stack, "بوتين") == before, "the index is as it was")  # Putin
