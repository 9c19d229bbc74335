"""Outlet names of imported records."""

from __future__ import annotations

import re

import pytest

from pipeline.importing.outlets import outlet_id_of, outlet_id_of_url


@pytest.mark.parametrize(
    ("name", "outlet_id"),
    [
        ("bbc-arabic", "bbc-arabic"),
        ("BBC Arabic", "bbc-arabic"),
        ("Al-Quds (Jerusalem)", "al-quds-jerusalem"),
        ("Goud.ma", "goud-ma"),
        ("El Watan's", "el-watans"),
        ("Le Matin d’Algérie", "le-matin-dalgerie"),
        ("ＲＴ Arabic", "rt-arabic"),
        ("24", "24"),
    ],
)
def test_english_name_becomes_its_words(name, outlet_id):
    """
    An id stays; an English name becomes lower-case words with hyphens.
    """
    assert outlet_id == outlet_id_of(name)


@pytest.mark.parametrize(
    "name", ["الغد", "شبكة قدس", "APS (الجزائر)", "!!!", "x" * 300, "ليبيا " * 100]
)  # Arabic names
def test_any_name_becomes_an_id(name):
    """
    Whatever a file calls its outlet, the id fits a file name, a URL and a table.
    """
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", outlet_id_of(name))
    assert len(outlet_id_of(name)) <= 60


def test_different_arabic_names_have_different_ids():
    """
    Letters that an id cannot hold still tell outlets apart.
    """
    names = ["الغد", "الرأي", "الدستور", "APS الجزائر", "APS تونس"]  # Al-Ghad, Al-Rai, Ad-Dustour, APS twice

    assert 5 == len({outlet_id_of(name) for name in names})


def test_ids_are_the_same_for_ever():
    """
    An id is in every ledger: it may not change with a version.
    """
    assert "outlet-acf59071" == outlet_id_of("الغد")  # Al-Ghad
    assert outlet_id_of("الغد") == outlet_id_of(" الغد ")


@pytest.mark.parametrize(
    ("url", "outlet_id"),
    [
        ("https://www.paper.example/a/1", "paper-example"),
        ("http://News.Paper.example:8080/", "news-paper-example"),
    ],
)
def test_page_without_outlet_belongs_to_its_host(url, outlet_id):
    """
    The address says who published it.
    """
    assert outlet_id == outlet_id_of_url(url)
