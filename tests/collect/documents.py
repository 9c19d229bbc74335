"""Feeds as the tests write them, and the reading of them."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from pipeline.collect.feeds import ParsedFeed, parse_feed
from pipeline.records import DateRule, Feed, Outlet

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
OUTLET = Outlet(
    outlet_id="alnahr", title="النهر", title_en="The River", home="https://alnahr.example/",
    country="jo", time_zone="Asia/Amman",
)  # fmt: skip
FEED = Feed(url="https://alnahr.example/rss.xml", outlet_id="alnahr")
TITLE = "وزارة المياه تعلن خطة لحماية الآبار في البادية"  # the ministry announces a plan for the wells
LEAD = "قالت الوزارة إن الخطة تبدأ مطلع العام وتشمل ثلاثين بئرا"  # the ministry said it covers thirty wells


def read(
    data: str | bytes, content_type: str = "", feed: Feed = FEED, date_rule: DateRule | None = None
) -> ParsedFeed:
    """What a feed holds at noon, by the reader itself."""
    body = data if isinstance(data, bytes) else data.encode()
    return parse_feed(
        body,
        content_type,
        feed=feed,
        outlet=OUTLET,
        url=feed.url,
        fetched_at=NOON,
        date_rule=date_rule,
    )


def rss(
    items: str,
    *,
    channel: str = "",
    declaration: str = '<?xml version="1.0" encoding="utf-8"?>',
    namespaces: str = "",
) -> str:
    """An RSS 2.0 feed."""
    root = f'<rss version="2.0" {namespaces}>'
    return f"{declaration}{root}<channel><title>x</title>{channel}{items}</channel></rss>"


def item(
    *,
    title: str = TITLE,
    link: str = "https://alnahr.example/news/1",
    more: str = "",
    description: str = LEAD,
) -> str:
    """One of its items; `more` is put in as it is."""
    texts = f"<title>{title}</title><link>{link}</link><description>{description}</description>"
    return f"<item>{texts}{more}</item>"


ATOM = f"""<feed xmlns="http://www.w3.org/2005/Atom"><title>x</title>
<entry><title type="html">&lt;b&gt;{TITLE}&lt;/b&gt;</title><link rel="alternate" href="/news/1"/>
<link rel="enclosure" type="image/jpeg" href="/p.jpg"/><id>tag:alnahr.example,2026:1</id>
<updated>2026-11-24T09:00:00+03:00</updated><author><name>سلمى</name></author>
<content type="html">&lt;p&gt;{LEAD}&lt;/p&gt;</content></entry></feed>"""
RDF = f"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="x"><title>x</title></channel>
<item rdf:about="https://alnahr.example/news/1"><title>{TITLE}</title><link>https://alnahr.example/news/1</link>
<description>{LEAD}</description><dc:date>2026-11-24T06:00:00Z</dc:date></item></rdf:RDF>"""
RSS091 = f"""<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://my.netscape.com/rss-0.91.dtd">
<rss version="0.91"><channel><title>x</title><item><title>{TITLE}</title><link>https://alnahr.example/news/1</link>
<description>{LEAD}</description></item></channel></rss>"""
JSON = json.dumps({
    "version": "https://jsonfeed.org/version/1.1", "title": "x", "items": [
        {"id": "1", "url": "https://alnahr.example/news/1", "title": TITLE, "content_html": f"<p>{LEAD}</p>",
         "date_published": "2026-11-24T09:00:00+03:00", "authors": [{"name": "سلمى"}], "tags": ["مياه"]},
    ],
})  # fmt: skip
SITEMAP = f"""<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
 xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">
<url><loc>https://alnahr.example/news/1</loc><news:news><news:publication_date>2026-11-24T09:00:00+03:00</news:publication_date>
<news:title>{TITLE}</news:title><news:keywords>مياه، آبار</news:keywords></news:news></url>
<url><loc>https://alnahr.example/about</loc></url></urlset>"""
