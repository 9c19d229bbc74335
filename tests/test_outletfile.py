"""Outlets as files: YAML that is read back as it was meant, and OPML both ways."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.config import load_outlets
from pipeline.errors import ConfigError
from pipeline.outletfile import feeds_of_opml, opml, outlet_of, outlet_text
from pipeline.records import Feed, Outlet

URL = "https://www.al-nahr.com.jo/rss?cat=1&lang=ar"


@pytest.mark.parametrize(
    "title", ["صحيفة النهر", "النهر: أخبار", "no", "# 1", "'x' \"y\"", "a - b", "- x", "12", "[x]", "x: y"]
)
def test_a_written_file_is_read_back(tmp_path, title):
    """
    Whatever its title holds, the file means the outlet it was made of.
    """
    made = outlet_of(URL, title=title)
    (tmp_path / "outlets").mkdir()
    (tmp_path / "outlets" / f"{made.outlet_id}.yml").write_text(outlet_text(made), encoding="utf-8")

    assert {"al-nahr": made} == load_outlets(tmp_path)


def test_country_and_zone_come_from_the_address():
    """
    Its last letters tell; where they do not, an operator must.
    """
    made = outlet_of(URL, title="x")
    told = outlet_of("https://news.example/rss", title="x", country="eg")

    assert ("jo", "Asia/Amman") == (made.country, made.time_zone)
    assert ("eg", "Africa/Cairo") == (told.country, told.time_zone)
    with pytest.raises(ConfigError, match="--country"):
        outlet_of("https://news.example/rss", title="x")


words = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=20)


@given(words, words)
def test_opml_comes_back(title, section):
    """
    What is exported is imported: addresses to the letter, titles but for their blanks.
    """
    feeds = (Feed(url=URL, outlet_id="o", section=section), Feed(url=URL + "2", outlet_id="o"))
    outlet = Outlet(
        outlet_id="o", title=title, title_en="", home="https://a.example/", country="jo", time_zone="UTC",
        feeds=feeds,
    )  # fmt: skip

    listed = feeds_of_opml(opml([outlet]).encode(), "x")

    assert [feed.url for feed in feeds] == [feed.url for feed in listed]
    assert {title.strip()} == {feed.group for feed in listed}


def test_opml_of_others_is_read():
    """
    Nested, in any letter case, escaped once too often; what is no web address is left out.
    """
    text = """<opml version="1.0"><head/><body><outline text="أخبار">
      <outline TITLE="أ" XMLURL="https://a.example/rss?x=1&amp;amp;y=2"/>
      <outline text="ب" xmlUrl="feed:nothing"/><outline text="ج" xmlUrl="http://c.example/rss"/>
    </outline></body></opml>"""

    assert ["https://a.example/rss?x=1&y=2", "http://c.example/rss"] == [
        feed.url for feed in feeds_of_opml(text.encode(), "x")
    ]


@pytest.mark.parametrize(
    "data",
    [b"", b"<rss/>", b"not xml", b"<!DOCTYPE x [<!ENTITY a 'b'>]><opml/>", b"\xff\xfe<opml>"],
)
def test_what_is_no_opml_is_refused(data):
    """
    In one line, entities and all.
    """
    with pytest.raises(ConfigError, match=r"^x: is no"):
        feeds_of_opml(data, "x")
