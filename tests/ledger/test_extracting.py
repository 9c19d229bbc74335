"""
Extract: articles, duplicates, revisions, and outcomes instead of them.
"""

from __future__ import annotations

import pytest

from pipeline.records import Outcome, Stage
from pipeline.work import SettledExtraction
from tests.ledger.desk import DAY, HOUR, NOON, PAGE, WEEKLY, Desk, article, entry, key


def waiting(desk: Desk, *names: str, now=NOON) -> None:
    desk.list(*(entry(name) for name in names), now=now)
    desk.fetch(now=now)


def look_again(desk: Desk, name: str, *, now) -> None:
    """The outlet edits the entry, and its page is fetched."""
    desk.list(entry(name, content_hash=str(now)), now=now)
    desk.fetch(now=now)


def test_pending_extraction_carries_what_feed_and_page_say(desk):
    """
    The entry with its texts, where the page lies, and why there is none.
    """
    desk.list(entry("dam", body="نص", author="كاتب", categories=("ماء",)))  # text, a writer, water
    desk.pages()
    desk.got("dam", page_outcome="blocked: 403")

    (pending,) = desk.extractions()

    assert ("نص", "كاتب", ("ماء",)) == (pending.entry.body, pending.entry.author, pending.entry.categories)
    assert (PAGE, "http://final/", NOON, "blocked: 403") == (
        pending.page,
        pending.final_url,
        pending.fetched_at,
        pending.page_outcome,
    )


def test_article_goes_on_in_its_entrys_place(desk):
    """
    The entry has no outcome yet; its article waits for detection.
    """
    waiting(desk, "dam")

    outcomes = desk.read(article("dam"))

    assert {} == outcomes
    assert (None, Stage.DETECT) == desk.state("dam")


def test_page_without_article_ends_its_entry(desk):
    """
    The outcome and its reason are kept.
    """
    waiting(desk, "dam")
    desk.extractions()

    settled = SettledExtraction(entry_id=key("dam"), outcome=Outcome.NOT_ARABIC, reason="in English")
    outcomes = desk.ledger.settle_extractions([settled], now=NOON)

    assert {key("dam"): Outcome.NOT_ARABIC} == outcomes
    assert (Outcome.NOT_ARABIC, "in English") == (desk.story("dam").outcome, desk.story("dam").reason)


@pytest.mark.parametrize("together", [True, False], ids=["in one chunk", "one after the other"])
def test_same_text_of_one_outlet_is_a_duplicate(desk, together):
    """
    The second of two equal texts of an outlet ends as `duplicate` of the first.
    """
    same = {"title": "t", "body": "b"}
    waiting(desk, "dam", "copy")
    if together:
        outcomes = desk.read(article("dam", **same), article("copy", **same))
    else:
        desk.read(article("dam", **same))
        outcomes = desk.found(article("copy", **same))

    assert [Outcome.DUPLICATE] == list(outcomes.values())
    (copy,) = outcomes
    assert {key("dam"), key("copy")} - {copy} == {desk.ledger.story_of(copy).duplicate_of}


def test_same_canonical_link_is_a_duplicate(desk):
    """
    A page that says it is another address of a known article is no article of its own.
    """
    waiting(desk, "dam", "short-link")
    desk.read(article("dam"))

    desk.found(article("short-link", body="slightly other", url=article("dam").url))

    assert Outcome.DUPLICATE is desk.story("short-link").outcome
    assert key("dam") == desk.story("short-link").duplicate_of


def test_another_outlets_copy_is_an_article(desk):
    """
    A wire story two outlets carry is searchable at both.
    """
    waiting(desk, "dam")
    desk.list(entry("wire", WEEKLY), feed=WEEKLY)
    desk.fetch()

    outcomes = desk.read(
        article("dam", title="t", body="b"), article("wire", outlet_id="weekly", title="t", body="b")
    )

    assert {} == outcomes


def test_withdrawn_article_is_no_original(desk):
    """
    A text taken back under one address and published under another is the article from then on.
    """
    same = {"title": "t", "body": "b"}
    desk.publish("dam", **same)
    desk.list(entry("dam", content_hash="edited"), now=NOON + HOUR)
    desk.pages(now=NOON + HOUR)
    desk.ended("dam", Outcome.GONE, now=NOON + HOUR)

    waiting(desk, "again", now=NOON + 2 * HOUR)
    outcomes = desk.read(article("again", **same), now=NOON + 2 * HOUR)

    assert {} == outcomes


def test_changed_text_is_a_revision(desk):
    """
    `revision` rises, detection is pending, and the index hears of a new version.
    """
    desk.publish("dam")
    look_again(desk, "dam", now=NOON + HOUR)

    desk.read(article("dam", body="another body"), now=NOON + HOUR)

    story = desk.story("dam")
    assert (2, 2, 1) == (story.revision, story.document_version, story.indexed_version)
    assert "another body" == story.article.body
    assert (Outcome.INDEXED, Stage.DETECT) == (story.outcome, story.stage)


def test_unchanged_text_changes_nothing(desk):
    """
    A page fetched again and found the same costs the index nothing.
    """
    desk.publish("dam")
    look_again(desk, "dam", now=NOON + HOUR)

    desk.read(article("dam", fetched_at=NOON + HOUR), now=NOON + HOUR)

    story = desk.story("dam")
    assert (1, 1) == (story.revision, story.document_version)
    assert (Outcome.INDEXED, None) == (story.outcome, story.stage)


def test_changed_author_is_a_version_and_no_revision(desk):
    """
    What is shown beside the text goes to the index without another detection.
    """
    desk.publish("dam")
    look_again(desk, "dam", now=NOON + HOUR)

    desk.read(article("dam", author="كاتب"), now=NOON + HOUR)  # a writer

    story = desk.story("dam")
    assert (1, 2, Stage.INDEX) == (story.revision, story.document_version, story.stage)


def test_feeds_text_never_replaces_a_page(desk):
    """
    When the page cannot be had at a second look, what it gave before stays.
    """
    desk.publish("dam")
    look_again(desk, "dam", now=NOON + HOUR)

    desk.read(article("dam", body="only a summary", body_from="feed"), now=NOON + HOUR)

    assert "body of dam" == desk.story("dam").article.body


def test_page_replaces_a_feeds_text(desk):
    """
    An article first read from its feed becomes that of the page once there is one.
    """
    desk.publish("dam", body_from="feed", body="only a summary")
    look_again(desk, "dam", now=NOON + HOUR)

    desk.read(article("dam"), now=NOON + HOUR)

    assert ("body of dam", "page", 2) == (
        desk.story("dam").article.body,
        desk.story("dam").article.body_from,
        desk.story("dam").revision,
    )


def test_settlement_of_what_was_fetched_again_meanwhile_is_dropped(desk):
    """
    An extraction of the old page says nothing once the entry waits for its new one.
    """
    desk.publish("dam")
    look_again(desk, "dam", now=NOON + HOUR)
    desk.extractions(now=NOON + HOUR)
    desk.list(entry("dam", content_hash="newest"), now=NOON + HOUR)

    desk.found(article("dam", body="of the old page"), now=NOON + HOUR)

    assert "body of dam" == desk.story("dam").article.body
    assert Stage.FETCH is desk.story("dam").stage


def test_long_past_dates_and_odd_characters_are_kept(desk):
    """
    What the web writes fits both engines: NUL is dropped, half characters are replaced.
    """
    waiting(desk, "dam")

    desk.read(article("dam", title="a\0b", body="c\ud800d", first_seen_at=NOON - 9_000 * DAY))

    kept = desk.story("dam").article
    assert ("ab", "c?d", NOON - 9_000 * DAY) == (kept.title, kept.body, kept.first_seen_at)
