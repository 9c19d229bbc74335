"""
When it was published: the choice among the instants that feed and page state.

A wrong date is worse than none: what lies in the future, what is about the page rather than the
article, and what is too vague is left out. Whoever asks sees which statement was believed, and how it
was read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from pipeline.arabic.dates import AHEAD, parse_date
from pipeline.extract.characters import clean_line
from pipeline.records import DateEvidence

#: The zone in the middle of the Arab world, where we know no outlet.
DEFAULT_ZONE = "Asia/Riyadh"
#: There was no web, so no page, before.
EARLIEST = datetime(1995, 1, 1, tzinfo=UTC)
#: A line with a date is hardly longer.
MAX_LINE_CHARS = 160
_TO_THE_MINUTE = ("second", "minute")
_USABLE = ("second", "minute", "hour", "day")
_UTC = re.compile(r"(?:Z|\+00:?00)$", re.IGNORECASE)


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
            raw=clean_line(raw)[:MAX_LINE_CHARS],
            rule=found.rule,
        )

    def plausible(self, evidence: DateEvidence) -> bool:
        return EARLIEST <= evidence.published_at <= self.seen_at + AHEAD

    def shown(self, line: str) -> DateEvidence | None:
        """What a line says to readers, which takes a digit."""
        return self.read("page_text", line) if any(map(str.isdigit, line)) else None

    def names_day(self, line: str) -> bool:
        """Whether a line is a date, and none that counts back from now."""
        shown = self.shown(line)
        return shown is not None and not shown.rule.startswith("relative")

    def is_visit(self, line: str) -> bool:
        """Whether a line names no more than the day the page was fetched, as clocks do."""
        shown = self.shown(line)
        today = self.seen_at.astimezone(ZoneInfo(self.zone)).date().isoformat()
        return shown is not None and shown.precision == "day" and self.local_day(shown) == today

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
