"""
A real PostgreSQL server: found or installed, started in a folder of its own, ended.

It listens on a socket of its own folder only, under an unprivileged account where we are root,
which it refuses to run as, and syncs nothing to disk. Each test gets a fresh database, copied from
a template in some hundredths of a second.
"""

from __future__ import annotations

import contextlib
import os
import pwd
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from pipeline.ledger.ledger import open_ledger
from tests.services import missing

HOW = "install the system's PostgreSQL server (Debian: apt-get install postgresql)"
#: Accounts the server may run under where we are root, the first that exists.
USERS = ("postgres", "nobody")
TEMPLATE = "rasd_template"
_START_TIMEOUT_S = 60
_numbers = count(1)


class NotToBeHadError(Exception):
    """The server cannot be had on this machine; says why."""


@contextlib.contextmanager
def running_postgresql(*, superuser: str = "rasd") -> Iterator[Server]:
    """A server in a temporary folder.

    Raises:
        NotToBeHadError: no server's programs were found, or they do not start.
    """
    binaries = find_binaries()
    # Short: the path of a Unix socket has at most 107 bytes.
    with tempfile.TemporaryDirectory(prefix="rasd-pg-", dir="/tmp", ignore_cleanup_errors=True) as folder:
        server = Server(binaries, Path(folder), superuser)
        server.start()
        try:
            yield server
        finally:
            server.stop()


class Server:
    """A server that is started, asked for databases, and stopped."""

    def __init__(self, binaries: Path, folder: Path, superuser: str) -> None:
        self.binaries = binaries
        self.folder = folder
        self.superuser = superuser
        self.data = folder / "data"
        self.user = _account()

    def start(self) -> None:
        if self.user:
            shutil.chown(self.folder, user=self.user)
        self._run(
            "initdb",
            "-D",
            self.data,
            "-U",
            self.superuser,
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
        )
        quick = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off"
        alone = f"-c listen_addresses='' -c unix_socket_directories={self.folder}"
        self._run(
            "pg_ctl", "start", "-w", "-s", "-t", _START_TIMEOUT_S, "-D", self.data,
            "-l", self.folder / "log", "-o", f"{quick} {alone}",
        )  # fmt: skip

    def stop(self) -> None:
        with contextlib.suppress(NotToBeHadError):
            self._run("pg_ctl", "stop", "-w", "-s", "-m", "immediate", "-D", self.data)

    def url(self, database: str) -> str:
        return f"postgresql://{self.superuser}@/{database}?host={self.folder}"

    def create(self, database: str, *, template: str = "template0") -> str:
        """A database, by its address."""
        self.sql(f"CREATE DATABASE {database} TEMPLATE {template}")
        return self.url(database)

    def drop(self, database: str) -> None:
        self.sql(f"DROP DATABASE IF EXISTS {database} WITH (FORCE)")

    def sql(self, statement: str, *, database: str = "postgres") -> str:
        """Run a statement outside any transaction; what it prints."""
        return self._run(
            "psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h", self.folder, "-U", self.superuser,
            "-d", database, "-c", statement,
        )  # fmt: skip

    def _run(self, program: str, *arguments: object) -> str:
        command = [str(self.binaries / program), *map(str, arguments)]
        if self.user:
            command = [
                "setpriv",
                f"--reuid={self.user}",
                f"--regid={_group(self.user)}",
                "--clear-groups",
                *command,
            ]
        done = subprocess.run(
            command,
            cwd=self.folder,
            env=_environment(),
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        if done.returncode:
            raise NotToBeHadError(f"{program}: {done.stderr.strip()[-300:]}")
        return done.stdout


def find_binaries() -> Path:
    """The folder of the newest server's programs; installed by the system's packages if need be."""
    found = _installed() or _install()
    if found is None:
        raise NotToBeHadError("no PostgreSQL server was found")
    return found


def _installed() -> Path | None:
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_version)
    on_path = shutil.which("initdb")
    if on_path:
        folders.insert(0, Path(on_path).resolve().parent)
    good = [folder for folder in folders if (folder / "initdb").exists() and (folder / "pg_ctl").exists()]
    return good[-1] if good else None


def _version(folder: Path) -> int:
    found = re.fullmatch(r"\d+", folder.parent.name)
    return int(found.group()) if found else 0


def _install() -> Path | None:
    if os.geteuid() == 0 and shutil.which("apt-get"):
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for arguments in (
            ("update", "-qq"),
            ("install", "-y", "-qq", "--no-install-recommends", "postgresql"),
        ):
            subprocess.run(["apt-get", *arguments], env=quiet, capture_output=True, check=False)
    return _installed()


def _account() -> str | None:
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return next((user for user in USERS if user in known), None)


def _group(user: str) -> int:
    return pwd.getpwnam(user).pw_gid


def _environment() -> dict[str, str]:
    """None of the caller's `PG*`: they would send the programs elsewhere."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PG")}


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[Server]:
    """The server that every test of this session shares, with a template that holds our schema."""
    with contextlib.ExitStack() as stack:
        try:
            server = stack.enter_context(running_postgresql())
        except NotToBeHadError as reason:
            missing("postgresql", f"{HOW} ({reason})")
        open_ledger(server.create(TEMPLATE)).close()
        yield server


@pytest.fixture
def postgresql_url(postgresql_server: Server) -> Iterator[str]:
    """The address of a fresh database with the ledger's schema in it."""
    database = f"rasd_{next(_numbers)}"
    yield postgresql_server.create(database, template=TEMPLATE)
    postgresql_server.drop(database)


@pytest.fixture
def empty_postgresql_url(postgresql_server: Server) -> Iterator[str]:
    """The address of a fresh database with nothing in it."""
    database = f"rasd_{next(_numbers)}"
    yield postgresql_server.create(database)
    postgresql_server.drop(database)
