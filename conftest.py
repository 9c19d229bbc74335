"""Fixtures of every test, and the one line at the end about services that could not be had."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import Any

import hypothesis
import pytest

from tests.services import MISSING, in_ci

pytest_plugins = ["tests.services.chromium", "tests.services.elasticsearch", "tests.services.postgresql"]

# CI tries the same examples each time, a desk new ones. A machine busy with something else is not slow code.
hypothesis.settings.register_profile("rasd", deadline=None, derandomize=in_ci(), print_blob=True)
hypothesis.settings.load_profile("rasd")

#: Marks of files that take long, the longest first; "" stands for any other file.
_LONGEST = ("airflow", "slow", "")

#: Evaluation data beside the checkout; absent on a stranger's machine.
SHARED = Path(__file__).resolve().parent.parent / "shared"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of evaluation data, `../shared/data`."""
    if not (SHARED / "data").is_dir():
        pytest.skip("../shared/data is absent: tests over real feeds and pages did not run")
    return SHARED / "data"


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Workers that share the files begin with the long ones, so that none is left with one at the end."""
    if not hasattr(config, "workerinput"):
        return
    marks: defaultdict[Path, set[str]] = defaultdict(set)
    for item in items:
        marks[item.path].update(mark.name for mark in item.iter_markers())
    items.sort(key=lambda item: min(_LONGEST.index(mark) for mark in {*marks[item.path], ""} & {*_LONGEST}))


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A worker tells the one that prints."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["missing"] = dict(MISSING)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """What the worker could not have."""
    MISSING.update(node.workeroutput.get("missing", {}) if hasattr(node, "workeroutput") else {})


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for service, how in sorted(MISSING.items()):
        terminalreporter.write_line(f"did not run: tests that need {service}; to have it, {how}")
