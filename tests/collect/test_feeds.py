"""Feeds of every kind, whole and broken, become entries."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from xml.sax.saxutils import escape

import pytest

from pipeline.collect.feeds import MAX_ENTRIES, parse_feed
from pipeline.errors import FeedError
from pipeline.records import Feed, Outlet

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
OUTLET = Outlet(
    outlet_id="alnahr", title="النهر", title_en="The River", home="https://alnahr.example/",
    country="jo", time_zone="Asia/Amman",
)  # fmt: skip
FEED = Feed(url="https://alnahr.example/rss.xml", outlet_id="alnahr")
TITLE = "وزارة المياه تعلن خطة لحماية الآبار في البادية"  # the ministry announces a plan for the wells
LEAD = "قالت الوزارة إن الخطة تبدأ مطلع العام وتشمل ثلاثين بئرا"  # the ministry said it covers thirty wells


def read(data, content_type="", feed=FEED, **options):
    text = data if isinstance(data, bytes) else data.encode()
    return parse_feed(text, content_type, feed=feed, outlet=OUTLET, url=feed.url, fetched_at=NOON, **options)


def rss(items, *, channel="", declaration='<?xml version="1.0" encoding="utf-8"?>', namespaces=""):
    root = f'<rss version="2.0" {namespaces}>'
    return f"{declaration}{root}<channel><title>x</title>{channel}{items}</channel></rss>"


def item(*, title=TITLE, link="https://alnahr.example/news/1", more="", description=LEAD):
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


@pytest.mark.parametrize("document", [rss(item()), ATOM, RDF, RSS091, JSON, SITEMAP])
@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "utf-16"])
def test_every_format_gives_the_same_entry(document, charset):
    """
    RSS 0.91 to 2.0, RSS 1.0, Atom, JSON Feed and news sitemaps: link and title are read from each.
    """
    (entry,) = read(document.encode(charset)).entries

    assert "https://alnahr.example/news/1" == entry.url
    assert TITLE == entry.title
    assert ("alnahr", FEED.url) == (entry.outlet_id, entry.feed_url)


def test_an_atom_entry_is_read_in_full():
    """
    Body, author, picture and the date of the last update, where there is no other.
    """
    (entry,) = read(ATOM).entries

    assert (LEAD, "سلمى") == (entry.body, entry.author)  # Salma
    assert "https://alnahr.example/p.jpg" == entry.image_url
    assert datetime(2026, 11, 24, 6, tzinfo=UTC) == entry.date.published_at
    assert "2026-11-24T09:00:00+03:00" == entry.date.raw


@pytest.mark.parametrize("declared", ["utf-8", "windows-1256", "iso-8859-1", None])
@pytest.mark.parametrize("charset", ["utf-8", "windows-1256", "iso-8859-6"])
@pytest.mark.parametrize(
    "header", ["", "text/xml", "text/xml; charset=windows-1256", "text/html; charset=utf-8"]
)
def test_titles_are_right_whatever_the_labels_say(charset, declared, header):
    """
    Header and declaration may lie, together or apart; a well-formed and a malformed feed alike.
    """
    declaration = f'<?xml version="1.0" encoding="{declared}"?>' if declared else ""
    document = rss(
        item() + item(link="https://alnahr.example/2", more="<dc:x>&nbsp; & </item"), declaration=declaration
    )

    entries = read(document.encode(charset), header).entries

    assert TITLE == entries[0].title


DAMAGES = {
    "a blank before the declaration": lambda text: "\n " + text,
    "a control character": lambda text: text.replace("</title>", "\x0b</title>", 2),
    "a bare ampersand": lambda text: text.replace("</title>", " & </title>", 2),
    "an unknown entity": lambda text: text.replace("</title>", "&nbsp;&hellip;</title>", 2),
    "a reference to no character": lambda text: text.replace("</title>", "&#0;&#x1F;</title>", 2),
    "cut off": lambda text: text[: text.rindex("<item>") + 40],
    "an unclosed tag": lambda text: text.replace("</description>", "<br></description>", 1),
    "an undeclared prefix": lambda text: text.replace("</item>", "<what:ever>x</what:ever></item>", 1),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_malformed_feed_still_gives_its_entries(damage):
    """
    What a parser can recover is not thrown away for a flag.
    """
    items = "".join(item(link=f"https://alnahr.example/{number}") for number in range(5))

    entries = read(DAMAGES[damage](rss(items))).entries

    assert 4 <= len(entries)
    assert entries[1].title.startswith(TITLE)


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"", "empty"),
        (b" \n\t", "empty"),
        (rss("").encode(), "empty"),
        (rss(item(link="javascript:void(0)")).encode(), "empty"),
        (b"<!doctype html><html><body><h1>404</h1></body></html>", "not_a_feed"),
        (b"<!-- x --><HTML><body>hello</body></HTML>", "not_a_feed"),
        (b"<html><head><title>Just a moment...</title></head></html>", "challenge"),
        (b"{}", "not_a_feed"),
        (b'{"version": "https://jsonfeed.org/version/1", "items": []}', "empty"),
        (b"[" * 100_000, "not_a_feed"),
        (b'{"a":' * 100_000, "not_a_feed"),
        (b"hello", "not_a_feed"),
        (b"/etc/passwd", "not_a_feed"),
        (b"http://127.0.0.1/", "not_a_feed"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "not_a_feed"),
        (b"<urlset><url><loc>https://alnahr.example/</loc></url></urlset>", "not_a_feed"),
        (
            b"<sitemapindex><sitemap><loc>https://alnahr.example/s.xml</loc></sitemap></sitemapindex>",
            "not_a_feed",
        ),
    ],
)
def test_what_is_no_feed_fails_by_name(data, name):
    """
    An empty feed, a page, a challenge and nonsense are failures, each with a name of its own.
    """
    with pytest.raises(FeedError) as caught:
        read(data)

    assert name == caught.value.name
    assert FEED.url == caught.value.url


@pytest.mark.parametrize(
    ("link", "url"),
    [
        ("/news/7", "https://alnahr.example/news/7"),
        ("//m.alnahr.example/7", "https://m.alnahr.example/7"),
        ("www.alnahr.example/7", "https://www.alnahr.example/7"),
        ("https://alnahr.example/خبر", "https://alnahr.example/خبر"),  # news
        ("https://alnahr.example/%d8%ae", "https://alnahr.example/%d8%ae"),
        ("\n  https://alnahr.example/7\n ", "https://alnahr.example/7"),
        ("https://alnahr.example/7?a=1&amp;b=2", "https://alnahr.example/7?a=1&b=2"),
        ("<![CDATA[https://alnahr.example/7?a=1&b=2]]>", "https://alnahr.example/7?a=1&b=2"),
    ],
)
def test_links_are_completed_and_never_respelled(link, url):
    """
    What is fetched is what was published.
    """
    (entry,) = read(rss(item(link=link))).entries

    assert url == entry.url


def test_a_picture_is_no_page_while_there_is_another_link():
    """
    An item whose link is a .jpg is found by its permanent id.
    """
    more = "<guid>https://alnahr.example/news/9</guid>"

    (entry,) = read(rss(item(link="https://alnahr.example/p/9.jpg", more=more))).entries

    assert "https://alnahr.example/news/9" == entry.url


def test_one_entry_for_links_that_share_a_key():
    """
    A feed that lists an article twice lists one entry, the first; both are counted.
    """
    found = read(rss(item() + item(title="x", link="https://alnahr.example/news/1?utm_source=rss")))

    assert [TITLE] == [entry.title for entry in found.entries]
    assert 2 == found.listed


def test_html_becomes_paragraphs():
    """
    Tags go, paragraphs stay, double escaping is undone, scripts are no text.
    """
    html = "<p>first &amp;amp; one</p><p>second<br/>third</p><script>alert(1)</script><img src='/i.png'>"
    encoded = f"<content:encoded>{escape(html)}</content:encoded>"
    document = rss(item(more=encoded), namespaces='xmlns:content="http://purl.org/rss/1.0/modules/content/"')

    (entry,) = read(document).entries

    assert "first & one\nsecond\nthird" == entry.body
    assert LEAD == entry.summary
    assert "https://alnahr.example/i.png" == entry.image_url


@pytest.mark.parametrize(
    "more",
    [
        '<enclosure url="https://alnahr.example/i.jpg" type="image/jpeg" length="1"/>',
        '<media:content url="https://alnahr.example/i.jpg" medium="image"/>',
        '<media:thumbnail url="https://alnahr.example/i.jpg"/>',
        "<image><url>https://alnahr.example/i.jpg</url></image>",
        "<image>https://alnahr.example/i.jpg</image>",
    ],
)
def test_pictures_are_found_wherever_feeds_put_them(more):
    """
    Enclosure, media tags and bare image elements.
    """
    document = rss(item(more=more), namespaces='xmlns:media="http://search.yahoo.com/mrss/"')

    assert "https://alnahr.example/i.jpg" == read(document).entries[0].image_url


class TestDates:
    """A wrong date is worse than none."""

    @pytest.mark.parametrize(
        ("raw", "instant"),
        [
            ("Tue, 24 Nov 2026 09:00:00 +0300", datetime(2026, 11, 24, 6, tzinfo=UTC)),
            ("Tue, 24 Nov 2026 06:00:00 GMT", datetime(2026, 11, 24, 6, tzinfo=UTC)),
            ("Tue, 24 Nov 2026 09:00:00", datetime(2026, 11, 24, 6, tzinfo=UTC)),
            ("2026-11-24 09:00", datetime(2026, 11, 24, 6, tzinfo=UTC)),
            ("2026-11-24T09:00:00+03:00", datetime(2026, 11, 24, 6, tzinfo=UTC)),
            ("Tue, 24 Nov 2026 09:00:00 AST", datetime(2026, 11, 24, 6, tzinfo=UTC)),
            ("الثلاثاء, 24 نوفمبر 2026 09:00:00 +0300", datetime(2026, 11, 24, 6, tzinfo=UTC)),
            ("Tue, 24 Nov 2026 12:09:00 GMT", datetime(2026, 11, 24, 12, 9, tzinfo=UTC)),
            ("Tue, 24 Nov 2026 12:11:00 GMT", None),
            ("Tue, 24 Nov 2026 15:00:00 GMT", None),
            ("Thu, 01 Jan 1970 00:00:00 GMT", None),
            ("0001-01-01T00:00:00", None),
            ("soon", None),
            ("", None),
        ],
    )
    def test_dates_are_read_by_our_own_rules(self, raw, instant):
        """
        A missing zone is the outlet's; the future and the epoch are not believed.
        """
        (entry,) = read(rss(item(more=f"<pubDate>{raw}</pubDate>"))).entries

        assert instant == (entry.date.published_at if entry.date else None)
        assert entry.date is None or ("feed", raw) == (entry.date.source, entry.date.raw)

    def test_a_feed_may_have_a_zone_of_its_own(self):
        """
        The feed's zone goes before the outlet's.
        """
        feed = Feed(url=FEED.url, outlet_id="alnahr", time_zone="Africa/Tunis")

        (entry,) = read(rss(item(more="<pubDate>2026-11-24 07:00</pubDate>")), feed=feed).entries

        assert datetime(2026, 11, 24, 6, tzinfo=UTC) == entry.date.published_at


def test_what_a_feed_says_about_being_asked_is_kept():
    """
    `ttl`, `sy:*` and `skipHours` become hints.
    """
    namespaces = 'xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"'
    slow = "<ttl>30</ttl><skipHours><hour>1</hour><hour> 2 </hour></skipHours>"
    hourly = "<sy:updatePeriod> hourly </sy:updatePeriod><sy:updateFrequency>2</sy:updateFrequency>"

    assert (1800.0, frozenset({1, 2})) == (
        (hints := read(rss(item(), channel=slow)).hints).ttl_s, hints.skip_hours,
    )  # fmt: skip
    assert 1800.0 == read(rss(item(), channel=hourly, namespaces=namespaces)).hints.ttl_s
    assert 0.0 == read(rss(item(), channel="<ttl>soon</ttl>")).hints.ttl_s


def test_an_edited_entry_has_another_hash():
    """
    Title, summary and body count; links, pictures and dates do not.
    """
    first, same, edited = (
        read(document).entries[0].content_hash
        for document in (
            rss(item()),
            rss(item(more="<pubDate>2026-11-24</pubDate><category>x</category>")),
            rss(item(title=f"{TITLE}!")),
        )
    )

    assert first == same
    assert first != edited


class TestHostile:
    """Feeds written to hurt."""

    @pytest.mark.parametrize(
        "subset",
        [
            "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10 if n else "ha"}">' for n in range(9)),
            f'<!ENTITY a8 "{"A" * 100_000}">',
            '<!ENTITY a8 SYSTEM "file:///etc/passwd">',
            '<!ENTITY % p SYSTEM "http://127.0.0.1/x"> %p;',
            " " * 30_000 + '<!ENTITY a8 "&a8;&a8;">',
        ],
        ids=["billion laughs", "quadratic", "external", "parameter", "beyond the prologue"],
    )
    def test_entities_are_not_expanded(self, subset):
        """
        No bomb, no file and no request comes of a document type; the entries are read all the same.
        """
        began = time.monotonic()

        document = f"<!DOCTYPE rss [{subset}]>" + rss(item(title=TITLE + "&a8;" * 50), declaration="")
        (entry,) = read(document).entries

        assert 2 > time.monotonic() - began
        assert entry.title.startswith(TITLE)
        assert 500 > len(entry.title)
        assert "root:" not in entry.title

    def test_harmless_entities_are_kept(self):
        """
        Old feeds declare the letters they use.
        """
        document = '<!DOCTYPE rss [<!ENTITY hello "مرحبا">]>' + rss(item(title="&hello;"), declaration="")

        assert "مرحبا" == read(document).entries[0].title  # hello

    @pytest.mark.parametrize(
        "field",
        [
            "&lt;!--" * 80_000,
            "<![CDATA[" + "<b>" * 200_000 + "]]>",
            "&lt;p " + "a=1 " * 100_000 + "&gt;",
            "x" * 3_000_000,
        ],
        ids=["comments", "open tags", "attributes", "length"],
    )
    def test_no_field_takes_long_or_grows_large(self, field):
        """
        Every field is bounded in time and length.
        """
        began = time.monotonic()

        (entry,) = read(rss(item(title=field, description=field))).entries

        assert 2 > time.monotonic() - began
        assert (1_000, 20_000) >= (len(entry.title), len(entry.summary))

    def test_only_so_many_entries_are_taken(self):
        """
        An archive in place of a feed gives its newest part.
        """
        items = "".join(
            item(link=f"/{number}", title="x", description="") for number in range(MAX_ENTRIES + 50)
        )

        assert MAX_ENTRIES == len(read(rss(items)).entries)


@pytest.mark.shared
def test_damaged_copies_of_a_real_feed_are_read(shared_data):
    """
    At least nine of ten titles are right in each variant; eight of eight in the one cut off.
    """
    folder = shared_data / "feeds" / "damaged"
    right = [entry.title for entry in read((folder / "utf8_ok.xml").read_bytes()).entries]
    assert 10 == len(right)

    for path in sorted(folder.glob("*.xml")):
        if path.name == "html_error_page.xml":
            continue
        titles = [entry.title for entry in read(path.read_bytes()).entries]
        wanted = 8 if path.name == "truncated.xml" else 9
        # Some variants are damaged in the titles themselves.
        meant = [title.removesuffix("AT&T &").replace("\ufffd", "").strip() for title in titles]
        assert wanted <= sum(title in right for title in meant), path.name


@pytest.mark.shared
def test_real_feeds_give_all_their_entries(shared_data):
    """
    1,163 items are listed; 1,063 distinct links are entries, every one with a title and a date.
    """
    paths = sorted([*(shared_data / "feeds").glob("*.xml"), *(shared_data / "feeds").glob("*.rss")])
    found = [read(path.read_bytes()) for path in paths]

    entries = {entry.entry_id: entry for feed in found for entry in feed.entries}
    assert (20, 1163, 1063) == (len(found), sum(feed.listed for feed in found), len(entries))
    assert all(entry.title and entry.date for entry in entries.values())
