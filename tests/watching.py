"""
A Rasd of its own over the make-believe press, and a clock on which hours go by at once.
"""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pipeline.clock import SystemClock
from pipeline.settings import Settings
from tests.newsroom import Newsroom

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
