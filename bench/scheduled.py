"""Runs of the real DAG under real Airflow over a generated press of forty outlets."""

from __future__ import annotations

import shutil
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.press import Press
from bench.table import Row
from pipeline import wiring
from pipeline.settings import Settings
from pipeline.supervise import supervised_airflow

PROJECT = Path(__file__).resolve().parent.parent

OUTLETS = 40
NEW_ARTICLES = 100
TIMEOUT_S = 300
#: Runs that find nothing: the first of them shows what a cold start costs.
QUIET_RUNS = 3


def measure(folder: Path) -> list[Row]:
    """Trigger `monitor_news` over known, then new, then again known feeds; the rows to print."""
    with Press(OUTLETS).open() as press:
        environment = _environment(press, folder)
        press.print(OUTLETS)
        with supervised_airflow(folder / "airflow", PROJECT / "dags", environment) as stack:
            stack.wait_until_healthy()
            first_s = _run(stack)
            quiet_s = [_due_and_run(stack, environment) for _ in range(QUIET_RUNS)]
            press.print(NEW_ARTICLES)
            busy_s = _due_and_run(stack, environment)
        found = _indexed(environment) - OUTLETS
    return [
        Row(f"first run: {OUTLETS} feeds never seen, {OUTLETS} articles", f"{first_s:.1f} s"),
        Row(
            f"run that finds nothing new, {OUTLETS} feeds asked",
            ", ".join(f"{seconds:.1f}" for seconds in quiet_s) + " s from start to green",
            "under 15 s",
        ),
        Row(f"run with {found} new articles", f"{busy_s:.1f} s from start to green", "under 45 s"),
    ]


def _environment(press: Press, folder: Path) -> dict[str, str]:
    config = folder / "config"
    shutil.copytree(PROJECT / "config", config, ignore=shutil.ignore_patterns("outlets"))
    press.write_config(config)
    return {
        "RASD_HOME": str(folder / "home"),
        "RASD_CONFIG": str(config),
        "RASD_HOST_PAUSE_S": "0",
        "RASD_ALLOW_NETWORKS": "127.0.0.0/8",
        "RASD_ALLOW_PORTS": str(press.port),
    }


def _due_and_run(stack: Any, environment: Mapping[str, str]) -> float:
    make_due(settings_of(environment))
    return _run(stack)


def make_due(settings: Settings) -> None:
    """Every feed's time has come, as if the minutes until its next poll had passed."""
    with wiring.opened_ledger(settings) as ledger:
        ledger.make_due(now=datetime.now(UTC))


def _run(stack: Any) -> float:
    started = time.monotonic()
    state = stack.wait(stack.trigger("monitor_news"), timeout_s=TIMEOUT_S)
    if state != "success":
        raise RuntimeError(f"the run ended as {state}")
    return time.monotonic() - started


def _indexed(environment: Mapping[str, str]) -> int:
    with wiring.opened_ledger(settings_of(environment)) as ledger:
        return sum(counts.get("indexed", 0) for counts in ledger.outcome_counts().values())


def settings_of(environment: Mapping[str, str]) -> Settings:
    """Settings that know where the environment's ledger lies."""
    return Settings(home=Path(environment["RASD_HOME"]), config=Path(environment["RASD_CONFIG"]))
