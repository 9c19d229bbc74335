"""Feeds of every kind become entries."""

from __future__ import annotations

from datetime import UTC, datetime
from xml.sax.saxutils import escape

import pytest

from tests.collect.documents import ATOM, FEED, JSON, LEAD, RDF, RSS091, SITEMAP, TITLE, item, read, rss


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
        ("https://alnahr.example/7?a=1&amp;amp;b=2", "https://alnahr.example/7?a=1&b=2"),
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


def test_a_relative_link_counts_from_where_its_document_says():
    """
    `xml:base` goes before the address the feed was had from.
    """
    based = ATOM.replace("<entry>", '<entry xml:base="https://other.example/a/">').replace(
        'href="/news/1"', 'href="news/1"'
    )

    assert "https://other.example/a/news/1" == read(based).entries[0].url


@pytest.mark.parametrize(
    ("element", "author"),
    [
        ("<author>editor@alnahr.example (سلمى)</author>", "سلمى"),  # Salma
        ("<author>سلمى &lt;editor@alnahr.example&gt;</author>", "سلمى"),
        ("<author>سلمى</author>", "سلمى"),
        ("<author>editor@alnahr.example</author>", ""),
        ("<dc:creator><![CDATA[ سلمى ]]></dc:creator>", "سلمى"),
        ("<dc:creator>سلمى (عمّان)</dc:creator>", "سلمى (عمّان)"),  # of Amman
        ("<itunes:author>سلمى</itunes:author>", "سلمى"),
    ],
)
def test_an_author_is_a_name(element, author):
    """
    However RSS dresses it; an e-mail address is nobody's.
    """
    namespaces = 'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"'

    assert author == read(rss(item(more=element), namespaces=namespaces)).entries[0].author


def test_several_authors_are_all_named():
    """
    In their order, each once.
    """
    second = "</author><author><name>هدى</name></author><author><name>سلمى</name></author>"

    assert "سلمى, هدى" == read(ATOM.replace("</author>", second)).entries[0].author  # Salma, Huda


def test_a_feed_says_what_it_is():
    """
    Its kind and its charset, for who looks at it before adding it.
    """
    kinds = [read(document).kind for document in (rss(item()), ATOM, RDF, RSS091, JSON, SITEMAP)]

    assert ["RSS 2.0", "Atom 1.0", "RSS 1.0", "RSS 0.91", "JSON Feed", "news sitemap"] == kinds
    assert "windows-1256" == read(rss(item()).encode("cp1256")).charset


def test_one_entry_for_links_that_share_a_key():
    """
    A feed that lists an article twice lists one entry, the first; both are counted.
    """
    found = read(rss(item() + item(title="x", link="https://alnahr.example/news/1?utm_source=rss")))

    assert [TITLE] == [entry.title for entry in found.entries]
    assert 2 == found.listed


@pytest.mark.parametrize(
    "title", ["&lt;![CDATA[خبر &amp;amp; رأي]]&gt;", "<![CDATA[<![CDATA[خبر & رأي]]]]><![CDATA[>]]>"]
)
def test_marks_that_were_escaped_with_a_title_go(title):
    """
    What stands within them is the title, not a comment.
    """
    assert "خبر & رأي" == read(rss(item(title=title))).entries[0].title  # news & opinion


def test_an_entry_that_links_to_nothing_but_itself_is_kept():
    """
    Its own address is better than none; any other goes before.
    """
    alone = ATOM.replace('rel="alternate"', 'rel="self"').replace('<link href="', '<link rel="self" href="')

    assert "https://alnahr.example/news/1" == read(alone).entries[0].url


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
        "<image> <![CDATA[ https://alnahr.example/i.jpg ]]> </image>",
        '<enclosure url="https://alnahr.example/i.jpg"/>',
        '<media:content url="https://alnahr.example/i.jpg" width="600"/>',
        '<media:content url="/v.mp4" type="video/mp4"/><media:content url="/i.jpg" type="image/jpeg"/>',
        '<media:group><media:content url="/i.jpg" medium="image"/></media:group>',
        '<itunes:image href="https://alnahr.example/i.jpg"/>',
    ],
)
def test_pictures_are_found_wherever_feeds_put_them(more):
    """
    Enclosure, media tags and bare image elements.
    """
    document = rss(
        item(more=more),
        namespaces='xmlns:media="http://search.yahoo.com/mrss/" '
        'xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"',
    )

    assert "https://alnahr.example/i.jpg" == read(document).entries[0].image_url


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
