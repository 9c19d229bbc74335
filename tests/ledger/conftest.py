"""
A ledger on each engine, and a desk that drives it as the five steps would.
"""

from __future__ import annotations

import pytest

from pipeline.ledger.ledger import open_ledger
from tests.ledger.desk import Desk

ENGINES = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]


@pytest.fixture(params=ENGINES)
def ledger_url(request, tmp_path):
    """The address of an empty ledger with its schema."""
    if request.param == "postgresql":
        return request.getfixturevalue("postgresql_url")
    return f"sqlite:///{tmp_path}/ledger.sqlite"


@pytest.fixture(params=ENGINES)
def empty_url(request, tmp_path):
    """The address of a database with nothing in it."""
    if request.param == "postgresql":
        return request.getfixturevalue("empty_postgresql_url")
    return f"sqlite:///{tmp_path}/ledger.sqlite"


@pytest.fixture
def ledger(ledger_url):
    with open_ledger(ledger_url) as opened:
        yield opened


@pytest.fixture
def desk(ledger):
    return Desk(ledger)
