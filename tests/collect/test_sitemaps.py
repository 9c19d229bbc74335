"""News sitemaps, and the indexes that lead to them."""

from __future__ import annotations

import asyncio
import gzip
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

from pipeline.clock import SystemClock
from pipeline.collect.archive import open_archive
from pipeline.collect.poll import poll
from pipeline.errors import FeedError
from pipeline.ledger.ledger import open_ledger
from pipeline.records import Feed, Outlet
from tests.collect.documents import SITEMAP, TITLE, read, rss
from tests.collect.server import browsing, serving

NS = "http://www.sitemaps.org/schemas/sitemap/0.9"
PAGES = f'<urlset xmlns="{NS}"><url><loc>https://alnahr.example/about</loc></url></urlset>'


@pytest.mark.parametrize(
    "document",
    [
        SITEMAP,
        SITEMAP.replace("<urlset", '<?xml-stylesheet href="x.xsl"?><!-- made by x --><urlset'),
        SITEMAP.replace('0.9"', '0.9/"').replace("http://www.google", "https://www.google"),
        SITEMAP.replace('xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"', ""),
        SITEMAP.replace("<urlset", '<sm:urlset xmlns:sm="x"').replace("</urlset", "</sm:urlset"),
        '<?xml version="1.0" encoding="windows-1256"?>' + SITEMAP,
    ],
    ids=["plain", "stylesheet", "another namespace", "no namespace", "a prefix", "a wrong declaration"],
)
def test_a_news_sitemap_is_read_however_it_is_dressed(document):
    """
    Link, title, keywords and date; pages that are no news are left out.
    """
    (entry,) = read(document).entries

    assert ("https://alnahr.example/news/1", TITLE) == (entry.url, entry.title)
    assert ("مياه", "آبار") == entry.categories  # water, wells
    assert "2026-11-24T09:00:00+03:00" == entry.date.raw


def test_a_packed_sitemap_is_unpacked():
    """
    A .gz that is served as a file of its own; one that is cut off or broken is no feed.
    """
    packed = gzip.compress(SITEMAP.encode() + b"\n" * 5000)

    assert [TITLE] == [entry.title for entry in read(packed, "application/gzip").entries]
    with pytest.raises(FeedError, match="not_a_feed"):
        read(packed[:12] + b"broken" + packed[18:])


def test_a_bomb_in_a_sitemap_is_cut():
    """
    What unpacks to more than a feed may hold is read to there.
    """
    bomb = gzip.compress(SITEMAP.replace("</urlset>", " " * 60_000_000 + "</urlset>").encode())

    assert [TITLE] == [entry.title for entry in read(bomb).entries]


def test_a_feed_that_speaks_of_sitemaps_is_a_feed():
    """
    The outermost element decides.
    """
    text = "how to write &lt;urlset&gt; <![CDATA[<sitemapindex>]]>"
    document = rss(f"<item><title>{TITLE}</title><link>/1</link><description>{text}</description></item>")

    assert [TITLE] == [entry.title for entry in read(document).entries]


class LaterClock(SystemClock):
    """The machine's own, so much ahead."""

    ahead = timedelta()

    def now(self):
        return super().now() + self.ahead


class Desk:
    """A ledger with one feed, polled over real sockets."""

    def __init__(self, ledger, server, fetcher, archive, path):
        self.ledger, self.server, self.fetcher, self.archive = ledger, server, fetcher, archive
        feed = Feed(url=server.url(path), outlet_id="alnahr")
        self.outlets = {
            "alnahr": Outlet(
                outlet_id="alnahr", title="", title_en="", home="", country="jo",
                time_zone="Asia/Amman", feeds=(feed,),
            )
        }  # fmt: skip

        self.clock = LaterClock()

    async def poll(self):
        """One poll, and what the feed is said to be."""
        self.ledger.sync_outlets(self.outlets, now=self.clock.now())
        counts = await poll(
            self.ledger, self.fetcher, outlets=self.outlets, archive=self.archive, clock=self.clock,
            worker="w", budget_s=20, concurrency=1, pause_s=0,
        )  # fmt: skip
        return counts, self.ledger.feed_health(now=self.clock.now())[0]


@asynccontextmanager
async def polling(tmp_path, path="/sitemap.xml"):
    async with serving() as server, browsing(server) as fetcher:
        with open_ledger(f"sqlite:///{tmp_path}/ledger.sqlite") as ledger:
            archive = open_archive(tmp_path / "archive")
            try:
                yield Desk(ledger, server, fetcher, archive, path)
            finally:
                archive.close()


def index(server, *paths, newest=""):
    places = "".join(
        f"<sitemap><loc>{server.url(path)}</loc><lastmod>2026-11-{day:02}</lastmod></sitemap>"
        for day, path in enumerate(paths, 1)
    )
    return f'<?xml version="1.0"?><sitemapindex xmlns="{NS}">{newest}{places}</sitemapindex>'


def test_an_index_leads_to_its_news_sitemap(tmp_path):
    """
    The one that is called so, or the newest of them; pages are passed over.
    """

    async def scene():
        async with polling(tmp_path) as desk:
            server = desk.server
            server.answers("/sitemap.xml", index(server, "/pages.xml", "/NEWS.xml", "/old.xml"))
            server.answers("/pages.xml", PAGES)
            server.answers("/NEWS.xml", SITEMAP)
            counts, health = await desk.poll()
            return counts, health, server.paths

    counts, health, paths = asyncio.run(scene())

    assert (1, 1, "new") == (counts["listed"], counts["new"], health.status)
    assert ["/sitemap.xml", "/NEWS.xml"] == paths


def test_an_index_keeps_no_validators(tmp_path):
    """
    That an index has not changed says nothing of the sitemap it leads to: both are asked every time.
    """

    async def scene():
        async with polling(tmp_path) as desk:
            server = desk.server
            server.answers("/sitemap.xml", index(server, "/news.xml"), headers={"ETag": '"i"'})
            server.answers("/news.xml", SITEMAP, headers={"ETag": '"n"'})
            await desk.poll()
            desk.clock.ahead += timedelta(days=1)
            again, health = await desk.poll()
            return again, health.status, server

    again, status, server = asyncio.run(scene())

    assert (1, "unchanged") == (again["unchanged"], status)
    assert ["/sitemap.xml", "/news.xml"] * 2 == server.paths
    assert all("if-none-match" not in request.headers for request in server.requests)


def test_an_index_without_news_is_no_feed(tmp_path):
    """
    Three of its sitemaps are asked, and the operator is told.
    """

    async def scene():
        async with polling(tmp_path) as desk:
            server = desk.server
            paths = [f"/pages-{number}.xml" for number in range(5)]
            server.answers("/sitemap.xml", index(server, *paths))
            for path in paths:
                server.answers(path, PAGES)
            _, health = await desk.poll()
            return health, server.paths

    health, paths = asyncio.run(scene())

    assert ("not_a_feed", "an index of 5 sitemaps, none of which gave news") == (health.status, health.reason)
    assert ["/sitemap.xml", "/pages-4.xml", "/pages-3.xml", "/pages-2.xml"] == paths


def test_an_index_does_not_lead_to_another_host(tmp_path):
    """
    Only the host whose turn it is gets asked.
    """
    elsewhere = "<sitemap><loc>http://127.0.0.9:1/news.xml</loc></sitemap>"

    async def scene():
        async with polling(tmp_path) as desk:
            server = desk.server
            server.answers("/sitemap.xml", index(server, newest=elsewhere))
            _, health = await desk.poll()
            return health.status, server.paths

    assert ("not_a_feed", ["/sitemap.xml"]) == asyncio.run(scene())
