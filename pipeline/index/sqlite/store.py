"""
The file of the embedded index: its tables, and opening it.

`documents` is narrow, so that filters, counts and facets read little; `quarters` counts articles by
quarter of an hour, for the share of all coverage; `texts` holds what is shown; `words` holds our
tokens and nothing else (contentless FTS5; its `ascii` tokenizer takes every letter beyond ASCII as it
comes, where `unicode61` would split at letters younger than itself). Each table's name ends in its
generation: a rebuild fills the next one while writes go to both, then one transaction makes it live.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline.errors import IncompatibleError, QueryTimeoutError, StoreError
from pipeline.index.document import ANALYSIS_VERSION, TOKEN_FIELDS
from pipeline.write_ahead import use_write_ahead_log

#: Layout and analysis together: either changing means a rebuild.
VERSION = f"2/{ANALYSIS_VERSION}"
#: Writers wait this long for each other.
BUSY_TIMEOUT_S = 30
#: Readers share the system's own cache of the file instead of holding one each.
_MAPPED_BYTES = 4 * 1024**3

_SCHEMA = """
CREATE TABLE documents_{g} (
    number INTEGER PRIMARY KEY,
    document_id TEXT NOT NULL UNIQUE,
    version INTEGER NOT NULL,
    dated_at INTEGER NOT NULL,
    is_dated INTEGER NOT NULL,
    outlet_id TEXT NOT NULL,
    outlet_key TEXT NOT NULL,
    country TEXT NOT NULL,
    author TEXT NOT NULL,
    copy_key INTEGER NOT NULL,
    month TEXT NOT NULL
);
CREATE INDEX documents_dated_{g} ON documents_{g} (dated_at DESC, document_id);
CREATE INDEX documents_outlet_{g} ON documents_{g} (outlet_id, dated_at);
CREATE TABLE topics_{g} (
    topic_id TEXT NOT NULL,
    number INTEGER NOT NULL,
    PRIMARY KEY (topic_id, number)
) WITHOUT ROWID;
CREATE INDEX topics_number_{g} ON topics_{g} (number);
CREATE TABLE quarters_{g} (
    quarter INTEGER PRIMARY KEY,
    articles INTEGER NOT NULL
);
CREATE TABLE texts_{g} (
    number INTEGER PRIMARY KEY,
    url TEXT NOT NULL,
    title TEXT NOT NULL,
    body TEXT NOT NULL,
    outlet_title TEXT NOT NULL,
    author TEXT NOT NULL,
    published_at INTEGER,
    withdrawn_at INTEGER
);
CREATE VIRTUAL TABLE words_{g} USING fts5 (
    {token_fields},
    content='', tokenize='ascii'
);
"""


def connect(file: Path) -> sqlite3.Connection:
    """An open index, made when it is not there.

    Raises:
        StoreError: it cannot be opened or is damaged.
        IncompatibleError: another version of Rasd made it.
    """
    try:
        connection = sqlite3.connect(
            file, timeout=BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False
        )
        use_write_ahead_log(connection, timeout_s=BUSY_TIMEOUT_S)
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA cache_size = -65536")
        _create(connection)
    except sqlite3.Error as error:
        raise StoreError(
            f"{file}: {error}; if it is damaged, delete it and run: rasd index rebuild"
        ) from error
    _check_version(connection, file)
    return connection


def connect_reader(file: Path) -> sqlite3.Connection:
    """A connection to search with; what it works out stays in memory of its own."""
    connection = sqlite3.connect(file, timeout=BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA temp_store = MEMORY")
    connection.execute(f"PRAGMA mmap_size = {_MAPPED_BYTES}")
    connection.execute("PRAGMA cache_size = -16384")
    return connection


@contextmanager
def reading(connection: sqlite3.Connection) -> Iterator[None]:
    """One transaction that reads: what is written meanwhile is not seen."""
    connection.execute("BEGIN")
    try:
        yield
    finally:
        connection.execute("COMMIT")


@contextmanager
def writing(connection: sqlite3.Connection) -> Iterator[None]:
    """One transaction that writes."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


@contextmanager
def limited(connection: sqlite3.Connection, timeout_s: float) -> Iterator[Callable[[], None]]:
    """Interrupt what runs longer than `timeout_s`; gives what is to be called in long loops of ours.

    Raises:
        QueryTimeoutError: it took longer.
    """
    deadline = time.monotonic() + timeout_s

    def check() -> None:
        if time.monotonic() > deadline:
            raise QueryTimeoutError(timeout_s)

    connection.set_progress_handler(lambda: time.monotonic() > deadline, 10_000)
    try:
        yield check
    except sqlite3.OperationalError as error:
        if "interrupted" not in str(error):
            raise
        raise QueryTimeoutError(timeout_s) from error
    finally:
        connection.set_progress_handler(None, 0)


def live(connection: sqlite3.Connection) -> int:
    """The generation that is searched."""
    return int(_meta(connection, "live") or 0)


def building(connection: sqlite3.Connection) -> int | None:
    """The generation a rebuild is filling, if one is under way."""
    found = _meta(connection, "building")
    return int(found) if found else None


def begin_generation(connection: sqlite3.Connection) -> int:
    """Make the next generation's tables; what a rebuild before left half-done is dropped."""
    with writing(connection):
        if (left := building(connection)) is not None:
            _drop(connection, left)
        generation = live(connection) + 1
        _make_tables(connection, generation)
        _set_meta(connection, "building", str(generation))
    return generation


def make_live(connection: sqlite3.Connection, generation: int) -> None:
    """Search `generation` from now on, and drop the one before."""
    with writing(connection):
        before = live(connection)
        _set_meta(connection, "live", str(generation))
        _set_meta(connection, "building", "")
        _drop(connection, before)


def _create(connection: sqlite3.Connection) -> None:
    if connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'meta'").fetchone():
        return
    with writing(connection):
        if connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'meta'").fetchone():
            return
        connection.execute("CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL)")
        _make_tables(connection, 1)
        for name, value in (("version", VERSION), ("live", "1"), ("building", "")):
            _set_meta(connection, name, value)


def _make_tables(connection: sqlite3.Connection, generation: int) -> None:
    schema = _SCHEMA.replace("{g}", str(generation)).replace("{token_fields}", ", ".join(TOKEN_FIELDS))
    for statement in schema.split(";\n"):
        if statement.strip():
            connection.execute(statement)


def _drop(connection: sqlite3.Connection, generation: int) -> None:
    for table in ("words", "topics", "quarters", "texts", "documents"):
        connection.execute(f"DROP TABLE IF EXISTS {table}_{generation}")


def _meta(connection: sqlite3.Connection, name: str) -> str | None:
    row = connection.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
    return row[0] if row else None


def _set_meta(connection: sqlite3.Connection, name: str, value: str) -> None:
    connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (name, value))


def _check_version(connection: sqlite3.Connection, file: Path) -> None:
    found = _meta(connection, "version")
    if found != VERSION:
        connection.close()
        raise IncompatibleError(
            f"{file} was made by another version of Rasd ({found}, this is {VERSION}); "
            "run: rasd index rebuild"
        )
