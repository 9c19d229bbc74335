"""Feeds that are mislabelled, damaged, something else, or written to hurt."""

from __future__ import annotations

import time

import pytest

from pipeline.collect.syndicated import MAX_ENTRIES
from pipeline.errors import FeedError
from tests.collect.documents import FEED, TITLE, item, read, rss


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
        (b"<script>document.cookie=slowAES.decrypt(1)</script>", "challenge"),
        (b"<title>Just a moment...</title><p>checking", "challenge"),
        (b"<!-- x --><?xml version='1.0'?><!DOCTYPE html PUBLIC 'x'><html/>", "not_a_feed"),
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
