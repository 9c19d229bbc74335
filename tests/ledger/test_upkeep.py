"""
Forgetting, expiring, tidying, and the log of runs.
"""

from __future__ import annotations

from pipeline.records import DateEvidence, DetectedArticle, Outcome, Stage
from tests.ledger.desk import DAY, HOUR, NOON, article, entry, key, match


class TestForgetting:
    """For good."""

    def test_nothing_is_left_but_a_tombstone(self, desk):
        """
        Neither text nor address; `why` still says when it was forgotten.
        """
        desk.publish("dam")

        gone = desk.ledger.forget(entry("dam").url, now=NOON)

        assert key("dam") == gone
        story = desk.story("dam")
        assert (NOON, "", None) == (story.forgotten_at, story.url, story.article)
        assert NOON == desk.ledger.story_of(entry("dam").url).forgotten_at
        assert {} == desk.ledger.outcome_counts()

    def test_it_is_not_taken_in_again(self, desk):
        """
        Neither from its feed nor from a file.
        """
        desk.publish("dam")
        desk.ledger.forget(key("dam"), now=NOON)

        polled = desk.list(entry("dam"), now=NOON + HOUR)
        imported = desk.ledger.import_articles([article("dam")], now=NOON + HOUR)

        assert (1, 0, 1) == (polled.listed, polled.new, polled.known)
        assert 1 == imported["forgotten"]
        assert [] == desk.pages(now=NOON + HOUR)

    def test_what_is_under_way_is_forgotten_as_well(self, desk):
        """
        A worker that holds it settles nothing.
        """
        desk.list(entry("dam"))
        desk.fetch()
        desk.extractions()
        desk.ledger.forget(key("dam"), now=NOON)

        desk.found(article("dam"))

        assert NOON == desk.story("dam").forgotten_at
        assert [] == desk.detections()

    def test_unknown_address_is_nothing(self, desk):
        """
        Forgetting what is not known does nothing, and says so.
        """
        assert desk.ledger.forget("http://nowhere.example/", now=NOON) is None
        assert set() == desk.ledger.forgotten(["0" * 32])

    def test_again_changes_nothing(self, desk):
        """
        The first time counts.
        """
        desk.publish("dam")
        desk.ledger.forget(key("dam"), now=NOON)

        assert desk.ledger.forget(key("dam"), now=NOON + DAY) is None
        assert {key("dam")} == desk.ledger.forgotten([key("dam"), key("oil")])


class TestExpiring:
    """For age."""

    def old(self, desk):
        date = DateEvidence(published_at=NOON - 100 * DAY, source="feed")
        desk.publish("old", date=date)
        desk.publish("new", now=NOON + HOUR)

    def test_texts_go_and_entries_stay(self, desk):
        """
        The next poll must not take an expired article for a new one.
        """
        self.old(desk)

        expired = desk.ledger.expire_articles(NOON - DAY, now=NOON + DAY)
        polled = desk.list(entry("old", content_hash="edited"), now=NOON + DAY)

        assert [key("old")] == expired
        assert (0, [key("old")]) == (polled.new, desk.ledger.removed_since(NOON))
        story = desk.story("old")
        assert (None, NOON + DAY, Outcome.INDEXED) == (story.article, story.expired_at, story.outcome)
        assert [] == desk.pages(now=NOON + DAY)

    def test_what_is_being_worked_on_waits(self, desk):
        """
        An article put back to work is not taken from under its worker.
        """
        self.old(desk)
        desk.ledger.redo(Stage.DETECT, now=NOON)

        assert [] == desk.ledger.expire_articles(NOON - DAY, now=NOON)

    def test_is_not_imported_again(self, desk):
        """
        A file that still has it brings nothing new.
        """
        self.old(desk)
        desk.ledger.expire_articles(NOON - DAY, now=NOON)

        counts = desk.ledger.import_articles([article("old")], now=NOON)

        assert (1, 0) == (counts["known"], counts["new"])

    def test_of_more_than_a_batch_all_go(self, desk):
        """
        However many there are.
        """
        old = [article(f"n{number}", first_seen_at=NOON - 10 * DAY) for number in range(1_100)]
        desk.ledger.import_articles(old, now=NOON)
        while waiting := desk.detections(limit=1_000):
            desk.ledger.settle_detections([DetectedArticle(article=each) for each in waiting], now=NOON)
        while documents := desk.documents(limit=1_000):
            versions = {each.document_id: each.document_version for each in documents}
            desk.ledger.settle_documents(versions, {}, now=NOON)

        assert 1_100 == len(desk.ledger.expire_articles(NOON - DAY, now=NOON))


def test_optimizing_loses_nothing(desk):
    """
    The housekeeper's tidying leaves everything where it was.
    """
    desk.publish("dam", "oil")
    desk.ledger.forget(key("oil"), now=NOON)

    desk.ledger.optimize()

    assert (Outcome.INDEXED, None) == desk.state("dam")


def test_small_things_are_remembered(desk):
    """
    Under a name, the last one, for whoever asks later.
    """
    nothing = desk.ledger.remembered("check")
    for value in ("well", "failing"):
        desk.ledger.remember("check", value)

    assert nothing is None
    assert "failing" == desk.ledger.remembered("check")


def test_topics_of_forgotten_articles_are_not_counted(desk):
    """
    Counts are of what is there.
    """
    desk.list(entry("dam"))
    desk.fetch()
    desk.read(article("dam"))
    desk.detect(match("water"))
    desk.index()
    before = desk.ledger.topic_counts()

    desk.ledger.forget(key("dam"), now=NOON)

    assert ({"water": 1}, {}) == (before, desk.ledger.topic_counts())
