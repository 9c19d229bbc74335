"""URLs as keys: what is one article, and what is two."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipeline.collect.urls import absolute, article_id, canonical_url, host_of

A = "https://news.example"

SAME = [
    (f"{A}/a", "HTTPS://News.Example/a"),
    (f"{A}/a", "https://news.example:443/a"),
    ("http://news.example/a", "http://news.example:80/a"),
    (f"{A}/a", "https://news.example./a"),
    (f"{A}/", A),
    (f"{A}/a", f"{A}/a#comments"),
    (f"{A}/a", f"{A}/a#!"),
    (f"{A}/a", f"{A}/a?"),
    (f"{A}/a", f" {A}/a\n"),
    (f"{A}/a", f"{A}/\ta"),
    (f"{A}/a/b", f"{A}/a/./b"),
    (f"{A}/b", f"{A}/a/../b"),
    (f"{A}/b", f"{A}/../b"),
    (f"{A}/a/", f"{A}/a/."),
    (f"{A}/~a", f"{A}/%7Ea"),
    (f"{A}/a-b_c", f"{A}/a%2Db%5Fc"),
    (f"{A}/a b", f"{A}/a%20b"),
    (f"{A}/خبر", f"{A}/%D8%AE%D8%A8%D8%B1"),  # news
    (f"{A}/%D8%AE%D8%A8%D8%B1", f"{A}/%d8%ae%d8%a8%d8%b1"),
    (f"{A}/?q=خبر", f"{A}/?q=%d8%AE%D8%A8%D8%B1"),  # news
    (f"{A}/\u0625", f"{A}/\u0627\u0655"),  # alef with hamza below, composed and not
    (f"{A}/%D8%A5", f"{A}/%D8%A7%D9%95"),
    (f"{A}/100%", f"{A}/100%25"),
    (f"{A}/a?x[]=1", f"{A}/a?x%5B%5D=1"),
    ("https://مثال.example/", "https://xn--mgbh0fb.example/"),  # example
    (f"{A}/a", f"{A}/a?utm_source=rss&utm_medium=feed&utm_campaign=x"),
    (f"{A}/a?id=7", f"{A}/a?utm_source=rss&id=7"),
    (f"{A}/a?id=7", f"{A}/a?id=7&amp;utm_source=rss"),
    (f"{A}/a", f"{A}/a?fbclid=abc"),
    (f"{A}/a", f"{A}/a?gclid=abc&msclkid=x"),
    (f"{A}/a", f"{A}/a?traffic_source=rss"),
    (f"{A}/a", f"{A}/a?at_medium=RSS&at_campaign=rss"),
    (f"{A}/a", f"{A}/a?at_bbc_team=editorial&at_format=link"),
    (f"{A}/a", f"{A}/a?maca=ara-rss-ar-all-1491-xml-mrss"),
    (f"{A}/a", f"{A}/a?xtor=RSS-3208"),
    (f"{A}/a", f"{A}/a#xtor=RSS-3208"),
    (f"{A}/a", f"{A}/a?ocid=socialflow_twitter"),
    (f"{A}/a", f"{A}/a?UTM_Source=rss"),
    (f"{A}/a", f"{A}/a?_ga=1.2.3"),
    (f"{A}/a", f"{A}/a?mc_cid=1&mc_eid=2"),
    (f"{A}/a", f"{A}/a?igshid=1"),
    (f"{A}/a", f"{A}/a?PHPSESSID=0123456789abcdef"),
    (f"{A}/a", f"{A}/a;jsessionid=0123456789ABCDEF"),
    (f"{A}/a?b", f"{A}/a;JSESSIONID=01?b"),
]

DIFFERENT = [
    (f"{A}/?id=1", f"{A}/?id=2"),
    (f"{A}/?cid=1234", f"{A}/?cid=9999"),
    (f"{A}/?sid=10", f"{A}/?sid=11"),
    (f"{A}/?p=1", f"{A}/?p=2"),
    (f"{A}/?p=1", f"{A}/"),
    (f"{A}/?source=1", f"{A}/?source=2"),
    (f"{A}/?ref=1", f"{A}/?ref=2"),
    (f"{A}/?sort=1", f"{A}/?sort=2"),
    (f"{A}/?at=1", f"{A}/?at=2"),
    (f"{A}/?pk=1", f"{A}/?pk=2"),
    (f"{A}/?pk_id=1", f"{A}/?pk_id=2"),
    (f"{A}/?utm=1", f"{A}/?utm=2"),
    (f"{A}/?123", f"{A}/?124"),
    (f"{A}/?ID=1", f"{A}/?id=1"),
    (f"{A}/?lang=ar", f"{A}/?lang=en"),
    (f"{A}/?page=1", f"{A}/?page=2"),
    (f"{A}/?SectionID=88", f"{A}/?SectionID=89"),
    (f"{A}/article.aspx?cid=1", f"{A}/article.aspx?cid=2"),
    (f"{A}/p/AbC", f"{A}/p/aBc"),
    (f"{A}/a", f"{A}/a/"),
    (f"{A}/a//b", f"{A}/a/b"),
    (f"{A}/a", "https://www.news.example/a"),
    (f"{A}/a", "https://m.news.example/a"),
    (f"{A}/a", "https://news.example:8443/a"),
    (f"{A}/a%2Fb", f"{A}/a/b"),
    (f"{A}/?a=1%262", f"{A}/?a=1&2"),
    (f"{A}/?a=%2B", f"{A}/?a=+"),
    (f"{A}/%25D8", f"{A}/%D8"),
    (f"{A}/خبر", f"{A}/خبز"),  # news, bread
    (f"{A}/عمان", f"{A}/عُمان"),  # a vowel mark may be identity
    (f"{A}/ايران", f"{A}/إيران"),  # so may a hamza
    (f"{A}/a", f"{A}/a\u200f"),  # right-to-left mark
    (f"{A}/%C7%E1", f"{A}/%E1%C7"),  # windows-1256 escapes
    (f"{A}/١", f"{A}/1"),  # digits are letters of an address
]


@pytest.mark.parametrize(("left", "right"), SAME)
def test_spellings_of_one_address_share_a_key(left, right):
    """
    What no server can tell apart, and what only says where the reader came from, is one article.
    """
    assert canonical_url(left) == canonical_url(right)


@pytest.mark.parametrize(("left", "right"), DIFFERENT)
def test_what_may_be_two_articles_stays_two(left, right):
    """
    No parameter, letter or slash that some site tells articles apart by is lost.
    """
    assert article_id(canonical_url(left)) != article_id(canonical_url(right))


#: Pieces of which hostile and ordinary addresses are made.
_odd = st.text(
    alphabet=st.one_of(
        st.sampled_from("abE%0123456789ABCDEF/?&=#.;:@[]| \u0627\u0655\u0301é"), st.characters()
    ),
    max_size=30,
)


@settings(max_examples=300, deadline=None)
@given(rest=_odd, begin=st.sampled_from(["https://h.example/", "https://h.example/?", "https://", ""]))
@example(rest="%%41", begin="https://h.example/")
@example(rest="%3E\u0301", begin="https://h.example/")
@example(rest="[", begin="https://")
def test_a_key_is_its_own_key(begin, rest):
    """
    Canonicalising twice changes nothing, whatever the address.
    """
    key = canonical_url(begin + rest)

    assert key == canonical_url(key)


_values = st.text(
    alphabet=st.characters(codec="utf-8", exclude_characters="&#\t\r\n", exclude_categories=["Cs"])
)


@settings(max_examples=200, deadline=None)
@given(name=st.sampled_from(["id", "cid", "sid", "p", "ref", "source", "q"]), one=_values, other=_values)
def test_identity_parameters_are_never_merged(name, one, other):
    """
    Two values of an identity parameter give two keys, unless they are spellings of one another.
    """
    from unicodedata import normalize
    from urllib.parse import unquote_to_bytes

    keys = [canonical_url(f"{A}/?{name}={value.strip()}x") for value in (one, other)]

    plain = [
        normalize("NFC", unquote_to_bytes(value.strip()).decode("utf-8", "replace")) for value in (one, other)
    ]
    if plain[0] != plain[1]:
        assert keys[0] != keys[1]


def test_ids_never_change():
    """
    The id is 32 hex digits of the key's SHA-256; a change here would change every id in the ledger.
    """
    assert "6a7a9ab35b95e57b2a0e5a1ed5b0a5b4" != article_id(f"{A}/a")
    assert 32 == len(article_id(f"{A}/a"))
    assert "https://news.example/%D8%AE%D8%A8%D8%B1?id=7" == canonical_url(f"{A}/خبر?id=7&utm_source=x")


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://News.Example/a", "news.example"),
        ("https://news.example:443/a", "news.example"),
        ("http://news.example:443/a", "news.example:443"),
        ("http://me:x@news.example:8080/a", "news.example:8080"),
        ("http://[::1]:8080/", "[::1]:8080"),
        ("http://news.example:99999/", ""),
        ("http://[::1/", ""),
        ("no address", ""),
        ("", ""),
    ],
)
def test_a_host_is_who_is_asked(url, host):
    """
    Lower case, with the port where it is not the scheme's own, without user; "" when there is none.
    """
    assert host == host_of(url)


@pytest.mark.parametrize(
    ("link", "url"),
    [
        ("/a", "https://news.example/a"),
        ("b?x=1", "https://news.example/rss/b?x=1"),
        ("../c", "https://news.example/c"),
        ("//other.example/a", "https://other.example/a"),
        ("www.other.example/a", "https://www.other.example/a"),
        ("http://other.example/خبر", "http://other.example/خبر"),  # news
        (" \n https://other.example/%d8%ae \n", "https://other.example/%d8%ae"),
        ("https://other.example/a\n/b", "https://other.example/a/b"),
        ("javascript:void(0)", ""),
        ("mailto:someone@news.example", ""),
        ("ftp://other.example/a", ""),
        ("https://", ""),
        ("http://[broken/", ""),
        ("https://other.example/" + "a" * 5000, ""),
    ],
)
def test_links_become_addresses_as_published(link, url):
    """
    Relative and scheme-less links are completed, nothing else is changed; what leads nowhere is "".
    """
    assert url == absolute("https://news.example/rss/feed.xml", link)
