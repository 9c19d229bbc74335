"""The pages, as somebody at their own machine sees them."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta

import pytest

from pipeline import wiring
from pipeline.errors import QueryTimeoutError
from pipeline.search.lexing import FIELDS
from pipeline.web.pages.guide import examples
from tests.web.conftest import generous, opened_site

SUMMIT = "قمة"


@pytest.mark.parametrize(
    "page",
    [
        "/",
        "/compare",
        "/compare?q=x&q=y",
        "/topics",
        "/topics/us_russia_diplomacy",
        "/sources",
        "/saved",
        "/help",
        "/api",
        "/account",
    ],
)
@pytest.mark.parametrize("language", ["ar", "en"])
def test_every_page_opens_in_both_languages(browser, page, language):
    """
    Arabic is right to left, English one click away, and no phrase is missing in either.
    """
    answer = browser.get(page, params={"lang": language})

    assert 200 == answer.status_code, answer.text[-2000:]
    assert f'lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}"' in answer.text


def lines_of(page) -> str:
    return " ".join(page.text.split())


def test_the_help_page_shows_every_field_and_operator():
    """
    What the language can do is learnt where one asks, not in a manual.
    """
    shown = " ".join(example["query"] for example in examples())

    for name in set(FIELDS.values()) - {"body", "until"}:
        ways = [written for written, meant in FIELDS.items() if meant == name]
        assert any(f"{way}:" in shown for way in ways), name
    for operator in (" OR ", " -", "NEAR/", "ONEAR/", "*", "=", '"', "("):
        assert operator in shown, operator


def test_where_nothing_is_found_each_part_says_what_it_finds(browser):
    """
    So that one sees which of them was too much, and goes on from there.
    """
    page = browser.get("/", params={"q": 'موسكو زرافة (قمة OR "لا أحد هنا")'})  # Moscow giraffe (summit …)

    parts = re.findall(r'<bdi class="query">(.*?)</bdi> <span class="n">(.*?)</span>', page.text)
    assert ["موسكو", "زرافة", "(قمة OR &#34;لا أحد هنا&#34;)"] == [part for part, _ in parts]
    assert "لا مقالات" == parts[1][1]  # no articles
    found = browser.get("/api/v1/search", params={"q": "موسكو"}).json()["total"]
    assert parts[0][1].startswith(str(found))


def test_the_place_of_a_mistake_is_marked_in_the_query(browser):
    """
    From its column to the next blank; what is advised is a link.
    """
    page = browser.get("/", params={"q": "قمة titel:موسكو غدا"})

    assert 'قمة <mark class="bad">titel:موسكو</mark> غدا' in page.text
    assert "/?q=%D9%82%D9%85%D8%A9+title" in page.text


def test_a_page_beyond_the_last_leads_to_the_last(browser):
    """
    A link of before the search was narrowed shows something.
    """
    answer = browser.get("/", params={"q": SUMMIT, "page": "90"})

    assert 303 == answer.status_code
    assert 200 == browser.get(answer.headers["location"]).status_code
    assert "page=" not in browser.get("/", params={"q": "زرافة", "page": "90"}).headers["location"]


class Tired:
    """An index that was stopped at the time-out."""

    def __init__(self, index):
        self._index = index

    def __getattr__(self, name):
        return getattr(self._index, name)

    def search(self, request):
        raise QueryTimeoutError(5)


def test_a_search_that_took_too_long_can_be_narrowed_where_it_was_asked(monitored, tmp_path, site):
    """
    The query stands in its box, and a word says what to do.
    """
    with opened_site(monitored, tmp_path / "tired", index=Tired(site.desk.index)) as tired:
        answer = tired.client().get("/", params={"q": SUMMIT})

    assert 503 == answer.status_code
    assert f'value="{SUMMIT}"' in answer.text
    assert "ضيّقه" in answer.text  # narrow it


def test_at_an_open_machine_the_account_page_asks_for_nothing(browser):
    """
    There is no account: it says how to make one.
    """
    page = browser.get("/account").text.split("<main")[1]

    assert "rasd users add" in page
    assert "<form" not in page.split("</main>")[0]


@pytest.fixture
def imported(monitored, tmp_path):
    """A site with two articles more: one without a title, of long ago, and one of today."""
    now = datetime.now(UTC)
    lines = [
        {"url": "https://archive.example/old", "title": "", "author": "", "outlet": "archive",
         "body": "تقرير قديم عن زرافات الحديقة العامة وزوارها في العطلة. " * 9,  # giraffes in the park
         "date": (now - timedelta(days=3000)).isoformat()},
        {"url": "https://archive.example/new", "title": "زرافة جديدة", "author": "", "outlet": "archive",
         "body": "وصلت زرافة إلى الحديقة العامة اليوم واستقبلها الزوار بفرح. " * 9,
         "date": now.isoformat()},
    ]  # fmt: skip
    file = tmp_path / "more.jsonl"
    file.write_text("\n".join(json.dumps(line) for line in lines), encoding="utf-8")
    with opened_site(monitored, tmp_path / "home", limits=generous()) as site:
        with wiring.open_monitor(monitored.settings(tmp_path / "home")) as monitor:
            monitor.import_file(file)
            for step in ("extract", "detect", "index"):
                monitor.step(step)
        yield site


def test_an_article_without_a_title_can_be_opened(imported):
    """
    Its link says that there is none; where only links stand, its first words are one.
    """
    client = imported.client()
    old, new = sorted(
        client.get("/api/v1/search", params={"q": "زرافة"}).json()["hits"], key=lambda hit: hit["dated_at"]
    )

    page = lines_of(client.get("/", params={"q": "زرافة"}))
    assert re.search(rf'href="/articles/{old["id"]}[^>]*><span class="faint" lang="ar">بلا عنوان<', page)
    assert "بلا عنوان" in client.get(f"/articles/{old['id']}").text
    assert old["title"] == ""
    assert new["title"]


def test_a_timeline_of_years_is_drawn_by_the_month_and_of_hours_by_the_hour(imported):
    """
    Two days eight years apart are months apart in the drawing, not side by side.
    """
    page = imported.client().get("/", params={"q": "زرافة"}).text

    starts = re.findall(r'data-start="([^"]+)"', page)
    assert 95 < len(starts) < 102
    assert "كل شهر" in page  # by the month
    assert "كل ساعة" in imported.client().get("/", params={"q": "موسكو"}).text  # by the hour


def test_times_in_which_all_coverage_answers_have_no_line_of_shares(browser):
    """
    The newest of everything is all there is.
    """
    assert 'class="share"' not in browser.get("/").text
    assert 'class="share"' in browser.get("/", params={"q": "موسكو"}).text


def test_an_article_whose_event_nobody_else_reports_says_so(browser):
    """
    In place of eight articles of other matters; the API answers with none.
    """
    asked = {"q": "موسم الزيتون في عجلون"}  # the olive season in Ajloun
    (olives,) = browser.get("/api/v1/search", params=asked).json()["hits"]

    page = browser.get(f"/articles/{olives['id']}", params={"lang": "en"})

    assert "No other report of this event was found" in page.text
    assert [] == browser.get(f"/api/v1/articles/{olives['id']}/similar").json()
