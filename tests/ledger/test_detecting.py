"""
Detect and index: matches replaced, versions counted, changes that coalesce.
"""

from __future__ import annotations

from pipeline.records import DateEvidence, DetectedArticle, Outcome, Stage
from tests.ledger.desk import DAY, HOUR, MINUTE, NOON, article, entry, key, match


def detectable(desk, *names, now=NOON, **changes):
    desk.list(*(entry(name) for name in names), now=now)
    desk.fetch(now=now)
    desk.read(*(article(name, **changes) for name in names), now=now)


def again(desk, *, now):
    """Everything goes back to detection."""
    desk.ledger.redo(Stage.DETECT, now=now)


class TestDetecting:
    """What a detection changes."""

    def test_matches_come_back_with_their_evidence(self, desk):
        """
        Every hit, as it was found.
        """
        detectable(desk, "dam")

        desk.detect(match("water"), match("energy"))

        assert {match("water"), match("energy")} == set(desk.story("dam").matches)

    def test_same_matches_again_are_no_new_version(self, desk):
        """
        Detecting once more what was found before tells the index nothing.
        """
        detectable(desk, "dam")
        desk.detect(match("water"))
        desk.index()
        again(desk, now=NOON + HOUR)

        desk.detect(match("water"), now=NOON + HOUR)

        assert (Outcome.INDEXED, None) == desk.state("dam")
        assert [] == desk.documents(now=NOON + HOUR)

    def test_other_matches_are_a_new_version(self, desk):
        """
        A topic won or lost goes to the index.
        """
        detectable(desk, "dam")
        desk.detect(match("water"))
        (before,) = desk.index()
        again(desk, now=NOON + HOUR)

        desk.detect(match("energy"), now=NOON + HOUR)

        (document,) = desk.documents(now=NOON + HOUR)
        assert ["energy"] == [found.topic_id for found in document.detected.matches]
        assert before.document_version + 1 == document.document_version

    def test_detection_of_an_old_text_is_dropped(self, desk):
        """
        A text revised while its topics were looked for is looked at again.
        """
        detectable(desk, "dam")
        (old,) = desk.detections()
        desk.list(entry("dam", content_hash="edited"))
        desk.fetch()
        desk.read(article("dam", body="another body"))

        desk.ledger.settle_detections([DetectedArticle(article=old, matches=(match("water"),))], now=NOON)

        assert () == desk.story("dam").matches
        assert ["another body"] == [waiting.body for waiting in desk.detections()]

    def test_detection_asked_for_meanwhile_is_done_again(self, desk):
        """
        New rules that came while an article was held are applied to it as well.
        """
        detectable(desk, "dam")
        (held,) = desk.detections()
        again(desk, now=NOON)

        desk.ledger.settle_detections([DetectedArticle(article=held, matches=())], now=NOON)

        assert [key("dam")] == [waiting.article_id for waiting in desk.detections()]


class TestIndexing:
    """What goes to the index, and what it said."""

    def test_document_is_what_an_analyst_sees(self, desk):
        """
        Outlet's name and country, month, versions and matches stand in it.
        """
        detectable(desk, "dam", date=DateEvidence(published_at=NOON - 40 * DAY, source="feed"))
        desk.detect(match("water"))

        (document,) = desk.documents()

        assert ("اليومية", "jo", "2026-01", 1) == (  # The Daily
            document.outlet_title,
            document.country,
            document.month,
            document.revision,
        )
        assert ["water"] == [found.topic_id for found in document.detected.matches]

    def test_month_is_fixed_at_the_first_offer(self, desk):
        """
        A date corrected later moves no document into a second index.
        """
        detectable(desk, "dam")
        desk.detect()
        desk.index()
        desk.list(entry("dam", content_hash="edited"), now=NOON + HOUR)
        desk.fetch(now=NOON + HOUR)
        date = DateEvidence(published_at=NOON - 40 * DAY, source="page_text")
        desk.read(article("dam", date=date), now=NOON + HOUR)

        (document,) = desk.index(now=NOON + HOUR)

        assert NOON - 40 * DAY == document.detected.article.dated_at
        assert "2026-03" == document.month

    def test_implausible_date_does_not_choose_the_month(self, desk):
        """
        An article from the future, or from 1970, lies with those of the day it was seen.
        """
        detectable(desk, "dam", date=DateEvidence(published_at=NOON + 90 * DAY, source="feed"))
        desk.detect()

        assert ["2026-03"] == [document.month for document in desk.documents()]

    def test_changes_coalesce(self, desk):
        """
        Three changes before the index is told are one document, of the newest version.
        """
        detectable(desk, "dam")
        desk.detect(match("water"))
        for hour, topic in ((1, "energy"), (2, "trade")):
            again(desk, now=NOON + hour * HOUR)
            desk.detect(match(topic), now=NOON + hour * HOUR)

        (document,) = desk.index(now=NOON + 3 * HOUR)

        assert ["trade"] == [found.topic_id for found in document.detected.matches]
        assert [] == desk.documents(now=NOON + 3 * HOUR)
        assert document.document_version == desk.story("dam").indexed_version

    def test_change_while_the_index_is_told_is_told_next(self, desk):
        """
        What was settled for the old version leaves the newer one pending.
        """
        detectable(desk, "dam")
        desk.detect(match("water"))
        (old,) = desk.documents()
        again(desk, now=NOON + MINUTE)
        desk.detect(match("energy"), now=NOON + MINUTE)

        desk.ledger.settle_documents({old.document_id: old.document_version}, {}, now=NOON + MINUTE)

        (newer,) = desk.documents(now=NOON + MINUTE)
        assert newer.document_version > old.document_version

    def test_refused_document_ends_with_the_reason_and_is_not_offered_again(self, desk):
        """
        The index's 400 is the entry's outcome, until something about the article changes.
        """
        detectable(desk, "dam", "oil")
        desk.detect()
        desk.documents()

        desk.ledger.settle_documents({key("oil"): 1}, {key("dam"): "too long"}, now=NOON)

        assert (Outcome.REFUSED, "too long") == (desk.story("dam").outcome, desk.story("dam").reason)
        assert (Outcome.INDEXED, None) == desk.state("oil")
        assert [] == desk.documents()

    def test_refused_document_that_changed_is_offered_again(self, desk):
        """
        A revision gets another chance, and its outcome with it.
        """
        detectable(desk, "dam")
        desk.detect()
        desk.documents()
        desk.ledger.settle_documents({}, {key("dam"): "too long"}, now=NOON)
        desk.list(entry("dam", content_hash="edited"), now=NOON + HOUR)
        desk.fetch(now=NOON + HOUR)
        desk.read(article("dam", body="shorter"), now=NOON + HOUR)
        desk.detect(now=NOON + HOUR)

        desk.index(now=NOON + HOUR)

        assert (Outcome.INDEXED, None) == desk.state("dam")

    def test_documents_given_back_count_no_death(self, desk):
        """
        An index that is down for a day uses up nobody's lives.
        """
        detectable(desk, "dam")
        desk.detect()

        for _ in range(10):
            desk.ledger.unclaim_documents([document.document_id for document in desk.documents()])

        assert 1 == len(desk.documents())
        assert 1 == desk.story("dam").deaths

    def test_documents_given_back_after_a_death_stay_alone(self, desk):
        """
        One that died once and was given back keeps its mark, and no more than that.
        """
        detectable(desk, "dam", "oil")
        desk.detect()
        desk.documents()
        dead_at = NOON + HOUR
        alone = desk.documents(now=dead_at)
        desk.ledger.unclaim_documents([document.document_id for document in alone])

        again = desk.documents(now=dead_at)

        assert [1, 1] == [len(alone), len(again)]
        assert 2 == desk.ledger.story_of(again[0].document_id).deaths

    def test_forgotten_on_its_way_is_named(self, desk):
        """
        What was forgotten between claim and settlement has to leave the index again.
        """
        detectable(desk, "dam", "oil")
        desk.detect()
        desk.documents()
        desk.ledger.forget(key("dam"), now=NOON)

        gone = desk.ledger.settle_documents({key("dam"): 1, key("oil"): 1}, {}, now=NOON)

        assert {key("dam")} == gone

    def test_a_rebuild_reads_every_article_once_in_order(self, desk):
        """
        Page after page, what was ever offered; what was not is on its way anyway.
        """
        names = [f"n{number}" for number in range(7)]
        desk.publish(*names)
        detectable(desk, "not offered yet", now=NOON + HOUR)

        seen, last = [], ""
        while page := desk.ledger.documents_after(last, limit=3):
            seen += [document.document_id for document in page]
            last = seen[-1]

        assert sorted(key(name) for name in names) == seen
