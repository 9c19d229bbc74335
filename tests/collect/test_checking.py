"""What an operator is told of a feed, and of a site, before adding it."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest

from pipeline.collect.checking import check_bytes, check_url
from pipeline.collect.discovery import articles_linked, discover, feeds_named
from pipeline.errors import HostDownError
from tests.collect.guest import guest
from tests.collect.server import answer, serving

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
LONG = "ارتفع منسوب المياه في السد خلال الليل بعد أمطار غزيرة هطلت على المنطقة. " * 8  # the dam filled


def item(number, *, date="Tue, 24 Nov 2026 09:00:00 GMT", text="خبر قصير"):  # a short item
    return (
        f"<item><title>خبر {number}</title><link>/news/{number}</link>"
        f"<description>{text}</description>{f'<pubDate>{date}</pubDate>' if date else ''}</item>"
    )


def rss(*items, channel=""):
    return f"<rss version='2.0'><channel><title>صحيفة النهر</title>{channel}{''.join(items)}</channel></rss>"


def validated(etag, body):
    """Answers 304 to whoever knows the tag."""

    async def write(request, writer):
        known = request.headers.get("if-none-match") == etag
        await answer(b"" if known else body, status=304 if known else 200, headers={"ETag": etag})(
            request, writer
        )

    return write


def play(folder, scene):
    async def played():
        async with serving() as server:
            url, what = scene(server)
            async with guest(server, folder, url) as visit:
                return await what(visit, url, now=NOON), server

    return asyncio.run(played())


def test_everything_is_told_at_one_look(tmp_path):
    """
    Entries, dates, share of Arabic, full texts, validators and whether they save anything, wishes,
    robots.
    """
    body = rss(item(1, text=LONG), item(2, date="Mon, 23 Nov 2026 09:00:00 GMT"), channel="<ttl>30</ttl>")

    def scene(server):
        server.answers("/robots.txt", "User-agent: *\nCrawl-delay: 0.1")
        return server.does("/rss", validated('"7"', body)), check_url

    report, _ = play(tmp_path, scene)

    assert (2, 200, "utf-8", "صحيفة النهر") == (report.entries, report.status, report.charset, report.title)
    assert (23, 24) == (report.oldest_at.day, report.newest_at.day)
    assert (1, 1.0, 0, 0) == (report.full_bodies, report.arabic_share, report.undated, report.in_future)
    assert ('"7"', True, 1800.0) == (report.etag, report.saves_by_validators, report.hints.ttl_s)
    assert "robots.txt answers 200, a request every 0.1 s" == report.robots
    assert () == report.problems


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (rss(item(1, date="Tue, 24 Nov 2026 14:55:00 GMT")), "dated in the future"),
        (rss(item(1, date="")), "no date that can be read"),
        (rss(item(1, date="Tue, 03 Nov 2026 09:00:00 GMT")), "21 days old"),
        (rss("<item><title>In English</title><link>/1</link></item>"), "of its letters are Arabic"),
        ("<html><body>x</body></html>", "not_a_feed"),
        (rss(), "empty"),
    ],
)
def test_what_is_wrong_is_named(body, problem):
    """
    In words that say what to look at; a file needs no network.
    """
    report = check_bytes(body.encode(), "file.xml", now=NOON)

    assert any(problem in told for told in report.problems)
    assert not any("validators" in told for told in report.problems)


@pytest.mark.parametrize(
    ("prepare", "problem"),
    [
        (lambda server: server.answers("/rss", "x", status=404), "gone: 404"),
        (lambda server: server.answers("/rss", "<title>Just a moment...</title>", status=403), "Cloudflare"),
        (lambda server: server.answers("/robots.txt", "User-agent: *\nDisallow: /"), "robots.txt forbids it"),
        (lambda server: server.answers("/rss", rss(item(1))), "no validators"),
    ],
)
def test_what_a_server_says_stands_in_the_report(tmp_path, prepare, problem):
    """
    A status, a wall, a prohibition, or validators that are missing.
    """

    def scene(server):
        prepare(server)
        return server.url("/rss"), check_url

    report, _ = play(tmp_path, scene)

    assert any(problem in told for told in report.problems)


def test_a_look_by_hand_waits_for_the_host(tmp_path):
    """
    While a worker has the host nobody else asks it anything.
    """

    async def scene():
        async with serving() as server:
            url = server.url("/rss")
            async with guest(server, tmp_path, url):
                with pytest.raises(HostDownError, match="busy or rests"):
                    async with guest(server, tmp_path, url):
                        pass
            return server.requests

    assert [] == asyncio.run(scene())


def page(*links):
    return f"<html><head>{''.join(links)}</head><body><a href='/about'>من نحن</a></body></html>"  # about us


def test_a_site_is_asked_what_feeds_it_has(tmp_path):
    """
    Those its head names, and the news sitemap of its robots.txt, each with what it lists; one on
    another host is told and left alone.
    """
    news = (
        "<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9' "
        "xmlns:news='http://www.google.com/schemas/sitemap-news/0.9'><url><loc>{}</loc><news:news>"
        "<news:title>خبر</news:title><news:publication_date>2026-11-24T09:00:00Z</news:publication_date>"
        "</news:news></url></urlset>"
    )

    def scene(server):
        server.answers("/rss", rss(item(1), item(2)))
        index = f"<sitemapindex><sitemap><loc>{server.url('/news-1.xml')}</loc></sitemap></sitemapindex>"
        server.answers(
            "/sitemap.xml",
            index.replace(
                "<sitemapindex>", "<sitemapindex xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>"
            ),
        )
        server.answers("/news-1.xml", news.format(server.url("/news/1")))
        server.answers("/robots.txt", f"User-agent: *\nAllow: /\nSitemap: {server.url('/sitemap.xml')}")
        rel = "<link rel='alternate' type='application/rss+xml' href='{}'>"
        front = page(rel.format("/rss"), rel.format("https://elsewhere.example/rss"))
        return server.answers("/", front), discover

    found, server = play(tmp_path, scene)

    assert {
        server.url("/rss"): 2, server.url("/news-1.xml"): 1, "https://elsewhere.example/rss": 0,
    } == {report.url: report.entries for report in found}  # fmt: skip


def test_a_site_that_names_none_is_tried_at_the_usual_places(tmp_path):
    """
    `/feed` and its like, one request at a time.
    """

    def scene(server):
        server.answers("/feed", rss(item(1)))
        return server.answers("/", page()), discover

    found, server = play(tmp_path, scene)

    assert [server.url("/feed")] == [report.url for report in found]
    assert 1 == server.most_at_once


def test_a_front_page_that_names_none_leads_to_an_article_that_does(tmp_path):
    """
    The feeds in its head are the site's, but for that of its own comments.
    """
    rel = "<link rel='alternate' type='application/rss+xml' href='{}'>"

    def scene(server):
        server.answers("/latest.aspx", rss(item(1)))
        server.answers("/2026/news-of-the-day/feed/", rss(item(2)))
        server.answers(
            "/2026/news-of-the-day",
            page(rel.format("/latest.aspx"), rel.format("/2026/news-of-the-day/feed/")),
        )
        return server.answers("/", page("<a href='/2026/news-of-the-day'>خبر</a>")), discover  # news

    found, server = play(tmp_path, scene)

    assert [server.url("/latest.aspx")] == [report.url for report in found]


def test_articles_have_the_longest_addresses_of_the_same_site():
    """
    Identity in a query counts; sections, documents and other sites' addresses come last, or not at all.
    """
    links = (
        "<a href='/a'>1</a><a href='/details.aspx?id=318989'>2</a><a href='/a/long-one'>3</a>"
        "<a href='/upload/a-very-long-report.PDF'>4</a><a href='https://elsewhere.example/much/longer'>5</a>"
    )

    assert [
        "https://alnahr.example/details.aspx?id=318989",
        "https://alnahr.example/a/long-one",
        "https://alnahr.example/a",
    ] == articles_linked(_answer(links))
    assert [] == articles_linked(_answer("<p>x</p>"))


def test_an_article_that_names_no_feed_is_followed_by_another(tmp_path):
    """
    The longest address may be that of a form, or lead nowhere.
    """

    def scene(server):
        server.answers("/latest.aspx", rss(item(1)))
        server.answers("/sign-in-or-make-an-account", page("<form></form>"))
        rel = "<link rel='alternate' type='application/rss+xml' href='/latest.aspx'>"
        server.answers("/details?id=318989", page(rel))
        links = ("/sign-in-or-make-an-account", "/nowhere/to-be-found", "/details?id=318989")
        return server.answers("/", page(*(f"<a href='{link}'>خبر</a>" for link in links))), discover  # news

    found, server = play(tmp_path, scene)

    assert [server.url("/latest.aspx")] == [report.url for report in found]


def test_links_that_look_like_feeds_are_candidates():
    """
    Relative or whole, once each; comments and pictures are not.
    """
    body = (
        "<a href='/rss'>1</a><a href='feed/'>2</a><a href='/a.rss'>3</a><a href='/rss'>4</a>"
        "<a href='/post/comments/feed'>5</a><a href='/rss-icon.png'>6</a><a href='/feedback'>7</a>"
    )
    found = feeds_named(_answer(body))

    assert ["/rss", "/x/feed/", "/a.rss"] == [url.removeprefix("https://alnahr.example") for url in found]


def _answer(body):
    from pipeline.collect.answer import Answer

    url = "https://alnahr.example/x/"
    return Answer(requested_url=url, final_url=url, status=200, headers=(), body=body.encode())
