"""
Opening a ledger: made where there is none, brought up to date, refused with a clear word.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading

import pytest
from sqlalchemy import text

from pipeline.errors import IncompatibleError, StoreError
from pipeline.ledger.engine import open_store
from pipeline.ledger.ledger import open_ledger
from pipeline.ledger.schema import SCHEMA_VERSION, metadata
from tests.ledger.desk import NOON, Desk


def say(url, statement):
    """Change a ledger behind its back."""
    store = open_store(url)
    with store.write() as connection:
        connection.execute(text(statement))
    store.close()


def test_empty_database_becomes_a_ledger(empty_url):
    """
    The first to open it makes the schema.
    """
    with open_ledger(empty_url) as ledger:
        Desk(ledger).publish("dam")
        assert SCHEMA_VERSION == ledger.status(NOON).schema_version


def test_many_may_open_a_new_ledger_at_once(empty_url):
    """
    Airflow's workers all start at the same moment; one migrates, the others wait.
    """
    errors, barrier = [], threading.Barrier(4)

    def opens():
        barrier.wait(timeout=30)
        try:
            open_ledger(empty_url).close()
        except StoreError as error:
            errors.append(error)

    threads = [threading.Thread(target=opens) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert [] == errors


def test_migrations_make_exactly_the_schema(empty_url):
    """
    Alembic finds nothing to add to what the migrations made.
    """
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    open_ledger(empty_url).close()
    store = open_store(empty_url)
    with store.read() as connection:
        difference = compare_metadata(MigrationContext.configure(connection), metadata)
    store.close()

    assert [] == difference


def test_ledger_of_a_newer_version_is_refused(ledger_url):
    """
    A clear error before any work, and nothing is touched.
    """
    open_ledger(ledger_url).close()
    say(ledger_url, "UPDATE alembic_version SET version_num = '9999'")

    for migrate in (True, False):
        with pytest.raises(IncompatibleError, match="schema 9999 is newer than this Rasd's"):
            open_ledger(ledger_url, migrate=migrate)


def test_database_of_something_else_is_refused(empty_url):
    """
    Another program's tables are left alone.
    """
    say(empty_url, "CREATE TABLE accounts (name TEXT)")

    with pytest.raises(IncompatibleError, match="holds other tables and is no ledger"):
        open_ledger(empty_url)


def test_whoever_only_reads_writes_nothing(empty_url):
    """
    Without `migrate` an empty ledger is refused, not made.
    """
    with pytest.raises(IncompatibleError, match="is empty"):
        open_ledger(empty_url, migrate=False)

    store = open_store(empty_url)
    with store.read() as connection:
        names = connection.execute(text(_TABLES[store.is_sqlite])).scalars().all()
    store.close()
    assert [] == names


_TABLES = {
    True: "SELECT name FROM sqlite_master",
    False: "SELECT tablename FROM pg_tables WHERE schemaname = 'public'",
}


@pytest.mark.parametrize(
    ("url", "word"),
    [
        ("nonsense", "RASD_LEDGER_URL"),
        ("mysql://a:secret@b/c", "RASD_LEDGER_URL"),
        ("sqlite://", "RASD_LEDGER_URL"),
        ("postgresql://rasd:secret@127.0.0.1:9/rasd", "no server answers there"),
        ("postgresql://rasd:secret@/rasd?host=/nowhere", "no server answers there"),
    ],
)
def test_wrong_address_is_named_without_its_password(url, word):
    """
    What is wrong, where to change it, and no secret.
    """
    with pytest.raises(StoreError, match=word) as refused:
        open_ledger(url)

    assert "secret" not in str(refused.value)


def test_file_that_is_no_ledger_says_so(tmp_path):
    """
    A picture, a spreadsheet, a damaged file.
    """
    (tmp_path / "ledger.sqlite").write_bytes(b"something else entirely" * 400)

    with pytest.raises(StoreError, match="not a ledger"):
        open_ledger(f"sqlite:///{tmp_path}/ledger.sqlite")


def test_folder_that_cannot_be_made_is_named(tmp_path):
    """
    A file where the folder should be.
    """
    (tmp_path / "taken").write_text("")

    with pytest.raises(StoreError, match="cannot be made"):
        open_ledger(f"sqlite:///{tmp_path}/taken/ledger.sqlite")


#: Files may not grow: what a full disk looks like to a process.
_FULL = """
import resource, signal, sys
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
from pipeline.errors import StoreError
from pipeline.ledger.ledger import open_ledger
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), int(sys.argv[2])))
try:
    open_ledger(sys.argv[1])
except StoreError as error:
    print(error)
"""


@pytest.mark.parametrize("exists", [True, False], ids=["with a ledger", "with none yet"])
def test_full_disk_is_told_before_any_work(tmp_path, exists):
    """
    Opening writes one small thing, so a disk without room shows at once.
    """
    url = f"sqlite:///{tmp_path}/ledger.sqlite"
    if exists:
        open_ledger(url).close()

    told = subprocess.run(
        [sys.executable, "-c", _FULL, url, "2048"], capture_output=True, text=True, check=True, timeout=60
    )

    assert f"ledger {tmp_path}/ledger.sqlite: " in told.stdout
    assert 1 == len(told.stdout.splitlines())


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_folder_that_may_not_be_written_is_told(tmp_path):
    """
    With what to check.
    """
    open_ledger(f"sqlite:///{tmp_path}/ledger.sqlite").close()
    (tmp_path / "ledger.sqlite").chmod(0o400)
    tmp_path.chmod(0o500)

    with pytest.raises(StoreError, match="permissions"):
        open_ledger(f"sqlite:///{tmp_path}/ledger.sqlite")

    tmp_path.chmod(0o700)
