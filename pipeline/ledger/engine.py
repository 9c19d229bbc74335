"""
The two engines behind one small class: transactions that are short, errors that name the place.

SQLite: write-ahead log, every writing transaction begins `IMMEDIATE`, so two writers queue up for
`BUSY_TIMEOUT_S` where a deferred one would fail at once when it turns into a writer; nothing is
synced at each commit (a power cut may cost the last seconds, never the file); pages freed are given
back piece by piece, which has to be said before the first table is made.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, Table, create_engine, event, make_url
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import (
    ArgumentError,
    DatabaseError,
    DBAPIError,
    InterfaceError,
    InternalError,
    OperationalError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from pipeline.errors import StoreError
from pipeline.write_ahead import use_write_ahead_log

#: How long a writer waits for another. Nobody holds the ledger for longer than a chunk takes.
BUSY_TIMEOUT_S = 30
#: How long to wait for a server that does not answer.
CONNECT_TIMEOUT_S = 10
_CACHE_KIB = 65_536
_OPTION_READING = "rasd_reading"
_TROUBLE = (OperationalError, InterfaceError, InternalError)

#: What the engines say, and what to do about it.
_ADVICE = {
    "database is locked": f"another program has held it for {BUSY_TIMEOUT_S} s; find and end it",
    "disk is full": "the disk is full; make room",
    "no space left": "the disk is full; make room",
    "could not extend file": "the server's disk is full; make room",
    "unable to open database file": "it cannot be opened; check the folder and its permissions",
    "readonly database": "it cannot be written; check the permissions of file and folder",
    "disk i/o error": "the disk does not do what it is told; check it, and restore a backup",
    "malformed": "the file is damaged; restore a backup",
    "not a database": "this file is not a ledger; check RASD_LEDGER_URL",
    "connection refused": "no server answers there; start it, or check RASD_LEDGER_URL",
    "no such file or directory": "no server answers there; start it, or check RASD_LEDGER_URL",
    "timeout expired": "the server does not answer in time",
    "could not translate host name": "there is no such host; check RASD_LEDGER_URL",
    "failed to resolve host": "there is no such host; check RASD_LEDGER_URL",
    "authentication failed": "the server does not accept user and password; check RASD_LEDGER_URL",
    "does not exist": "create it, or check RASD_LEDGER_URL",
    "the connection is closed": "the server went away",
    "server closed the connection": "the server went away",
    "terminating connection": "the server is shutting down",
}


class Store:
    """An open database: reads and writes as context managers, each one transaction."""

    def __init__(self, engine: Engine, *, address: URL) -> None:
        self.engine = engine
        self.address = address
        self.place = place_of(address)
        self.is_sqlite = engine.dialect.name == "sqlite"
        self._reader = engine.execution_options(**_reading_options(is_sqlite=self.is_sqlite))

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that is committed at the end, or undone by an exception."""
        with self.complaining(), self.engine.begin() as connection:
            yield connection

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """One consistent view, however many queries look at it."""
        with self.complaining(), self._reader.begin() as connection:
            yield connection

    @contextmanager
    def outside_transactions(self) -> Iterator[sqlite3.Connection]:
        """SQLite's own connection, for what cannot be done within a transaction."""
        assert self.is_sqlite
        pooled = self.engine.raw_connection()
        try:
            connection = pooled.driver_connection
            assert isinstance(connection, sqlite3.Connection)
            yield connection
        finally:
            pooled.close()

    def insert(self, table: Table) -> Any:
        """An `INSERT` that knows `on_conflict_do_nothing` and `on_conflict_do_update`."""
        return sqlite.insert(table) if self.is_sqlite else postgresql.insert(table)

    @contextmanager
    def complaining(self) -> Iterator[None]:
        """Trouble with the database, as opposed to a bug of ours, becomes a `StoreError`."""
        try:
            yield
        except DBAPIError as error:
            if not _is_trouble(error):
                raise
            raise StoreError(complaint(self.place, error.orig or error)) from error
        except (PoolTimeoutError, sqlite3.DatabaseError) as error:
            raise StoreError(complaint(self.place, error)) from error

    def close(self) -> None:
        """Let go of every connection."""
        self.engine.dispose()


def open_store(url: str) -> Store:
    """Open the database at `url`: `sqlite:////path/of/file` or `postgresql://user@host/name`.

    Raises:
        StoreError: the address cannot be read, the folder not be made, the server not be reached.
    """
    address = parse_address(url)
    engine = _sqlite(address) if address.get_backend_name() == "sqlite" else _postgresql(address)
    store = Store(engine, address=address)
    try:
        with store.read():
            pass
    except StoreError:
        store.close()
        raise
    return store


def parse_address(url: str) -> URL:
    """Read an address; see `open_store`.

    Raises:
        StoreError: it is neither of the two kinds.
    """
    try:
        address = make_url(url)
    except ArgumentError:
        raise StoreError(_bad_address("it")) from None  # it may hold a password
    backend = address.get_backend_name()
    if backend == "sqlite" and address.database not in {None, "", ":memory:"}:
        return address.set(drivername="sqlite")
    if backend == "postgresql":
        return address.set(drivername="postgresql+psycopg")
    raise StoreError(_bad_address(address.render_as_string(hide_password=True)))


def place_of(address: URL) -> str:
    """The ledger's place as a person would name it, without the password."""
    if address.get_backend_name() == "sqlite":
        return f"ledger {address.database}"
    return f"ledger {address.set(drivername='postgresql').render_as_string(hide_password=True)}"


def complaint(place: str, error: BaseException) -> str:
    """One line: the place, what to do where that is known, and what the engine said."""
    said = " ".join(str(error).split())
    advice = next((advice for words, advice in _ADVICE.items() if words in said.lower()), "")
    return f"{place}: {advice} ({said})" if advice else f"{place}: {said}"


def _bad_address(what: str) -> str:
    return (
        f"RASD_LEDGER_URL: {what} is no address of a ledger; "
        "write sqlite:////folder/ledger.sqlite or postgresql://user@host/database"
    )


def _reading_options(*, is_sqlite: bool) -> dict[str, Any]:
    if is_sqlite:
        return {_OPTION_READING: True}
    return {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}


def _sqlite(address: URL) -> Engine:
    assert address.database is not None
    folder = Path(address.database).absolute().parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        message = f"ledger {address.database}: the folder {folder} cannot be made: {error.strerror}"
        raise StoreError(message) from error
    engine = create_engine(address, connect_args={"timeout": BUSY_TIMEOUT_S})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # BEGIN is said by _begin_sqlite
    for pragma in (
        f"busy_timeout = {BUSY_TIMEOUT_S * 1000}",
        "auto_vacuum = INCREMENTAL",  # heeded only while the file has no tables
        "synchronous = NORMAL",
        "foreign_keys = ON",
        f"cache_size = -{_CACHE_KIB}",
        "temp_store = MEMORY",
    ):
        connection.execute(f"PRAGMA {pragma}")
    use_write_ahead_log(connection, timeout_s=BUSY_TIMEOUT_S)


def _begin_sqlite(connection: Connection) -> None:
    reading = connection.get_execution_options().get(_OPTION_READING, False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


def _postgresql(address: URL) -> Engine:
    defaults = {"connect_timeout": CONNECT_TIMEOUT_S, "application_name": "rasd"}
    wanted = {name: value for name, value in defaults.items() if name not in address.query}
    return create_engine(address, connect_args=wanted, pool_pre_ping=True)


def _is_trouble(error: DBAPIError) -> bool:
    # A plain DatabaseError is what SQLite raises for a file that is damaged, or none of its own.
    return isinstance(error, _TROUBLE) or type(error) is DatabaseError
