"""Fixtures of every test, and the one line at the end about services that could not be had."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.services import MISSING

pytest_plugins = ["tests.services.chromium", "tests.services.elasticsearch", "tests.services.postgresql"]

#: Evaluation data beside the checkout; absent on a stranger's machine.
SHARED = Path(__file__).resolve().parent.parent / "shared"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of evaluation data, `../shared/data`."""
    if not (SHARED / "data").is_dir():
        pytest.skip("../shared/data is absent: tests over real feeds and pages did not run")
    return SHARED / "data"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for service, how in sorted(MISSING.items()):
        terminalreporter.write_line(f"did not run: tests that need {service}; to have it, {how}")
