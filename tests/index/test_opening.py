"""
An index that cannot be used says so before any work, and what to do.
"""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor

import pytest

from pipeline.errors import IncompatibleError, StoreError
from pipeline.index.elastic.client import Client
from pipeline.index.elastic.index import open_elastic_index
from pipeline.index.sqlite import store
from pipeline.index.sqlite.index import open_sqlite_index
from tests.index.documents import document


def test_an_index_of_another_version_says_what_to_do(tmp_path):
    """
    A file made by another version is not touched, and the error names the command that mends it.
    """
    open_sqlite_index(tmp_path / "index.sqlite").close()
    connection = store.connect(tmp_path / "index.sqlite")
    connection.execute("UPDATE meta SET value = '0/0' WHERE name = 'version'")
    connection.close()

    with pytest.raises(IncompatibleError, match="rasd index rebuild"):
        open_sqlite_index(tmp_path / "index.sqlite")

    assert 0 == open_sqlite_index(tmp_path / "index.sqlite", discard_incompatible=True).count()


def test_a_file_that_is_no_index_says_so(tmp_path):
    """
    Damage is a clear error.
    """
    (tmp_path / "index.sqlite").write_bytes(b"no database at all" * 100)

    with pytest.raises(StoreError, match=r"index\.sqlite"):
        open_sqlite_index(tmp_path / "index.sqlite")


CALLS = {
    "count": lambda index: index.count(),
    "ids": lambda index: list(index.ids()),
    "delete": lambda index: index.delete(["a"]),
    "delete_months_before": lambda index: index.delete_months_before("2100-01"),
    "rebuild": lambda index: index.rebuild([[document(1, "خبر")]], lambda _: None),  # news
}


@pytest.fixture
def opened(tmp_path):
    """An embedded index with one document, that waits for nobody, and another program's connection."""
    index, other = open_sqlite_index(tmp_path / "index.sqlite"), sqlite3.connect(tmp_path / "index.sqlite")
    index.add([document(1, "خبر")])  # news
    index._connection.execute("PRAGMA busy_timeout = 0")
    yield index, other
    other.close()
    index.close()


@pytest.mark.parametrize("call", ["delete", "delete_months_before", "rebuild"])
def test_an_index_that_another_program_holds_says_so(opened, call):
    """
    Whatever would write says to try again, and works when the file is free.
    """
    index, other = opened
    other.execute("BEGIN IMMEDIATE")

    with pytest.raises(StoreError, match="another process has held it"):
        CALLS[call](index)

    other.rollback()
    CALLS[call](index)


@pytest.mark.parametrize("call", CALLS)
def test_an_index_that_was_damaged_while_open_says_what_to_do(opened, call):
    """
    Each way of asking names the command that mends the file.
    """
    index, other = opened
    for table in ("documents_1", "meta"):
        other.execute(f"DROP TABLE {table}")

    with pytest.raises(IncompatibleError, match="rasd index rebuild"):
        CALLS[call](index)


def test_an_absent_server_says_what_to_check():
    """
    Where nothing listens the error names the address and the setting.
    """
    with pytest.raises(StoreError, match="RASD_ELASTICSEARCH_URL"):
        open_elastic_index("http://127.0.0.1:9").check()


@pytest.mark.elasticsearch
def test_an_index_of_another_mapping_says_what_to_do(elasticsearch_url):
    """
    Indices of another mapping version are not written to.
    """
    client = Client(elasticsearch_url)
    mappings = {"_meta": {"version": "0/0"}}
    client._elastic.indices.create(index="strange-1-2026-01", aliases={"strange": {}}, mappings=mappings)

    with pytest.raises(IncompatibleError, match="rasd index rebuild"):
        open_elastic_index(elasticsearch_url, prefix="strange").check()

    client.delete_indices(["strange-1-2026-01"])
    client.close()


def test_many_may_open_a_new_embedded_index_at_once(tmp_path):
    """
    One makes the file, the others wait for it.
    """
    with ThreadPoolExecutor(6) as opening:
        opened = list(
            opening.map(lambda _: open_sqlite_index(tmp_path / "index.sqlite"), range(6), timeout=60)
        )

    assert [0] * 6 == [index.count() for index in opened]
    for index in opened:
        index.close()
