"""
Feed bytes → entries, whatever kind of feed it is; or what it is instead of one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice

from pipeline.collect.answer import Answer
from pipeline.collect.decode import feed_text, root_of
from pipeline.collect.entries import RawEntry, once_each, to_entry
from pipeline.collect.formats import json_entries, sitemap_entries, sitemaps_listed
from pipeline.collect.syndicated import MAX_ENTRIES, read_syndicated
from pipeline.collect.urls import absolute
from pipeline.collect.walls import wall
from pipeline.errors import FeedError
from pipeline.habits import ClockSight, FeedHints
from pipeline.hosts import host_of
from pipeline.records import DateRule, Feed, FeedEntry, Outlet

#: Sitemaps asked for behind an index, at most: the likeliest come first.
MAX_SITEMAPS = 3
#: An index names fifty thousand sitemaps at most, the newest at either end; this much is looked at.
_INDEX_BYTES = 2_000_000
_FEED_ROOTS = ("<rss", "<feed", "<rdf:rdf")


@dataclass(frozen=True, slots=True, kw_only=True)
class RawFeed:
    """What a feed holds, as it has it."""

    kind: str  #: "RSS 2.0", "Atom 1.0", "JSON Feed", "news sitemap"…
    charset: str
    entries: Sequence[RawEntry]
    hints: FeedHints


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedFeed:
    """What a feed holds."""

    entries: tuple[FeedEntry, ...]  #: one per id, in the feed's order
    hints: FeedHints
    listed: int  #: items in it, also those that are further sightings or lead nowhere
    kind: str = ""  #: "RSS 2.0", "Atom 1.0", "JSON Feed", "news sitemap"…
    charset: str = ""  #: the bytes were decoded by
    date_rule: DateRule | None = None  #: by which the dates were read
    date_evidence: tuple[ClockSight, ...] = ()  #: what that was learnt from


def parse_feed(
    data: bytes,
    content_type: str,
    *,
    feed: Feed,
    outlet: Outlet,
    url: str,
    fetched_at: datetime,
    date_rule: DateRule | None = None,
) -> ParsedFeed:
    """Read a feed of any kind: RSS 0.9x to 2.0, RSS 1.0, Atom, JSON Feed, news sitemap.

    Args:
        data: the body, content encodings undone.
        content_type: the header, or "".
        feed: as configured.
        outlet: whose feed it is; its zone is that of dates that name none.
        url: where the body came from, for relative links.
        fetched_at: no date later than this is believed.
        date_rule: what the feed's dates are known to get wrong.

    Raises:
        FeedError: `challenge`, `not_a_feed` or `empty`.
    """
    found = read_feed(data, content_type, feed_url=feed.url, url=url)
    entries = [
        entry
        for raw in found.entries[:MAX_ENTRIES]
        if (
            entry := to_entry(
                raw, feed=feed, outlet=outlet, base_url=url, fetched_at=fetched_at, date_rule=date_rule
            )
        )
    ]
    if not entries:
        raise FeedError(feed.url, "empty", f"none of its {len(found.entries)} entries has a usable link")
    return ParsedFeed(
        entries=once_each(entries),
        hints=found.hints,
        listed=len(found.entries),
        kind=found.kind,
        charset=found.charset,
        date_rule=date_rule,
    )


def read_feed(data: bytes, content_type: str, *, feed_url: str, url: str) -> RawFeed:
    """The items of a feed as it has them, those that lead nowhere too; at least one.

    Raises:
        FeedError: `challenge`, `not_a_feed` or `empty`; about `feed_url`.
    """
    text, charset = feed_text(data, content_type)
    if not text:
        raise FeedError(feed_url, "empty", "the answer has no body")
    try:
        found = _read(text, charset)
    except ValueError as error:
        raise _something_else(data, content_type, feed_url, url, str(error)) from error
    if not found.entries:
        raise FeedError(feed_url, "empty", f"it is a feed ({found.kind}), but lists nothing")
    return found


def sitemaps_behind(answer: Answer) -> tuple[str, ...]:
    """The sitemaps an index leads to, likeliest first, on its own host; none when it is no index."""
    if answer.status != 200:
        return ()
    text, _ = feed_text(answer.body[:_INDEX_BYTES], answer.content_type)
    if root_of(text) != "sitemapindex":
        return ()
    addresses = (absolute(answer.final_url, place) for place in sitemaps_listed(text))
    near = (url for url in addresses if url and host_of(url) == host_of(answer.final_url))
    return tuple(islice(near, MAX_SITEMAPS))


def holds_news(answer: Answer) -> bool:
    """Whether an answer is a feed with something in it."""
    try:
        read_feed(answer.body, answer.content_type, feed_url=answer.final_url, url=answer.final_url)
    except FeedError:
        return False
    return answer.status == 200


def without_validators(answer: Answer) -> Answer:
    """What a sitemap says, in place of its index: whose validators would not be the sitemap's."""
    kept = tuple(pair for pair in answer.headers if pair[0].lower() not in {"etag", "last-modified"})
    return replace(answer, headers=kept, hops=())


def _read(text: str, charset: str) -> RawFeed:
    """Raises ValueError, saying what it is instead of a feed."""
    root = root_of(text)
    if text.startswith("{"):
        return RawFeed(kind="JSON Feed", charset=charset, entries=json_entries(text), hints=FeedHints())
    if root == "html" and not any(name in text.lower() for name in _FEED_ROOTS):
        raise ValueError("an HTML page stands in its place")
    if root == "sitemapindex":
        raise ValueError(f"an index of {len(sitemaps_listed(text))} sitemaps, none of which gave news")
    if root == "urlset":
        entries = sitemap_entries(text)
        return RawFeed(kind="news sitemap", charset=charset, entries=entries, hints=FeedHints())
    found = read_syndicated(text)
    if found is None:
        raise ValueError(f"begins {' '.join(text[:80].split())!r}")
    return RawFeed(kind=found.kind, charset=charset, entries=found.entries, hints=found.hints)


def _something_else(data: bytes, content_type: str, feed_url: str, url: str, what: str) -> FeedError:
    answer = Answer(
        requested_url=url,
        final_url=url,
        status=200,
        headers=(("content-type", content_type),),
        body=data,
    )
    reason = wall(answer)
    return FeedError(feed_url, "challenge", reason) if reason else FeedError(feed_url, "not_a_feed", what)
