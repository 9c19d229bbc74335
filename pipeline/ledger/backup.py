"""
Copies of the ledger, made and taken back while others work with it.

    folder/ledger.sqlite or folder/ledger.dump, and folder/ledger.json, which says what it is

SQLite is copied by its own online backup; for PostgreSQL its own tools are called.
"""

from __future__ import annotations

import json
import os
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pipeline.errors import IncompatibleError, StoreError
from pipeline.ledger import postgresql_tools
from pipeline.ledger.engine import BUSY_TIMEOUT_S, Store, open_store
from pipeline.ledger.migrating import is_known_version, migrate, schema_version
from pipeline.ledger.part import Part

MANIFEST = "ledger.json"
_FILES = {"sqlite": "ledger.sqlite", "postgresql": "ledger.dump"}
#: Pages copied in one step: between two steps writers get their turn.
_PAGES = 4_096


class Backup(Part):
    """Copies."""

    def backup(self, folder: Path) -> Path:
        """Copy the ledger into `folder`, made where needed; returns the file.

        A copy that is there already is replaced when the new one is whole.

        Raises:
            StoreError: the folder cannot be written, or PostgreSQL's tools are missing or too old.
        """
        return backup(self._store, folder)

    def restore(self, folder: Path) -> None:
        """Put the copy in `folder` in the place of everything the ledger holds; see `restore`."""
        _restore(self._store, folder)


def restore(url: str, folder: Path) -> None:
    """Put the copy in `folder` in the place of the ledger at `url`, and bring it up to date.

    Works where the ledger itself is empty, or of a newer version. All or nothing.

    Raises:
        StoreError: there is no copy, it is damaged, or it is of the other engine.
        IncompatibleError: a newer Rasd made it.
    """
    store = open_store(url)
    try:
        _restore(store, folder)
    finally:
        store.close()


def backup(store: Store, folder: Path) -> Path:
    target = folder / _FILES[_engine_name(store)]
    _refuse_own_place(store, target)
    part = target.with_suffix(".part")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        part.unlink(missing_ok=True)
        with store.read() as connection:
            version = schema_version(connection)
        if store.is_sqlite:
            _copy_out(store, part)
        else:
            postgresql_tools.dump(store, part)
        part.replace(target)
        _write_manifest(folder, store, version)
    except OSError as error:
        raise StoreError(f"backup {folder}: {error.strerror or error}; name a folder with room") from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
    return target


def _refuse_own_place(store: Store, target: Path) -> None:
    """A copy written over the open ledger would leave everybody at work on a file without a name."""
    if store.is_sqlite and target.resolve() == Path(store.address.database or "").resolve():
        raise StoreError(f"backup {target.parent}: the ledger itself lies there; name another folder")


def _restore(store: Store, folder: Path) -> None:
    source = folder / _FILES[_engine_name(store)]
    _check(store, folder, source)
    if store.is_sqlite:
        _copy_in(store, source)
    else:
        postgresql_tools.restore(store, source)
    migrate(store)


def _engine_name(store: Store) -> str:
    return "sqlite" if store.is_sqlite else "postgresql"


def _write_manifest(folder: Path, store: Store, version: str | None) -> None:
    manifest = {"engine": _engine_name(store), "schema": version, "made_at": datetime.now(UTC).isoformat()}
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")


def _check(store: Store, folder: Path, source: Path) -> None:
    manifest = _manifest(folder)
    engine = manifest.get("engine")
    if engine != _engine_name(store):
        raise StoreError(
            f"backup {folder}: it is of {engine}, and the ledger is {_engine_name(store)}; "
            "set RASD_LEDGER_URL to a ledger of the same kind"
        )
    if not is_known_version(manifest.get("schema")):
        raise IncompatibleError(
            f"backup {folder}: a newer Rasd made it (schema {manifest.get('schema')}); install that one"
        )
    if not source.is_file():
        raise StoreError(f"backup {folder}: {source.name} is missing; is the copy whole?")


def _manifest(folder: Path) -> dict[str, Any]:
    path = folder / MANIFEST
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise StoreError(f"backup {folder}: no {MANIFEST} there; name one that rasd backup made") from None
    except (OSError, ValueError) as error:
        raise StoreError(f"backup {path}: cannot be read: {error}") from error
    return manifest if isinstance(manifest, dict) else {}


def _copy_out(store: Store, target: Path) -> None:
    with store.complaining(), store.outside_transactions() as source:
        with closing(sqlite3.connect(target)) as copy:
            source.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")  # one file, nothing beside it
        with target.open("rb") as written:
            os.fsync(written.fileno())


def _copy_in(store: Store, source: Path) -> None:
    with closing(sqlite3.connect(f"{source.resolve().as_uri()}?mode=ro", uri=True)) as copy:
        _require_whole(copy, source)
        with store.complaining(), store.outside_transactions() as target:
            copy.backup(target, pages=_PAGES, progress=_patience(store.place), sleep=0.05)
            target.execute("PRAGMA journal_mode = WAL")


def _require_whole(copy: sqlite3.Connection, source: Path) -> None:
    try:
        found = copy.execute("PRAGMA quick_check(1)").fetchone()[0]
    except sqlite3.DatabaseError as error:
        found = str(error)
    if found != "ok":
        raise StoreError(f"backup {source}: the file is damaged ({found}); take another copy")


def _patience(place: str) -> Callable[[int, int, int], None]:
    """Ends the copying when the ledger stays locked: SQLite would try for ever."""
    last = {"remaining": -1, "at": time.monotonic()}

    def progress(_status: int, remaining: int, _total: int) -> None:
        now = time.monotonic()
        if remaining != last["remaining"]:
            last.update(remaining=remaining, at=now)
        elif now - last["at"] > BUSY_TIMEOUT_S:
            raise StoreError(f"{place}: others work with it; stop them, then restore")

    return progress
