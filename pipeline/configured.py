"""
`config/` read beside what the ledger remembers of it, and the operator told of what is wrong there.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final, Protocol

import structlog

from pipeline import alerts, config, standing
from pipeline.standing import Standing

#: Under which names the ledger keeps what was last in force, and what the operator was told of.
_STANDING: Final = "standing"
_TOLD: Final = "wrong_files"

_log = structlog.get_logger(__name__)


class Memory(Protocol):
    """What this needs of the ledger."""

    def remember(self, name: str, value: str) -> None:
        """Keep a small thing under a name."""

    def remembered(self, name: str) -> str | None:
        """What was last kept under a name."""


def in_force(folder: Path, memory: Memory) -> tuple[Standing, tuple[str, ...]]:
    """What holds of `folder`, and a line for each mistake in it.

    Raises:
        ConfigError: a folder is missing, or what is wrong cannot be stood in for.
    """
    outlets, topics = config.read_outlets(folder), config.read_topics(folder)
    wrong = (*outlets.complaints, *topics.complaints)
    before = standing.remembered(memory.remembered(_STANDING), wrong)
    return standing.in_force(outlets, topics, before), wrong


def wrong_files(folder: Path) -> tuple[str, ...]:
    """A line for each mistake in `folder`."""
    return (*config.read_outlets(folder).complaints, *config.read_topics(folder).complaints)


def keep(memory: Memory, now: Standing) -> None:
    """Let `now` stand in for files that will be wrong."""
    text = standing.text_of(now)
    if text != memory.remembered(_STANDING):
        memory.remember(_STANDING, text)


def tell_of_wrong_files(memory: Memory, alert_url: str, wrong: tuple[str, ...]) -> None:
    """Log what is wrong at every run; send an alert when that has changed."""
    for line in wrong:
        _log.error("config_wrong", mistake=line, meanwhile="the file counts as it last was right")
    now, before = "\n".join(wrong), memory.remembered(_TOLD) or ""
    if now == before:
        return
    memory.remember(_TOLD, now)
    if wrong:
        alerts.send(alert_url, "config_wrong", now)
    else:
        alerts.send(alert_url, "config_right", "every file in config/ is right again")
