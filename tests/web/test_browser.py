"""The pages in a real browser: as an analyst works with them, by mouse, by keyboard, on a phone."""

from __future__ import annotations

import csv
import io
import json
from xml.etree import ElementTree as ET

import openpyxl
import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.services.chromium import keep_shot, only_loopback
from tests.web.conftest import generous, opened_site

pytestmark = pytest.mark.browser

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1360, "height": 900}
QUERY = "بوتين"  # Putin
PAGES = [
    "/",
    f"/?q={QUERY}",
    "/topics",
    "/topics/us_russia_diplomacy",
    f"/compare?q={QUERY}&q=الهدنة",
    "/sources",
    "/saved",
    "/help",
]


@pytest.fixture(scope="module")
def place(monitored, tmp_path_factory):
    """One site for all: what a test saves, others may see."""
    with opened_site(monitored, tmp_path_factory.mktemp("place") / "home", limits=generous()) as opened:
        yield opened


@pytest.fixture
def open_page(chromium, place):
    """Opens pages; what a page complains of, script or policy, fails the test."""
    contexts, complaints = [], []

    def opened(path="/", *, viewport=None, language="ar", scheme="light"):
        context = chromium.new_context(
            viewport=viewport or DESK,
            color_scheme=scheme,
            timezone_id="Asia/Amman",
            base_url=place.address,
            accept_downloads=True,
            reduced_motion="reduce",
        )
        contexts.append(context)
        context.route("**/*", only_loopback)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complaints.append(said.text) if is_complaint(said) else None)
        page.goto(f"{path}{'&' if '?' in path else '?'}lang={language}")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert [] == complaints


def is_complaint(said):
    """Pages that say 400 or 404 are asked for on purpose."""
    expected = ("status of 400", "status of 404")
    return said.type == "error" and not any(status in said.text for status in expected)


def ask(page, query):
    page.get_by_role("searchbox").fill(query)
    page.get_by_role("searchbox").press("Enter")
    page.wait_for_url("**q=*")


def test_an_analyst_finds_an_article_and_sees_why(open_page):
    """
    From the query through a hit to the evidence, marked in place and listed with its weights.
    """
    page = open_page()
    ask(page, QUERY)

    first = page.locator(".hits .hit").first
    assert "بوتين" in first.locator("mark.found").first.inner_text()
    first.locator("h3 a").click()

    marked = page.locator(".paper mark[class*=topic-]")
    assert marked.count() > 3
    assert marked.first.get_attribute("title")
    assert page.locator("table.terms tbody tr").count() > 2
    assert (
        page.get_by_role("link", name="النص الأصلي في موقعه").get_attribute("rel").startswith("noopener")
    )  # original
    keep_shot(page, "article")


def test_dragging_over_the_timeline_chooses_a_span(open_page):
    """
    The span is in the address, the hits are within it, and fewer than before.
    """
    page = open_page()
    before = page.locator(".total strong").inner_text()
    box = page.locator("figure[data-timeline] svg").bounding_box()
    middle = box["y"] + box["height"] / 2

    page.mouse.move(box["x"] + box["width"] * 0.02, middle)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.015, middle, steps=3)
    page.locator(".selection").wait_for(state="visible")
    keep_shot(page, "dragging")
    page.mouse.up()
    page.wait_for_url("**since=*until=*")

    assert page.locator('input[name="since"]').input_value()
    assert page.locator(".total strong").inner_text() != before


def test_two_queries_are_compared_and_a_span_of_them_chosen(open_page):
    """
    From a search to its comparison with another, drawn as two lines; dragging stays with both.
    """
    page = open_page(f"/?q={QUERY}")
    page.get_by_role("link", name="مقارنة", exact=True).click()  # compare
    page.get_by_role("searchbox").nth(1).fill("الهدنة")  # the truce
    page.get_by_role("searchbox").nth(1).press("Enter")
    page.locator("polyline").nth(1).wait_for(state="attached")
    keep_shot(page, "compare")
    box = page.locator("figure[data-timeline] svg").bounding_box()
    middle = box["y"] + box["height"] / 2

    page.mouse.move(box["x"] + box["width"] * 0.02, middle)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.2, middle, steps=3)
    page.mouse.up()
    page.wait_for_url("**/compare?*until=2*")

    assert 2 == page.locator("polyline").count()
    assert ["بوتين", "الهدنة"] == [page.get_by_role("searchbox").nth(n).input_value() for n in (0, 1)]


def test_a_filter_is_set_and_taken_off_with_a_click(open_page):
    """
    Facets narrow, and what is set can be seen and taken off.
    """
    page = open_page(f"/?q={QUERY}")
    link = page.locator('section[aria-labelledby="facet-outlet"] li a').first
    count = int(link.locator(".n").inner_text())
    link.click()

    page.wait_for_url("**outlet=*")
    assert count == page.locator(".hits > li").count()
    page.locator(".facets a.on").click()
    page.wait_for_url(lambda url: "outlet=" not in url)


def test_a_search_is_saved_opened_and_followed(open_page):
    """
    Under a name, with a feed that needs no sign-in.
    """
    page = open_page(f"/?q={QUERY}")
    page.get_by_text("حفظ البحث").click()  # save search
    page.get_by_label("الاسم").fill("متابعة بوتين")  # the name: following Putin
    page.get_by_role("button", name="حفظ", exact=True).click()  # save

    page.wait_for_url("**/saved")
    feed = page.locator(".card").first.get_by_role("link", name="RSS").get_attribute("href")
    answer = page.request.get(feed)
    assert "متابعة بوتين" in ET.fromstring(answer.body()).findtext("channel/title")
    page.get_by_role("link", name="متابعة بوتين").click()
    assert QUERY == page.get_by_role("searchbox").input_value()


READERS = {
    "XLSX": lambda data: openpyxl.load_workbook(io.BytesIO(data)).active.max_row - 1,
    "CSV": lambda data: len(list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))) - 1,
    "JSON Lines": lambda data: len([json.loads(line) for line in data.splitlines()]),
    "RSS": lambda data: len(ET.fromstring(data).findall("channel/item")),
    "Atom": lambda data: len(ET.fromstring(data).findall("{http://www.w3.org/2005/Atom}entry")),
}


@pytest.mark.parametrize("name", READERS)
def test_each_export_opens_again_with_every_hit(open_page, name):
    """
    What was downloaded holds as many articles as the page says were found.
    """
    page = open_page(f"/?q={QUERY}")
    shown = page.locator(".hits > li").count()
    page.get_by_text("تصدير").click()  # export

    with page.expect_download() as waiting:
        page.locator(".menu[open] li a", has_text=name).click()

    assert shown == READERS[name](waiting.value.path().read_bytes())


@pytest.mark.parametrize("language", ["ar", "en"])
@pytest.mark.parametrize("path", PAGES)
def test_nothing_sticks_out_on_a_phone(open_page, path, language):
    """
    No page scrolls sideways at a phone's width, in either direction of reading.
    """
    page = open_page(path, viewport=PHONE, language=language)

    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")

    assert wide <= 0
    if path.startswith("/?"):
        keep_shot(page, f"phone-{language}")


def test_a_match_is_marked_wrong_and_taken_back(open_page):
    """
    With a reason, which is shown with who said so; and undone as easily.
    """
    page = open_page(f"/?q={QUERY}")
    page.locator(".hit h3 a").first.click()
    page.get_by_label("السبب").first.fill("خبر رياضي")  # the reason: sports news
    page.get_by_role("button", name="خطأ", exact=True).first.click()  # wrong

    said = page.locator(".said").first
    assert "خبر رياضي" in said.inner_text()
    page.get_by_role("button", name="تراجع").first.click()  # take back
    assert 0 == page.locator(".said").count()


def test_revisions_stand_side_by_side(open_page, place, monitored):
    """
    What the outlet took out on one side, what it put in on the other; below each other on a phone.
    """
    edited = next(
        story.entry_id
        for story in map(place.desk.ledger.story_of, monitored.urls.values())
        if story and story.revision > 1
    )
    page = open_page(f"/articles/{edited}")
    before, after = (page.locator(".sides > div").nth(side) for side in (0, 1))

    assert before.locator("del").count() + after.locator("ins").count() > 0
    assert before.bounding_box()["y"] == after.bounding_box()["y"]
    page.set_viewport_size(PHONE)
    assert before.bounding_box()["y"] < after.bounding_box()["y"]


LOOKS = {
    "arabic": {},
    "english": {"language": "en"},
    "phone": {"viewport": PHONE},
    "dark": {"scheme": "dark"},
}


@pytest.mark.parametrize("look", LOOKS)
def test_every_page_is_kept_to_be_looked_at(open_page, look):
    """
    In both languages, on a phone and in the dark; what a page complains of fails this as well.
    """
    page = open_page(f"/?q={QUERY}", **LOOKS[look])
    article = page.locator(".hit h3 a").first.get_attribute("href")
    shown = {"search": f"/?q={QUERY}", "article": article, "wrong": '/?q="', "sign-in": "/sign-in"}
    shown |= {path.strip("/").split("/")[0]: path for path in PAGES if path.strip("/") and "?" not in path}

    for name, path in shown.items():
        page.goto(path)
        keep_shot(page, f"{name}-{look}")


def test_everything_is_reached_by_keyboard_alone(open_page):
    """
    Slash, words, Enter; Tab to a hit, Enter; the focus can be seen all the way.
    """
    page = open_page()
    page.keyboard.press("/")
    page.keyboard.type(QUERY)
    page.keyboard.press("Enter")
    page.wait_for_url("**q=*")

    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('.hit h3 a')"):
            break
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    page.wait_for_url("**/articles/*")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.matches('.skip')")
    page.keyboard.press("Enter")
    assert "content" == page.evaluate("document.activeElement.id")


def test_keys_go_by_where_they_lie(open_page):
    """
    Whatever alphabet the keyboard writes: from hit to hit, and to the page that lists the keys.
    """
    page = open_page(f"/?q={QUERY}")
    focused = "[...document.querySelectorAll('.hit h3 a')].indexOf(document.activeElement)"

    page.keyboard.press("j")
    assert 0 == page.evaluate(focused)
    page.evaluate(
        "document.activeElement.dispatchEvent("
        "new KeyboardEvent('keydown', {code: 'KeyJ', key: '\u062a', bubbles: true}))"
    )
    assert 1 == page.evaluate(focused)
    page.keyboard.press("k")
    assert 0 == page.evaluate(focused)
    page.get_by_role("searchbox").press("j")
    assert page.evaluate("document.activeElement.matches('[type=search]')")
    page.locator(".hit h3 a").first.focus()
    page.keyboard.press("Shift+Slash")
    page.wait_for_url("**/help#keys")


def test_the_link_of_a_search_is_copied(open_page):
    """
    It is the page's own address, and the button says that it was done.
    """
    page = open_page(f"/?q={QUERY}")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])

    page.get_by_role("button", name="نسخ الرابط").click()  # copy link

    page.get_by_role("button", name="نُسخ الرابط").wait_for()  # copied
    assert page.url == page.evaluate("navigator.clipboard.readText()")


def test_an_empty_box_hints_in_the_direction_of_the_page(open_page):
    """
    And takes that of the words as soon as there are some.
    """
    page = open_page()
    box = page.get_by_role("searchbox")

    assert "rtl" == box.get_attribute("dir")
    box.fill("Putin")
    assert "auto" == box.get_attribute("dir")


def test_english_is_one_click_away_and_stays(open_page):
    """
    The whole interface turns, direction included, on the page one is on.
    """
    page = open_page("/topics")
    page.get_by_role("link", name="English").click()

    assert "ltr" == page.locator("html").get_attribute("dir")
    page.get_by_role("link", name="Sources").click()
    assert "Sources" in page.locator("h1").inner_text()


def test_dark_is_one_click_away_and_stays(open_page):
    """
    The button turns the page dark, and it is dark on the next page too.
    """
    page = open_page()
    light = page.evaluate("getComputedStyle(document.body.parentElement).backgroundColor")
    page.locator("[data-toggle-theme]").click()
    page.wait_for_load_state()
    page.goto("/topics")

    assert "dark" == page.locator("html").get_attribute("data-theme")
    assert light != page.evaluate("getComputedStyle(document.body.parentElement).backgroundColor")


@pytest.mark.parametrize(
    ("path", "scheme"),
    [
        *((path, "light") for path in [*PAGES, '/?q="', "ARTICLE", "/api", "/nowhere"]),
        *((path, "dark") for path in [f"/?q={QUERY}", "ARTICLE", "/sources"]),
    ],
)
def test_axe_finds_nothing(open_page, place, path, scheme):
    """
    Contrast, names, roles, order of headings: no rule of axe-core is broken on any page.
    """
    page = open_page("/help", scheme=scheme)
    if path == "ARTICLE":
        page.goto(f"/?q={QUERY}")
        path = page.locator(".hit h3 a").first.get_attribute("href")
    page.goto(path)

    found = Axe().run(page).response["violations"]

    assert [] == [(each["id"], each["nodes"][0]["target"], each["help"]) for each in found]
