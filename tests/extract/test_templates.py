"""Layouts learnt from pages that agree, and how far they are believed."""

from __future__ import annotations

from dataclasses import replace

import pytest
from lxml.html import document_fromstring

from pipeline.extract.fit import Fit, Use
from pipeline.extract.layout import AGREE, Layout, agreed
from pipeline.extract.paths import common, found, path_of
from pipeline.extract.templating import Templates
from pipeline.extract.trust import MISSES, TRIAL, VERIFY_EVERY
from pipeline.ledger.ledger import open_ledger
from pipeline.templates import OutletTemplate, Trust
from tests.extract.reading import NOW, PARAGRAPHS, TITLE, html, key, pending, read

NAMES = ("خالد السالم", "منى الحداد", "رامي نصار", "هالة قاسم")  # four writers
LINK = '<a href="/x">افتتاح معرض الكتاب في المدينة</a>'  # a book fair opens
BOX = f'<div class="more"><h4>اقرأ أيضا</h4><ul><li>{LINK}</li></ul></div>'  # read also
NOTICE = "<aside>إعلان من البلدية عن المواعيد</aside>"  # a notice by the town


def page(number: int, *, story: str = "div") -> str:
    """One of many pages of one layout; `story` is the tag of the element around its text."""
    title = f"خبر رقم {number} عن مكتبة الوادي وروادها"  # news number N of the library
    writer, day = NAMES[number % len(NAMES)], number % 28 + 1
    above = f'<p class="by">بقلم: {writer}</p><p class="when">{day} يناير 2026 10:30</p>'  # by, January
    paragraphs = [f"{text} وهذه فقرة تحمل الرقم {number}." for text in PARAGRAPHS]
    made = html(*paragraphs, title=title, above=above, below=BOX)
    return made.replace('<div class="story">', f'<{story} class="story">').replace(
        "</p></div>", f"</p></{story}>"
    )


def learnt(count: int = AGREE) -> Layout:
    return agreed([read(page(number)).seen for number in range(count)])


def test_layout_is_learnt_once_enough_pages_agree():
    """
    Four pages are chance, five are a layout: where title, body, date and author stand.
    """
    assert learnt(AGREE - 1) is None

    layout = learnt()

    assert layout.title.endswith("article:nth(1) > h1:nth(1)")
    assert layout.body.endswith("div.story:nth(1)")
    assert layout.author.endswith("p.by:nth(1)")
    assert layout.date.endswith("p.when:nth(2)")
    assert {"p": True} == dict(layout.kinds)


def test_page_is_read_by_its_layout_as_it_is_read_generally():
    """
    Text, title, date and author are the same; only who read them differs, with the template's version.
    """
    use = Use(version=4, layout=learnt().stored())

    by_layout, generally = read(page(77), use=use), read(page(77))

    assert Fit.FITS is by_layout.fit
    assert by_layout.article.extractor.startswith("template/4 ")
    assert replace(generally.article, extractor="") == replace(by_layout.article, extractor="")


@pytest.mark.parametrize(
    ("before", "after", "fit", "why"),
    [
        ('<div class="story">', '<div class="text">', Fit.MISSED, "no body at its place"),
        ("h1>", "h2>", Fit.MISSED, "no title at its place"),
        ("</p><p>", f"</p>{NOTICE}<p>", Fit.MISSED, "a new kind of line: aside"),
        ("<title>", "<title>شيء مختلف عن ذلك كله في ", Fit.FITS, ""),  # more than the title
        ("<title>خبر رقم 7 عن مكتبة الوادي وروادها", "<title>شيء مختلف", Fit.UNSURE, "another title"),
        ('<p class="by">', '<p class="by" hidden>', Fit.FITS, ""),
    ],
)
def test_page_of_another_layout_is_read_generally(before, after, fit, why):
    """
    Where something is not where it always was, the general extractors read the page.
    """
    changed = page(7).replace(before, after)

    found = read(changed, use=Use(version=1, layout=learnt().stored()))

    assert (fit, why) == (found.fit, found.why)
    assert found.article.extractor.startswith("template") == (fit is Fit.FITS)


def test_short_text_is_left_to_others():
    """
    A stub, a flash and what stands before a paywall are told apart by those who read generally.
    """
    found = read(html("قصير جدا.", title=TITLE), use=Use(version=1, layout=learnt().stored()))

    assert (Fit.UNSURE, "a short text") == (found.fit, found.why)


def test_both_ways_tell_when_they_differ():
    """
    A template that does not know where the author stands is caught; the general reading counts.
    """
    layout = learnt()
    blind = replace(layout, author="")

    right = read(page(3), use=Use(version=1, layout=layout.stored(), verify=True))
    wrong = read(page(3), use=Use(version=1, layout=blind.stored(), verify=True))

    assert (Fit.AGREES, "") == (right.fit, right.why)
    assert (Fit.DIFFERS, "author") == (wrong.fit, wrong.why)
    assert NAMES[3] == wrong.article.author


# -- how far it is believed -------------------------------------------------------------------


class Press:
    """An outlet's pages through chunks of one, as a worker reads them."""

    def __init__(self, ledger) -> None:
        self.ledger = ledger
        self.number = 0

    def print(self, count: int, **layout) -> list[Fit]:
        """Read `count` more pages; how the template did on each."""
        return [self._one(**layout) for _ in range(count)]

    def _one(self, **layout) -> Fit:
        self.number += 1
        entry = pending(str(self.number))
        templates = Templates(self.ledger, ["daily"])
        use = templates.use("daily")
        came = read(page(self.number, **layout), entry, use=use)
        templates.note(entry.entry, came, version=use.version if use else 0)
        templates.save(now=NOW)
        return came.fit

    @property
    def template(self) -> OutletTemplate:
        return self.ledger.templates_of(["daily"])["daily"]


@pytest.fixture
def press(tmp_path):
    with open_ledger(f"sqlite:///{tmp_path}/ledger.sqlite") as ledger:
        yield Press(ledger)


def test_template_is_tried_before_it_is_used(press):
    """
    Five pages teach it, three are read both ways, and from then on pages are read by it alone.
    """
    assert [Fit.UNASKED] * AGREE == press.print(AGREE)
    assert Trust.TRIAL is press.template.trust
    assert [Fit.AGREES] * TRIAL == press.print(TRIAL)
    assert Trust.IN_USE is press.template.trust
    assert [Fit.FITS] * 2 == press.print(2)


def test_every_twentieth_page_is_read_both_ways(press):
    """
    So a site that changed is noticed, and only what was read since the last such page is in doubt.
    """
    press.print(AGREE + TRIAL)

    fits = press.print(2 * VERIFY_EVERY)

    assert ([Fit.FITS] * (VERIFY_EVERY - 1) + [Fit.AGREES]) * 2 == fits
    assert () == press.template.unverified


def test_site_that_changed_is_learnt_anew(press):
    """
    After some pages that do not fit the template is dropped, what it read since its last verification
    waits to be read again, and the new layout is learnt as the next version.
    """
    press.print(AGREE + TRIAL + 4)
    unverified = press.template.unverified
    assert [key(str(number)) for number in range(AGREE + TRIAL + 1, AGREE + TRIAL + 5)] == list(unverified)

    press.print(MISSES, story="section")

    assert press.template.dropped.startswith("did not fit 5 pages in a row")
    assert unverified == press.template.again
    press.print(TRIAL, story="section")
    assert (Trust.IN_USE, 2) == (press.template.trust, press.template.version)
    assert press.template.layout["body"].endswith("section.story:nth(1)")


def test_one_page_of_another_layout_drops_nothing(press):
    """
    Opinion pages, galleries and the like are read generally, and the template goes on.
    """
    press.print(AGREE + TRIAL + 1)

    assert [Fit.MISSED] == press.print(1, story="table")

    assert [Fit.FITS] == press.print(1)
    assert 1 == press.template.version


def test_entries_to_be_read_again_are_put_back_and_forgotten(press):
    """
    The ledger hears of them once.
    """
    press.print(AGREE + TRIAL + 1)
    press.print(MISSES, story="section")
    assert press.template.again

    Templates(press.ledger, ["daily"]).read_again(now=NOW)

    assert () == press.template.again


# -- paths ------------------------------------------------------------------------------------

PAGE = document_fromstring(
    '<html><body><div id="top"></div><div id="post-99" class="post wide c123"><p>one</p><p>two</p></div>'
    '<div class="post"><p>three</p></div></body></html>'
)


def test_path_leads_back_to_its_element():
    """
    Also to the second of two paragraphs; names made for one page are left out.
    """
    second = PAGE.xpath("//p[text()='two']")[0]

    assert "html:nth(1) > body:nth(1) > div.post.wide:nth(2) > p:nth(2)" == path_of(second)
    assert second is found(PAGE, path_of(second))


def test_what_cannot_be_told_apart_is_not_found():
    """
    Two elements at a path without places are one too many.
    """
    first, third = PAGE.xpath("//p[text()='one']")[0], PAGE.xpath("//p[text()='three']")[0]

    assert "html:nth(1) > body:nth(1) > div.post > p:nth(1)" == common([path_of(first), path_of(third)])
    assert None is found(PAGE, common([path_of(first), path_of(third)]))
    assert None is found(PAGE, "html > body > table")
