"""
A make-believe press, monitored once for the whole session; each test gets a copy of what came of it.
"""

from __future__ import annotations

import shutil
import threading
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import httpx
import pytest
import uvicorn

from pipeline import wiring
from pipeline.clock import SystemClock
from pipeline.people import Role, User
from pipeline.settings import Settings
from pipeline.web.app import make_app
from pipeline.web.desk import Desk, Limits
from pipeline.web.seals import digest, hash_password, new_key, new_token
from pipeline.web.serve import open_desk
from pipeline.web.throttle import Allowance
from pipeline.web.visitors import SESSION, SESSION_LASTS
from tests.newsroom import Newsroom

PROJECT = Path(__file__).resolve().parents[2]
PASSWORD = "correct horse"


@cache
def password_hash() -> str:
    """Hashed once: it takes its time, as it should."""
    return hash_password(PASSWORD)


@dataclass(frozen=True)
class Monitored:
    """What two runs over the press left behind."""

    home: Path
    config: Path
    urls: dict[str, str]

    def settings(self, home: Path, **changes) -> Settings:
        return Settings(home=home, config=self.config, time_zone="Asia/Amman", log_level="error", **changes)


class Earlier(SystemClock):
    """Three hours ago: by now every feed is due again, and young articles are looked at anew."""

    def now(self) -> datetime:
        return super().now() - timedelta(hours=3)


@pytest.fixture(scope="session")
def monitored(tmp_path_factory) -> Monitored:
    """Two runs: one over everything, one after the press published, edited and withdrew."""
    folder = tmp_path_factory.mktemp("monitored")
    shutil.copytree(PROJECT / "config", folder / "config", ignore=shutil.ignore_patterns("outlets"))
    with Newsroom() as press, pytest.MonkeyPatch.context() as patch:
        press.config(folder / "config")
        for name, value in press.environment().items():
            patch.setenv(name, value)
        patch.setenv("RASD_HOME", str(folder / "home"))
        patch.setenv("RASD_CONFIG", str(folder / "config"))
        patch.setenv("RASD_HOST_PAUSE_S", "0")
        patch.setenv("RASD_LOG_LEVEL", "error")
        with wiring.open_monitor(clock=Earlier()) as monitor:
            monitor.run()
        press.has_a_busy_hour()
        with wiring.open_monitor() as monitor:
            monitor.run()
        urls = {slug: press.url(slug) for slug, each in press.articles.items() if not each.held_back}
    return Monitored(folder / "home", folder / "config", urls)


@contextmanager
def opened_site(monitored, home: Path, **changes):
    """The pages over a copy of what the press left behind."""
    shutil.copytree(monitored.home, home, ignore=shutil.ignore_patterns("archive"))
    with open_desk(monitored.settings(home), on_loopback=True) as desk:
        made = Site(replace(desk, **changes))
        try:
            yield made
        finally:
            made.close()


def generous() -> Limits:
    """For tests that ask more than people do."""
    return Limits(
        requests=Allowance(per_minute=1e6),
        exports=Allowance(per_minute=1e6),
        strangers=Allowance(per_minute=1e6),
    )


class Site:
    """The pages over a desk, on a port of their own, and the people who come to them."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.app = make_app(desk)
        self._stack = ExitStack()
        self._server = uvicorn.Server(
            uvicorn.Config(self.app, host="127.0.0.1", port=0, log_level="critical", server_header=False)
        )
        self._thread = threading.Thread(target=self._server.run, daemon=True)
        self._thread.start()
        while not self._server.started:
            time.sleep(0.005)
        port = self._server.servers[0].sockets[0].getsockname()[1]
        self.address = f"http://127.0.0.1:{port}"

    def client(self, **options) -> httpx.Client:
        """A browser nobody has signed in with."""
        return self._stack.enter_context(
            httpx.Client(base_url=self.address, timeout=30, follow_redirects=False, **options)
        )

    def user(self, name: str, role: Role) -> User:
        return self.desk.ledger.add_user(
            name, password_hash=password_hash(), role=role, now=datetime.now(UTC)
        )

    def signed_in(self, user: User) -> httpx.Client:
        """A browser with a session."""
        client, token, now = self.client(), new_token(), self.desk.now()
        self.desk.ledger.begin_session(user.user_id, digest(token), now=now, expires_at=now + SESSION_LASTS)
        client.cookies.set(SESSION, token)
        return client

    def key(self, user: User, *scopes) -> dict[str, str]:
        """The header of a program with a key."""
        key = new_key()
        self.desk.ledger.add_key(
            user.user_id,
            name="test",
            key_hash=digest(key),
            beginning=key[:10],
            scopes=scopes,
            now=self.desk.now(),
        )
        return {"Authorization": f"Bearer {key}"}

    def close(self) -> None:
        self._stack.close()
        self._server.should_exit = True
        self._thread.join(10)


@pytest.fixture
def site(monitored, tmp_path):
    """The pages at somebody's own machine, without users."""
    with opened_site(monitored, tmp_path / "home") as opened:
        yield opened


@pytest.fixture
def browser(site):
    """Whoever sits at the machine."""
    return site.client()


def sealed(client: httpx.Client, page: str = "/") -> str:
    """The hidden field of the forms on a page."""
    html = client.get(page).text
    return html.split('name="sealed" value="', 1)[1].split('"', 1)[0]
