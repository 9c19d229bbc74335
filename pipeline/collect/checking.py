"""
What an operator wants to know of a feed before adding it: one answer → :class:`FeedReport`.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from pipeline.arabic.language import arabic_letters
from pipeline.collect.answer import Answer, validators
from pipeline.collect.decode import feed_text
from pipeline.collect.feeds import parse_feed
from pipeline.collect.poll import ACCEPT, DEADLINE_S, MAX_FEED_BYTES
from pipeline.collect.polled import complaint
from pipeline.collect.schedule import fresh_for_s
from pipeline.collect.urls import absolute
from pipeline.collect.visits import Visit
from pipeline.errors import EntryError, FeedError
from pipeline.habits import NO_HABITS, FeedHints
from pipeline.records import Feed, FeedEntry, Outlet
from pipeline.work import MIN_FEED_LETTERS, FeedState

#: Dates are read as stated, to this far ahead: what lies in the future is to be told, not mended.
_AHEAD = timedelta(days=3)
#: A clock may be off by this much.
_SLACK = timedelta(minutes=5)
_TITLE = re.compile(r"<title[^>]*>\s*(?:<!\[CDATA\[)?(.{0,300}?)(?:\]\]>)?\s*</title>", re.DOTALL)
_SILENT_DAYS = 7
_NO_VALIDATORS = "it has no validators: each poll transfers it whole"
_ANY_OUTLET = Outlet(
    outlet_id="checked", title="", title_en="", home="", country="xx", time_zone="UTC", feeds=()
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedReport:
    """What one look at a feed found."""

    url: str
    final_url: str = ""
    redirects: tuple[str, ...] = ()
    status: int = 0  #: 0: there was no answer, or it is a file
    content_type: str = ""
    charset: str = ""  #: the one its bytes are in
    kind: str = ""  #: "RSS 2.0", "Atom 1.0", "news sitemap"…
    title: str = ""  #: of the feed
    entries: int = 0
    newest_at: datetime | None = None
    oldest_at: datetime | None = None
    undated: int = 0
    in_future: int = 0
    arabic_share: float = 0.0  #: of the letters of its titles and texts
    full_bodies: int = 0  #: entries that could be indexed without their pages
    mean_letters: int = 0  #: of a summary or body
    etag: str | None = None
    last_modified: str | None = None
    saves_by_validators: bool | None = None  #: None: it was not tried
    fresh_s: float = 0.0
    hints: FeedHints = NO_HABITS.hints
    robots: str = ""
    problems: tuple[str, ...] = ()

    @property
    def is_usable(self) -> bool:
        """Whether it lists anything that could be polled."""
        return self.entries > 0


async def check_url(visit: Visit, url: str, *, now: datetime) -> FeedReport:
    """Ask for a feed as a poll would, and once more with the validators it gave.

    What goes wrong on the web stands in the report.
    """
    try:
        answer = await _asked(visit, url, {})
    except EntryError as error:
        return FeedReport(url=url, robots=visit.rules, problems=(f"{error.outcome}: {error.reason}",))
    report = replace(report_of(answer, now), robots=visit.rules)
    sent_back = validators(answer.header("etag"), answer.header("last-modified"))
    if not report.is_usable:
        return report
    if not sent_back:
        return replace(report, problems=(*report.problems, _NO_VALIDATORS))
    try:
        again = await _asked(visit, url, sent_back)
    except EntryError as error:
        return replace(report, problems=(*report.problems, f"asked again: {error.reason}"))
    return replace(report, saves_by_validators=again.status == 304)


def check_bytes(data: bytes, name: str, *, now: datetime) -> FeedReport:
    """The same of a file."""
    answer = Answer(requested_url=name, final_url=name, status=200, headers=(), body=data)
    return replace(report_of(answer, now), status=0)


def report_of(answer: Answer, now: datetime) -> FeedReport:
    """What an answer holds. Pure."""
    url = answer.requested_url
    report = FeedReport(
        url=url,
        final_url=answer.final_url,
        redirects=tuple(f"{hop.status} {hop.location}" for hop in answer.hops),
        status=answer.status,
        content_type=answer.content_type,
        etag=answer.header("etag"),
        last_modified=answer.header("last-modified"),
        fresh_s=fresh_for_s(answer, now),
    )
    feed = Feed(url=url, outlet_id="checked")
    try:
        if refusal := complaint(FeedState(feed=feed, url=url), answer, now):
            raise refusal
        parsed = parse_feed(
            answer.body,
            answer.content_type,
            feed=feed,
            outlet=_ANY_OUTLET,
            url=absolute(url, "") or "https://file.example/",
            fetched_at=now + _AHEAD,
        )
    except FeedError as error:
        return replace(report, problems=(f"{error.name}: {error.reason}",))
    text, charset = feed_text(answer.body, answer.content_type)
    title = _TITLE.search(text)
    read = replace(
        report,
        charset=charset,
        kind=parsed.kind,
        title=" ".join(html.unescape(title.group(1)).split()) if title else "",
        hints=parsed.hints,
    )
    counted = _counted(read, parsed.entries, now)
    return replace(counted, problems=tuple(_problems(counted, now)))


def _counted(report: FeedReport, entries: Sequence[FeedEntry], now: datetime) -> FeedReport:
    dates = [entry.date.published_at for entry in entries if entry.date]
    texts = [max(entry.body, entry.summary, key=len) for entry in entries]
    everything = "".join([*texts, *(entry.title for entry in entries)])
    letters = _letters(everything)
    return replace(
        report,
        entries=len(entries),
        newest_at=max(dates, default=None),
        oldest_at=min(dates, default=None),
        undated=len(entries) - len(dates),
        in_future=sum(date > now + _SLACK for date in dates),
        arabic_share=round(arabic_letters(everything) / letters, 3) if letters else 0.0,
        full_bodies=sum(_letters(text) >= MIN_FEED_LETTERS for text in texts),
        mean_letters=sum(map(_letters, texts)) // max(1, len(texts)),
    )


def _letters(text: str) -> int:
    return sum(map(str.isalpha, text))


def _problems(report: FeedReport, now: datetime) -> list[str]:
    found = []
    if report.arabic_share < 0.5:
        found.append(f"only {report.arabic_share:.0%} of its letters are Arabic")
    if report.in_future:
        found.append(f"{report.in_future} entries are dated in the future: does it call local time UTC?")
    if report.undated:
        found.append(f"{report.undated} entries have no date that can be read")
    if report.newest_at and now - report.newest_at > timedelta(days=_SILENT_DAYS):
        found.append(f"its newest entry is {(now - report.newest_at).days} days old")
    return found


async def _asked(visit: Visit, url: str, headers: dict[str, str]) -> Answer:
    return await visit.get(
        url, headers={"Accept": ACCEPT, **headers}, max_bytes=MAX_FEED_BYTES, deadline_s=DEADLINE_S
    )
