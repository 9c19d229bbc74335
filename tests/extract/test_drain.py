"""From pages in the archive to articles in the ledger; again, and what that would change."""

from __future__ import annotations

import pytest

from pipeline.extract.layout import AGREE
from pipeline.extract.trust import MISSES, TRIAL
from pipeline.ledger.ledger import open_ledger
from pipeline.records import Outcome
from pipeline.templates import Trust
from tests.extract.drain import Newsdesk
from tests.extract.reading import PARAGRAPHS, TITLE, html, pending, refusal_of
from tests.extract.test_templates import page
from tests.ledger.desk import key

DIRECTORY = f"<html><body>{'<a href=/x>رابط إلى صفحة أخرى</a><br>' * 30}</body></html>"  # a link


@pytest.fixture
def newsdesk(tmp_path):
    with open_ledger(f"sqlite:///{tmp_path}/ledger.sqlite") as ledger:
        yield Newsdesk(ledger)


def test_every_entry_gets_its_article_or_its_outcome(newsdesk):
    """
    What is no article, and what the archive has lost, ends by itself; the others are articles.
    """
    newsdesk.publish("one", html())
    newsdesk.publish("list", DIRECTORY)
    newsdesk.publish("lost", html())
    del newsdesk.pages.bodies["lost"]

    assert {"extracted": 1, "no_article": 1, "failed": 1} == newsdesk.extract()

    assert TITLE == newsdesk.article("one").title
    assert (Outcome.NO_ARTICLE, None) == newsdesk.desk.state("list")
    assert (Outcome.FAILED, None) == newsdesk.desk.state("lost")


@pytest.mark.parametrize(
    ("title", "outcome"),
    [
        (
            "شہر کی نئی لائبریری اگلے ہفتے کھول دی جائے گی اور داخلہ سب کے لیے مفت ہو گا، میئر نے بتایا",
            "not_arabic",
        ),
        (TITLE, "blocked"),
    ],
    ids=["urdu", "arabic"],
)
def test_what_a_gate_hides_is_told_by_its_feed(title, outcome):
    """
    An entry whose feed shows another language is `not_arabic`, whatever stands before its page.
    """
    gate = (
        "<html><head><title>Just a moment...</title></head><body><h1>Verify you are human</h1></body></html>"
    )

    assert outcome == refusal_of(gate, pending(title=title))[0]


def test_reading_again_says_what_would_change_and_writes_nothing(newsdesk):
    """
    A better reading is shown line by line; the ledger is as it was.
    """
    newsdesk.publish("one", html())
    newsdesk.publish("two", html(title="خبر آخر عن المكتبة وروادها"))
    newsdesk.extract()
    newsdesk.pages.bodies["one"] = html(*PARAGRAPHS[:-1])

    found = newsdesk.preview()

    assert (2, {"another text": 1, "unchanged": 1}) == (found.entries, dict(found.counts))
    assert [(f"- {PARAGRAPHS[-1]}",)] == [example.lines for example in found.examples]
    assert "\n".join(PARAGRAPHS) == newsdesk.article("one").body
    assert 1 == newsdesk.desk.story("one").revision


def test_unchanged_text_makes_no_new_revision(newsdesk):
    """
    Read again, an article is the same; one whose text is read otherwise keeps the old text beside it.
    """
    newsdesk.publish("one", html())
    newsdesk.publish("two", html(title="خبر آخر عن المكتبة وروادها"))
    newsdesk.extract()
    newsdesk.desk.detect()
    newsdesk.desk.index()
    newsdesk.pages.bodies["one"] = html(*PARAGRAPHS[:-1])

    newsdesk.redo()

    assert 2 == newsdesk.desk.story("one").revision
    assert 1 == newsdesk.desk.story("two").revision
    assert (Outcome.INDEXED, None) == newsdesk.desk.state("two")


def test_only_what_failed_is_looked_at_where_that_is_wanted(newsdesk):
    """
    A page that is back in the archive becomes an article; the others are left alone.
    """
    newsdesk.publish("one", html())
    newsdesk.publish("lost", html(title="خبر ضاع من الأرشيف ثم عاد"))
    kept = newsdesk.pages.bodies.pop("lost")
    newsdesk.extract()
    newsdesk.pages.bodies["lost"] = kept

    found = newsdesk.preview(only_failed=True)

    assert {"becomes an article": 1} == dict(found.counts)
    assert {"extracted": 1} == newsdesk.redo(only_failed=True)


def test_preview_stops_where_it_is_told(newsdesk):
    """
    A look at a few entries is enough to see what a new extractor does.
    """
    for number in range(5):
        newsdesk.publish(str(number), page(number))
    newsdesk.extract()

    assert 3 == newsdesk.preview(limit=3).entries


def test_article_that_would_be_none_is_told_and_stays(newsdesk):
    """
    What was an article once is not taken away by a reading that finds none.
    """
    newsdesk.publish("one", html())
    newsdesk.extract()
    newsdesk.pages.bodies["one"] = DIRECTORY

    assert {"would be no article, and stays": 1} == dict(newsdesk.preview().counts)

    newsdesk.redo()
    assert "\n".join(PARAGRAPHS) == newsdesk.article("one").body


def test_pages_are_read_by_the_template_of_their_outlet(newsdesk):
    """
    Articles name the version they were read by, and the ledger keeps what was learnt.
    """
    for number in range(AGREE + TRIAL + 2):
        newsdesk.publish(str(number), page(number))
        newsdesk.extract()

    assert Trust.IN_USE is newsdesk.ledger.templates_of(["daily"])["daily"].trust
    assert newsdesk.article("0").extractor.startswith("trafilatura/")
    assert newsdesk.article(str(AGREE + TRIAL + 1)).extractor.startswith("template/1 ")


def test_pages_of_a_site_that_changed_are_read_again(newsdesk):
    """
    What the dropped template read since its last verification is read once more, by other means.
    """
    for number in range(AGREE + TRIAL + 2):
        newsdesk.publish(str(number), page(number))
        newsdesk.extract()
    doubtful = key(str(AGREE + TRIAL + 1))
    newsdesk.reader.asked.clear()

    for number in range(100, 100 + MISSES):
        newsdesk.publish(str(number), page(number, story="section"))
        newsdesk.extract()

    assert 1 == sum(request.pending.entry.entry_id == doubtful for request in newsdesk.reader.asked)
    assert not newsdesk.article(str(AGREE + TRIAL + 1)).extractor.startswith("template/1 ")
    assert 1 == newsdesk.desk.story(str(AGREE + TRIAL + 1)).revision
