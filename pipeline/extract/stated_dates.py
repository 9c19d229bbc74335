"""
Where a page states when its article was published: to machines, beside its title, in its address.

Which of these statements is believed is decided in `pipeline.extract.dating`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from urllib.parse import unquote, urlsplit

from pipeline.extract.blocks import Block, elements_in
from pipeline.extract.characters import key
from pipeline.extract.claims import Claims
from pipeline.extract.dating import MAX_LINE_CHARS, Dating
from pipeline.records import DateEvidence

#: A line of more words that is a link leads to another article.
_LINKED_WORDS = 6
#: So many blocks above the title a day is still the article's.
_RIGHT_ABOVE = 3
_DATE_NAME = re.compile(r"date|time|publish|posted|تاريخ", re.IGNORECASE)  # "date"
_UPDATE_NAME = re.compile(r"modif|updat", re.IGNORECASE)
#: Year, month and day in the path of an address, or at the beginning of a number in it.
_IN_PATH = re.compile(
    r"/(?P<y>20\d\d)[/\-](?P<m>\d{1,2})[/\-](?P<d>\d{1,2})(?=[/\-]|$)|/(?P<n>20\d{6})(?=\d{4,}|[/\-_]|$)"
)


def page_dates(
    claims: Claims, nearby: Sequence[Block], *, url: str, dating: Dating
) -> Iterator[DateEvidence | None]:
    """Every statement on a page, the most trusted first.

    `nearby` are lines where the article's own date may stand, as :func:`dated_lines` has them.
    """
    yield from (dating.read(source, raw) for source, raw in claims.dates)
    yield from time_elements(nearby, dating=dating)
    yield from visible_dates(nearby, dating=dating)
    yield from (dating.read(source, raw) for source, raw in claims.doubtful_dates)
    yield url_date(url, dating)


def dated_lines(nearby: Sequence[Block], *, title: str, first: Block | None, dating: Dating) -> list[Block]:
    """Blocks where an article's date may stand: those below its title first, of these the marked ones.

    Captions tell of pictures. Above the title stand clocks, tickers and other headlines: only what
    stands in the box that holds the title and `first`, the first block of the text, or is a day right
    above the title, is about the article, and the day of the visit never is.
    """
    lines = sorted((block for block in nearby if not _is_caption(block)), key=_is_marked, reverse=True)
    keyed = key(title)
    head = next((block for block in nearby if keyed and keyed in block.key), None)
    if head is None:
        return lines
    around = set(first.ancestors()) if first else set()
    box = next((element for element in head.ancestors() if element in around), None)
    above = [
        block
        for block in lines
        if head.index - block.index > 0
        and not dating.is_visit(block.spaced)
        and (
            (box is not None and box in block.ancestors())
            or (head.index - block.index <= _RIGHT_ABOVE and dating.names_day(block.spaced))
        )
    ]
    return [*(block for block in lines if block.index >= head.index), *above]


def _is_caption(block: Block) -> bool:
    return any(
        element.tag in {"figure", "figcaption"} or "caption" in (element.get("class") or "").lower()
        for element in block.ancestors()[:3]
    )


def time_elements(nearby: Sequence[Block], *, dating: Dating) -> Iterator[DateEvidence | None]:
    """`<time>` and itemprop dates near the title; where attribute and text differ, the text."""
    for element in elements_in(nearby, "time", "span", "div", "p"):
        name = (element.get("itemprop") or "").lower()
        if element.tag != "time" and name not in {"datepublished", "datecreated"}:
            continue
        if _UPDATE_NAME.search(name + (element.get("class") or "")):
            continue
        stated = dating.read("time_element", element.get("datetime") or element.get("content") or "")
        shown = dating.read("page_text", " ".join(element.itertext())[:MAX_LINE_CHARS])
        if stated and shown and dating.local_day(stated) != dating.local_day(shown):
            yield shown
        else:
            yield stated
            yield shown


def visible_dates(nearby: Sequence[Block], *, dating: Dating) -> Iterator[DateEvidence | None]:
    """Dates a reader sees, in the order of the lines they stand on."""
    for block in nearby:
        if len(block.text) <= MAX_LINE_CHARS and not _is_linked(block):
            yield dating.shown(block.spaced)


def _is_linked(block: Block) -> bool:
    """Whether a line is a link to another article; a date may lead to the archive of its day."""
    return block.link_share == 1 and len(block.text.split()) > _LINKED_WORDS


def local_day_shown(line: str, dating: Dating) -> str:
    """The day a line names, as the outlet's readers would say it, or ""."""
    shown = dating.shown(line)
    return dating.local_day(shown) if shown else ""


def _is_marked(block: Block) -> bool:
    names = " ".join(
        f"{element.get('class', '')} {element.get('id', '')}" for element in block.ancestors()[:2]
    )
    return bool(_DATE_NAME.search(names)) and not _UPDATE_NAME.search(names)


def url_date(url: str, dating: Dating) -> DateEvidence | None:
    """The day in an address, as many sites file their articles."""
    match = _IN_PATH.search(unquote(urlsplit(url).path))
    if not match:
        return None
    number = match["n"] or ""
    year, month, day = (
        (number[:4], number[4:6], number[6:]) if number else (match["y"], match["m"], match["d"])
    )
    found = dating.read("url", f"{year}-{int(month):02}-{int(day):02}")
    return replace(found, raw=match.group().strip("/"), rule="path of the address") if found else None
