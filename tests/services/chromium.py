"""
A real Chromium, the system's: found or installed, driven by Playwright, one for each module of tests.

It speaks to nobody but the pages under test: what a browser does in the background is switched off,
and every request that is not for loopback is refused. It ends with its module, since while Playwright runs,
nothing else in this thread can run an event loop.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Playwright, Route, sync_playwright
from playwright.sync_api import Error as PlaywrightError

from tests.services import missing

HOW = "install the system's Chromium (Debian: apt-get install chromium)"
NAMES = ("chromium", "chromium-browser", "google-chrome")
_QUIET = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-domain-reliability",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--metrics-recording-only",
    "--no-first-run",
    "--no-pings",
)
#: Where screenshots are kept, to be looked at.
SHOTS = Path(__file__).resolve().parents[2] / "var" / "screenshots"


def find_chromium() -> str | None:
    """The program; installed by the system's packages where we may."""
    return _installed() or _install()


def _installed() -> str | None:
    return next((found for name in NAMES if (found := shutil.which(name))), None)


def _install() -> str | None:
    if os.geteuid() == 0 and shutil.which("apt-get"):
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for arguments in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", "chromium"]):
            subprocess.run(["apt-get", *arguments], env=quiet, capture_output=True, check=False)
    return _installed()


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="module")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    """The browser."""
    program = find_chromium()
    if program is None:
        missing("chromium", HOW)
    try:
        browser = playwright.chromium.launch(
            executable_path=program, chromium_sandbox=os.geteuid() != 0, args=list(_QUIET)
        )
    except PlaywrightError as error:
        missing("chromium", f"{HOW} ({str(error).splitlines()[0]})")
    yield browser
    browser.close()


def only_loopback(route: Route) -> None:
    """Nothing a page asks for may come from elsewhere."""
    if route.request.url.startswith("http://127.0.0.1:"):
        route.continue_()
    else:
        route.abort()


def keep_shot(page: Page, name: str) -> None:
    """A screenshot to look at."""
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SHOTS / f"{name}.png")
