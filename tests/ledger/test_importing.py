"""
Import and redo: what comes from files, and what is put back to work.
"""

from __future__ import annotations

import pytest

from pipeline.records import Outcome, Stage
from pipeline.work import ImportedPage, RefusedImport
from tests.ledger.desk import DAY, HOUR, NOON, OUTLETS, PAGE, article, entry, key, match

NOTHING = dict.fromkeys(("new", "known", "changed", "duplicate", "forgotten"), 0)


def imported(name, **changes):
    return article(name, body_from="import", **changes)


class TestArticles:
    """Articles of a file."""

    def test_wait_for_detection_and_end_indexed(self, desk):
        """
        From there on they are like any other.
        """
        counts = desk.ledger.import_articles([imported("dam"), imported("oil")], now=NOON)
        desk.detect(match("water"))
        desk.index()

        assert {**NOTHING, "new": 2} == counts
        assert {"daily": {"indexed": 2}} == desk.ledger.outcome_counts()

    def test_over_again_brings_nothing_new(self, desk):
        """
        The same file a second time is known to the last record.
        """
        batch = [imported("dam"), imported("oil")]
        desk.ledger.import_articles(batch, now=NOON)

        counts = desk.ledger.import_articles(batch, now=NOON + HOUR)

        assert {**NOTHING, "known": 2} == counts

    def test_undated_ones_keep_the_date_of_their_first_sighting(self, desk):
        """
        The same file a day later changes nothing, not even of what has no date of its own.
        """
        desk.ledger.import_articles([imported("dam", date=None, first_seen_at=NOON)], now=NOON)

        counts = desk.ledger.import_articles(
            [imported("dam", date=None, first_seen_at=NOON + DAY)], now=NOON + DAY
        )

        assert {**NOTHING, "known": 1} == counts

    def test_counts_add_up_to_the_batch(self, desk):
        """
        New, known, changed, duplicate and forgotten, each record in one of them.
        """
        desk.ledger.import_articles([imported("known"), imported("old"), imported("gone")], now=NOON)
        desk.ledger.forget(key("gone"), now=NOON)

        batch = [
            imported("known"),
            imported("old", body="changed"),
            imported("gone"),
            imported("new"),
            imported("copy", title="title of new", body="body of new"),
            imported("new"),
        ]
        counts = desk.ledger.import_articles(batch, now=NOON + HOUR)

        assert {"new": 1, "known": 2, "changed": 1, "duplicate": 1, "forgotten": 1} == counts
        assert len(batch) == sum(counts.values())

    def test_come_after_fresh_entries(self, desk):
        """
        A file of thousands does not hold up the news.
        """
        desk.list()  # a first poll's entries are backlog themselves
        desk.ledger.import_articles([imported("old")], now=NOON)
        desk.list(entry("fresh"))
        desk.fetch()
        desk.read(article("fresh"))

        waiting = desk.detections()

        assert [key("fresh"), key("old")] == [one.article_id for one in waiting]

    def test_text_for_an_entry_that_had_none_is_its_article(self, desk):
        """
        What our own fetch did not get, a file may bring.
        """
        desk.list(entry("dam"))
        desk.pages()
        desk.ended("dam", Outcome.BLOCKED)

        counts = desk.ledger.import_articles([imported("dam")], now=NOON)

        assert 1 == counts["new"]
        assert (None, Stage.DETECT) == desk.state("dam")

    def test_of_an_outlet_nobody_configured_has_the_name_the_file_gives(self, desk):
        """
        An analyst sees the name, not an id made of it.
        """
        named = {"far": OUTLETS["weekly"]}
        desk.ledger.name_outlets(named, now=NOON)
        desk.ledger.import_articles([imported("dam", outlet_id="far")], now=NOON)
        desk.detect()

        assert ["الأسبوعية"] == [document.outlet_title for document in desk.documents()]  # The Weekly

    def test_names_of_a_file_do_not_change_configured_outlets(self, desk):
        """
        What stands in config/ stays.
        """
        desk.ledger.name_outlets({"daily": OUTLETS["weekly"]}, now=NOON)
        desk.publish("dam")
        desk.ledger.redo(Stage.INDEX, now=NOON)

        assert ["اليومية"] == [document.outlet_title for document in desk.documents()]  # The Daily


class TestRefused:
    """Records that are no articles."""

    def test_end_at_once_with_their_outcome(self, desk):
        """
        `rasd why` can say why they are not here; a second import knows them.
        """
        refused = RefusedImport(entry=entry("dam"), outcome=Outcome.NOT_ARABIC, reason="in English")

        counts = [desk.ledger.import_refused([refused], now=NOON) for _ in range(2)]

        assert [{"new": 1, "known": 0, "forgotten": 0}, {"new": 0, "known": 1, "forgotten": 0}] == counts
        assert (Outcome.NOT_ARABIC, None) == desk.state("dam")
        assert "in English" == desk.story("dam").reason

    def test_change_nothing_that_is_known(self, desk):
        """
        An indexed article stays one.
        """
        desk.publish("dam")

        refused = RefusedImport(entry=entry("dam"), outcome=Outcome.NOT_ARABIC, reason="in English")
        desk.ledger.import_refused([refused], now=NOON)

        assert (Outcome.INDEXED, None) == desk.state("dam")


class TestPages:
    """Pages of a WARC."""

    def test_wait_for_extraction(self, desk):
        """
        A page somebody else fetched is read like our own, and counts as seen when they were there.
        """
        page = ImportedPage(entry=entry("dam"), page=PAGE, fetched_at=NOON - DAY)

        counts = [desk.ledger.import_entries([page], now=NOON) for _ in range(2)]
        (pending,) = desk.extractions()

        assert [1, 0] == [count["new"] for count in counts]
        assert (PAGE, NOON - DAY) == (pending.page, pending.first_seen_at)

    def test_of_known_articles_are_left(self, desk):
        """
        What was extracted from our own page stays.
        """
        desk.publish("dam")

        counts = desk.ledger.import_entries([ImportedPage(entry=entry("dam"), page=PAGE)], now=NOON)

        assert {"new": 0, "known": 1, "forgotten": 0} == counts


class TestRedo:
    """Back to a stage, by hand."""

    @pytest.mark.parametrize(
        ("narrowed", "names"),
        [
            ({}, {"dam", "oil", "sea"}),
            ({"outlet_id": "weekly"}, set()),
            ({"topic_id": "water"}, {"dam"}),
            ({"since": NOON - DAY}, {"dam", "oil"}),
            ({"until": NOON - DAY}, {"sea"}),
            ({"since": NOON - 9 * DAY, "until": NOON - DAY, "topic_id": "water"}, set()),
        ],
    )
    def test_is_narrowed(self, desk, narrowed, names):
        """
        By outlet, topic and the articles' own dates; since inclusive, until exclusive.
        """
        for name, first_seen_at, topics in (
            ("dam", NOON, [match("water")]),
            ("oil", NOON - DAY, []),
            ("sea", NOON - 5 * DAY, []),
        ):
            desk.ledger.import_articles([imported(name, first_seen_at=first_seen_at)], now=NOON)
            desk.detect(*topics)
        desk.index()

        count = desk.ledger.redo(Stage.DETECT, now=NOON, **narrowed)

        assert len(names) == count
        assert {key(name) for name in names} == {one.article_id for one in desk.detections()}

    def test_index_again_sends_a_newer_version(self, desk):
        """
        So that an index that has the old one takes it.
        """
        (before,) = desk.publish("dam")

        desk.ledger.redo(Stage.INDEX, now=NOON)

        (document,) = desk.documents()
        assert before.document_version + 1 == document.document_version

    def test_extract_again_takes_what_has_a_page(self, desk):
        """
        Imported articles have none and are left; an article stays searchable meanwhile.
        """
        desk.publish("dam")
        desk.ledger.import_articles([imported("oil")], now=NOON)

        count = desk.ledger.redo(Stage.EXTRACT, now=NOON)

        assert 1 == count
        assert (Outcome.INDEXED, Stage.EXTRACT) == desk.state("dam")

    def test_what_waits_for_an_earlier_stage_is_left_to_it(self, desk):
        """
        An entry still to be fetched is not extracted from its old page.
        """
        desk.publish("dam")
        desk.list(entry("dam", content_hash="edited"))

        count = desk.ledger.redo(Stage.EXTRACT, now=NOON)

        assert 0 == count
        assert Stage.FETCH is desk.story("dam").stage
