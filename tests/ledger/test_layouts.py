"""What was learnt of outlets' pages, as the ledger keeps it."""

from __future__ import annotations

from dataclasses import replace

from pipeline.records import Outcome, Stage
from pipeline.templates import OutletTemplate, Trust
from tests.ledger.desk import HOUR, NOON, article, key

LEARNT = OutletTemplate(
    outlet_id="daily",
    version=3,
    trust=Trust.IN_USE,
    layout={"body": "html > body > div.نص", "kinds": ["p"]},  # text
    seen=({"body": "html"},),
    unverified=(key("one"), key("two")),
    verified_at=NOON,
    dropped="its pages changed",
)


def test_template_comes_back_as_it_was_saved(ledger):
    """
    All that was learnt is there again, as the first edition.
    """
    assert ledger.save_template(LEARNT)

    assert {"daily": replace(LEARNT, edition=1)} == ledger.templates_of(["daily", "weekly"])


def test_of_two_changes_of_one_edition_the_second_is_refused(ledger):
    """
    A worker that thought about an older edition has to think again.
    """
    ledger.save_template(LEARNT)
    known = ledger.templates_of(["daily"])["daily"]

    assert ledger.save_template(replace(known, used=7))
    assert not ledger.save_template(replace(known, used=1))
    assert not ledger.save_template(LEARNT)
    assert ledger.templates_of(["daily"])["daily"].used == 7


def test_what_was_read_wrongly_is_read_again(desk):
    """
    Its article stays searchable meanwhile; an unchanged text changes nothing then.
    """
    desk.publish("one")

    desk.ledger.read_again([key("one"), key("nobody's")], now=NOON + HOUR)

    assert (Outcome.INDEXED, Stage.EXTRACT) == desk.state("one")
    assert [key("one")] == [each.entry.entry_id for each in desk.extractions(now=NOON + HOUR)]
    assert {} == desk.found(article("one"), now=NOON + HOUR)
    assert (Outcome.INDEXED, None) == desk.state("one")
    assert desk.story("one").revision == 1


def test_what_waits_to_be_fetched_is_left_to_wait(desk):
    """
    A newer page is on its way and will be read anyway.
    """
    desk.publish("one")
    desk.ledger.redo(Stage.FETCH, now=NOON + HOUR)

    desk.ledger.read_again([key("one")], now=NOON + HOUR)

    assert (Outcome.INDEXED, Stage.FETCH) == desk.state("one")
