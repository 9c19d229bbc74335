"""
Leases and deaths: what holds for every claim, of entries and of articles.
"""

from __future__ import annotations

import threading

import pytest

from pipeline.ledger.ledger import open_ledger
from pipeline.records import Outcome, Stage
from pipeline.work import CHUNK, MAX_DEATHS
from tests.ledger.desk import HOUR, LATER, MINUTE, NOON, Desk, article, entry, key

#: How long after noon the nth lease in a row has run out.
LEASE = LATER - NOON


def claimed(desk, stage, *, now=NOON, limit=CHUNK):
    """Ids of what a worker of this stage is given."""
    if stage is Stage.FETCH:
        return [page.entry_id for page in desk.pages(now=now, limit=limit)]
    if stage is Stage.EXTRACT:
        return [pending.entry.entry_id for pending in desk.extractions(now=now, limit=limit)]
    if stage is Stage.DETECT:
        return [one.article_id for one in desk.detections(now=now, limit=limit)]
    return [document.document_id for document in desk.documents(now=now, limit=limit)]


def waiting_for(desk, stage, *names):
    """Entries brought to the door of a stage."""
    desk.list(*(entry(name) for name in names))
    if stage is Stage.FETCH:
        return
    desk.fetch()
    if stage is Stage.EXTRACT:
        return
    desk.read(*(article(name) for name in names))
    if stage is Stage.INDEX:
        desk.detect()


@pytest.fixture(params=list(Stage))
def stage(request):
    return request.param


def test_what_a_dead_worker_held_is_given_alone(desk, stage):
    """
    After its lease has run out each entry comes by itself, so that one cannot take the others along.
    """
    waiting_for(desk, stage, "dam", "oil", "sea")

    first = claimed(desk, stage)
    held = claimed(desk, stage, now=NOON + MINUTE)
    alone = [claimed(desk, stage, now=LATER) for _ in range(4)]

    assert {key("dam"), key("oil"), key("sea")} == set(first)
    assert [] == held
    assert [1, 1, 1, 0] == [len(found) for found in alone]
    assert set(first) == {found for (found,) in alone[:3]}


def test_third_death_ends_an_entry_as_failed(desk, stage):
    """
    Whoever kills its worker every time is given up, with the step in its reason; neighbours go on.
    """
    waiting_for(desk, stage, "dam")

    given = [claimed(desk, stage, now=NOON + turn * LEASE) for turn in range(MAX_DEATHS + 1)]

    assert [1] * MAX_DEATHS + [0] == [len(found) for found in given]
    story = desk.story("dam")
    assert (Outcome.FAILED, None, f"died 3 times in {stage}") == (story.outcome, story.stage, story.reason)
    assert 1 == desk.ledger.status(LATER).given_up
    assert {"daily": {"failed": 1}} == desk.ledger.outcome_counts()


def test_renewed_lease_is_no_death(desk, stage):
    """
    While its worker renews, an entry is given to nobody else.
    """
    waiting_for(desk, stage, "dam")
    claimed(desk, stage)

    desk.ledger.renew([key("dam")], now=NOON + 4 * MINUTE)

    assert [] == claimed(desk, stage, now=LATER)
    assert 1 == len(claimed(desk, stage, now=NOON + 10 * MINUTE))


def test_given_up_entry_can_be_done_again(desk, stage):
    """
    `redo` gives it its three lives back.
    """
    waiting_for(desk, stage, "dam")
    for turn in range(MAX_DEATHS + 1):
        claimed(desk, stage, now=NOON + turn * LEASE)

    count = desk.ledger.redo(stage, only_failed=True, now=NOON + HOUR)

    assert 1 == count
    assert [key("dam")] == claimed(desk, stage, now=NOON + HOUR)
    assert 0 == desk.ledger.status(NOON + HOUR).given_up


def test_death_after_an_article_was_searchable_leaves_it_so(desk):
    """
    A second look that dies three times costs the article nothing.
    """
    desk.publish("dam")
    desk.list(entry("dam", content_hash="edited"), now=NOON + HOUR)

    for turn in range(MAX_DEATHS + 1):
        claimed(desk, Stage.FETCH, now=NOON + HOUR + turn * LEASE)

    assert (Outcome.INDEXED, None) == desk.state("dam")


def test_workers_side_by_side_never_take_the_same(ledger_url, desk, stage):
    """
    Four workers drain one step at the same time; every entry is taken exactly once.
    """
    names = [f"n{number}" for number in range(90)]
    waiting_for(desk, stage, *names)
    taken, barrier = [], threading.Barrier(4)

    def drain(worker):
        with open_ledger(ledger_url) as own:
            mine = Desk(own, worker=worker)
            barrier.wait(timeout=30)
            idle = 0
            while idle < 3:  # a host held by another is no end of the work
                found = claimed(mine, stage, limit=7)
                idle = 0 if found else idle + 1
                taken.extend(found)

    threads = [threading.Thread(target=drain, args=(f"w{number}",)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    while rest := claimed(desk, stage):
        taken.extend(rest)

    assert sorted(key(name) for name in names) == sorted(taken)
