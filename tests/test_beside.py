"""
Two steps side by side: what is detected in one process is indexed in another.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipeline import wiring
from pipeline.cli.beside import beside
from pipeline.cli.stepping import MANY
from pipeline.errors import RasdError, StoreError
from pipeline.settings import Settings
from pipeline.work import LEASE_S
from tests.watching import CONFIG, ShiftedClock

RASD = Path(sys.executable).with_name("rasd")


def written(file, count):
    """A file of articles, every tenth on a topic."""
    with file.open("w", encoding="utf-8") as lines:
        for number in range(count):
            war = "اشتباكات بين الجيش السوداني وقوات الدعم السريع في الخرطوم" if number % 10 == 0 else ""
            record = {
                "url": f"https://one.example/{number}",
                "title": war or f"مخبز رقم {number} يفتح أبوابه",
                "body": f"{war} عاد الخباز رقم {number} إلى فرنه بعد غياب طويل، واصطف الزبائن أمام الباب. "
                * 2,
                "date": f"2026-03-{1 + number % 28:02}",
                "outlet": "one",
            }
            lines.write(json.dumps(record, ensure_ascii=False) + "\n")
    return file


@pytest.fixture
def settings(tmp_path, monkeypatch):
    """Settings of a Rasd of its own with one topic, in the environment as well."""
    shutil.copytree(CONFIG, tmp_path / "config", ignore=shutil.ignore_patterns("outlets"))
    (tmp_path / "config" / "outlets").mkdir()
    for file in (tmp_path / "config" / "topics").iterdir():
        if file.stem != "sudan_war":
            file.unlink()
    monkeypatch.setenv("RASD_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("RASD_CONFIG", str(tmp_path / "config"))
    monkeypatch.setenv("RASD_LOG_LEVEL", "error")
    return Settings(home=tmp_path / "home", config=tmp_path / "config")


def indexed(settings):
    """What the index holds, each document with its topics, and what the ledger says became of entries."""
    with wiring.opened_ledger(settings) as ledger:
        outcomes = ledger.outcome_counts()
        documents = {
            each.document_id: sorted(match.topic_id for match in each.detected.matches)
            for each in ledger.documents_after("", limit=10 * MANY)
        }
    with wiring.opened_index(settings) as index:
        return outcomes, documents, sorted(index.ids())


def test_side_by_side_ends_where_one_after_the_other_does(settings, tmp_path):
    """
    The same articles are found under the same topics, and none is left behind.
    """
    file = written(tmp_path / "articles.jsonl", 150)
    after_another = settings.model_copy(update={"home": tmp_path / "other"})
    with wiring.open_monitor(after_another) as monitor:
        monitor.import_file(file)
        monitor.detect()
        monitor.index()

    with wiring.open_monitor(settings) as monitor:
        monitor.import_file(file)
        with beside("detect") as detecting:
            counts = monitor.index(more_to_come=detecting.goes_on)

    outcomes, documents, ids = indexed(settings)
    assert {"indexed": 150, "refused": 0} == counts
    assert (sorted(documents), 15) == (ids, sum(map(bool, documents.values())))
    assert indexed(after_another) == (outcomes, documents, ids)


def test_what_comes_after_a_step_found_nothing_more_is_not_left_behind(settings, tmp_path):
    """
    A step begun while a file is still read may be done too early: it looks once more.
    """
    file = written(tmp_path / "articles.jsonl", 30)

    with wiring.open_monitor(settings) as monitor, beside("detect") as detecting:
        while detecting.goes_on():
            time.sleep(0.01)
        monitor.import_file(file)
        detecting.once_more()
        counts = monitor.index(more_to_come=detecting.goes_on)

    assert {"indexed": 30, "refused": 0} == counts


def test_a_step_that_fails_beside_ends_the_command(settings, capfd, monkeypatch):
    """
    It says itself what is wrong; what could be indexed is, and the command does not end well.
    """
    with wiring.open_monitor(settings) as monitor:
        monkeypatch.setenv("RASD_CONFIG", "/nonexistent")

        with pytest.raises(RasdError, match="rasd detect ended with 1"), beside("detect") as detecting:
            monitor.index(more_to_come=detecting.goes_on)

    assert "/nonexistent" in capfd.readouterr().err


def test_an_error_here_stops_the_step_beside(settings, tmp_path):
    """
    An index that does not answer ends the command at once, with its own line and nothing left running.
    """
    with pytest.raises(StoreError, match="no answer"), beside("detect") as detecting:
        raise StoreError("http://127.0.0.1:9200: no answer")

    assert not detecting.goes_on()


@pytest.mark.slow
def test_a_killed_import_loses_nothing(settings, tmp_path):
    """
    Killed with both steps at work, it is finished by the next run past the lease; nothing is there twice.
    """
    file = written(tmp_path / "articles.jsonl", MANY)
    process = subprocess.Popen([RASD, "import", str(file)], env=os.environ, start_new_session=True)
    wait_until_both_work(settings, process)

    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    with wiring.open_monitor(settings, clock=ShiftedClock(2 * LEASE_S)) as monitor:
        monitor.detect()
        monitor.index()

    outcomes, documents, ids = indexed(settings)
    assert {"one": {"indexed": MANY}} == outcomes
    assert (sorted(documents), MANY // 10) == (ids, sum(map(bool, documents.values())))


def wait_until_both_work(settings, process):
    """Return when the running import has claimed its first detected articles for the index."""
    with wiring.opened_ledger(settings) as ledger:
        while not ledger.documents_after("", limit=1):
            assert process.poll() is None
            time.sleep(0.01)
