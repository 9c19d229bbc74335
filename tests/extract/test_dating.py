"""Which of several statements is the date of publication."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from pipeline.records import DateEvidence
from tests.extract.reading import NOW, TITLE, article_on, html, pending

AT = datetime(2026, 2, 17, 7, 30, tzinfo=UTC)  # 10:30 in Amman


def stated(value: str) -> dict:
    return {"@type": "NewsArticle", "headline": TITLE, "datePublished": value}


def shown(line: str) -> str:
    return f'<div class="date">{line}</div>'


def test_feed_comes_before_the_page():
    """
    And says so: whoever asks sees which statement was believed.
    """
    feed = DateEvidence(published_at=AT, source="feed", rule="rfc822")

    date = article_on(html(json_ld=stated("2026-02-18T10:00:00+03:00")), pending(date=feed)).date

    assert (AT, "feed") == (date.published_at, date.source)


@pytest.mark.parametrize(
    ("page", "states"),
    [
        (html(json_ld=stated("2026-02-17T10:30:00+03:00")), AT),
        (html(above=shown("17 شباط 2026 - 10:30 ص")), AT),
        (html(json_ld=stated("2026-02-17T07:30:00Z"), above=shown("17 شباط 2026 - 10:30 ص")), AT),
        (html(json_ld=stated("2026-02-17T10:30:00Z"), above=shown("17 شباط 2026 - 10:30 ص")), None),
        (html(json_ld=stated("2026-02-17"), above=shown("17 شباط 2026")), None),
        (html(), None),
    ],
)
def test_what_a_page_states_is_noted_beside_its_feeds_date(page, states):
    """
    To the minute, and only where what it tells machines and what it shows are one instant.
    """
    wrong = datetime(2026, 2, 17, 10, 30, tzinfo=UTC)
    feed = DateEvidence(published_at=wrong, source="feed", rule="named month, zone stated")

    date = article_on(page, pending(date=feed)).date

    assert (wrong, states) == (date.published_at, date.page_at)


@pytest.mark.parametrize(
    ("page", "source"),
    [
        (html(json_ld=stated("2026-02-17T10:30:00+03:00"), above=shown("1 يناير 2026")), "json_ld"),
        (html(head='<meta property="article:published_time" content="2026-02-17T10:30:00+03:00">'), "meta"),
        (html(above='<time datetime="2026-02-17T10:30:00+03:00">منذ مدة</time>'), "time_element"),
        (html(above=shown("الثلاثاء 17 شباط 2026 10:30")), "page_text"),
    ],
)
def test_date_keeps_where_it_comes_from(page, source):
    """
    Machine-readable statements before what readers see; the outlet's zone where none is given.
    """
    date = article_on(page).date

    assert (AT, source) == (date.published_at, date.source)


def test_address_is_the_last_resort():
    """
    Its day is kept as no more than a day.
    """
    date = article_on(html(), pending(url="https://daily.example/2026/02/17/library")).date

    assert ("url", "day") == (date.source, date.precision)


def test_local_time_labelled_utc_is_given_away_by_what_is_shown():
    """
    Two times that differ by exactly the zone's offset: the one with the Z is the outlet's own.
    """
    page = html(json_ld=stated("2026-02-17T10:30:00Z"), above=shown("17 شباط 2026 - 10:30 ص"))

    date = article_on(page).date

    assert AT == date.published_at
    assert "false Z" in date.rule


@pytest.mark.parametrize("line", ["17 شباط 2026 - 01:30 م", "17 شباط 2026", "17 شباط 2026 - 11:00 ص"])
def test_z_is_believed_where_nothing_speaks_against_it(line):
    """
    The same instant, a day alone, or a difference that is no zone's: UTC it is.
    """
    date = article_on(html(json_ld=stated("2026-02-17T10:30:00Z"), above=shown(line))).date

    assert datetime(2026, 2, 17, 10, 30, tzinfo=UTC) == date.published_at


@pytest.mark.parametrize(
    "page",
    [
        html(json_ld=stated("2027-01-01T00:00:00Z")),
        html(above="<p>© 2026 جميع الحقوق محفوظة 17/02/2026</p>"),
        html(head='<meta name="copyright" content="2013">'),
        html(),
    ],
)
def test_no_date_rather_than_a_wrong_one(page):
    """
    What lies ahead, and what is about the page, is no date of the article.
    """
    assert article_on(page).date is None


def test_time_is_read_beside_a_name_on_the_same_line():
    """
    Styles put a blank between two elements where the source has none.
    """
    line = "<div><span>17/02/2026 10:30 ص</span><span>المصدر: وكالات</span></div>"  # source: agencies

    assert AT == article_on(html(above=line)).date.published_at


def test_clock_of_the_page_is_not_its_date():
    """
    Today's date in the header stands too far from the title to be the article's.
    """
    today = f"<div>{NOW:%d/%m/%Y}</div>" + "<p>سطر من القائمة</p>" * 12  # a line of the menu
    page = html(above=shown("17 شباط 2026 10:30")).replace("<header>", f"{today}<header>")

    assert AT == article_on(page).date.published_at


OTHER = {
    "@type": "NewsArticle",
    "headline": "ارتفاع أسعار القمح",
    "datePublished": "2026-02-25T10:00:00Z",
}  # wheat


@pytest.mark.parametrize(
    "page",
    [
        html(json_ld={"@graph": [OTHER, stated("2026-02-17T10:30:00+03:00")]}),
        html(json_ld=OTHER, above=shown("17 شباط 2026 - 10:30")),
        html(above="<figcaption>الافتتاح في 3 مارس 2019</figcaption>" + shown("17 شباط 2026 - 10:30")),
        html(above="<div>موعد الافتتاح: 20 يناير 2026</div>" + shown("17 شباط 2026 - 10:30")),
        html(above="<div>تاريخ الطباعة: 28 فبراير 2026</div>" + shown("17 شباط 2026 - 10:30")),
        html(above="<div>سمير الخالد | 17 شباط 2026 - 10:30 | وقت القراءة: 3 دقائق</div>"),
        html(above='<a href="/2026/02/17">17 شباط 2026 - 10:30</a>'),
        html(above=shown("17 شباط 2026 - 10:30")).replace(
            "<header>", '<header><p>عاجل <time datetime="2026-02-28T09:00:00Z">منذ ساعة</time></p>'
        ),
    ],
)
def test_dates_of_other_things_are_not_the_articles(page):
    """
    Other articles, pictures, events, the printer and tickers have dates too.
    """
    assert AT == article_on(page).date.published_at


@pytest.mark.parametrize(
    "page",
    [
        html(above="<figure><img><figcaption>3 مارس 2019</figcaption></figure>"),
        html(above="<div>موعد الفعالية: 20 يناير 2026</div>"),
        html(below='<div class="related"><h3><a href="/x">خبر آخر</a></h3><p>13 فبراير 2026</p></div>'),
        html(below="<h3>التعليقات</h3><p>محمد</p><p>13 فبراير 2026 - 10:00</p>"),
    ],
)
def test_article_without_a_date_takes_none_of_another(page):
    """
    No answer rather than a wrong one.
    """
    assert article_on(page).date is None
