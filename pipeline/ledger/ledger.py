"""
The ledger as one object: every step's protocol over one database.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from types import TracebackType
from typing import Self

from pipeline.ledger.backup import Backup
from pipeline.ledger.detecting import Detecting
from pipeline.ledger.engine import Store, open_store
from pipeline.ledger.extracting import Extracting
from pipeline.ledger.fetching import Fetching
from pipeline.ledger.importing import Importing
from pipeline.ledger.indexing import Indexing
from pipeline.ledger.inspecting import Inspecting
from pipeline.ledger.judging import Judging
from pipeline.ledger.keeping import Keeping
from pipeline.ledger.layouts import Layouts
from pipeline.ledger.migrating import migrate as migrate_store
from pipeline.ledger.migrating import require_current
from pipeline.ledger.outlets import Outlets
from pipeline.ledger.people import People
from pipeline.ledger.polling import Polling
from pipeline.ledger.redoing import Redoing
from pipeline.ledger.refusing import Refusing
from pipeline.ledger.schema import meta
from pipeline.ledger.showing import Showing
from pipeline.ledger.status import Status
from pipeline.ledger.upkeep import Upkeep


class Ledger(
    Outlets,
    Polling,
    Fetching,
    Extracting,
    Layouts,
    Detecting,
    Indexing,
    Importing,
    Refusing,
    Redoing,
    Inspecting,
    Judging,
    Status,
    Upkeep,
    Backup,
    People,
    Keeping,
    Showing,
):
    """What is known, and what is still to do. May be shared by threads, not by forked processes."""

    @property
    def place(self) -> str:
        """Where it is, as a person would say it; no password."""
        return self._store.place

    def close(self) -> None:
        """Let go of every connection."""
        self._store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def open_ledger(url: str, *, migrate: bool = True, id_of: Callable[[str], str] = str) -> Ledger:
    """Open the ledger at `url`, made and brought up to date where needed.

    Args:
        url: `sqlite:////folder/ledger.sqlite` or `postgresql://user@host/database`.
        id_of: the id an article at an address is given: by it an address is found in any spelling.
        migrate: without it a ledger of another version is refused, and nothing is written: for
            whoever only reads.

    Raises:
        StoreError: folder, file, disk or server cannot be used; says which and what to do.
        IncompatibleError: it was written by a newer Rasd, or is of another version and `migrate`
            is not wanted.
    """
    store = open_store(url)
    try:
        if migrate:
            migrate_store(store)
            _probe(store)
        else:
            require_current(store)
    except BaseException:
        store.close()
        raise
    return Ledger(store, id_of=id_of)


def _probe(store: Store) -> None:
    """Write one small thing, so that a full disk or a read-only file shows before any work."""
    opened = {"name": "opened_at", "value": datetime.now(UTC).isoformat(timespec="seconds")}
    with store.write() as connection:
        connection.execute(
            store.insert(meta)
            .values(opened)
            .on_conflict_do_update(index_elements=["name"], set_={"value": opened["value"]})
        )
