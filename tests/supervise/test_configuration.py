"""What supervisord is told, and the environment Airflow's parts share."""

from __future__ import annotations

import configparser
import json
import shlex
import stat
from pathlib import Path

import pytest

from pipeline.supervise import environment
from pipeline.supervise.configuration import COMMANDS, supervisord_configuration


def parsed(folder: Path, parts=tuple(COMMANDS)):
    told = configparser.RawConfigParser()
    told.read_string(supervisord_configuration(folder, parts))
    return told


@pytest.mark.parametrize("part", COMMANDS)
def test_every_part_is_started_again_whenever_it_ends(part):
    """
    Nobody has to notice a dead scheduler, however often it dies.
    """
    told = parsed(Path("/srv/rasd"))[f"program:{part}"]

    assert "true" == told["autorestart"]
    assert int(told["startretries"]) >= 1_000_000


def test_the_api_server_stops_last():
    """
    A task that ends while the stack stops can still say so.
    """
    told = parsed(Path("/srv/rasd"))
    priorities = {name: int(told[f"program:{name}"]["priority"]) for name in COMMANDS}

    assert "api-server" == min(priorities, key=priorities.__getitem__)


def test_no_log_server_is_started():
    """
    Airflow's log server listens on every interface, whatever it is told.
    """
    assert "--skip-serve-logs" in COMMANDS["scheduler"]


def test_folder_names_with_percent_and_space_survive():
    """
    Supervisord reads % as the start of a name; folders may be called what their owner likes.
    """
    told = parsed(Path("/srv/100% news"))["program:scheduler"]

    assert "/srv/100%% news/scheduler.log" == told["stdout_logfile"]
    assert ["-m", "pipeline.supervise.part", "scheduler"] == shlex.split(told["command"])[1:]


def test_a_path_too_long_for_a_socket_goes_without_supervisorctl():
    """
    The stack starts in a deep folder too; only the control socket is missing.
    """
    assert parsed(Path("/srv/rasd")).has_section("unix_http_server")
    assert not parsed(Path("/srv") / ("deep" * 30)).has_section("unix_http_server")


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "airflow"


def variables(folder: Path, **extra: str) -> dict[str, str]:
    folder.mkdir(exist_ok=True)
    return environment.airflow_environment(folder, dags=folder, port=4711, extra=extra)


def test_everything_is_bound_to_loopback(folder):
    """
    Whoever reaches Airflow's pages and signs in runs tasks as this user.
    """
    given = variables(folder)

    assert "127.0.0.1" == given["AIRFLOW__API__HOST"]
    assert "http://127.0.0.1:4711" == given["AIRFLOW__API__BASE_URL"]
    assert "http://127.0.0.1:4711/execution/" == given["AIRFLOW__CORE__EXECUTION_API_SERVER_URL"]


def test_secrets_are_made_once_and_kept_from_others(folder):
    """
    A restart keeps sessions and stored values readable; other users of the machine read none.
    """
    first, again = variables(folder), variables(folder)
    password = environment.password(folder)

    names = ("AIRFLOW__CORE__FERNET_KEY", "AIRFLOW__API__SECRET_KEY", "AIRFLOW__API_AUTH__JWT_SECRET")
    assert [first[name] for name in names] == [again[name] for name in names]
    assert 3 == len({first[name] for name in names})
    assert password == environment.password(folder)
    assert {"admin": password} == json.loads(environment.password_file(folder).read_text())
    private = [path for path in folder.iterdir() if path.suffix == ".json"]
    assert {0o600} == {stat.S_IMODE(path.stat().st_mode) for path in private}


def test_a_leftover_of_another_airflow_is_not_passed_on(folder, monkeypatch):
    """
    A shell that has AIRFLOW_HOME of another project must not lend us its database.
    """
    monkeypatch.setenv("AIRFLOW__DATABASE__SQL_ALCHEMY_CONN", "postgresql://elsewhere/airflow")

    assert "elsewhere" not in variables(folder)["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"]


def test_what_is_asked_for_has_the_last_word(folder, monkeypatch):
    """
    `make run` hands on the AIRFLOW__ variables its operator set, a database of their own for one.
    """
    monkeypatch.setenv("AIRFLOW__DATABASE__SQL_ALCHEMY_CONN", "postgresql://ours/airflow")

    given = variables(folder, **environment.asked_for())

    assert "postgresql://ours/airflow" == given["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"]


def test_paths_of_ours_are_absolute(folder, monkeypatch, tmp_path):
    """
    Tasks run in other folders, and mean the same ledger.
    """
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("RASD_HOME", raising=False)

    assert str(tmp_path / "var") == variables(folder)["RASD_HOME"]
    assert str(tmp_path / "elsewhere") == variables(folder, RASD_HOME="elsewhere")["RASD_HOME"]


@pytest.mark.parametrize(("workers", "tasks"), [("", "4"), ("2", "4"), ("8", "9"), ("many", "4")])
def test_all_mapped_workers_run_at_once(folder, workers, tasks):
    """
    A step as wide as RASD_WORKERS does not wait for itself, nor for housekeeping beside it.
    """
    assert tasks == variables(folder, RASD_WORKERS=workers)["AIRFLOW__CORE__PARALLELISM"]


def test_no_proxy_stands_between_a_task_and_its_api_server(folder, monkeypatch):
    """
    What a proxy is set for is the press, not this machine.
    """
    monkeypatch.setenv("NO_PROXY", "intranet.example")

    assert "intranet.example,127.0.0.1,localhost" == variables(folder)["NO_PROXY"]
