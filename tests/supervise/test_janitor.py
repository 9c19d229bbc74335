"""The janitor: what it removes, and when it is due."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta

import pytest

from pipeline.supervise import janitor

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


def touched(path, *, days_ago: float):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("a log")
    when = (NOW - timedelta(days=days_ago)).timestamp()
    os.utime(path, (when, when))
    return path


def test_old_task_logs_go_and_new_ones_stay(tmp_path):
    """
    A month of logs is kept; folders that are empty then go as well.
    """
    old = touched(tmp_path / "dag_id=monitor_news" / "run_id=old" / "attempt=1.log", days_ago=31)
    new = touched(tmp_path / "dag_id=monitor_news" / "run_id=new" / "attempt=1.log", days_ago=29)

    removed = janitor.remove_logs(tmp_path, NOW - timedelta(days=30))

    assert 1 == removed
    assert new.exists()
    assert not old.parent.exists()


def test_logs_are_removed_from_beneath_no_link(tmp_path):
    """
    A link goes when it is old itself; what it points at is somebody else's.
    """
    kept = touched(tmp_path / "elsewhere" / "diary.txt", days_ago=99)
    logs = tmp_path / "logs"
    logs.mkdir()
    (logs / "latest").symlink_to(kept.parent)

    janitor.remove_logs(logs, NOW - timedelta(days=30))

    assert kept.exists()


def test_no_logs_yet_is_nothing_to_remove(tmp_path):
    """
    The janitor may come before the first run.
    """
    assert 0 == janitor.remove_logs(tmp_path / "logs", NOW)


@pytest.mark.parametrize(
    ("hours_ago", "due", "complains"),
    [(1, False, False), (25, True, False), (49, True, True)],
)
def test_cleans_daily_and_is_missed_after_two_days(tmp_path, hours_ago, due, complains):
    """
    A restart does not clean anew, and one missed day is not yet a complaint.
    """
    stamp = tmp_path / "cleaned"
    stamp.touch()
    now = stamp.stat().st_mtime + hours_ago * 3600

    assert due is janitor.is_due(tmp_path, now)
    assert complains is janitor.complain(tmp_path, now)


def test_a_new_stack_is_not_late(tmp_path):
    """
    Before the first cleaning the folder's own age counts, so a health check is green from the start.
    """
    now = tmp_path.stat().st_ctime

    assert not janitor.complain(tmp_path, now + 3600)
