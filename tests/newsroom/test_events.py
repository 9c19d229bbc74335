"""The events of the make-believe press: each does what its name says."""

from __future__ import annotations

import http.client
from datetime import UTC, datetime, timedelta

import feedparser
import pytest

from tests.newsroom import Newsroom
from tests.newsroom.articles import Kind, load_articles, load_outlets
from tests.newsroom.reading import entries_of, get, text_of

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)

OUTLETS = load_outlets()
ARTICLES = load_articles()


@pytest.fixture
def newsroom():
    with Newsroom(now=NOON) as newsroom:
        yield newsroom


class TestEvents:
    """Each event does what its name says."""

    def test_publishes(self, newsroom):
        """
        A held-back article is on top of its feed, dated now, and its page is there.
        """
        slug = newsroom.held_back[0]
        outlet = ARTICLES[slug].outlet_id

        url = newsroom.publishes(slug)

        assert newsroom.article(slug).title == entries_of(newsroom, outlet)[0].title
        assert newsroom.published_at(slug) == NOON
        assert 200 == get(url).status
        assert slug not in newsroom.held_back

    def test_publishing_twice_changes_nothing(self, newsroom):
        """
        An article appears once.
        """
        slug = newsroom.held_back[0]
        newsroom.publishes(slug)

        newsroom.publishes(slug)

        assert 1 == newsroom.listed().count(slug)

    @pytest.mark.parametrize("slug", [slug for slug, article in ARTICLES.items() if article.edited])
    def test_edits_as_prepared(self, newsroom, slug):
        """
        The file says how the outlet will edit it: entry and page change, address and date stay.
        """
        outlet = ARTICLES[slug].outlet_id
        before = newsroom.article(slug)
        url, published_at = newsroom.url(slug), newsroom.published_at(slug)

        newsroom.edits(slug)

        after = newsroom.article(slug)
        page = text_of(newsroom, outlet, get(url))
        assert (before.title, before.summary) != (after.title, after.summary)
        assert after.title in [entry.title for entry in entries_of(newsroom, outlet)]
        assert after.title in page
        assert after.paragraphs[0].replace('"', "&#34;") in page
        assert (url, published_at) == (newsroom.url(slug), newsroom.published_at(slug))

    def test_edits_as_told(self, newsroom):
        """
        New paragraphs bring a new summary, so that a summary-only feed shows the change too.
        """
        newsroom.edits("olive-harvest", ["نص جديد من فقرة واحدة."])  # "a new text of one paragraph"

        summaries = [entry.summary for entry in entries_of(newsroom, "valley-mirror")]
        assert any("نص جديد" in summary for summary in summaries)

    def test_an_edited_feed_is_not_answered_304(self, newsroom):
        """
        Validators change with the feed, even within one second.
        """
        tried = set()
        for outlet in OUTLETS:
            url = newsroom.feed_urls(outlet)[0]
            first = get(url)
            slug = next(one for one in newsroom.listed(outlet) if ARTICLES[one].kind is Kind.ARTICLE)

            newsroom.edits(slug, title="عنوان آخر")  # "another title"

            for given, sent_back in (("ETag", "If_None_Match"), ("Last-Modified", "If_Modified_Since")):
                if given in first.headers:
                    tried.add(given)
                    assert 200 == get(url, **{sent_back: first.headers[given]}).status
        assert {"ETag", "Last-Modified"} == tried

    def test_withdraws(self, newsroom):
        """
        The page answers 410 and the feed lists it no more.
        """
        url = newsroom.url("tigris-level")

        newsroom.withdraws("tigris-level")

        assert 410 == get(url).status
        assert "tigris-level" not in newsroom.listed("two-banks-agency")
        titles = [entry.title for entry in entries_of(newsroom, "two-banks-agency")]
        assert ARTICLES["tigris-level"].title not in titles

    def test_breaks_down_and_recovers(self, newsroom):
        """
        503 for feed, page and robots.txt; then all is well again.
        """
        urls = [*newsroom.feed_urls("the-dunes"), newsroom.base("the-dunes") + "/robots.txt"]

        newsroom.breaks_down("the-dunes")
        broken = {get(url).status for url in urls}
        newsroom.recovers("the-dunes")

        assert {503} == broken
        assert {200} == {get(url).status for url in urls}

    def test_hangs_up(self, newsroom):
        """
        The connection ends without an answer.
        """
        newsroom.hangs_up("the-dunes")

        with pytest.raises((http.client.RemoteDisconnected, ConnectionError)):
            get(newsroom.feed_urls("the-dunes")[0])
        assert [0] == [request.status for request in newsroom.requests]

    def test_slows_down(self, newsroom):
        """
        An answer takes as long as was said.
        """
        newsroom.slows_down("the-dunes", 0.3)
        started_at = datetime.now(UTC)

        get(newsroom.feed_urls("the-dunes")[0])

        assert datetime.now(UTC) - started_at >= timedelta(seconds=0.3)

    def test_blocks(self, newsroom):
        """
        403 and a challenge, for feeds and pages; robots.txt is served.
        """
        newsroom.blocks("the-dunes")

        feed = get(newsroom.feed_urls("the-dunes")[0])
        assert 403 == feed.status
        assert b"challenge" in feed.body
        assert 200 == get(newsroom.base("the-dunes") + "/robots.txt").status

    def test_serves_html_as_feed(self, newsroom):
        """
        200, but a web page; articles are still there.
        """
        newsroom.serves_html_as_feed("casbah-post")

        feed = get(newsroom.feed_urls("casbah-post")[0])
        assert 200 == feed.status
        assert feed.headers["Content-Type"].startswith("text/html")
        assert 200 == get(newsroom.url("phosphate-railway")).status

    def test_goes_silent(self, newsroom):
        """
        A good feed, and nothing in it.
        """
        newsroom.goes_silent("casbah-post")

        got = get(newsroom.feed_urls("casbah-post")[0])
        assert not feedparser.parse(got.body).bozo
        assert [] == entries_of(newsroom, "casbah-post")

    def test_republishes(self, newsroom):
        """
        The same text stands under two addresses, both in the feed.
        """
        url = newsroom.republishes("leaders-phone-call", under="/reprint/1")

        links = [entry.link for entry in entries_of(newsroom, "valley-mirror")]
        assert url == links[0]
        assert newsroom.url("leaders-phone-call") != url
        assert (
            newsroom.article("leaders-phone-call").paragraphs[0].replace('"', "&#34;")
            in get(url).body.decode()
        )

    def test_a_busy_hour(self, newsroom):
        """
        Everything held back appears, some is edited, one is withdrawn, one is told twice; in words.
        """
        words = newsroom.has_a_busy_hour()

        assert set(newsroom.at_rest) == {newsroom.article(slug).outlet_id for slug in newsroom.held_back}
        assert 410 == get(newsroom.url(newsroom.example_of_withdrawal)).status
        assert 4 == len(words)
