"""
Real services for the tests: each module here finds one, starts it, and ends what it started.

A service that cannot be had on this machine is named once, at the end of the run, with how to get
it; under `CI=true` its tests fail instead of being skipped.
"""

from __future__ import annotations

import os
from typing import NoReturn

import pytest

#: What could not be had in this run: service → how to get it.
MISSING: dict[str, str] = {}


def in_ci() -> bool:
    return os.environ.get("CI", "").lower() in {"1", "true", "yes"}


def missing(service: str, how: str) -> NoReturn:
    """End the test that needs `service`: skipped on a laptop, failed in CI."""
    MISSING[service] = how
    message = f"{service} is not to be had here: {how}"
    if in_ci():
        pytest.fail(message, pytrace=False)
    pytest.skip(message)
