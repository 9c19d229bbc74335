"""
A Rasd of its own over the make-believe press, and a clock on which hours go by at once.
"""

from __future__ import annotations

import shutil
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pipeline import wiring
from pipeline.answers import SearchRequest
from pipeline.clock import SystemClock
from pipeline.settings import Settings
from tests.newsroom import Newsroom

#: After it every feed is due, whatever its rhythm.
LONG_ENOUGH = timedelta(hours=7)
CONFIG = Path(__file__).parent.parent / "config"


class ShiftedClock(SystemClock):
    """The machine's clock, some time ahead."""

    def __init__(self, ahead_s: float = 0.0) -> None:
        self._ahead = timedelta(seconds=ahead_s)

    def now(self) -> datetime:
        return datetime.now(UTC) + self._ahead

    def passes(self, span: timedelta) -> None:
        """Let time go by."""
        self._ahead += span


def settings_over(press: Newsroom, folder: Path, **changes: object) -> Settings:
    """Settings of a Rasd in `folder` over the press's outlets and the project's topics; not yet there."""
    if not (folder / "config").exists():
        shutil.copytree(CONFIG, folder / "config", ignore=shutil.ignore_patterns("outlets"))
        press.config(folder / "config")
    allowed = {name.removeprefix("RASD_").lower(): value for name, value in press.environment().items()}
    return Settings(
        **{
            "home": folder / "home",
            "config": folder / "config",
            "host_pause_s": 0.0,
            "log_level": "error",
            **allowed,
            **changes,
        }
    )


class Watch:
    """A press, and the monitor that watches it."""

    def __init__(self, press, monitor):
        self.press, self.monitor, self.ledger = press, monitor, monitor.ledger

    def runs(self, *, after=timedelta(0)):
        """One run of the five steps; requests before it are forgotten."""
        self.press.requests.clear()
        self.monitor.clock.passes(after)
        return self.monitor.run()

    def now(self):
        return self.monitor.clock.now()

    def story(self, slug):
        return self.ledger.story_of(self.press.url(slug))

    def outcomes(self):
        """How many entries there are of each outcome, or waiting for a stage."""
        total = Counter()
        for row in self.ledger.outcome_counts().values():
            total.update(row)
        return dict(total)

    def pages(self):
        """Slugs of the pages asked for, each as often as it was."""
        return Counter(
            request.slug for request in self.press.requests if not request.is_feed and request.slug
        )

    def finds(self, query, **wanted):
        """Ids found, in their order."""
        page = self.monitor.searchable.search(SearchRequest(query=query, limit=100, **wanted))
        return [hit.document_id for hit in page.hits]


def watching(press, folder, **changes):
    """A monitor over the press, in `folder`; young articles are not looked at again for their age."""
    settings = settings_over(press, folder, look_again_h=(), **changes)
    return wiring.open_monitor(settings, clock=ShiftedClock())
