"""
Kill -9 at any moment, then a run past the lease: no entry lost, none indexed twice.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from contextlib import nullcontext
from functools import partial

import pytest

from pipeline import wiring
from pipeline.monitor import STEPS
from pipeline.work import LEASE_S
from tests.extract.drain import Reader
from tests.killing.child import Moment
from tests.newsroom import Newsroom
from tests.watching import ShiftedClock, settings_over

pytestmark = pytest.mark.slow

PAST_THE_LEASE_S = 2 * LEASE_S
#: Of the press: enough for a second chunk in every step.
OUTLETS = {"casbah-post", "nile-lantern", "the-dunes"}
#: Of the topics: each process that starts has to read them.
TOPICS = {"sudan_war"}

MOMENTS = [
    ("poll", Moment("ledger", "claim_host", "after")),
    ("poll", Moment("ledger", "settle_poll", "before", nth=2)),
    ("poll", Moment("ledger", "settle_poll", "after", nth=2)),
    ("fetch", Moment("ledger", "claim_pages", "after", nth=2)),
    ("fetch", Moment("archive", "write", "after", nth=5)),
    ("fetch", Moment("ledger", "settle_page", "before", nth=9)),
    ("fetch", Moment("ledger", "settle_page", "after", nth=9)),
    ("extract", Moment("ledger", "claim_extractions", "after", nth=2)),
    ("extract", Moment("archive", "read_body", "after", nth=7)),
    ("extract", Moment("ledger", "settle_extractions", "before", nth=2)),
    ("extract", Moment("ledger", "settle_extractions", "after", nth=2)),
    ("detect", Moment("ledger", "claim_detections", "after", nth=2)),
    ("detect", Moment("ledger", "settle_detections", "before")),
    ("detect", Moment("ledger", "settle_detections", "after")),
    ("index", Moment("ledger", "claim_documents", "after")),
    ("index", Moment("searchable", "add", "before")),
    ("index", Moment("searchable", "add", "after")),
    ("index", Moment("ledger", "settle_documents", "after")),
]


@pytest.fixture(scope="module")
def press():
    with Newsroom() as newsroom:
        yield newsroom


def settings_in(press, folder):
    """Settings of a Rasd in `folder` over some of the press and of the topics."""
    settings = settings_over(press, folder)
    for file in [*(settings.config / "outlets").iterdir(), *(settings.config / "topics").iterdir()]:
        if file.stem not in OUTLETS | TOPICS:
            file.unlink()
    return settings


@pytest.fixture(scope="module")
def before(press, tmp_path_factory):
    """A Rasd nobody disturbed: copies of its home as it was before each step, and after the last."""
    folder = tmp_path_factory.mktemp("undisturbed")
    settings = settings_in(press, folder)
    settings.home.mkdir()
    for step in STEPS:
        shutil.copytree(settings.home, folder / step)
        run_here(settings, steps=[step])
    return folder


@pytest.fixture(scope="module")
def undisturbed(press, before):
    """What comes of the press when nothing is killed."""
    return outcomes(settings_in(press, before))


@pytest.fixture
def settings(press, tmp_path, monkeypatch):
    """Settings of a Rasd of its own over the press, in the environment as well."""
    found = settings_in(press, tmp_path)
    environment = {
        "RASD_HOME": str(found.home),
        "RASD_CONFIG": str(found.config),
        "RASD_HOST_PAUSE_S": "0",
        "RASD_LOG_LEVEL": "error",
        **press.environment(),
    }
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return found


def run_child(*, steps, moment=None, ahead_s=0.0):
    """Run steps in a process of their own; its return code."""
    order = {"steps": list(steps), "ahead_s": ahead_s}
    if moment:
        order["moment"] = {name: getattr(moment, name) for name in Moment.__dataclass_fields__}
    command = [sys.executable, "-m", "tests.killing.child", json.dumps(order)]
    return subprocess.run(command, env=os.environ, check=False, timeout=100).returncode


def run_here(settings, *, steps=STEPS, ahead_s=0.0):
    """Run steps in this process, which reads pages itself: nothing kills it."""
    with wiring.open_monitor(settings, clock=ShiftedClock(ahead_s)) as monitor:
        monitor.open_extractor = partial(nullcontext, Reader())
        for step in steps:
            monitor.step(step)


def outcomes(settings):
    """Counts by outlet and outcome, and the ids the index holds."""
    with wiring.opened_ledger(settings) as ledger, wiring.opened_index(settings) as index:
        return ledger.outcome_counts(), sorted(index.ids())


@pytest.mark.parametrize(("step", "moment"), MOMENTS, ids=lambda value: getattr(value, "method", value))
def test_a_killed_step_loses_nothing_and_does_nothing_twice(settings, before, undisturbed, step, moment):
    """
    Whatever moment a step is killed at, the next run past the lease ends where an undisturbed one does.
    """
    shutil.copytree(before / step, settings.home)

    killed = run_child(steps=[step], moment=moment)
    run_here(settings, ahead_s=PAST_THE_LEASE_S)

    assert -signal.SIGKILL == killed
    assert undisturbed == outcomes(settings)


def test_an_entry_that_kills_its_step_every_time_fails_alone(settings, before, undisturbed):
    """
    After three deaths the poisoned entry is `failed`, and its neighbours are indexed.
    """
    shutil.copytree(before / "extract", settings.home)
    with wiring.opened_ledger(settings) as ledger:
        stories = {entry: ledger.story_of(entry) for entry in undisturbed[1]}
        # Of an outlet that repeats nothing: the copy of an article that fails is rightly indexed.
        poisoned = min(entry for entry, story in stories.items() if "nile-lantern" == story.outlet_id)
        page = stories[poisoned].page

    poison = Moment("archive", "read_body", "before", needle=repr(page))
    codes = [
        run_child(steps=["extract"], moment=poison, ahead_s=turn * PAST_THE_LEASE_S) for turn in range(4)
    ]
    run_here(settings, ahead_s=5 * PAST_THE_LEASE_S)

    assert [-signal.SIGKILL] * 3 + [0] == codes
    with wiring.opened_ledger(settings) as ledger:
        assert "failed" == ledger.story_of(poisoned).outcome
    assert sorted(set(undisturbed[1]) - {poisoned}) == outcomes(settings)[1]
