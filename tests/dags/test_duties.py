"""
The three DAGs as they stand in dags/, run by Airflow's scheduler over the make-believe press.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from pipeline import wiring
from pipeline.records import Outcome
from pipeline.supervise.stack import supervised_airflow
from tests.newsroom import Newsroom
from tests.watching import settings_over

pytestmark = [pytest.mark.airflow, pytest.mark.slow, pytest.mark.timeout(400)]

DAGS = Path(__file__).parent.parent.parent / "dags"
RUN_TIMEOUT_S = 240
OUTLET = "the-dunes"
#: Articles of the press are up to two days old.
KEEP_DAYS = 1


@pytest.fixture(scope="module")
def settings(tmp_path_factory):
    """Settings over a press that is on the air."""
    with Newsroom() as press:
        folder = tmp_path_factory.mktemp("duties")
        yield settings_over(press, folder), press.environment()


@pytest.fixture(scope="module")
def stack(settings):
    found, allowed = settings
    environment = {
        "RASD_HOME": str(found.home),
        "RASD_CONFIG": str(found.config),
        "RASD_HOST_PAUSE_S": "0",
        "RASD_KEEP_DAYS": str(KEEP_DAYS),
        **allowed,
    }
    with supervised_airflow(found.home / "airflow", DAGS, environment) as running:
        running.wait_until_healthy()
        yield running


@pytest.fixture(scope="module")
def monitored(stack, settings):
    """`monitor_news` ran once; every other test begins after it. Its state, tasks and results."""
    run = stack.trigger("monitor_news")
    return stack.wait(run, timeout_s=RUN_TIMEOUT_S), stack.task_states(run), stack.task_results(run)


def outcomes(settings):
    counts = Counter()
    with wiring.opened_ledger(settings[0]) as ledger:
        for row in ledger.outcome_counts().values():
            counts.update(row)
    return counts


def versions(settings):
    """What the index is to hold: outlet → id → version."""
    found = {}
    with wiring.opened_ledger(settings[0]) as ledger:
        for document in ledger.documents_after("", limit=1_000):
            article = document.detected.article
            found.setdefault(article.outlet_id, {})[article.article_id] = document.document_version
    return found


def searchable(settings):
    with wiring.opened_index(settings[0]) as index:
        return sorted(index.ids())


def ids_of(found):
    return sorted(article_id for own in found.values() for article_id in own)


def test_monitor_news_brings_the_press_to_the_index(monitored, settings):
    """
    Every task is green, every entry has its outcome, and what is indexed can be found.
    """
    state, tasks, _ = monitored
    counts = outcomes(settings)

    assert ("success", {"success"}) == (state, set(tasks.values())), tasks
    assert set(counts) <= set(Outcome)
    assert counts[Outcome.INDEXED] == len(searchable(settings)) > 40
    assert ids_of(versions(settings)) == searchable(settings)


def test_reprocess_does_again_what_it_was_asked_to(monitored, stack, settings):
    """
    One outlet's articles are read from the archive, or sent to the index again, and no other's.
    """
    before = versions(settings)
    own = before.pop(OUTLET)

    read = stack.trigger("reprocess", {"stage": "extract", "outlet": OUTLET})
    assert "success" == stack.wait(read, timeout_s=RUN_TIMEOUT_S), stack.task_states(read)
    sent = stack.trigger("reprocess", {"stage": "index", "outlet": OUTLET})
    assert "success" == stack.wait(sent, timeout_s=RUN_TIMEOUT_S), stack.task_states(sent)

    results = stack.task_results(read)
    extracted = Counter()
    for name, counts in results.items():
        if name.startswith("extract"):
            extracted.update(counts)
    assert results["mark"] == sum(extracted.values()) >= len(own)
    assert len(own) == stack.task_results(sent)["mark"] == stack.task_results(sent)["index"]["indexed"]
    after = versions(settings)
    assert {article_id: version + 1 for article_id, version in own.items()} == after.pop(OUTLET)
    assert before == after


def test_housekeeping_drops_what_is_past_its_time(monitored, stack, settings):
    """
    Articles and responses beyond their days go from ledger, archive and index; the rest stays. (Last here.)
    """
    before = ids_of(versions(settings))
    stale = settings[0].archive_folder / "20200101-elsewhere-1-1.warc.gz"
    stale.write_bytes(b"")

    run = stack.trigger("housekeeping")
    state = stack.wait(run, timeout_s=RUN_TIMEOUT_S)

    assert ("success", {"success"}) == (state, set(stack.task_states(run).values()))
    gone = stack.task_results(run)["expire"]
    assert (1, False) == (gone["responses_files"], stale.exists())
    assert 0 < gone["articles"] < len(before)
    assert len(before) - gone["articles"] == len(searchable(settings))
    assert ids_of(versions(settings)) == searchable(settings)
