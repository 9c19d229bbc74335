"""Pages in the layouts of real sites: each stands for something extractors get wrong on Arabic pages."""

from __future__ import annotations

import json

import pytest

from pipeline.evaluate.extraction import evaluate_extraction
from tests.pages.floor import LOWER, NOW, PAGES, fingerprint, measured, pinned, sunk

NAMES = sorted(f"{path.parent.name}/{path.stem}" for path in PAGES.glob("*/*.html"))
GOLDS = {name: json.loads((PAGES / name).parent.joinpath("gold", f"{name.split('/')[1]}.json").read_text("utf-8")) for name in NAMES}  # fmt: skip # noqa: E501 - one table
ARTICLES = [name for name in NAMES if not GOLDS[name].get("outcome")]


@pytest.fixture(scope="module")
def scores():
    scored = evaluate_extraction(PAGES, now=NOW)
    return {each["id"]: each for each in (*scored["per_page"], *scored["others"])}


@pytest.mark.parametrize("name", ARTICLES)
def test_article_is_read_as_its_gold_says(name, scores):
    """
    The text within a few words, title and date right, the author right or none.
    """
    score = scores[name]

    assert score["f1"] >= 0.95, GOLDS[name]["tests"]
    assert ("right", "right") == (score["title"], score["date"]), GOLDS[name]["tests"]
    assert "wrong" != score["author"], GOLDS[name]["tests"]


@pytest.mark.parametrize("name", [name for name in NAMES if name not in ARTICLES])
def test_page_without_an_article_ends_as_its_gold_says(name, scores):
    """
    Directories, lists, stubs, gates and other languages are no articles.
    """
    assert GOLDS[name]["outcome"] == scores[name]["outcome"], GOLDS[name]["tests"]


def test_there_is_a_page_for_every_failure():
    """
    At least 25 pages with an article, and every page says what it is here for.
    """
    assert len(ARTICLES) >= 25
    assert all(gold["tests"] for gold in GOLDS.values())


def test_floor_has_not_sunk():
    """
    What the pages score is pinned; only `python -m tests.pages.floor --lower "why"` lets it sink.
    """
    assert [] == sunk(measured(), pinned())


def test_floor_is_of_these_pages():
    """
    A page was added or changed: run `python -m tests.pages.floor`.
    """
    assert fingerprint() == pinned()["fingerprint"]


def test_what_sinks_is_said():
    """
    A lower mean and a wrong date more are both told, with what they were.
    """
    floor = pinned()
    worse = floor | {"mean_f1": 0.5} | {name: floor[name] + 1 for name in LOWER[:1]}

    assert [f"mean_f1: 0.5, floor {floor['mean_f1']}", "dates_wrong: 1, floor 0"] == sunk(worse, floor)


#: (charset of the bytes, what a meta element says of it, or None)
CHARSETS = [
    ("utf-8", None),
    ("utf-8", "windows-1256"),
    ("windows-1256", "windows-1256"),
    ("windows-1256", "utf-8"),
    ("windows-1256", "iso-8859-1"),
    ("windows-1256", None),
    ("iso-8859-6", "iso-8859-6"),
    ("utf-16", None),
]


@pytest.mark.parametrize(("charset", "said"), CHARSETS)
@pytest.mark.parametrize("name", ["akhbar-almadina/snow", "sada-alkhalij/dates", "qalam/rain"])
def test_page_in_another_charset_is_the_same_article(name, charset, said, tmp_path, scores):
    """
    Whatever its bytes are and whatever they are said to be, the text comes out.
    """
    text = (PAGES / f"{name}.html").read_text("utf-8")
    text = text.replace("<meta charset=\"utf-8\">", "").replace("charset=utf-8", "")  # fmt: skip # noqa: Q003 - as it stands there
    if said:
        text = text.replace("<head>", f'<head><meta charset="{said}">')
    (tmp_path / "gold").mkdir()
    (tmp_path / "page.html").write_bytes(text.encode(charset, "xmlcharrefreplace"))
    (tmp_path / "gold" / "page.json").write_text(json.dumps(GOLDS[name]), "utf-8")

    score = evaluate_extraction(tmp_path, now=NOW)["per_page"][0]

    assert abs(score["f1"] - scores[name]["f1"]) <= 0.005
    assert ("right", "right") == (score["title"], score["date"])


@pytest.mark.shared
def test_real_pages_are_read_right(shared_data):
    """
    On real pages: F1 of 0.985 and more, no date or author wrong, no title wrong, re-encoded alike.
    """
    scored = evaluate_extraction(shared_data / "pages")

    assert scored["mean_f1"] >= 0.985
    assert scored["min_f1"] >= 0.95
    assert (scored["pages"], 0, 0) == (scored["dates_right"], scored["dates_wrong"], scored["authors_wrong"])
    assert scored["pages"] == scored["titles_right"]
    assert scored["reencoded"]["largest_difference"] <= 0.005
    ended = {each["id"].split("_")[0]: each["outcome"] for each in scored["others"]}
    assert {"fa": "not_arabic", "list": "no_article", "en": "no_article"} == ended
