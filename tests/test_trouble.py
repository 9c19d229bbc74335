"""
A press in trouble: what is wrong with one outlet is told, and stops no other.
"""

from __future__ import annotations

from datetime import timedelta

import pytest

from pipeline.monitor import STEPS
from pipeline.records import Outcome, Stage
from tests.newsroom import Newsroom
from tests.watching import Watch, watching

pytestmark = pytest.mark.slow

HOUR = timedelta(hours=1)


@pytest.fixture(scope="class")
def troubled(tmp_path_factory):
    with Newsroom() as press, watching(press, tmp_path_factory.mktemp("rasd")) as monitor:
        watch = Watch(press, monitor)
        press.breaks_down("atlas-harbour")
        press.hangs_up("casbah-post")
        press.blocks("cedar-balcony")
        press.serves_html_as_feed("nile-lantern")
        press.goes_silent("the-dunes")
        press.slows_down("two-banks-agency", 0.05)
        watch.runs()
        yield watch


class TestTrouble:
    """One outlet for each kind of trouble, and two that are well."""

    TROUBLED = (
        "atlas-harbour",
        "casbah-post",
        "cedar-balcony",
        "nile-lantern",
        "the-dunes",
        "two-banks-agency",
    )

    def test_feeds_say_what_is_wrong(self, troubled):
        """
        Each with its name and a reason, and asked again later.
        """
        named = {feed.outlet_id: feed.status for feed in troubled.ledger.feed_health(now=troubled.now())}

        assert {"unreachable"} == {named["atlas-harbour"], named["casbah-post"]}
        assert "blocked" == named["cedar-balcony"] or "challenge" == named["cedar-balcony"]
        assert "not_a_feed" == named["nile-lantern"]
        assert {"new"} == {named["two-banks-agency"], named["valley-mirror"]}
        for feed in troubled.ledger.feed_health(now=troubled.now()):
            assert feed.next_poll_at is not None
            if feed.failures:
                assert feed.reason

    def test_the_others_go_on(self, troubled):
        """
        What is well, or merely slow, ends as on any other day.
        """
        press = troubled.press
        for outlet in ("valley-mirror", "blue-white-confluence", "two-banks-agency"):
            for slug in press.listed(outlet):
                assert press.expected_outcome(slug) is troubled.story(slug).outcome, slug

    def test_all_is_caught_up_with_when_they_recover(self, troubled):
        """
        Nothing that was listed meanwhile is lost.
        """
        press = troubled.press
        for outlet in self.TROUBLED:
            press.recovers(outlet)

        for _ in range(3):
            troubled.runs(after=12 * HOUR)

        expected = {slug: press.expected_outcome(slug) for slug in press.listed()}
        assert expected == {slug: troubled.story(slug).outcome for slug in expected}


def test_pages_that_fail_for_hours_are_unreachable(tmp_path):
    """
    A host that goes down between feed and page is left alone and asked again; in the end each entry
    has its outcome.
    """
    with Newsroom() as press, watching(press, tmp_path) as monitor:
        watch = Watch(press, monitor)
        monitor.poll()
        press.breaks_down("valley-mirror")

        for _ in range(60):
            if not monitor.ledger.status(monitor.clock.now()).pending[Stage.FETCH]:
                break
            monitor.fetch()
            monitor.clock.passes(6 * HOUR)
        for step in STEPS[2:]:
            monitor.step(step)

        ended = {watch.story(slug).outcome for slug in press.listed("valley-mirror")}
        assert Outcome.UNREACHABLE in ended
        assert ended <= {Outcome.UNREACHABLE, Outcome.INDEXED}
        assert {None} == {watch.story(slug).stage for slug in press.listed()}
