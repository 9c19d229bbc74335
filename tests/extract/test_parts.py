"""What stands around a text: title, author, section, tags, image, address, agency; and its characters."""

from __future__ import annotations

import json

import pytest

from pipeline.extract.author import byline, plausible
from pipeline.extract.characters import clean, clean_line
from pipeline.extract.links import article_url
from pipeline.extract.wire import wire_of
from tests.extract.reading import PARAGRAPHS, TITLE, article_on, html, pending, refusal_of

WRITER = "خالد السالم"


def meta(name: str, value: str) -> str:
    return f'<meta property="{name}" content="{value}">'


# -- title ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "window", [f"{TITLE} - اليومية", f"اليومية | {TITLE}", f"{TITLE} :: أخبار :: اليومية", TITLE]
)
def test_title_is_without_the_name_of_the_site(window):
    """
    Before or behind it, with whatever stands between, and where the page shows no headline at all.
    """
    page = html().replace(f"{TITLE} - اليومية", window).replace(f"<h1>{TITLE}</h1>", "")

    assert TITLE == article_on(page, pending(title=TITLE)).title


def test_heading_comes_before_the_social_title():
    """
    What readers see is the title, however it is told elsewhere.
    """
    page = html(head=meta("og:title", "لن تصدق ما حدث في مكتبة الوادي العامة"))  # you will not believe

    assert TITLE == article_on(page).title


def test_repeated_title_is_no_line_of_the_text():
    """
    Also where it is broken into two lines.
    """
    first, second = TITLE[:30].rsplit(" ", 1)[0], TITLE[len(TITLE[:30].rsplit(" ", 1)[0]) :]

    assert "\n".join(PARAGRAPHS) == article_on(html(TITLE, *PARAGRAPHS)).body
    assert "\n".join(PARAGRAPHS) == article_on(html(first, second, *PARAGRAPHS)).body


@pytest.mark.parametrize("teaser", [f"{PARAGRAPHS[0][:80]}…", f"{PARAGRAPHS[0][:81]} ..."])
def test_a_teaser_of_the_text_is_no_lead(teaser):
    """
    A page that shows the feed's summary above a text that begins with it tells it once.
    """
    page = html().replace("</h1>", f"</h1><div><p>{teaser}</p></div>")

    assert "\n".join(PARAGRAPHS) == article_on(page, pending(title=TITLE, summary=teaser)).body


# -- author -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "name"),
    [
        (f"بقلم: {WRITER}", WRITER),
        (f"كتب {WRITER}", WRITER),
        (f"كتبت/ {WRITER}", WRITER),
        (f"إعداد: {WRITER}", WRITER),
        ("إعداد قاعات المكتبة", ""),
        (PARAGRAPHS[0], ""),
    ],
)
def test_byline_names_its_writer(line, name):
    """
    A word that is a verb as well needs a colon behind it.
    """
    assert name == byline(line)


@pytest.mark.parametrize(
    ("told", "name"),
    [
        (WRITER, WRITER),
        (f"{WRITER} - عمان", WRITER),
        ("د. منى الحداد", "د. منى الحداد"),
        ("فريق التحرير", "فريق التحرير"),
        ("القاهرة: أحمد سالم", "أحمد سالم"),  # Cairo: a name
        ("رام الله - نجلاء عمر", "نجلاء عمر"),  # Ramallah - a name
        ("أحمد سالم - مراسل الشؤون الاقتصادية", "أحمد سالم"),  # the economics correspondent
        ("أحمد سالم كاتب وباحث", "أحمد سالم"),  # writer and scholar
        ("بقلم الكاتبة: سعاد الخطيب", "سعاد الخطيب"),
        ("admin", ""),
        ("Super User", ""),
        ("Web Desk", ""),
        ("أ ف ب", ""),
        ("فرانس برس", ""),
        ("عمان - رويترز", ""),
        ("بيروت - «القبس»", ""),  # a paper in quotes
        ("كاتب صحفي", ""),  # a columnist, whoever it is
        ("جميع مقالات الكاتب", ""),  # all articles of this writer
        ("أخبار مصر", ""),
        ("عربي ودولي", ""),  # a section
        ("Webmaster", ""),
        ("وكالات", ""),
        ("صحيفة اليومية", ""),
        ("https://daily.example/author/1", ""),
        ("خالد", ""),
        ("قال الوزير إن الاتفاق سيوقع غدا في العاصمة", ""),
    ],
)
def test_author_is_a_person_or_a_desk(told, name):
    """
    Everything else that stands in places for authors is nobody.
    """
    assert name == plausible(told, set())


def test_name_of_the_site_is_nobody():
    """
    Many sites sign every article themselves.
    """
    page = html(json_ld={"@type": "NewsArticle", "headline": TITLE, "author": {"name": "اليومية نيوز"}})

    assert not article_on(page).author


def test_author_is_the_innermost_of_what_is_marked():
    """
    A writer's box holds a name and what the writer does; the name is meant.
    """
    box = f'<div class="author"><a class="author-name">{WRITER}</a><span>كاتب وشاعر</span></div>'  # poet

    assert WRITER == article_on(html(above=box)).author


def test_writer_is_who_is_linked_to_as_one():
    """
    A name beside the headline is the site's, unless it leads to the page of a writer.
    """
    head = "<title>" + f"{TITLE} - {WRITER}</title>"
    page = html(above=f'<div><a href="/writers/12">{WRITER}</a></div>').replace("<head>", f"<head>{head}")

    assert WRITER == article_on(page).author


# -- section, tags, image, address, agency ----------------------------------------------------


def test_section_is_named_by_page_or_trail_or_feed():
    """
    What the page states comes first, then its trail; the front page is no section.
    """
    trail = '<nav class="breadcrumb"><a href="/">الرئيسية</a> <a href="/c">ثقافة</a></nav>'  # home, culture

    assert "محليات" == article_on(html(head=meta("article:section", "محليات"), above=trail)).section
    assert "ثقافة" == article_on(html(above=trail)).section
    assert not article_on(html()).section


def test_tags_are_those_of_the_article():
    """
    The site's own keywords, the same on every page, are left out.
    """
    head = meta("article:tag", "مكتبات") + '<meta name="keywords" content="أخبار، اليومية، عاجل">'

    assert ("مكتبات",) == article_on(html(head=head)).tags
    assert ("كتب",) == article_on(html(), pending(categories=("كتب",))).tags


def test_image_is_absolute():
    """
    The page's own claim before the feed's.
    """
    entry = pending(image_url="https://daily.example/feed.jpg")

    assert (
        "https://daily.example/i/1.jpg"
        == article_on(html(head=meta("og:image", "/i/1.jpg")), entry).image_url
    )
    assert "https://daily.example/feed.jpg" == article_on(html(), entry).image_url


@pytest.mark.parametrize(
    ("canonical", "address"),
    [
        ("https://daily.example/story/12345", "https://daily.example/story/12345"),
        ("https://www.daily.example/news/12345-library", "https://www.daily.example/news/12345-library"),
        ("https://daily.example/", "https://daily.example/amp/story/12345"),
        ("https://elsewhere.example/story/12345", "https://daily.example/amp/story/12345"),
        ("javascript:void(0)", "https://daily.example/amp/story/12345"),
    ],
)
def test_canonical_link_is_believed_where_it_names_the_article(canonical, address):
    """
    An AMP page goes by its article's address; a template that names the front page does not count.
    """
    page = html(head=f'<link rel="canonical" href="{canonical}">')

    assert address == article_on(page, pending(url="https://daily.example/amp/story/12345")).url


@pytest.mark.parametrize(
    "amp",
    [
        "https://alnahr.com.jo/news/bridge/amp/",
        "https://alnahr.com.jo/amp/news/bridge",
        "https://amp.alnahr.com.jo/news/bridge",
        "https://alnahr.com.jo/news/bridge?amp=1",
        "https://alnahr.com.jo/news/bridge?amp",
        "https://alnahr.com.jo/news/bridge?outputType=amp",
    ],
)
def test_every_kind_of_amp_page_goes_by_its_articles_address(amp):
    """
    However short the name is that the two share; an AMP page of another name does not.
    """
    canonical = "https://alnahr.com.jo/news/bridge"

    assert canonical == article_url(canonical, found_at=[amp])
    assert amp == article_url("https://alnahr.com.jo/news", found_at=[amp])
    assert amp == article_url("https://alnahr.com.jo/news/ridge", found_at=[amp])


@pytest.mark.parametrize(
    ("first", "last", "wire"),
    [
        ("بيروت (أ ف ب) - أعلنت البلدية أمس", "انتهى", "AFP"),
        ("أعلنت البلدية أمس", "(رويترز)", "Reuters"),
        ("عمان - بترا - أعلنت البلدية أمس", "انتهى", "Petra"),
        ("أعلنت البلدية أمس", "المصدر: وكالة الأناضول", "Anadolu"),
        ("قالت وكالة رويترز إن البلدية أعلنت ذلك", "ونفت رويترز الخبر لاحقا", ""),
    ],
)
def test_agency_is_read_where_signatures_stand(first, last, wire):
    """
    In a dateline or at the end; a mention in running text is none.
    """
    assert wire == wire_of("\n".join([first, *PARAGRAPHS, last]))


# -- pointers inside the text -----------------------------------------------------------------


def test_linked_pointers_go_and_told_ones_are_marked():
    """
    A line that is a link to another article is taken out; one without a link stays, out of detection.
    """
    linked = '<a href="/x">اقرأ أيضا: معرض الكتاب يفتح أبوابه</a>'
    told = "اقرأ أيضا: معرض الكتاب يفتح أبوابه"  # read also: the book fair opens

    first = article_on(html(PARAGRAPHS[0], linked, *PARAGRAPHS[1:]))
    second = article_on(html(PARAGRAPHS[0], told, *PARAGRAPHS[1:]))

    assert "\n".join(PARAGRAPHS) == first.body
    assert [told] == [second.body[start:end] for start, end in second.asides]


# -- characters -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("published", "kept"),
    [
        ("\u200fالكتاب\u200e", "الكتاب"),
        ("الكت\u00adاب\ufeff", "الكتاب"),
        ("\u2067كتاب\u2069", "كتاب"),
        ("كتاب\u00a0جديد", "كتاب جديد"),
        ("خانه\u200cها", "خانه\u200cها"),  # a joiner within a Persian word means something
        ("كتاب\u200c جديد", "كتاب جديد"),
        ("الكـــتاب", "الكـــتاب"),
        ("كِتَابٌ ٢٠٢٦", "كِتَابٌ ٢٠٢٦"),
        ("\u0627\u0654حمد", "\u0623حمد"),  # alef and hamza apart become one letter
    ],
)
def test_text_is_kept_as_published(published, kept):
    """
    NFC, plain blanks, nothing invisible that carries no meaning; nothing is folded.
    """
    assert kept == clean_line(published)


def test_paragraphs_stay_apart():
    """
    Lines are trimmed, empty ones go, and none is joined to another.
    """
    assert "أول\nثان" == clean("  أول \r\n\n\u2028 ثان\u0085")


# -- what is no article -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "outcome"),
    [
        ("https://daily.example/tag/books", "no_article"),
        ("https://daily.example/?s=books", "no_article"),
        ("https://x.com/daily/status/1", "no_article"),
    ],
)
def test_address_of_a_list_holds_no_article(address, outcome):
    """
    Unless page or feed say otherwise, what stands there is a list.
    """
    assert outcome == refusal_of(html(), pending(url=address))[0]


@pytest.mark.parametrize("address", ["https://daily.example/?p=5531", "https://daily.example/view.asp?id=7"])
def test_number_in_a_query_names_an_article(address):
    """
    Sites without paths have articles too.
    """
    assert TITLE == article_on(html(), pending(url=address)).title


def test_flash_is_an_article():
    """
    Urgent news of one line has its title for a text.
    """
    flash = "عاجل: إغلاق الطريق الساحلي في الاتجاهين"  # urgent: the coast road is closed

    assert flash == article_on(html("", title=flash)).title


# -- what scripts and templates carry ---------------------------------------------------------


@pytest.mark.parametrize(
    "script",
    [
        '<script id="__NEXT_DATA__" type="application/json">{}</script>',
        "<script>window.app=window.app||{{}};app.content={};app.done=true;</script>",
    ],
)
def test_text_in_an_applications_store_is_read_where_the_page_shows_none(script):
    """
    The record with the page's title is the article, and says when and by whom; others beside it do not.
    """
    told = [{"type": "text", "content": f"<p>{paragraph}</p>"} for paragraph in PARAGRAPHS]
    other = {"title": "خبر آخر", "body": "نص خبر آخر لا علاقة له بالمكتبة " * 40}  # another article
    record = {
        "headlines": {"basic": TITLE},
        "display_date": "2026-02-19T09:00:00Z",
        "credits": {"by": [{"name": WRITER}]},
        "content_elements": told,
    }
    store = json.dumps({"related": [other], "page": {"article": record}}, ensure_ascii=False)
    head = f"<head>{meta('og:title', TITLE)}<title>{TITLE}</title></head>"
    page = f"<html>{head}<body><div></div>{script.format(store)}</body></html>"

    article = article_on(page)

    assert "\n".join(PARAGRAPHS) == article.body
    assert (WRITER, "store") == (article.author, article.date.source)


def test_readers_comments_are_no_text():
    """
    Below a heading over comments the article is over.
    """
    below = "<h3>التعليقات</h3><p>قرأت الخبر وسررت به كثيرا، فقد كانت المكتبة مغلقة منذ طفولتي.</p>"

    assert "\n".join(PARAGRAPHS) == article_on(html(*PARAGRAPHS, below).replace("<p><h3>", "<h3>")).body


def test_quote_pulled_out_of_the_text_is_told_once():
    """
    Designers repeat a sentence in large letters; the text has it once.
    """
    pulled = '<blockquote class="pull">الاشتراك فيها مجاني لطلاب المدارس والجامعات</blockquote>'
    page = html(*PARAGRAPHS[:2], f"</p>{pulled}<p>", *PARAGRAPHS[2:])

    assert "\n".join(PARAGRAPHS) == article_on(page).body
