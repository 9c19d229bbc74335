"""The DAGs as Airflow sees them: what they import, how they are drawn, what holds for each task."""

from __future__ import annotations

import itertools
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.settings import Settings

DAGS = Path(__file__).resolve().parents[2] / "dags"

#: Slow to load, or ours: nothing a file that is parsed every half minute may pull in.
HEAVY = {
    "elasticsearch",
    "feedparser",
    "lxml",
    "pipeline",
    "psycopg",
    "py3langid",
    "readability",
    "trafilatura",
    "typer",
    "warcio",
}

#: Loads the DAGs in a process of its own and prints what it saw: Airflow warns, caches and configures
#: logging for a whole process, which would leak into the other tests.
LOOK = """
import json, sys
from pathlib import Path

before = set(sys.modules)
from airflow.dag_processing.dagbag import BundleDagBag

loaded_by_airflow = set(sys.modules)
folder = Path(sys.argv[1])
bag = BundleDagBag(dag_folder=str(folder), bundle_path=folder, bundle_name="dags-folder")


def seen(dag):
    return {
        "schedule": dag.schedule,
        "catchup": dag.catchup,
        "max_active_runs": dag.max_active_runs,
        "paused": dag.is_paused_upon_creation,
        "tags": sorted(dag.tags),
        "doc": dag.doc_md or "",
        "timeout_s": dag.dagrun_timeout.total_seconds() if dag.dagrun_timeout else None,
        "params": dag.params.dump(),
        "tasks": {task.task_id: of_task(task) for task in dag.tasks},
    }


def of_task(task):
    mapped = task.is_mapped
    return {
        "mapped": list(task.op_kwargs_expand_input.value["worker"]) if mapped else None,
        "downstream": sorted(task.downstream_task_ids),
        "owner": task.owner,
        "retries": task.retries,
        "multiplier": task.retry_exponential_backoff,
        "longest_delay_s": task.max_retry_delay.total_seconds(),
        "timeout_s": task.execution_timeout.total_seconds(),
        "rule": str(getattr(task.trigger_rule, "value", task.trigger_rule)),
        "tells": bool(task.on_failure_callback),
    }


print("SEEN" + json.dumps({
    "errors": bag.import_errors,
    "files": len(bag.file_last_changed),
    "dags": {name: seen(dag) for name, dag in bag.dags.items()},
    "modules": sorted({name.split(".")[0] for name in set(sys.modules) - loaded_by_airflow}),
}))
"""


def look(home: Path, **variables: str) -> dict:
    """What Airflow sees in `dags/` under this environment."""
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("RASD_", "AIRFLOW"))
    }
    environment |= {"AIRFLOW_HOME": str(home), "AIRFLOW__CORE__LOAD_EXAMPLES": "False", **variables}
    done = subprocess.run(
        [sys.executable, "-c", LOOK, str(DAGS)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
        cwd=home,
    )
    lines = [line for line in done.stdout.splitlines() if line.startswith("SEEN")]
    assert lines, done.stderr[-2000:]
    return json.loads(lines[0].removeprefix("SEEN"))


@pytest.fixture(scope="module")
def seen(tmp_path_factory):
    return look(tmp_path_factory.mktemp("airflow"))


@pytest.fixture(scope="module")
def tasks(seen):
    """Every task of every DAG, by `dag.task`."""
    return {
        f"{dag_id}.{task_id}": task
        for dag_id, dag in seen["dags"].items()
        for task_id, task in dag["tasks"].items()
    }


def test_every_dag_loads(seen):
    """
    No errors; each DAG is called what its file is called, and what they share is in rasd_… files.
    """
    assert {} == seen["errors"]
    assert {path.stem for path in DAGS.glob("*.py") if not path.stem.startswith("rasd_")} == set(seen["dags"])


def test_parsing_imports_nothing_heavy(seen):
    """
    The files are parsed over and over, so what a task needs is imported when it runs.
    """
    assert set() == HEAVY & set(seen["modules"])


@pytest.mark.parametrize("dag_id", ["monitor_news", "reprocess", "housekeeping"])
class TestEveryDag:
    def test_does_not_make_up_for_the_past(self, seen, dag_id):
        """
        The ledger knows what is due; a missed hour needs no run of its own.
        """
        assert seen["dags"][dag_id]["catchup"] is False

    def test_runs_once_at_a_time(self, seen, dag_id):
        """
        A run that is late is not overtaken by the next.
        """
        assert 1 == seen["dags"][dag_id]["max_active_runs"]

    def test_runs_without_being_switched_on(self, seen, dag_id):
        """
        Nobody has to find a toggle before the news is watched.
        """
        assert seen["dags"][dag_id]["paused"] is False

    def test_is_tagged(self, seen, dag_id):
        """
        One click shows ours among others on the same Airflow.
        """
        assert ["rasd"] == seen["dags"][dag_id]["tags"]

    def test_its_docstring_is_its_runbook(self, seen, dag_id):
        """
        Whoever is called at night reads what to do where the red task is.
        """
        doc = seen["dags"][dag_id]["doc"]

        assert doc.lstrip().startswith("# ")
        assert "## When a task is red" in doc


def test_every_task_has_an_owner_tries_again_and_ends(tasks):
    """
    A short trouble is sat out with growing pauses, a hang is ended, and a failure for good is told.
    """
    assert {"rasd"} == {task["owner"] for task in tasks.values()}
    assert {2} == {task["retries"] for task in tasks.values()}
    assert {2.0} == {task["multiplier"] for task in tasks.values()}
    assert all(0 < task["longest_delay_s"] <= 600 for task in tasks.values())
    assert all(task["timeout_s"] for task in tasks.values())
    assert all(task["tells"] for task in tasks.values())


def test_monitor_news_is_drawn_as_the_pipeline(seen):
    """
    Five steps in their order, each watched by one task that is red when any of them is.
    """
    steps = ["poll", "fetch", "extract", "detect", "index"]

    drawn = {task_id: task["downstream"] for task_id, task in seen["dags"]["monitor_news"]["tasks"].items()}

    assert {
        **{step: sorted(["all_green", after]) for step, after in itertools.pairwise(steps)},
        "index": ["all_green"],
        "all_green": [],
    } == drawn


def test_monitor_news_maps_its_wide_steps_over_workers(seen):
    """
    Poll, fetch and extract are as wide as RASD_WORKERS says by default; nothing maps over articles.
    """
    default = Settings.model_fields["workers"].default

    mapped = {task_id: task["mapped"] for task_id, task in seen["dags"]["monitor_news"]["tasks"].items()}

    wide = list(range(default))
    assert {"poll": wide, "fetch": wide, "extract": wide} == {k: v for k, v in mapped.items() if v}


def test_one_dead_worker_stops_nobody(seen):
    """
    A step starts when at least one worker before it came through; the run is red all the same.
    """
    rules = {task_id: task["rule"] for task_id, task in seen["dags"]["monitor_news"]["tasks"].items()}

    assert {"all_done_min_one_success"} == {rules[step] for step in ("fetch", "extract", "detect", "index")}
    assert "all_success" == rules["all_green"]


def test_monitor_news_runs_every_ten_minutes_and_gives_up_a_run_that_hangs(seen):
    """
    With one run at a time, a run without end would end the watching.
    """
    dag = seen["dags"]["monitor_news"]

    assert "*/10 * * * *" == dag["schedule"]
    assert 7200 == dag["timeout_s"]


def test_reprocess_waits_to_be_asked(seen):
    """
    It has no schedule, begins at a stage of one's choice, and may be narrowed down.
    """
    dag = seen["dags"]["reprocess"]

    assert dag["schedule"] is None
    assert {"stage": "detect", "since": None, "until": None, "outlet": None, "topic": None} == dag["params"]
    assert ["all_green", "extract"] == dag["tasks"]["mark"]["downstream"]


def test_housekeeping_expires_before_it_tidies(seen):
    """
    What retention frees is given back the same night; the feeds are looked at on their own.
    """
    drawn = {task_id: task["downstream"] for task_id, task in seen["dags"]["housekeeping"]["tasks"].items()}

    assert {"expire": ["optimize"], "optimize": [], "check_feeds": []} == drawn


def test_the_environment_sets_width_and_patience(tmp_path):
    """
    RASD_WORKERS is the number of mapped workers; poll and fetch outlast RASD_FETCH_BUDGET_S.
    """
    seen = look(tmp_path, RASD_WORKERS="3", RASD_FETCH_BUDGET_S="3600")

    poll = seen["dags"]["monitor_news"]["tasks"]["poll"]
    assert [0, 1, 2] == poll["mapped"]
    assert poll["timeout_s"] > 3600


def test_a_wrong_environment_is_named(tmp_path):
    """
    Airflow shows the variable and what would be right, instead of drawing nothing.
    """
    seen = look(tmp_path, RASD_WORKERS="many", RASD_FETCH_BUDGET_S="a while")

    told = "".join(seen["errors"].values())
    assert "RASD_WORKERS: 'many' is not a whole number from 1 to 64" in told
    assert "RASD_FETCH_BUDGET_S: 'a while' is not a number of seconds" in told
