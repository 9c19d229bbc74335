"""
`pg_dump` and `pg_restore`, called with the ledger's address; the password goes by environment.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

from sqlalchemy import text

from pipeline.errors import StoreError
from pipeline.ledger.engine import BUSY_TIMEOUT_S, Store

#: Where Debian keeps the tools of each version, below the root.
_DEBIAN = "usr/lib/postgresql/*/bin"
_WORDS_OF_ERROR = 60


def dump(store: Store, target: Path) -> None:
    """Write the database into a file of `pg_dump`'s own format.

    Raises:
        StoreError: the tool is missing, older than the server, or fails.
    """
    tool = _tool(store, "pg_dump")
    _run(store, [str(tool), "--format=custom", "--no-owner", "--no-privileges", f"--file={target}"])


def restore(store: Store, source: Path) -> None:
    """Put a dump in the place of the database's tables, in one transaction.

    Raises:
        StoreError: as for `dump`.
    """
    tool = _tool(store, "pg_restore")
    store.close()  # idle connections of our own would stand in the way
    options = ("--clean", "--if-exists", "--single-transaction", "--no-owner", "--no-privileges")
    _run(store, [str(tool), *options, str(source)])


def _tool(store: Store, name: str) -> Path:
    """The newest there is, provided it is not older than the server."""
    found = {path: _version(path) for path in _candidates(name)}
    best = max(found, key=found.__getitem__, default=None)
    with store.read() as connection:
        server = int(connection.execute(text("SHOW server_version_num")).scalar_one()) // 10_000
    if best is None:
        raise StoreError(f"{name} is not installed; install PostgreSQL's client programs, {server} or later")
    if found[best] < server:
        raise StoreError(
            f"{best} is of PostgreSQL {found[best]}, the server of {server}; "
            f"install its client programs, {server} or later"
        )
    return best


def _candidates(name: str) -> list[Path]:
    on_path = shutil.which(name)
    debian = [folder / name for folder in Path("/").glob(_DEBIAN)]
    return [*([Path(on_path)] if on_path else []), *(path for path in debian if path.is_file())]


def _version(tool: Path) -> int:
    said = subprocess.run([tool, "--version"], capture_output=True, text=True, check=False).stdout  # noqa: S603 - found on PATH or in the system's folder
    found = re.search(r"\(PostgreSQL\) (\d+)", said)
    return int(found.group(1)) if found else 0


def _run(store: Store, command: list[str]) -> None:
    database = f"--dbname={_conninfo(store)}"
    environment = {
        **os.environ,
        "PGPASSWORD": str(store.address.password or os.environ.get("PGPASSWORD", "")),
        "PGOPTIONS": f"-c lock_timeout={BUSY_TIMEOUT_S}s",
    }
    done = subprocess.run(  # noqa: S603 - a tool of the system, arguments of our own
        [command[0], database, *command[1:]], env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        said = " ".join(done.stderr.split()[:_WORDS_OF_ERROR])
        raise StoreError(f"{store.place}: {Path(command[0]).name} failed: {said}")


def _conninfo(store: Store) -> str:
    """The address in libpq's words, without the password."""
    address = store.address
    parts = {
        "host": address.host,
        "port": address.port,
        "user": address.username,
        "dbname": address.database,
        **{name: value for name, value in address.query.items() if isinstance(value, str)},
    }
    return " ".join(f"{name}={_quoted(str(value))}" for name, value in parts.items() if value is not None)


def _quoted(value: str) -> str:
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"
