"""
What holds for every DAG here: who answers for a task, how often it is tried again, who is told.

Parsed over and over by Airflow, so nothing of `pipeline` is imported before a task runs or fails.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from typing import Any

#: Airflow wants a day to count from; with `catchup=False` it has no other meaning.
START = datetime(2026, 1, 1, tzinfo=UTC)

#: A step that has drained the ledger ends by itself long before; one that hangs must not stop the rest.
STEP_TIMEOUT = timedelta(minutes=20)
#: What poll and fetch may take beyond their budget: opening the stores, and requests already under way.
BEYOND_BUDGET = timedelta(minutes=10)


def tell_of_failure(context: dict[str, Any]) -> None:
    """POST to `RASD_ALERT_URL` that a task failed and will not be tried again."""
    from pipeline import wiring

    task = context["ti"]
    instance = f"[{task.map_index}]" if task.map_index >= 0 else ""
    reason = str(context.get("exception") or "its process ended without a word")[:500]
    wiring.alert("task_failed", f"{task.dag_id}.{task.task_id}{instance} in run {task.run_id}: {reason}")


def tell_of_overdue_run(context: dict[str, Any]) -> None:
    """POST to `RASD_ALERT_URL` that a run was given up; failed tasks have told of themselves."""
    if context.get("reason") != "timed_out":
        return
    from pipeline import wiring

    wiring.alert("run_overdue", f"{context['dag'].dag_id}: run {context['run_id']} took too long, given up")


#: `default_args` of every DAG. Tries: at once, after half a minute, after another minute.
DUTY: dict[str, Any] = {
    "owner": "rasd",
    "retries": 2,
    "retry_delay": timedelta(seconds=30),
    "retry_exponential_backoff": 2.0,  # a multiplier since Airflow 3
    "max_retry_delay": timedelta(minutes=5),
    "execution_timeout": STEP_TIMEOUT,
    "on_failure_callback": tell_of_failure,
}


def workers() -> list[int]:
    """The numbers of the mapped workers, as many as `RASD_WORKERS` says.

    The environment is read while parsing because the width belongs to the drawing: Airflow has to
    know it before any task runs. A variable of the environment costs nothing (an Airflow Variable
    would be a request each time) and is the same for every component.

    Raises:
        ValueError: it is not a whole number from 1 to 64.
    """
    given = os.environ.get("RASD_WORKERS") or "2"
    if not given.isdecimal() or not 1 <= int(given) <= 64:
        message = f"RASD_WORKERS: {given!r} is not a whole number from 1 to 64"
        raise ValueError(message)
    return list(range(int(given)))


def collecting_timeout() -> timedelta:
    """How long poll and fetch may run: `RASD_FETCH_BUDGET_S` and something beyond.

    Raises:
        ValueError: it is not a number of seconds.
    """
    given = os.environ.get("RASD_FETCH_BUDGET_S") or "240"
    try:
        return timedelta(seconds=float(given)) + BEYOND_BUDGET
    except (ValueError, OverflowError) as error:
        message = f"RASD_FETCH_BUDGET_S: {given!r} is not a number of seconds"
        raise ValueError(message) from error
