"""
The ledger at a glance.
"""

from __future__ import annotations

from pipeline.ledger.schema import SCHEMA_VERSION
from pipeline.records import DateEvidence, Stage
from tests.ledger.desk import DAY, HOUR, LATER, MINUTE, NOON, WEEKLY, article, entry, key


def test_empty_ledger_is_all_noughts(desk):
    """
    Nothing is there, nothing waits, nothing is wrong.
    """
    status = desk.ledger.status(NOON)

    assert (0, 0, 0, 0, None) == (
        status.entries,
        status.articles,
        status.stuck,
        status.given_up,
        status.newest_article_at,
    )
    assert SCHEMA_VERSION == status.schema_version
    assert dict.fromkeys(Stage, 0) == status.pending
    assert status.size_bytes > 0
    assert {} == status.last_runs


def test_what_waits_is_counted_by_stage(desk):
    """
    Entries and articles, each in the stage it waits for.
    """
    desk.publish("done")
    desk.list(entry("read"), now=NOON)
    desk.fetch()
    desk.read(article("read"))
    desk.list(entry("dam"), entry("oil"))

    assert {Stage.FETCH: 2, Stage.EXTRACT: 0, Stage.DETECT: 1, Stage.INDEX: 0} == desk.ledger.status(
        NOON
    ).pending


def test_newest_article_is_a_searchable_one_of_the_past(desk):
    """
    Neither one that waits, nor one dated tomorrow by mistake.
    """
    for name, age in (("dam", HOUR), ("oil", 2 * HOUR), ("event", -5 * HOUR)):
        desk.publish(name, date=DateEvidence(published_at=NOON - age, source="feed"))
    desk.list(entry("waits"))

    assert NOON - HOUR == desk.ledger.status(NOON).newest_article_at


def test_stuck_is_what_a_dead_worker_held_or_what_waits_too_long(desk):
    """
    A lease that ran out, or a day without anybody's hand; a retry is neither before its time.
    """
    desk.list(entry("dam"), entry("retry"))
    desk.list(entry("oil", WEEKLY), feed=WEEKLY)
    desk.pages()
    desk.got("retry", next_stage=Stage.FETCH, page=None, retry_at=NOON + 2 * DAY)
    desk.got("oil")

    fresh, dead, late = (desk.ledger.status(at) for at in (NOON + MINUTE, LATER, NOON + 25 * HOUR))

    assert 0 == fresh.stuck
    assert (key("dam"),) == dead.stuck_examples
    assert {key("dam"), key("oil")} == set(late.stuck_examples)


def test_outlet_is_silent_when_nothing_new_came(desk):
    """
    Two days without an entry, from the day it was configured.
    """
    desk.list(entry("dam"))

    young = desk.ledger.status(NOON + DAY).silent_outlets
    quiet = desk.ledger.status(NOON + 3 * DAY).silent_outlets
    desk.list(entry("oil"), now=NOON + 3 * DAY)

    assert () == young
    assert ("daily", "weekly") == quiet
    assert ("weekly",) == desk.ledger.status(NOON + 3 * DAY).silent_outlets


def test_last_run_of_each_step_is_the_one_that_ended_last(desk):
    """
    With its worker and its counts.
    """
    for step, minute in (("poll", 1), ("poll", 3), ("index", 2)):
        desk.ledger.record_run(
            step,
            worker=str(minute),
            started_at=NOON,
            ended_at=NOON + minute * MINUTE,
            counts={"new": minute},
        )

    runs = desk.ledger.status(NOON + HOUR).last_runs

    assert {"poll": {"new": 3}, "index": {"new": 2}} == {step: run.counts for step, run in runs.items()}
    assert "3" == runs["poll"].worker
