"""
The twenty real feeds and the real pages beside the checkout, over real HTTP on loopback.
"""

from __future__ import annotations

import asyncio
import json
import shutil
import threading
from collections import Counter
from datetime import UTC, datetime, timedelta
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import pytest
import yaml

from pipeline import wiring
from pipeline.collect.http import open_fetcher
from pipeline.monitor import STEPS
from pipeline.records import Outcome, Stage
from pipeline.settings import Settings
from tests.watching import CONFIG

pytestmark = [pytest.mark.shared, pytest.mark.slow]


class FakeClock:
    """Time passes only when somebody waits: one host is asked at a time, so nobody waits for another."""

    def __init__(self) -> None:
        self._now = datetime.now(UTC)

    def now(self) -> datetime:
        self._now += timedelta(microseconds=1)
        return self._now

    async def sleep(self, seconds: float) -> None:
        self._now += timedelta(seconds=seconds)
        await asyncio.sleep(0)

    def passes(self, span: timedelta) -> None:
        self._now += span


class Stored:
    """What lies in the folder, by host and path, behind one server."""

    def __init__(self, data) -> None:
        self.feeds, self.answers = {}, {}
        for number, file in enumerate(sorted([*data.glob("feeds/*.xml"), *data.glob("feeds/*.rss")])):
            host = f"feed-{number}.example"
            self.feeds[file.stem] = f"http://{host}/feed"
            self.answers[host, "/feed"] = ("application/rss+xml", file.read_bytes())
        for gold in data.glob("pages/gold/*.json"):
            parts = urlsplit(json.loads(gold.read_text("utf-8"))["url"])
            page = data / "pages" / f"{gold.stem}.html"
            if page.is_file():
                self.answers[parts.hostname, parts.path] = ("text/html", page.read_bytes())
        self.hosts = {host for host, _ in self.answers}

    def where(self, host, _port):
        """Hosts nothing is stored of refuse the connection."""
        if host not in self.hosts:
            raise ConnectionRefusedError(111, "refused")
        return self.server.server_address

    def __enter__(self):
        stored = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                host = self.headers["Host"].split(":")[0]
                kind, body = stored.answers.get((host, self.path), ("text/plain", b""))
                if not body and self.path != "/robots.txt":
                    self.close_connection = True  # a page that is not stored: no answer
                    return
                self.send_response(200 if body else 404)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()

    def write_config(self, folder) -> None:
        shutil.copytree(CONFIG, folder, ignore=shutil.ignore_patterns("outlets"))
        (folder / "outlets").mkdir()
        for stem, url in self.feeds.items():
            outlet = {
                "title": stem,
                "title_en": stem,
                "home": url,
                "country": "dz",
                "time_zone": "UTC",
                "language": "ar",
                "feeds": [{"url": url}],
            }
            file = folder / "outlets" / f"{stem.replace('_', '-').lower()}.yml"
            file.write_text(yaml.safe_dump(outlet, allow_unicode=True), "utf-8")


@pytest.fixture(scope="module")
def read(shared_data, tmp_path_factory):
    """The feeds were polled once, and their pages tried until every try was used up."""
    folder = tmp_path_factory.mktemp("real")
    with Stored(shared_data) as stored:
        stored.write_config(folder / "config")
        settings = Settings(
            home=folder / "home",
            config=folder / "config",
            host_pause_s=0.0,
            fetch_concurrency=1,
            fetch_budget_s=1e6,
            look_again_h=(),
            log_level="error",
        )
        with wiring.open_monitor(settings, clock=FakeClock()) as monitor:
            monitor.open_fetcher = partial(
                open_fetcher, contact="https://example.org/", connect_map=stored.where
            )
            counts = monitor.poll()
            for _ in range(40):
                monitor.fetch()
                if not monitor.ledger.status(monitor.clock.now()).pending[Stage.FETCH]:
                    break
                monitor.clock.passes(timedelta(hours=1))
            for step in STEPS[2:]:
                monitor.step(step)
            yield monitor, counts


def total(monitor):
    outcomes = Counter()
    for row in monitor.ledger.outcome_counts().values():
        outcomes.update(row)
    return outcomes


def test_every_item_is_listed_and_every_link_is_one_entry(read):
    """
    1,163 items, 1,063 distinct links: the rest are further sightings.
    """
    monitor, counts = read

    assert 20 == counts["feeds"]
    assert 0 == counts["failed"]
    assert 1_063 == counts["new"] == sum(total(monitor).values())


def test_every_entry_ends_in_exactly_one_outcome(read):
    """
    Nothing waits when every try is used up.
    """
    monitor, _ = read

    assert set(total(monitor)) <= set(Outcome)
    assert dict.fromkeys(Stage, 0) == monitor.ledger.status(monitor.clock.now()).pending


def test_at_least_nine_hundred_are_searchable(read):
    """
    From the feed's own text where the page cannot be had, and only then.
    """
    monitor, _ = read
    indexed = total(monitor)[Outcome.INDEXED]

    assert indexed >= 900
    assert indexed == monitor.searchable.count()


@pytest.mark.parametrize("feed", ["ur-miniflux-urdu", "globalvoices-mediacloud-test"])
def test_other_languages_are_not_searchable(read, feed):
    """
    Every entry of the Urdu feed, and of the English and French one, is told by its text.
    """
    monitor, _ = read

    assert {Outcome.NOT_ARABIC} == set(monitor.ledger.outcome_counts()[feed])
