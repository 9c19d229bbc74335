"""
The steps as tasks: `monitor_news` draws all five, `reprocess` the last three.

Parsed as often as the DAGs are, so nothing of `pipeline` is imported before a task runs.
"""

from __future__ import annotations

from typing import Any

from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import chain, task

#: A step goes on with what is there: one worker of the step before has to have succeeded, not all.
SOME_CAME_THROUGH = "all_done_min_one_success"


@task
def poll(worker: int) -> dict[str, int]:
    """Ask every feed that is due what is new."""
    from pipeline import wiring

    with wiring.open_monitor(worker=str(worker)) as monitor:
        return monitor.poll()


@task(trigger_rule=SOME_CAME_THROUGH)
def fetch(worker: int) -> dict[str, int]:
    """Fetch the pages of new and changed entries."""
    from pipeline import wiring

    with wiring.open_monitor(worker=str(worker)) as monitor:
        return monitor.fetch()


@task(trigger_rule=SOME_CAME_THROUGH)
def extract(worker: int) -> dict[str, int]:
    """Read the articles on the pages in the archive."""
    from pipeline import wiring

    with wiring.open_monitor(worker=str(worker)) as monitor:
        return monitor.extract()


@task(trigger_rule=SOME_CAME_THROUGH)
def detect() -> dict[str, int]:
    """Hold articles against the topics."""
    from pipeline import wiring

    with wiring.open_monitor() as monitor:
        return monitor.detect()


@task(trigger_rule=SOME_CAME_THROUGH)
def index() -> dict[str, int]:
    """Send what changed to the index."""
    from pipeline import wiring

    with wiring.open_monitor() as monitor:
        return monitor.index()


def in_this_order(*steps: Any) -> None:
    """One after the other; `all_green` does nothing, and is red when any of them was."""
    chain(*steps)
    list(steps) >> EmptyOperator(task_id="all_green")
