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

from pipeline.arabic.dates import AHEAD, parse_date
from pipeline.extract.blocks import Block, elements_in
from pipeline.extract.characters import clean_line, key
from pipeline.extract.claims import Claims
from pipeline.records import DateEvidence

#: The zone in the middle of the Arab world, where we know no outlet.
DEFAULT_ZONE = "Asia/Riyadh"
#: There was no web, so no page, before.
EARLIEST = datetime(1995, 1, 1, tzinfo=UTC)
#: A line with a date is hardly longer.
_MAX_LINE_CHARS = 160
_DATE_WORDS = 6
_TO_THE_MINUTE = ("second", "minute")
_USABLE = ("second", "minute", "hour", "day")
_DATE_NAME = re.compile(r"date|time|publish|posted|تاريخ", re.IGNORECASE)
_UTC = re.compile(r"(?:Z|\+00:?00)$", re.IGNORECASE)
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

    def is_visit(self, evidence: DateEvidence) -> bool:
        """Whether it names no more than the day the page was fetched."""
        today = self.seen_at.astimezone(ZoneInfo(self.zone)).date().isoformat()
        return evidence.precision == "day" and self.local_day(evidence) == today

    def local_day(self, evidence: DateEvidence) -> str:
        return evidence.published_at.astimezone(ZoneInfo(self.zone)).date().isoformat()


def choose_date(candidates: Iterable[DateEvidence | None], dating: Dating) -> DateEvidence | None:
    """The first plausible of some statements, or a later one that names the same day more precisely.

    A time whose "Z" another statement on the page gives the lie is taken as the outlet's own. A feed's
    time is taken at its word, and what the page states is noted beside it: whether the feed mislabels
    its times, many entries show, and not one.
    """
    believed = (evidence for evidence in candidates if evidence and dating.plausible(evidence))
    first = next(believed, None)
    if first and first.source == "feed" and _claims_zone(first):
        return replace(first, page_at=_page_instant(believed))
    if first is None or (first.precision != "day" and not _may_be_false(first)):
        return first
    stated = [first, *believed]
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
    if not _may_be_false(chosen):
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


def _page_instant(stated: Iterable[DateEvidence]) -> datetime | None:
    """What a page states to the minute; None where what it tells machines and readers is not the same."""
    zoned = shown = None
    for evidence in stated:
        if evidence.precision not in _TO_THE_MINUTE:
            continue
        if "stated" in evidence.rule:
            zoned = zoned or evidence
        elif evidence.source == "page_text":
            shown = shown or evidence
        if zoned and shown:
            agree = _same_minute(zoned.published_at, shown.published_at)
            return zoned.published_at if agree else None
    only = zoned or shown
    return only.published_at if only else None


def _claims_zone(evidence: DateEvidence) -> bool:
    """Whether it names the zone of its time, rightly or as its feed's rule knows better."""
    named = "stated" in evidence.rule or "labels" in evidence.rule
    return named and evidence.precision in _TO_THE_MINUTE


def _may_be_false(evidence: DateEvidence) -> bool:
    """Whether it claims to be UTC; of a feed's claims its own rule decides."""
    return evidence.source != "feed" and bool(_UTC.search(evidence.raw))


def _same_minute(one: datetime, other: datetime) -> bool:
    return abs(one - other) < timedelta(minutes=1)


# -- what is stated where ---------------------------------------------------------------------


def page_dates(
    claims: Claims, nearby: Sequence[Block], *, title: str, url: str, dating: Dating
) -> Iterator[DateEvidence | None]:
    """Every statement on a page, the most trusted first.

    `nearby` are the blocks around title and body, where the article's own date stands.
    """
    yield from (dating.read(source, raw) for source, raw in claims.dates)
    yield from time_elements(nearby, dating=dating)
    yield from visible_dates(nearby, title=title, dating=dating)
    yield from (dating.read(source, raw) for source, raw in claims.doubtful_dates)
    yield url_date(url, dating)


def time_elements(nearby: Sequence[Block], *, dating: Dating) -> Iterator[DateEvidence | None]:
    """`<time>` and itemprop dates near the title; where attribute and text differ, the text."""
    for element in elements_in(nearby, "time", "span", "div", "p"):
        name = (element.get("itemprop") or "").lower()
        if element.tag != "time" and name not in {"datepublished", "datecreated"}:
            continue
        if _UPDATE_NAME.search(name + (element.get("class") or "")):
            continue
        stated = dating.read("time_element", element.get("datetime") or element.get("content") or "")
        shown = dating.read("page_text", " ".join(element.itertext())[:_MAX_LINE_CHARS])
        if stated and shown and dating.local_day(stated) != dating.local_day(shown):
            yield shown
        else:
            yield stated
            yield shown


def visible_dates(nearby: Sequence[Block], *, title: str, dating: Dating) -> Iterator[DateEvidence | None]:
    """Dates a reader sees around title and body.

    Those below the title come first, for clocks stand above it, then marked ones before others. Above
    it the day of the visit alone is no date: that is what a clock shows.
    """
    keyed = key(title)
    top = next((block.index for block in nearby if keyed and keyed in block.key), 0)
    lines = [block for block in nearby if len(block.text) <= _MAX_LINE_CHARS and not _is_linked(block)]
    for block in sorted(lines, key=lambda line: (line.index < top, not _is_marked(line))):
        if any(letter.isdigit() for letter in block.text):
            shown = dating.read("page_text", block.spaced)
            yield None if shown and block.index < top and dating.is_visit(shown) else shown


def _is_linked(block: Block) -> bool:
    """Whether a line is a link to another article; a date may lead to the archive of its day."""
    return block.link_share == 1 and len(block.text.split()) > _DATE_WORDS


def local_day_shown(line: str, dating: Dating) -> str:
    """The day a line names, as the outlet's readers would say it, or ""."""
    if not any(letter.isdigit() for letter in line):
        return ""
    shown = dating.read("page_text", line)
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
