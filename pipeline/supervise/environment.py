"""
The environment Airflow's parts run in, and the secrets they share.

`AIRFLOW_*` variables of the caller are not passed on unless they are asked for: a leftover of another
project must not point our scheduler at its database.
"""

from __future__ import annotations

import base64
import json
import os
import secrets
import socket
from collections.abc import Mapping
from pathlib import Path

#: Loopback alone: Airflow's pages let whoever signs in run tasks as this user.
HOST = "127.0.0.1"
#: The one user of a machine's own Airflow.
USER = "admin"

_FAST_START = {
    # A task's first request races the API server's start; the default backs off for half a minute.
    "AIRFLOW__WORKERS__EXECUTION_API_RETRIES": "30",
    "AIRFLOW__WORKERS__EXECUTION_API_RETRY_WAIT_MAX": "1",
    "AIRFLOW__WORKERS__EXECUTION_API_TIMEOUT": "30",
    # A worker that misses the end of its task by a hair sits out this long before it takes another.
    "AIRFLOW__WORKERS__MIN_HEARTBEAT_INTERVAL": "1",
    # From one step's end to the next one's start; at the default of 1 a run of five steps takes 7 s, not 2.
    "AIRFLOW__SCHEDULER__SCHEDULER_IDLE_SLEEP_TIME": "0.2",
}

_RECOVERY = {
    # How soon a new scheduler takes up the tasks its killed predecessor held.
    "AIRFLOW__SCHEDULER__ORPHANED_TASKS_CHECK_INTERVAL": "60",
    # How soon a task whose process vanished without a word counts as failed, and is tried again.
    "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT": "120",
}


def variables() -> dict[str, str]:
    """The environment as it is."""
    return dict(os.environ)


def asked_for() -> dict[str, str]:
    """The `AIRFLOW__*` variables of the environment: what an operator sets on purpose for `make run`."""
    return {name: value for name, value in os.environ.items() if name.startswith("AIRFLOW__")}


def airflow_home() -> Path:
    """Where the Airflow of this process lives."""
    return Path(os.environ.get("AIRFLOW_HOME") or Path.home() / "airflow")


def airflow_environment(folder: Path, *, dags: Path, port: int, extra: Mapping[str, str]) -> dict[str, str]:
    """Every variable of every part.

    Args:
        folder: `AIRFLOW_HOME`: database, logs, secrets.
        dags: folder of DAG files.
        port: of the API server.
        extra: has the last word.
    """
    kept = shared_secrets(folder)
    address = f"http://{HOST}:{port}"
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("AIRFLOW")}
    inherited.pop("PYTHONDONTWRITEBYTECODE", None)  # every process would compile everything anew
    ours = _absolute({**inherited, **extra})
    return {
        **inherited,
        "AIRFLOW_HOME": str(folder),
        "AIRFLOW__CORE__DAGS_FOLDER": str(dags),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__EXECUTOR": "LocalExecutor",
        "AIRFLOW__CORE__PARALLELISM": str(_parallelism({**inherited, **extra})),
        "AIRFLOW__CORE__FERNET_KEY": kept["fernet_key"],
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": f"{USER}:admin",
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(password_file(folder)),
        "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"{address}/execution/",
        "AIRFLOW__API__HOST": HOST,
        "AIRFLOW__API__PORT": str(port),
        "AIRFLOW__API__BASE_URL": address,
        "AIRFLOW__API__WORKERS": "1",
        "AIRFLOW__API__SECRET_KEY": kept["secret_key"],
        "AIRFLOW__API_AUTH__JWT_SECRET": kept["jwt_secret"],
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{folder / 'airflow.db'}?timeout=60",
        "AIRFLOW__LOGGING__BASE_LOG_FOLDER": str(folder / "logs"),
        "AIRFLOW__LOGGING__COLORED_CONSOLE_LOG": "False",
        **_FAST_START,
        **_RECOVERY,
        # Tasks speak to the API server over loopback; a proxy has no business there.
        "NO_PROXY": ",".join(filter(None, [inherited.get("NO_PROXY"), HOST, "localhost"])),
        "no_proxy": ",".join(filter(None, [inherited.get("no_proxy"), HOST, "localhost"])),
        # Airflow rewrites process titles; without this the environment, by which we know our own, goes too.
        "SPT_NOENV": "1",
        **extra,
        **ours,
    }


def _absolute(given: Mapping[str, str]) -> dict[str, str]:
    """The paths among our settings, as every part has to see them, wherever it runs."""
    home = {"RASD_HOME": given.get("RASD_HOME") or "var"}
    others = {name: given[name] for name in ("RASD_CONFIG", "RASD_ELASTICSEARCH_CA_CERTS") if given.get(name)}
    return {name: str(Path(path).resolve()) for name, path in {**home, **others}.items()}


def _parallelism(given: Mapping[str, str]) -> int:
    """Tasks at once: a whole mapped step, and one of another DAG beside it."""
    workers = given.get("RASD_WORKERS") or ""
    return max(4, int(workers) + 1 if workers.isdecimal() else 0)


def shared_secrets(folder: Path) -> dict[str, str]:
    """The keys all parts must agree on, made at the first start and kept, readable by this user alone."""
    path = folder / "secrets.json"
    if not path.exists():
        write_private(
            path,
            json.dumps(
                {
                    "fernet_key": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
                    "jwt_secret": secrets.token_urlsafe(48),
                    "secret_key": secrets.token_urlsafe(48),
                }
            ),
        )
    kept: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return kept


def password(folder: Path) -> str:
    """The password of :data:`USER`, made at the first start: Airflow would print one into a log."""
    path = password_file(folder)
    if not path.exists():
        write_private(path, json.dumps({USER: secrets.token_urlsafe(18)}))
    passwords: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return passwords[USER]


def password_file(folder: Path) -> Path:
    """Where Airflow looks passwords up."""
    return folder / "passwords.json"


def write_private(path: Path, text: str) -> None:
    """Write a file only this user can read, whole or not at all."""
    fresh = path.with_suffix(".fresh")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
    fresh.replace(path)


def free_port() -> int:
    """A port of loopback nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def is_free(port: int) -> bool:
    """Whether a server could listen on `port`."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
        return True
