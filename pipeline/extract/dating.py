"""
When it was published: every instant that feed and page state, and the choice among them.

A wrong date is worse than none: what lies in the future, what is about the page rather than the
article, and what is too vague is left out. Whoever asks sees which statement was believed, and how it
was read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo

from lxml.html import HtmlElement

from pipeline.arabic.dates import AHEAD, parse_date
from pipeline.extract.blocks import Block
from pipeline.extract.characters import clean_line
from pipeline.extract.claims import Claims
from pipeline.records import DateEvidence

#: The zone in the middle of the Arab world, where we know no outlet.
DEFAULT_ZONE = "Asia/Riyadh"
#: There was no web, so no page, before.
EARLIEST = datetime(1995, 1, 1, tzinfo=UTC)
#: A line with a date is hardly longer.
_MAX_LINE_CHARS = 160
_USABLE = ("second", "minute", "hour", "day")
_DATE_NAME = re.compile(r"date|time|publish|posted|تاريخ", re.IGNORECASE)
_UPDATE_NAME = re.compile(r"modif|updat", re.IGNORECASE)
#: Year, month and day in the path of an address, or at the beginning of a number in it.
_IN_PATH = re.compile(
    r"/(?P<y>20\d\d)[/\-](?P<m>\d{1,2})[/\-](?P<d>\d{1,2})(?=[/\-]|$)|/(?P<n>20\d{6})(?=\d{4,}|[/\-_]|$)"
)


class Dating:
    """Reads statements of one article: in its outlet's zone, as of when its page was fetched."""

    def __init__(self, zone: str | None, seen_at: datetime) -> None:
        self.zone = zone or DEFAULT_ZONE
        self.seen_at = seen_at

    def read(self, source: str, raw: str) -> DateEvidence | None:
        """One statement, or None when it cannot be read or is not plausible."""
        found = parse_date(raw, zone=self.zone, now=self.seen_at)
        if found is None or found.precision not in _USABLE or found.instant < EARLIEST:
            return None
        return DateEvidence(
            published_at=found.instant,
            source=source,
            precision=found.precision,
            raw=clean_line(raw)[:_MAX_LINE_CHARS],
            rule=found.rule,
        )

    def plausible(self, evidence: DateEvidence) -> bool:
        return EARLIEST <= evidence.published_at <= self.seen_at + AHEAD

    def local_day(self, evidence: DateEvidence) -> str:
        return evidence.published_at.astimezone(ZoneInfo(self.zone)).date().isoformat()


def choose_date(candidates: Iterable[DateEvidence | None], dating: Dating) -> DateEvidence | None:
    """The first plausible of some statements, or a later one that names the same day more precisely.

    A time whose "Z" another statement on the page gives the lie is taken as the outlet's own.
    """
    stated = [evidence for evidence in candidates if evidence and dating.plausible(evidence)]
    if not stated:
        return None
    first = stated[0]
    if first.precision == "day":
        finer = (
            evidence
            for evidence in stated
            if evidence.precision != "day" and dating.local_day(evidence) == dating.local_day(first)
        )
        first = next(finer, first)
    return _without_false_zone(first, stated, dating)


def _without_false_zone(chosen: DateEvidence, stated: Sequence[DateEvidence], dating: Dating) -> DateEvidence:
    """Local time labelled UTC: what readers see, without a zone, is the same clock."""
    if chosen.source == "feed" or not re.search(r"(?:Z|\+00:?00)$", chosen.raw, re.IGNORECASE):
        return chosen
    offset = chosen.published_at.astimezone(ZoneInfo(dating.zone)).utcoffset() or timedelta()
    true_instant = chosen.published_at - offset
    shown = [evidence for evidence in stated if evidence.source == "page_text"]
    borne_out = any(
        "stated" in other.rule and _same_minute(other.published_at, chosen.published_at) for other in shown
    )
    refuted = any(
        "assumed" in other.rule and _same_minute(other.published_at, true_instant) for other in shown
    )
    if not offset or borne_out or not refuted:
        return chosen
    return replace(
        chosen, published_at=true_instant, rule=f"{chosen.rule}, false Z: the page shows local time"
    )


def _same_minute(one: datetime, other: datetime) -> bool:
    return abs(one - other) < timedelta(minutes=1)


# -- what is stated where ---------------------------------------------------------------------


def page_dates(
    claims: Claims, tree: HtmlElement, blocks: Sequence[Block], *, near: range, url: str, dating: Dating
) -> Iterator[DateEvidence | None]:
    """Every statement on a page, the most trusted first.

    `near` are the indexes of blocks around title and body, where the article's own date stands.
    """
    yield from (dating.read(source, raw) for source, raw in claims.dates)
    yield from time_elements(tree, blocks, near=near, dating=dating)
    yield from visible_dates(blocks, near=near, dating=dating)
    yield from (dating.read(source, raw) for source, raw in claims.doubtful_dates)
    yield url_date(url, dating)


def time_elements(
    tree: HtmlElement, blocks: Sequence[Block], *, near: range, dating: Dating
) -> Iterator[DateEvidence | None]:
    """`<time>` and itemprop dates near the title; where attribute and text differ, the text."""
    nearby = {block.element for block in blocks if block.index in near}
    for element in tree.iter("time", "span", "div", "p"):
        marked = (element.get("itemprop") or "").lower()
        if element.tag != "time" and marked not in {"datepublished", "datecreated"}:
            continue
        if _UPDATE_NAME.search(marked + (element.get("class") or "")) or not _is_near(element, nearby):
            continue
        stated = dating.read("time_element", element.get("datetime") or element.get("content") or "")
        shown = dating.read("page_text", element.text_content()[:_MAX_LINE_CHARS])
        if stated and shown and dating.local_day(stated) != dating.local_day(shown):
            yield shown
        else:
            yield stated
            yield shown


def _is_near(element: HtmlElement, nearby: set[HtmlElement]) -> bool:
    return any(ancestor in nearby for ancestor in (element, *list(element.iterancestors())[:4]))


def visible_dates(blocks: Sequence[Block], *, near: range, dating: Dating) -> Iterator[DateEvidence | None]:
    """Dates a reader sees around title and body: those below the title first, marked ones before others."""
    lines = [block for block in blocks if block.index in near and len(block.text) <= _MAX_LINE_CHARS]
    marked = [block for block in lines if _is_marked(block)]
    for block in (*marked, *(block for block in lines if block not in marked)):
        if any(letter.isdigit() for letter in block.text) and block.link_share < 1:
            yield dating.read("page_text", block.text)


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
