"""
Is the pipeline well? Each reason there can be, and the operator who is told when that changes.
"""

from __future__ import annotations

import json
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from pipeline import alerts, wiring
from pipeline.errors import StoreError
from pipeline.records import Stage
from pipeline.reports import FeedHealth, LedgerStatus, StepRun
from pipeline.settings import Settings
from pipeline.status import reasons
from tests.ledger.desk import Desk

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def ledger_status(**changes):
    """A ledger with which all is well."""
    well = {
        "place": "ledger",
        "schema_version": "1",
        "entries": 10,
        "articles": 8,
        "newest_article_at": NOW - HOUR,
        "pending": dict.fromkeys(Stage, 0),
        "stuck": 0,
        "stuck_examples": (),
        "given_up": 0,
        "last_runs": {"index": StepRun(step="index", worker="0", started_at=NOW, ended_at=NOW)},
        "silent_outlets": (),
        "size_bytes": 1,
    }
    return LedgerStatus(**(well | changes))


def ended(ago):
    return {"index": StepRun(step="index", worker="0", started_at=NOW - ago, ended_at=NOW - ago)}


def stopped_feed():
    return FeedHealth(
        feed_url="http://daily.example/feed",
        outlet_id="daily",
        outlet_title="daily",
        enabled=True,
        status="gone",
        reason="410",
        http_status=410,
        failures=1,
        first_polled_at=NOW,
        last_polled_at=NOW,
        last_good_at=None,
        next_poll_at=None,
        interval_s=0.0,
        moved_to=None,
        entries_last_day=0,
        newest_entry_at=None,
    )


def found(status, *, feeds=(), free_bytes=10**10):
    return reasons(status, feeds, now=NOW, stale_after=6 * HOUR, free_bytes=free_bytes, min_free_bytes=10**9)


def test_all_is_well():
    """
    No reason, no line.
    """
    assert [] == found(ledger_status())


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"newest_article_at": None}, "no article was ever indexed"),
        ({"newest_article_at": NOW - 7 * HOUR}, "the newest indexed article is 7 h old"),
        ({"last_runs": {}}, "no run has ended yet"),
        ({"last_runs": ended(HOUR)}, "the last run ended 60 min ago"),
        ({"stuck": 2, "stuck_examples": ("a", "b")}, "2 entries are stuck, e.g. a, b"),
        ({"silent_outlets": ("daily", "weekly")}, "daily, weekly published nothing for too long"),
    ],
)
def test_each_reason_is_one_line(changes, line):
    """
    What is wrong with the ledger's world, and what to look at.
    """
    (told,) = found(ledger_status(**changes))

    assert told.startswith(line)


def test_full_disk_and_stopped_feed_are_reasons():
    """
    What lies outside the ledger counts as well.
    """
    (disk,) = found(ledger_status(), free_bytes=5 * 10**8)
    (feed,) = found(ledger_status(), feeds=[stopped_feed()])

    assert disk.startswith("0.5 GB of disk are free")
    assert feed.startswith("http://daily.example/feed answered 410")


def test_many_names_are_cut_short():
    """
    A line stays a line.
    """
    (line,) = found(ledger_status(silent_outlets=tuple(f"o{number}" for number in range(9))))

    assert "and 4 more" in line


@pytest.fixture
def receiver():
    """Somebody who takes alerts, over real HTTP."""
    taken = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            taken.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/hook", taken
    server.shutdown()
    server.server_close()


def test_alert_is_one_post(receiver):
    """
    Who, what, and when.
    """
    url, taken = receiver

    assert alerts.send(url, "task_failed", "monitor_news.fetch: المخزن لا يجيب")  # the store does not answer

    (alert,) = taken
    assert {"service", "event", "text", "at"} == set(alert)
    assert ("rasd", "task_failed") == (alert["service"], alert["event"])
    assert alert["text"].endswith("المخزن لا يجيب")


@pytest.mark.parametrize("url", ["", "http://127.0.0.1:9/", "no address"])
def test_alert_that_cannot_be_sent_stops_nothing(url):
    """
    An alert never turns a task red.
    """
    assert not alerts.send(url, "task_failed", "text")


def test_operator_is_told_when_a_check_turns(receiver, tmp_path):
    """
    Once when it begins to fail, once when all is well again, and not in between.
    """
    url, taken = receiver
    settings = Settings(home=tmp_path, alert_url=url, min_free_bytes=0, index="embedded")
    failing = [wiring.check(settings) for _ in range(2)]
    with wiring.opened_ledger(settings) as ledger:
        _is_well(ledger)

    well = [wiring.check(settings) for _ in range(2)]

    assert all(failing)
    assert [[], []] == well
    assert ["check_failing", "check_recovered"] == [alert["event"] for alert in taken]


def test_operator_is_told_when_a_file_goes_wrong(receiver, tmp_path):
    """
    Once when it does, once when all are right again, and not at every run between.
    """
    url, taken = receiver
    for folder in ("outlets", "topics"):
        (tmp_path / "config" / folder).mkdir(parents=True)
    file = tmp_path / "config" / "outlets" / "alghad.yml"
    settings = Settings(home=tmp_path / "home", config=tmp_path / "config", alert_url=url, index="embedded")

    file.write_text("title: الغد\n", "utf-8")
    for _ in range(2):
        with wiring.open_monitor(settings):
            pass
    file.unlink()
    for _ in range(2):
        with wiring.open_monitor(settings):
            pass

    assert ["config_wrong", "config_right"] == [alert["event"] for alert in taken]
    assert "alghad.yml" in taken[0]["text"]


def _is_well(ledger):
    """An article indexed just now, by a run that ended just now."""
    now = datetime.now(UTC)
    Desk(ledger).publish("dam", now=now, first_seen_at=now)
    ledger.sync_outlets({}, now=now)  # nobody is expected to publish
    ledger.record_run("index", worker="0", started_at=now, ended_at=now, counts={})


def test_rebuild_mends_an_index_of_another_version(tmp_path):
    """
    The command that the error names does what it says: the index is made anew from the ledger.
    """
    settings = Settings(home=tmp_path)
    with wiring.open_monitor(settings) as monitor:
        Desk(monitor.ledger).publish("dam")
    (tmp_path / "index.sqlite").write_bytes(b"damaged beyond repair" * 400)
    with pytest.raises(StoreError, match="rasd index rebuild"), wiring.open_monitor(settings):
        pass

    with wiring.open_monitor(settings, rebuilding=True) as monitor:
        total = monitor.rebuild()

        assert 1 == total == monitor.searchable.count()
