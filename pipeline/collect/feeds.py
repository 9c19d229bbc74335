"""
Feed bytes → entries: the only module that knows feedparser.

feedparser gets UTF-8 we made ourselves (:mod:`pipeline.collect.decode`), with its sanitiser, which
is quadratic, and its URL resolution off. Its verdict "bozo" is not listened to: a malformed feed
still gives its entries. Its dates are not either: it misreads several forms silently.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import feedparser

from pipeline.collect.answer import Answer
from pipeline.collect.decode import as_document, feed_text
from pipeline.collect.entries import RawEntry, once_each, to_entry
from pipeline.collect.formats import is_sitemap, json_entries, sitemap_entries
from pipeline.collect.hints import feed_hints
from pipeline.collect.walls import wall
from pipeline.errors import FeedError
from pipeline.habits import FeedHints, FirstSight
from pipeline.records import DateRule, Feed, FeedEntry, Outlet

Fields = dict[str, Any]

#: More entries than this is an archive, not news; the newest come first.
MAX_ENTRIES = 2_000
#: A picture's address as the text of an item's <image>, which feedparser loses.
_BARE_IMAGE = re.compile(r"""<image>\s*(?:<!\[CDATA\[)?\s*(https?://[^<>\s"'\]]+)\s*(?:\]\]>)?\s*</image>""")
_AS_ENCLOSURE = r'<enclosure url="\1" type="image/jpeg" />'
_PROLOGUE = re.compile(r"\s*(?:<\?xml[^>]{0,400}>)?\s*(?:<!--.{0,2000}?-->\s*)*", re.DOTALL)
_FEED_ROOT = re.compile(r"<(?:rss|feed|(?:\w+:)?RDF)[\s>]")
_HTML = re.compile(r"<(?:!doctype\s+html|html)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedFeed:
    """What a feed holds."""

    entries: tuple[FeedEntry, ...]  #: one per id, in the feed's order
    hints: FeedHints
    listed: int  #: items in it, also those that are further sightings or lead nowhere
    date_rule: DateRule | None = None  #: by which the dates were read
    date_evidence: tuple[FirstSight, ...] = ()  #: what that was learnt from


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
    raw, hints = _read(data, content_type, feed.url, url)
    if not raw:
        raise FeedError(feed.url, "empty", "it is a feed, but lists nothing")
    entries = [
        entry
        for fields in raw[:MAX_ENTRIES]
        if (
            entry := to_entry(
                fields,
                feed=feed,
                outlet=outlet,
                base_url=url,
                fetched_at=fetched_at,
                date_rule=date_rule,
            )
        )
    ]
    if not entries:
        raise FeedError(feed.url, "empty", f"none of its {len(raw)} entries has a usable link")
    return ParsedFeed(entries=once_each(entries), hints=hints, listed=len(raw), date_rule=date_rule)


def _read(data: bytes, content_type: str, feed_url: str, url: str) -> tuple[Sequence[RawEntry], FeedHints]:
    text = feed_text(data, content_type)
    if not text:
        raise FeedError(feed_url, "empty", "the answer has no body")
    if text.startswith("{"):
        items = json_entries(text)
        if items is None:
            raise FeedError(feed_url, "not_a_feed", "JSON, but not a JSON Feed")
        return items, FeedHints()
    if _HTML.match(_PROLOGUE.sub("", text, count=1)) and not _FEED_ROOT.search(text):
        raise _page_instead(data, content_type, feed_url, url)
    if is_sitemap(text):
        items = sitemap_entries(text)
        if not items:
            raise FeedError(feed_url, "not_a_feed", "a sitemap without news; look for its news sitemap")
        return items, FeedHints()
    return _parsed(text, feed_url)


def _parsed(text: str, feed_url: str) -> tuple[Sequence[RawEntry], FeedHints]:
    document = _feedparser(as_document(_BARE_IMAGE.sub(_AS_ENCLOSURE, text)), feed_url)
    if not document.entries and not document.version:
        raise FeedError(feed_url, "not_a_feed", f"begins {' '.join(text[:80].split())!r}")
    return [_raw_entry(entry) for entry in document.entries[:MAX_ENTRIES]], _hints(document.feed, text)


def _feedparser(data: bytes, feed_url: str) -> Any:
    # A file object, for feedparser would open a file, or a URL, named like the body.
    try:
        return feedparser.parse(io.BytesIO(data), sanitize_html=False, resolve_relative_uris=False)
    except Exception as error:
        # Whatever a parser of hostile input stumbles over is this feed's trouble, not its siblings'.
        raise FeedError(
            feed_url, "not_a_feed", f"cannot be parsed: {type(error).__name__}: {error}"
        ) from error


def _page_instead(data: bytes, content_type: str, feed_url: str, url: str) -> FeedError:
    answer = Answer(
        requested_url=url,
        final_url=url,
        status=200,
        headers=(("content-type", content_type),),
        body=data,
    )
    reason = wall(answer)
    if reason:
        return FeedError(feed_url, "challenge", reason)
    return FeedError(feed_url, "not_a_feed", "an HTML page stands in its place")


def _raw_entry(entry: Fields) -> RawEntry:
    # dict.get, since feedparser's own answers "published" with "updated" and the other way round.
    contents = [str(content.get("value", "")) for content in dict.get(entry, "content") or ()]
    return RawEntry(
        links=tuple(_links(entry)),
        title=_string(entry, "title"),
        summary=_string(entry, "summary"),
        content=max([*contents, _string(entry, "yandex_full-text")], key=len),
        author=_string(entry, "author"),
        categories=tuple(str(tag.get("term") or "") for tag in dict.get(entry, "tags") or ()),
        images=tuple(_images(entry)),
        dates=tuple(_string(entry, name) for name in ("published", "updated", "created")),
    )


def _links(entry: Fields) -> Iterator[str]:
    yield _string(entry, "feedburner_origlink")
    yield _string(entry, "link")
    for link in dict.get(entry, "links") or ():
        if link.get("rel") == "alternate":
            yield str(link.get("href") or "")
    identity = _string(entry, "id")
    if identity.startswith(("http://", "https://")):
        yield identity


def _images(entry: Fields) -> Iterator[str]:
    for picture in _dicts(entry, "media_content"):
        if picture.get("medium") == "image" or str(picture.get("type", "")).startswith("image/"):
            yield str(picture.get("url") or "")
    for enclosure in _dicts(entry, "links"):
        if enclosure.get("rel") == "enclosure" and str(enclosure.get("type", "")).startswith("image"):
            yield str(enclosure.get("href") or "")
    for thumbnail in _dicts(entry, "media_thumbnail"):
        yield str(thumbnail.get("url") or "")
    # An item's <image><url> is filed here; nothing else of an entry is.
    yield _string(entry, "href")


def _hints(channel: Fields, text: str) -> FeedHints:
    return feed_hints(
        text,
        ttl=_string(channel, "ttl"),
        period=_string(channel, "sy_updateperiod"),
        frequency=_string(channel, "sy_updatefrequency"),
    )


def _string(fields: Fields, name: str) -> str:
    value = dict.get(fields, name)
    return value if isinstance(value, str) else ""


def _dicts(fields: Fields, name: str) -> Iterator[Fields]:
    values = dict.get(fields, name)
    yield from (value for value in values or () if isinstance(value, dict))
