"""
Fetch: pages of a leased host are claimed, tried, given back and settled.
"""

from __future__ import annotations

from pipeline.records import Outcome, Stage
from pipeline.work import SettledExtraction
from tests.ledger.desk import DAILY, DAY, HOUR, LATER, MINUTE, NOON, PAGE, WEEKLY, article, entry, key


def test_pages_come_newest_first(desk):
    """
    What is newest is fetched first, whatever order the feed lists.
    """
    desk.list(feed=DAILY)
    ages = {"old": 5, "newest": 1, "middle": 3}
    desk.list(*(entry(name, published_at=NOON - age * HOUR) for name, age in ages.items()))

    pages = desk.pages()

    assert [key(name) for name in ("newest", "middle", "old")] == [page.entry_id for page in pages]


def test_a_page_is_claimed_once(desk):
    """
    A page that a living worker holds is given to nobody else.
    """
    desk.list(entry("dam"))

    assert 1 == len(desk.pages())
    assert [] == desk.pages(now=NOON + MINUTE)


def test_no_pages_under_a_lost_lease(desk):
    """
    Whoever lost its host gets no more of the host's pages.
    """
    desk.list(entry("dam"))
    lost = desk.lease("daily.example")
    desk.lease("daily.example", now=LATER)

    assert [] == desk.ledger.claim_pages(lost, now=LATER)


def test_a_page_comes_with_what_its_feed_said(desk):
    """
    The title and the longer of the feed's texts: enough to tell a language when the page cannot be had.
    """
    desk.list(entry("dam", title="The dam", summary="Water.", body="Water rose."))

    (page,) = desk.pages()

    assert "The dam\nWater rose." == page.feed_text


def test_pages_of_other_hosts_are_not_given(desk):
    """
    A host's lease is for its own pages.
    """
    desk.list(entry("dam"))
    desk.list(entry("oil", WEEKLY), feed=WEEKLY)

    pages = desk.ledger.claim_pages(desk.lease("weekly.example"), now=NOON)

    assert [key("oil")] == [page.entry_id for page in pages]


def test_retry_waits_and_counts_its_tries(desk):
    """
    A page to be tried again is not given before its time, and says how often it was tried before.
    """
    desk.list(entry("dam"))
    (first,) = desk.pages()
    desk.got("dam", next_stage=Stage.FETCH, page=None, retry_at=NOON + HOUR, reason="503")

    early = desk.pages(now=NOON + MINUTE)
    (again,) = desk.pages(now=NOON + HOUR)

    assert [] == early
    assert (0, 1) == (first.tries, again.tries)


def test_page_given_back_counts_neither_try_nor_death(desk):
    """
    What was claimed and not asked for is as if it had not been claimed.
    """
    desk.list(entry("dam"))
    for _ in range(5):
        claimed = desk.pages()
        desk.ledger.unclaim_pages([page.entry_id for page in claimed])

    (page,) = desk.pages()

    assert 0 == page.tries
    assert 1 == desk.story("dam").deaths


def test_renewed_host_keeps_its_pages(desk):
    """
    A slow worker that renews its host keeps what it claimed there.
    """
    desk.list(entry("dam"))
    lease = desk.lease("daily.example")
    desk.ledger.claim_pages(lease, now=NOON)

    lease = desk.ledger.renew_host(lease, now=NOON + 4 * MINUTE)

    assert [] == desk.ledger.claim_pages(lease, now=LATER)


def test_entry_edited_while_it_is_fetched_is_fetched_once_more(desk):
    """
    What came back is older than the edit, so the page is asked for again.
    """
    desk.publish("dam")
    desk.list(entry("dam", content_hash="edit 1"), now=NOON + HOUR)
    desk.pages(now=NOON + HOUR)
    desk.list(entry("dam", content_hash="edit 2"), now=NOON + HOUR + MINUTE)

    desk.got("dam", now=NOON + HOUR + MINUTE)

    assert (Outcome.INDEXED, Stage.FETCH) == desk.state("dam")
    assert [key("dam")] == [page.entry_id for page in desk.pages(now=NOON + HOUR + MINUTE)]


def test_page_gone_at_a_second_look_withdraws_its_article(desk):
    """
    The article stays searchable, says when it was withdrawn, and the index hears of it once.
    """
    desk.publish("dam")
    for hour in (1, 2):
        desk.list(entry("dam", content_hash=f"edit {hour}"), now=NOON + hour * HOUR)
        desk.pages(now=NOON + hour * HOUR)
        desk.ended("dam", Outcome.GONE, now=NOON + hour * HOUR)

    documents = desk.documents(now=NOON + 2 * HOUR)

    assert [NOON + HOUR] == [document.withdrawn_at for document in documents]
    assert 2 == desk.story("dam").document_version
    assert Outcome.INDEXED is desk.story("dam").outcome


def test_trouble_at_a_second_look_leaves_the_article(desk):
    """
    Whatever else a second look ends with is a remark, not an outcome.
    """
    desk.publish("dam")
    desk.list(entry("dam", content_hash="edited"), now=NOON + HOUR)
    desk.pages(now=NOON + HOUR)

    desk.ended("dam", Outcome.BLOCKED, "403", now=NOON + HOUR)

    story = desk.story("dam")
    assert (Outcome.INDEXED, None) == (story.outcome, story.stage)
    assert "at the last look: blocked: 403" == story.reason
    assert story.withdrawn_at is None


def test_article_found_again_is_no_longer_withdrawn(desk):
    """
    A page that comes back takes the mark away, and the index hears of it.
    """
    desk.publish("dam")
    for hour, edit in ((1, "gone"), (2, "back")):
        desk.list(entry("dam", content_hash=edit), now=NOON + hour * HOUR)
        desk.pages(now=NOON + hour * HOUR)
        if edit == "gone":
            desk.ended("dam", Outcome.GONE, now=NOON + hour * HOUR)
        else:
            desk.got("dam", now=NOON + hour * HOUR)
    desk.read(article("dam"), now=NOON + 2 * HOUR)

    (document,) = desk.documents(now=NOON + 2 * HOUR)

    assert document.withdrawn_at is None
    assert 3 == document.document_version


def test_settling_what_nobody_waits_for_changes_nothing(desk):
    """
    A worker that comes back after its page was settled by another does no harm.
    """
    desk.list(entry("dam"))
    desk.pages()
    desk.got("dam")

    desk.ended("dam", Outcome.UNREACHABLE)

    assert (None, Stage.EXTRACT) == desk.state("dam")


class TestFurtherLooks:
    """Young articles are looked at again."""

    def publish(self, desk, name="dam", **settled):
        desk.list(entry(name))
        desk.pages()
        desk.got(name, look_at=NOON + HOUR, **settled)
        desk.read(article(name))
        desk.detect()
        desk.index()

    def test_a_look_that_is_due_puts_an_article_back(self, desk):
        """
        At its hour and not before, once, and it stays searchable meanwhile.
        """
        self.publish(desk)

        assert 0 == desk.ledger.look_again(now=NOON + HOUR - MINUTE)
        assert 1 == desk.ledger.look_again(now=NOON + HOUR)
        assert 0 == desk.ledger.look_again(now=NOON + HOUR)
        assert (Outcome.INDEXED, Stage.FETCH) == desk.state("dam")

    def test_a_page_is_asked_for_by_its_validators(self, desk):
        """
        Those of the last answer, as they were sent; the first request has none.
        """
        self.publish(desk, etag='W/"7"', last_modified="Mon")
        desk.ledger.look_again(now=NOON + HOUR)

        (page,) = desk.pages(now=NOON + HOUR)

        assert (True, 'W/"7"', "Mon") == (page.has_article, page.etag, page.last_modified)

    def test_an_edit_in_the_feed_asks_without_validators(self, desk):
        """
        A server that says the page is unchanged would be wrong.
        """
        self.publish(desk, etag='"7"')
        desk.list(entry("dam", content_hash="edited"), now=NOON + MINUTE)

        (page,) = desk.pages(now=NOON + MINUTE)

        assert (True, None) == (page.has_article, page.etag)

    def test_an_unchanged_page_changes_nothing_but_the_next_look(self, desk):
        """
        The article, its outcome and its page in the archive stay; it is looked at again later.
        """
        self.publish(desk)
        desk.ledger.look_again(now=NOON + HOUR)
        desk.pages(now=NOON + HOUR)
        desk.got("dam", now=NOON + HOUR, next_stage=None, page=None, look_at=NOON + 6 * HOUR)

        assert (Outcome.INDEXED, None) == desk.state("dam")
        assert PAGE == desk.story("dam").page
        assert [] == desk.documents(now=NOON + HOUR)
        assert 1 == desk.ledger.look_again(now=NOON + 6 * HOUR)

    def test_what_is_no_article_or_gone_is_not_looked_at(self, desk):
        """
        A duplicate, a directory and a withdrawn article cost no further request.
        """
        desk.list(*(entry(name) for name in ("directory", "withdrawn")))
        desk.pages()
        for name in ("directory", "withdrawn"):
            desk.got(name, look_at=NOON + HOUR)
        desk.read(article("withdrawn"))
        desk.ledger.settle_extractions(
            [SettledExtraction(entry_id=key("directory"), outcome=Outcome.NO_ARTICLE, reason="a list")],
            now=NOON,
        )
        desk.list(entry("withdrawn", content_hash="edited"), now=NOON + MINUTE)
        desk.pages(now=NOON + MINUTE)
        desk.ended("withdrawn", Outcome.GONE, now=NOON + MINUTE)

        assert 0 == desk.ledger.look_again(now=NOON + DAY)
        assert [] == desk.pages(now=NOON + DAY)

    def test_every_text_an_article_had_is_kept(self, desk):
        """
        The oldest first, each with the moment it was replaced; the current one last.
        """
        self.publish(desk)
        desk.ledger.look_again(now=NOON + HOUR)
        desk.fetch(now=NOON + HOUR)
        desk.read(article("dam", body="edited"), now=NOON + HOUR)

        first, second = desk.ledger.revisions_of(key("dam"))

        assert (1, "body of dam", NOON + HOUR) == (first.revision, first.body, first.replaced_at)
        assert (2, "edited", None) == (second.revision, second.body, second.replaced_at)
        assert () == desk.ledger.revisions_of("http://nobody.example/")
