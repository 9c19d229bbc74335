"""URLs as keys: what is one article, and what is two."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipeline.collect.urls import absolute, article_id, canonical_url
from pipeline.hosts import host_of

A = "https://news.example"

#: Pieces of which hostile and ordinary addresses are made.
_odd = st.text(
    alphabet=st.one_of(
        st.sampled_from("abE%0123456789ABCDEF/?&=#.;:@[]| \u0627\u0655\u0301é"), st.characters()
    ),
    max_size=30,
)


#: What canonicalising takes away or moves, to be put where its going makes something new.
_pieces = st.sampled_from([
    "/(S(abcdefghijklmnop))", ";jsessionid=x", "&amp;", "amp;", "utm_source=a", "#!/", "#/", "%2e", "/.",
    "..", "//", "\\", "\ufeff", "+", "%3F", "?utm_id=1", "#!?", ":443",
    ":80", "http://", "?", "&", "b=1", "a=2", "%252e", "%", "%D8", "%A7%D9%95",
])  # fmt: skip


@settings(max_examples=500, deadline=None)
@given(
    rest=st.lists(_pieces | _odd, max_size=8).map("".join),
    begin=st.sampled_from(["https://h.example/", "http://h.example", "https://h.example/?", "https://", ""]),
)
@example(rest="%%41", begin="https://h.example/")
@example(rest="%3E\u0301", begin="https://h.example/")
@example(rest="[", begin="https://")
@example(rest="/.;jsessionid=x/a", begin="https://h.example")
@example(rest=":443/a", begin="http://h.example")
@example(rest="a=1&amp;amp;b=2", begin="https://h.example/?")
@example(rest=";\x80", begin="https://")
@example(rest="a%E3%80%82", begin="https://")
@example(rest="\xa1..", begin="https://a")
@example(rest="\xa0", begin="https://a")
@example(rest="#!?utm_source=a", begin="https://h.example/")
@example(rest="//www.google.com/url?url=https://google.com/url?url=http://a.example", begin="https:")
def test_a_key_is_its_own_key(begin, rest):
    """
    Canonicalising twice changes nothing, whatever the address.
    """
    key = canonical_url(begin + rest)

    assert key == canonical_url(key)
    assert key.isascii() or not host_of(key)


@settings(max_examples=200, deadline=None)
@given(link=st.lists(_pieces | _odd, max_size=8).map("".join))
def test_a_completed_link_is_an_address(link):
    """
    What a feed calls a link is an http address with a host, or nothing.
    """
    url = absolute("https://news.example/rss/feed.xml", link)

    assert not url or (url.lower().startswith(("http://", "https://")) and host_of(url))


_values = st.text(
    alphabet=st.characters(codec="utf-8", exclude_characters="&#", exclude_categories=["Cs", "Cc"])
)


@settings(max_examples=200, deadline=None)
@given(name=st.sampled_from(["id", "cid", "sid", "p", "ref", "source", "q"]), one=_values, other=_values)
def test_identity_parameters_are_never_merged(name, one, other):
    """
    Two values of an identity parameter give two keys, unless they are spellings of one another.
    """
    from unicodedata import normalize
    from urllib.parse import unquote_to_bytes

    def plain(value):
        return normalize("NFC", unquote_to_bytes(value.strip().replace("+", " ")).decode("utf-8", "replace"))

    keys = [canonical_url(f"{A}/?{name}={value.strip()}x") for value in (one, other)]

    if plain(one) != plain(other):
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
    "wrapper",
    [
        "https://www.google.com/url?rct=j&sa=t&url={escaped}&ct=ga&cd=CAIy&usg=AOv",
        "https://www.google.com/url?rct=j&sa=t&url={plain}&ct=ga",
        "http://www.google.com.eg/url?q={escaped}&sa=U",
        "https://news.google.com/news/url?sa=t&fd=R&url={escaped}",
        "http://www.bing.com/news/apiclick.aspx?ref=FexRss&aid=&tid=1&url={escaped}&c=1&mkt=ar-xa",
        "https://l.facebook.com/l.php?u={escaped}&h=AT0",
        "https://www.google.com/url?url=https%3A%2F%2Fl.facebook.com%2Fl.php%3Fu%3D{twice}",
        "https://news-example.cdn.ampproject.org/c/s/{bare}",
        "https://cdn.ampproject.org/v/s/{bare}&usqp=mq331AQ&amp_js_v=0.1",
        "https://www.google.com/amp/s/{bare}",
    ],
)
def test_a_wrapped_address_is_the_one_within(wrapper):
    """
    Search alerts, social sites and caches of AMP pages say in the address where they lead: there the
    article is asked for, and by that it is known.
    """
    target = "https://news.example/%D8%AE%D8%A8%D8%B1?id=7&lang=ar"
    escaped = quote(target, safe="")
    bare = target.removeprefix("https://")
    plain = "https://news.example/خبر?id=7%26lang=ar"  # news
    url = wrapper.format(escaped=escaped, plain=plain, bare=bare, twice=quote(escaped, safe=""))

    assert (
        canonical_url(target) == canonical_url(url) == canonical_url(absolute("https://feeds.example/", url))
    )


@pytest.mark.parametrize(
    "url",
    [
        "https://news.google.com/rss/articles/CBMiAAA?oc=5",
        "https://www.google.com/url?sa=t&url=ftp%3A%2F%2Fnews.example",
        "https://www.google.com/url?url=",
        "https://news.example/url?url=https://other.example/a",
        "https://notgoogle.com/url?url=https://other.example/a",
        "https://web.archive.org/web/2020/https://other.example/a",
    ],
)
def test_an_address_that_wraps_nothing_stays_itself(url):
    """
    A wrapper that does not say where it leads, and a page that merely names another.
    """
    assert url == absolute("https://feeds.example/", url)


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
        ("\ufeffhttps://other.example/a", "https://other.example/a"),
        ("https://other.example/\n   a", "https://other.example/a"),
        ("news.example/a", "https://news.example/a"),
        ("News.Example/a", "https://News.Example/a"),
        ("news.examples/a", "https://news.example/rss/news.examples/a"),
        ("https:/other.example/a", "https://other.example/a"),
        ("https//other.example/a", "https://other.example/a"),
        ("https://https://other.example/a", "https://other.example/a"),
        ("http://https//other.example/a", "https://other.example/a"),
        ("https://other.example/https://a", "https://other.example/https://a"),
        ("\u200f/a", "https://news.example/a"),
        ("http:\\\\other.example\\a?b=\\c", "http://other.example/a?b=\\c"),
        ("javascript:void(0)", ""),
        ("mailto:someone@news.example", ""),
        ("ftp://other.example/a", ""),
        ("https://", ""),
        ("https:///a", ""),  # of a template that had no host
        ("http://[broken/", ""),
        ("https://other.example/" + "a" * 5000, ""),
    ],
)
def test_links_become_addresses_as_published(link, url):
    """
    Relative and scheme-less links are completed, nothing else is changed; what leads nowhere is "".
    """
    assert url == absolute("https://news.example/rss/feed.xml", link)
