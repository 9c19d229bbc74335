"""
Edge to edge: a press over real HTTP, all five steps, and what an analyst finds in the end.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from pipeline import wiring
from pipeline.answers import SearchRequest
from pipeline.monitor import STEPS
from pipeline.records import Outcome
from tests.newsroom import Newsroom
from tests.watching import LONG_ENOUGH, ShiftedClock, Watch, settings_over, watching

pytestmark = pytest.mark.slow


@pytest.fixture(scope="class")
def watch(tmp_path_factory):
    """The press was read once."""
    with Newsroom() as press, watching(press, tmp_path_factory.mktemp("rasd")) as monitor:
        watch = Watch(press, monitor)
        watch.counts = watch.runs()
        yield watch


class TestFirstRun:
    """Everything the press had to say."""

    def test_every_entry_ends_as_it_should(self, watch):
        """
        Whatever kind of page stands behind an entry, it ends in the one outcome it should.
        """
        press = watch.press
        expected = {slug: press.expected_outcome(slug) for slug in press.listed()}

        assert expected == {slug: watch.story(slug).outcome for slug in expected}

    def test_every_outcome_has_a_reason_but_success(self, watch):
        """
        "Why is this article not here?" has an answer for each of them.
        """
        for slug in watch.press.listed():
            story = watch.story(slug)
            assert story.stage is None
            assert (story.outcome is Outcome.INDEXED) == (story.reason == ""), slug

    def test_counts_add_up(self, watch):
        """
        What poll found new is what ended, one by one, and what is indexed is what can be searched.
        """
        outcomes = watch.outcomes()
        counts = watch.counts

        assert counts["poll"]["new"] == sum(outcomes.values()) == watch.ledger.status(watch.now()).entries
        assert counts["poll"]["listed"] == sum(counts["poll"][name] for name in ("new", "changed", "known"))
        assert outcomes["indexed"] == counts["index"]["indexed"] == watch.monitor.searchable.count()
        assert counts["poll"]["new"] == sum(counts["fetch"].values())
        assert counts["fetch"]["fetched"] + counts["fetch"]["from_feed"] == sum(counts["extract"].values())
        assert counts["extract"]["extracted"] == counts["detect"]["detected"]

    def test_outlets_are_held_against_what_their_files_expect(self, watch):
        """
        An entry is one entry of its outlet, however many of its feeds list it; one line for each that is off.
        """
        entries = {name: sum(row.values()) for name, row in watch.ledger.outcome_counts().items()}
        outlets = watch.monitor.outlets

        def expecting(more):
            """The same monitor, with so many more entries expected of everybody."""
            expected = {
                name: replace(outlet, entries_per_day=(entries.get(name, 0) + more,) * 2)
                for name, outlet in outlets.items()
            }
            return replace(watch.monitor, outlets=expected).check_feeds()

        assert [] == expecting(0)
        assert sorted(outlets) == [line.split(":")[0] for line in expecting(1)]

    def test_each_page_is_asked_for_once(self, watch):
        """
        One request for each page, and none for what robots.txt forbids.
        """
        pages = watch.pages()
        forbidden = {
            slug for slug in watch.press.listed() if watch.press.expected_outcome(slug) is Outcome.DISALLOWED
        }

        assert {1} == set(pages.values())
        assert set(watch.press.listed()) - forbidden == set(pages)

    def test_feeds_text_serves_where_the_page_is_walled(self, watch):
        """
        An article behind a paywall whose feed carries it is indexed from the feed, and says so.
        """
        walled = [
            story
            for slug in watch.press.listed()
            if (story := watch.story(slug)).article and story.article.body_from == "feed"
        ]

        assert walled
        for story in walled:
            assert Outcome.INDEXED is story.outcome
            assert story.article.page_outcome.startswith("blocked")
            assert story.page is None

    def test_articles_read_as_their_outlet_wrote_them(self, watch):
        """
        Title and paragraphs come through every layout and charset.
        """
        stories = {slug: watch.story(slug) for slug in watch.press.listed()}
        read = {
            slug: story.article
            for slug, story in stories.items()
            if story.outcome is Outcome.INDEXED and story.article.body_from == "page"
        }

        assert read
        for slug, article in read.items():
            written = watch.press.article(slug)
            assert written.title == article.title, slug
            assert [] == [line for line in written.paragraphs if line not in article.body], slug

    def test_dates_are_those_of_the_press(self, watch):
        """
        To the second where the feed says it, whatever zone or calendar the page prints.
        """
        stories = {slug: watch.story(slug) for slug in watch.press.listed()}
        dated = {slug: story.article.date for slug, story in stories.items() if story.article}

        assert dated
        for slug, date in dated.items():
            assert date, slug
            off = abs(date.published_at - watch.press.published_at(slug).replace(microsecond=0))
            assert off <= timedelta(minutes=date.precision != "second"), (slug, date)

    def test_an_analyst_finds_the_phone_call_and_its_topic(self, watch):
        """
        The example of a match is found by a word, by a phrase, and by its topic.
        """
        wanted = watch.story(watch.press.example_of_match).entry_id

        assert wanted in watch.finds("الكرملين")  # the Kremlin
        assert wanted in watch.finds("", topics=("us_russia_diplomacy",))

    def test_a_second_run_at_once_does_nothing(self, watch):
        """
        What is settled costs no request for a page, and no document.
        """
        counts = watch.runs(after=LONG_ENOUGH)

        assert {} == watch.pages()
        assert 0 == counts["poll"]["new"] == counts["index"]["indexed"]
        asked = [request for request in watch.press.requests if request.is_feed]
        conditional = [one for one in asked if {"if-none-match", "if-modified-since"} & set(one.headers)]
        assert len(conditional) > len(asked) / 2  # now and then one is asked in full, as a proof
        assert {304} == {one.status for one in conditional}

    def test_a_rebuilt_index_is_the_same(self, watch):
        """
        From the ledger alone: the same ids, and the same answers in the same order.
        """
        searchable, queries = watch.monitor.searchable, ("الرئيس", "وزير الخارجية", "النفط OR الغاز", "")
        before = list(searchable.ids()), [watch.finds(query) for query in queries]

        total = watch.monitor.rebuild()

        assert before == (list(searchable.ids()), [watch.finds(query) for query in queries])
        assert len(before[0]) == total


@pytest.fixture(scope="class")
def hour(watch):
    """The run after it, with what it did."""
    press = watch.press
    held_back = press.held_back
    watch.edited = [slug for slug, article in press.articles.items() if article.edited]
    watch.indexed_before = watch.outcomes()["indexed"]
    press.has_a_busy_hour()
    watch.published = [slug for slug in held_back if slug in press.listed()]
    watch.counts = watch.runs(after=LONG_ENOUGH)
    watch.asked = watch.pages()
    return watch


class TestBusyHour:
    """Within an hour the press published, edited, withdrew and republished."""

    def test_only_what_changed_is_fetched(self, hour):
        """
        New pages, edited ones, the withdrawn one and the copy: one request each, and no other.
        """
        press = hour.press
        copy = f"{press.example_of_match}@/reprint/leaders-phone-call"
        expected = {*hour.published, *hour.edited, press.example_of_withdrawal, copy}

        assert dict.fromkeys(expected, 1) == dict(hour.asked)

    def test_new_articles_end_as_they_should(self, hour):
        """
        As those of the first run did.
        """
        expected = {slug: hour.press.expected_outcome(slug) for slug in hour.published}

        assert expected
        assert expected == {slug: hour.story(slug).outcome for slug in hour.published}

    def test_edited_articles_are_revised(self, hour):
        """
        The new text is what is found; the old one is kept as an earlier revision.
        """
        assert hour.edited
        for slug in hour.edited:
            story = hour.story(slug)
            assert (2, Outcome.INDEXED) == (story.revision, story.outcome), slug
            assert story.document_version == story.indexed_version
            assert hour.press.article(slug).title == story.article.title

    def test_withdrawn_article_stays_and_says_so(self, hour):
        """
        Still searchable, with the moment it was found to be gone.
        """
        story = hour.story(hour.press.example_of_withdrawal)
        (hit,) = [
            hit
            for hit in hour.monitor.searchable.search(SearchRequest(query="", limit=100)).hits
            if hit.document_id == story.entry_id
        ]

        assert Outcome.INDEXED is story.outcome
        assert story.withdrawn_at is not None
        assert story.withdrawn_at == hit.withdrawn_at

    def test_copy_under_another_address_is_a_duplicate(self, hour):
        """
        Of the article it repeats.
        """
        copy = hour.ledger.story_of(hour.press.base(_outlet(hour)) + "/reprint/leaders-phone-call")

        assert Outcome.DUPLICATE is copy.outcome
        assert hour.story(hour.press.example_of_match).entry_id == copy.duplicate_of

    def test_searchable_is_what_is_indexed(self, hour):
        """
        Nothing twice, nothing lost.
        """
        outcomes = hour.outcomes()

        assert outcomes["indexed"] == hour.monitor.searchable.count()
        assert outcomes["indexed"] >= hour.indexed_before
        assert set(outcomes) <= set(Outcome)

    def test_forgotten_article_is_gone_and_stays_so(self, hour):
        """
        Out of ledger and index, and not taken in again by the next poll.
        """
        slug = hour.press.example_of_match
        forgotten = hour.monitor.forget(hour.press.url(slug))

        hour.runs(after=LONG_ENOUGH)

        assert forgotten not in set(hour.monitor.searchable.ids())
        assert hour.story(slug).forgotten_at is not None
        assert slug not in hour.pages()


def test_two_workers_side_by_side_do_nothing_twice(tmp_path):
    """
    Two processes' worth of workers drain every step together: one request for each page, one article.
    """
    with Newsroom() as press:
        settings = settings_over(press, tmp_path)

        def work(name):
            with wiring.open_monitor(settings, worker=name, clock=ShiftedClock()) as monitor:
                return {step: monitor.step(step) for step in STEPS}

        wiring_first = wiring.open_monitor(settings, clock=ShiftedClock())
        with wiring_first as monitor, ThreadPoolExecutor(2) as workers:
            list(workers.map(work, ("a", "b")))
            asked = Watch(press, monitor).pages()
            monitor.run()  # what one worker left to the other when it had ended
            watch = Watch(press, monitor)

            expected = {slug: press.expected_outcome(slug) for slug in press.listed()}
            assert {1} == set(asked.values())
            assert expected == {slug: watch.story(slug).outcome for slug in expected}
            assert watch.outcomes()["indexed"] == monitor.searchable.count()


def _outlet(watch):
    return watch.press.articles[watch.press.example_of_match].outlet_id
