"""The make-believe press over real HTTP: what those who rely on it may expect of it."""

from __future__ import annotations

import http.client
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import feedparser
import pytest
import yaml

from pipeline.records import Outcome
from tests.newsroom import Newsroom
from tests.newsroom.articles import Kind, load_articles, load_outlets
from tests.newsroom.reading import get, text_of

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)

OUTLETS = load_outlets()
ARTICLES = load_articles()
FEEDS = [(outlet.outlet_id, feed) for outlet in OUTLETS.values() for feed in outlet.feeds]


@pytest.fixture(scope="module")
def quiet():
    """A newsroom in which nothing happens."""
    with Newsroom(now=NOON) as newsroom:
        yield newsroom


@pytest.fixture
def newsroom():
    with Newsroom(now=NOON) as newsroom:
        yield newsroom


class TestPress:
    """A press in which nothing happens."""

    @pytest.mark.parametrize(("outlet", "feed"), FEEDS, ids=str)
    def test_feed_parses(self, quiet, outlet, feed):
        """
        Read in its outlet's charset, a feed is well-formed and lists what it should, dated before now.
        """
        got = get(quiet.base(outlet) + feed.path)
        parsed = feedparser.parse(text_of(quiet, outlet, got))
        due = [slug for slug in quiet.listed(outlet) if feed.section in {None, quiet.article(slug).section}]

        assert 200 == got.status
        assert not parsed.bozo, parsed.get("bozo_exception")
        assert [quiet.article(slug).title for slug in due] == [entry.title for entry in parsed.entries]
        assert all(entry.link.startswith(f"{quiet.base(outlet)}/") for entry in parsed.entries)
        assert (feed.bodies == "full") == any("content" in entry for entry in parsed.entries)

    @pytest.mark.parametrize("slug", [slug for slug, article in ARTICLES.items() if not article.held_back])
    def test_page_is_served_in_its_charset(self, quiet, slug):
        """
        A page decodes as its outlet's charset and holds the article, or is what its kind says.
        """
        article = ARTICLES[slug]
        got = get(quiet.url(slug))
        statuses = {Kind.MISSING: 404, Kind.PAYWALL: 403}

        assert statuses.get(article.kind, 200) == got.status
        if article.kind is Kind.ARTICLE:
            text = text_of(quiet, article.outlet_id, got)
            assert article.title in text
            assert all(
                line.replace('"', "&#34;").replace("'", "&#39;") in text for line in article.paragraphs
            )

    @pytest.mark.parametrize("outlet", OUTLETS)
    def test_charset_is_declared_or_nowhere(self, quiet, outlet):
        """
        The outlet that declares no charset does so neither in headers nor in the document.
        """
        slug = next(slug for slug in quiet.listed(outlet) if ARTICLES[slug].kind is Kind.ARTICLE)
        declared = quiet.outlets[outlet].declares_charset
        feed, page = get(quiet.feed_urls(outlet)[0]), get(quiet.url(slug))

        assert declared == ("charset" in feed.headers["Content-Type"])
        assert declared == ("charset" in page.headers["Content-Type"])
        assert declared == (b"encoding=" in feed.body.splitlines()[0])
        assert declared == (b"<meta charset" in page.body)

    @pytest.mark.parametrize("outlet", OUTLETS)
    def test_unchanged_feed_and_page_answer_304(self, quiet, outlet):
        """
        Whoever sends back the validators is told that nothing changed, without a body.
        """
        slug = next(slug for slug in quiet.listed(outlet) if ARTICLES[slug].kind is Kind.ARTICLE)
        for url in (quiet.feed_urls(outlet)[0], quiet.url(slug)):
            first = get(url)
            known = {
                asking: first.headers[told]
                for asking, told in (("If_None_Match", "ETag"), ("If_Modified_Since", "Last-Modified"))
                if told in first.headers
            }
            again = get(url, **known)

            assert known
            assert (304, b"") == (again.status, again.body)

    def test_an_etag_of_old_is_answered_in_full(self, quiet):
        """
        If-None-Match takes precedence over a date that would have said "unchanged".
        """
        url = quiet.feed_urls("valley-mirror")[0]
        modified = get(url).headers["Last-Modified"]

        assert 200 == get(url, If_None_Match='"old"', If_Modified_Since=modified).status

    def test_held_back_articles_are_nowhere(self, quiet):
        """
        What is published later has neither an entry nor a page.
        """
        assert quiet.held_back
        assert not set(quiet.held_back) & set(quiet.listed())
        assert {404} == {get(quiet.url(slug)).status for slug in quiet.held_back}

    def test_layouts_differ(self, quiet):
        """
        Six ways to lay out a page, one of them a single line.
        """
        minified = next(outlet for outlet in OUTLETS.values() if outlet.minified)
        slug = next(one for one in quiet.listed(minified.outlet_id) if ARTICLES[one].kind is Kind.ARTICLE)

        assert len({outlet.layout for outlet in OUTLETS.values()}) >= 6
        assert {"rss2", "atom", "rdf"} == {feed.kind for _, feed in FEEDS}
        assert 1 == len(get(quiet.url(slug)).body.splitlines())

    def test_robots_are_served(self, quiet):
        """
        One outlet forbids a path its own feed links to, one asks for a pause.
        """
        robots = {outlet: get(f"{quiet.base(outlet)}/robots.txt").body.decode() for outlet in OUTLETS}
        forbidden = [slug for slug in ARTICLES if quiet.expected_outcome(slug) is Outcome.DISALLOWED]

        assert any("Crawl-delay" in text for text in robots.values())
        assert forbidden
        assert all("/archive/" in urlsplit(quiet.url(slug)).path for slug in forbidden)

    def test_gzip_is_sent_to_those_who_accept_it(self, quiet):
        """
        WordPress compresses, for clients that say they can read it.
        """
        url = quiet.feed_urls("atlas-harbour")[0]

        assert "gzip" == get(url, Accept_Encoding="gzip").headers["Content-Encoding"]
        assert "Content-Encoding" not in get(url).headers

    def test_every_outcome_of_a_page_is_there(self, quiet):
        """
        Among the entries is one for each thing that can become of an answered request.
        """
        expected = {quiet.expected_outcome(slug) for slug in ARTICLES}

        assert expected == set(Outcome) - {Outcome.UNREACHABLE, Outcome.FAILED, Outcome.REFUSED}

    def test_many_clients_at_once_are_served(self, quiet):
        """
        Outlets answer side by side.
        """
        urls = [quiet.url(slug) for slug in quiet.listed() if ARTICLES[slug].kind is Kind.ARTICLE]

        with ThreadPoolExecutor(8) as clients:
            assert {200} == {got.status for got in clients.map(get, urls)}

    def test_a_head_request_has_no_body(self, quiet):
        """
        HEAD tells the headers alone.
        """
        got = get(quiet.feed_urls("the-dunes")[0], method="HEAD")

        assert (200, b"") == (got.status, got.body)


class TestHolding:
    """What whoever holds the newsroom is given."""

    def test_requests_are_remembered(self, newsroom):
        """
        Who asked for what, with which headers, and what the answer was.
        """
        get(newsroom.feed_urls("the-dunes")[0], User_Agent="tester")
        get(newsroom.url("opec-plus-december"))

        feed, page = newsroom.requests
        assert ("the-dunes", "/rssFeed/1", 200, True) == (feed.outlet, feed.path, feed.status, feed.is_feed)
        assert "tester" == feed.headers["user-agent"]
        assert ("opec-plus-december", False) == (page.slug, page.is_feed)

        newsroom.requests.clear()
        assert 0 == len(newsroom.requests)

    def test_config_is_what_rasd_reads(self, newsroom, tmp_path):
        """
        One file for each outlet, with its feeds, to be polled again right away.
        """
        newsroom.config(tmp_path / "config")

        given = yaml.safe_load((tmp_path / "config/outlets/casbah-post.yml").read_text(encoding="utf-8"))
        assert len(OUTLETS) == len(list((tmp_path / "config/outlets").glob("*.yml")))
        assert newsroom.feed_urls("casbah-post") == [feed["url"] for feed in given["feeds"]]
        assert {"1s"} == {feed["poll_at_most"] for feed in given["feeds"]}

    def test_config_loads(self, newsroom, tmp_path):
        """
        Rasd's own loader takes the files as they are.
        """
        load_outlets = pytest.importorskip("pipeline.config").load_outlets

        loaded = load_outlets(newsroom.config(tmp_path))

        assert set(OUTLETS) == set(loaded)
        assert all(outlet.pause_s < 0.01 for outlet in loaded.values())

    def test_environment_opens_the_way(self, newsroom):
        """
        The networks and ports Rasd has to be allowed.
        """
        environment = newsroom.environment()
        ports = {str(urlsplit(newsroom.base(outlet)).port) for outlet in OUTLETS}

        assert "127.0.0.0/8" == environment["RASD_ALLOW_NETWORKS"]
        assert ports == set(environment["RASD_ALLOW_PORTS"].split(","))

    def test_outlets_are_hosts_of_their_own(self, newsroom):
        """
        Each has an address to itself, so that politeness towards one is not towards all.
        """
        assert len(OUTLETS) == len({newsroom.base(outlet) for outlet in OUTLETS})

    def test_after_the_end_nobody_answers(self):
        """
        The press is off the air when its block ends, kept-alive connections included.
        """
        with Newsroom() as newsroom:
            parts = urlsplit(newsroom.base("the-dunes"))
            kept = http.client.HTTPConnection(parts.hostname, parts.port, timeout=10)
            kept.request("GET", "/robots.txt")
            kept.getresponse().read()

        kept.sock.settimeout(5)
        assert b"" == kept.sock.recv(1)
        kept.close()
        with pytest.raises(OSError, match="refused"):
            get(newsroom.base("the-dunes"))

    def test_two_presses_run_side_by_side(self, newsroom):
        """
        Each finds a port of its own.
        """
        with Newsroom() as other:
            assert newsroom.environment() != other.environment()

    def test_fresh_by_default(self):
        """
        Without a given now, articles are hours old today, whenever today is.
        """
        with Newsroom() as newsroom:
            ages = [datetime.now(UTC) - newsroom.published_at(slug) for slug in newsroom.listed()]

        assert timedelta(0) <= min(ages) <= timedelta(hours=3)
        assert max(ages) <= timedelta(days=4)
