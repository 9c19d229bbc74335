"""
Bring a ledger to this version's schema, or say clearly why not.

The usual case, nothing to do, costs one query: Alembic is loaded only where there is work. All
migrations to come run in one transaction, behind a lock, so several processes may open a new
ledger at the same time and a crash leaves it as it was.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text

from pipeline.errors import IncompatibleError
from pipeline.ledger.engine import Store
from pipeline.ledger.schema import SCHEMA_VERSION

if TYPE_CHECKING:
    from alembic.config import Config

#: PostgreSQL's advisory lock of whoever migrates; any number nobody else uses.
_MIGRATION_LOCK = 72_617_364
_SCRIPTS = Path(__file__).parent / "migrations"


def migrate(store: Store) -> None:
    """Upgrade to `SCHEMA_VERSION` where needed.

    Raises:
        IncompatibleError: the ledger was written by a newer Rasd, or is not a ledger.
    """
    with store.read() as connection:
        version = schema_version(connection)
    if version == SCHEMA_VERSION:
        return
    with store.write() as connection:
        _lock(store, connection)
        refuse_unknown(store, connection, schema_version(connection))
        upgrade(connection, SCHEMA_VERSION)


def require_current(store: Store) -> None:
    """Raise `IncompatibleError` unless the schema is exactly this version's."""
    with store.read() as connection:
        version = schema_version(connection)
        if version == SCHEMA_VERSION:
            return
        refuse_unknown(store, connection, version)
    state = f"has schema {version}" if version else "is empty"
    raise IncompatibleError(
        f"{store.place}: it {state}, this Rasd needs {SCHEMA_VERSION}; run `rasd status`, which upgrades it"
    )


def refuse_unknown(store: Store, connection: Connection, version: str | None) -> None:
    """Raise `IncompatibleError` for a newer ledger, and for a database that is something else."""
    if version is None and inspect(connection).get_table_names():
        raise IncompatibleError(
            f"{store.place}: this database holds other tables and is no ledger; name an empty one in "
            "RASD_LEDGER_URL"
        )
    if version is not None and not is_known_version(version):
        raise IncompatibleError(
            f"{store.place}: its schema {version} is newer than this Rasd's {SCHEMA_VERSION}; install "
            "the Rasd that wrote it, or restore a backup made by this one"
        )


def schema_version(connection: Connection) -> str | None:
    """What the ledger says it is; None where it has no schema yet."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    version = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return str(version) if version is not None else None


def upgrade(connection: Connection, version: str) -> None:
    """Run the migrations up to `version` over an open transaction."""
    from alembic import command

    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, version)


def _lock(store: Store, connection: Connection) -> None:
    # SQLite has taken the write lock with BEGIN IMMEDIATE.
    if not store.is_sqlite:
        connection.execute(text(f"SELECT pg_advisory_xact_lock({_MIGRATION_LOCK})"))


def _config() -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def is_known_version(version: str | None) -> bool:
    """Whether this Rasd can work with, or upgrade, a ledger of that schema."""
    from alembic.script import ScriptDirectory

    if version == SCHEMA_VERSION:
        return True
    scripts = ScriptDirectory.from_config(_config())
    return version in {script.revision for script in scripts.walk_revisions()}
