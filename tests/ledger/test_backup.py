"""
Backup and restore, on each engine by its own means.
"""

from __future__ import annotations

import json

import pytest

from pipeline.errors import IncompatibleError, StoreError
from pipeline.ledger.backup import restore
from pipeline.ledger.ledger import open_ledger
from pipeline.records import Outcome
from tests.ledger.desk import HOUR, NOON, Desk, article, entry, key, match


def test_restored_ledger_is_the_one_that_was_copied(ledger_url, desk, tmp_path):
    """
    What came after the copy is gone, what was there before is as it was, and work goes on.
    """
    desk.publish("oil")
    desk.ledger.backup(tmp_path / "copy")
    desk.publish("later", now=NOON + HOUR)
    desk.ledger.close()

    restore(ledger_url, tmp_path / "copy")

    with open_ledger(ledger_url) as restored:
        back = Desk(restored)
        assert (Outcome.INDEXED, None) == back.state("oil")
        assert back.story("later") is None
        assert [key("oil")] == [each.document_id for each in restored.documents_after("", limit=9)]
        back.publish("after", now=NOON + 2 * HOUR)
        assert (Outcome.INDEXED, None) == back.state("after")


def test_backup_goes_on_beside_the_work(desk, tmp_path):
    """
    Copied while open, twice into the same folder; the newer replaces the older.
    """
    desk.publish("dam")
    first = desk.ledger.backup(tmp_path / "copy")
    desk.publish("oil", now=NOON + HOUR)

    second = desk.ledger.backup(tmp_path / "copy")
    desk.ledger.forget(key("oil"), now=NOON)
    desk.ledger.restore(tmp_path / "copy")

    assert first == second
    assert (Outcome.INDEXED, None) == desk.state("oil")


@pytest.fixture
def elsewhere(request, ledger_url, tmp_path):
    """The address of another database, with nothing in it, on the same engine."""
    if ledger_url.startswith("sqlite"):
        return f"sqlite:///{tmp_path}/elsewhere.sqlite"
    return request.getfixturevalue("empty_postgresql_url")


def test_lost_ledger_comes_back_from_its_copy(elsewhere, desk, tmp_path):
    """
    Into an empty place, evidence and all.
    """
    desk.list(entry("dam"))
    desk.fetch()
    desk.read(article("dam"))
    desk.detect(match("water"))
    desk.index()
    desk.ledger.backup(tmp_path / "copy")

    restore(elsewhere, tmp_path / "copy")

    with open_ledger(elsewhere) as restored:
        assert desk.story("dam") == Desk(restored).story("dam")


def test_copy_of_another_engine_is_refused(desk, tmp_path):
    """
    With the setting to change.
    """
    desk.ledger.backup(tmp_path / "copy")
    manifest = json.loads((tmp_path / "copy/ledger.json").read_text())
    other = {"sqlite": "postgresql", "postgresql": "sqlite"}[manifest["engine"]]
    (tmp_path / "copy/ledger.json").write_text(json.dumps(manifest | {"engine": other}))

    with pytest.raises(StoreError, match="RASD_LEDGER_URL"):
        desk.ledger.restore(tmp_path / "copy")


def test_copy_made_by_a_newer_rasd_is_refused(desk, tmp_path):
    """
    Before anything is replaced.
    """
    desk.publish("dam")
    desk.ledger.backup(tmp_path / "copy")
    manifest = json.loads((tmp_path / "copy/ledger.json").read_text())
    (tmp_path / "copy/ledger.json").write_text(json.dumps(manifest | {"schema": "9999"}))

    with pytest.raises(IncompatibleError, match="a newer Rasd made it"):
        desk.ledger.restore(tmp_path / "copy")

    assert (Outcome.INDEXED, None) == desk.state("dam")


def test_damaged_copy_is_refused_and_the_ledger_stays(desk, tmp_path):
    """
    All or nothing.
    """
    desk.publish("dam")
    file = desk.ledger.backup(tmp_path / "copy")
    content = file.read_bytes()
    file.write_bytes(content[: len(content) // 2])

    with pytest.raises(StoreError):
        desk.ledger.restore(tmp_path / "copy")

    assert (Outcome.INDEXED, None) == desk.state("dam")


@pytest.mark.parametrize("missing", ["ledger.json", "the file"])
def test_folder_that_is_no_copy_is_named(desk, tmp_path, missing):
    """
    What is missing is said.
    """
    file = desk.ledger.backup(tmp_path / "copy")
    (tmp_path / "copy/ledger.json" if missing == "ledger.json" else file).unlink()

    with pytest.raises(StoreError, match=r"ledger\.json|is missing"):
        desk.ledger.restore(tmp_path / "copy")


def test_folder_that_cannot_be_written_is_named(desk, tmp_path):
    """
    A file where the folder should be.
    """
    (tmp_path / "taken").write_text("")

    with pytest.raises(StoreError, match="name a folder with room"):
        desk.ledger.backup(tmp_path / "taken")


def test_copy_is_not_written_over_the_ledger(tmp_path):
    """
    Its own folder is refused, by whatever name.
    """
    (tmp_path / "other name").symlink_to(tmp_path, target_is_directory=True)
    with open_ledger(f"sqlite:///{tmp_path}/ledger.sqlite") as ledger:
        for folder in (tmp_path, tmp_path / "other name"):
            with pytest.raises(StoreError, match="the ledger itself lies there"):
                ledger.backup(folder)
