"""
What a feed says of one entry → a :class:`FeedEntry`.

Every format (RSS, Atom, JSON Feed, news sitemap) is first made a :class:`RawEntry`, so that links,
texts and dates are read by one set of rules. Pure.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from pipeline.collect.dating import feed_date
from pipeline.collect.markup import first_image, one_line, plain_text
from pipeline.collect.urls import absolute, article_id, canonical_url
from pipeline.records import DateRule, Feed, FeedEntry, Outlet

MAX_TITLE_CHARS = 1_000
MAX_SUMMARY_CHARS = 20_000
MAX_BODY_CHARS = 200_000
_MAX_AUTHOR_CHARS = 200
_MAX_CATEGORY_CHARS = 100
_MAX_CATEGORIES = 20
_PICTURE = re.compile(r"\.(?:jpe?g|png|gif|webp|avif|svg|bmp)$", re.IGNORECASE)
_RECORDING = re.compile(r"\.(?:mp3|mp4|m4a|m3u8|webm|ogg|wav|mov)$", re.IGNORECASE)
#: "editor@outlet.example (Name)" as RSS wants authors, or the other way round.
_ADDRESS = re.compile(r"[<(\[]?\s?(?:mailto:)?[^\s@()<>\[\]]{1,64}@[^\s@()<>\[\]]{1,255}\s?[>)\]]?")


@dataclass(frozen=True, slots=True, kw_only=True)
class RawEntry:
    """An entry's fields as the feed has them; texts may be HTML."""

    links: tuple[str, ...]  #: best first
    title: str = ""
    summary: str = ""
    content: str = ""
    author: str = ""
    categories: tuple[str, ...] = ()
    images: tuple[str, ...] = ()  #: best first
    dates: tuple[str, ...] = ()  #: publication first


def to_entry(
    raw: RawEntry,
    *,
    feed: Feed,
    outlet: Outlet,
    base_url: str,
    fetched_at: datetime,
    date_rule: DateRule | None = None,
) -> FeedEntry | None:
    """The entry, or None when no link of it leads anywhere."""
    url = _page_url(raw.links, base_url)
    if not url:
        return None
    canonical = canonical_url(url)
    title = one_line(raw.title, max_chars=MAX_TITLE_CHARS)
    body = plain_text(raw.content, max_chars=MAX_BODY_CHARS)
    summary = plain_text(raw.summary, max_chars=MAX_SUMMARY_CHARS) if raw.summary != raw.content else ""
    raw_date, date = feed_date(
        raw.dates, zone=feed.time_zone or outlet.time_zone, rule=date_rule, fetched_at=fetched_at
    )
    return FeedEntry(
        entry_id=article_id(canonical),
        outlet_id=outlet.outlet_id,
        feed_url=feed.url,
        url=url,
        canonical_url=canonical,
        title=title,
        summary=summary,
        body=body,
        author=_author(raw.author),
        categories=_categories(raw.categories),
        image_url=_image_url(raw, base_url),
        date=date,
        raw_date=raw_date,
        content_hash=_content_hash(title, summary, body),
    )


def once_each(entries: Iterable[FeedEntry]) -> tuple[FeedEntry, ...]:
    """One entry per id, the first, in the feed's order."""
    firsts: dict[str, FeedEntry] = {}
    for entry in entries:
        firsts.setdefault(entry.entry_id, entry)
    return tuple(firsts.values())


def _page_url(links: tuple[str, ...], base_url: str) -> str:
    """The first link that leads to a page; a picture only when there is nothing else."""
    # Who escapes a link twice means what it was before.
    usable = [url for link in links if link and (url := absolute(base_url, link.replace("&amp;", "&")))]
    pages = [url for url in usable if not (is_picture(url) or _RECORDING.search(_path(url)))]
    return next(iter([*pages, *usable]), "")


def is_picture(url: str) -> bool:
    """Whether an address ends as those of pictures do."""
    return bool(_PICTURE.search(_path(url)))


def _path(url: str) -> str:
    return url.partition("?")[0].partition("#")[0]


def _author(raw: str) -> str:
    """Who wrote it; an e-mail address is nobody's name."""
    line = one_line(raw, max_chars=_MAX_AUTHOR_CHARS)
    name = " ".join(_ADDRESS.sub(" ", line).split())
    return name.removeprefix("(").removesuffix(")").strip() if name != line else line


def _image_url(raw: RawEntry, base_url: str) -> str:
    stated = (absolute(base_url, image) for image in raw.images if image)
    found = (first_image(field) for field in (raw.content, raw.summary))
    shown = (absolute(base_url, image) for image in found if image)
    return next((image for image in (*stated, *shown) if image), "")


def _categories(raw: tuple[str, ...]) -> tuple[str, ...]:
    texts = (one_line(category, max_chars=_MAX_CATEGORY_CHARS) for category in raw[: 5 * _MAX_CATEGORIES])
    return tuple(dict.fromkeys(text for text in texts if text))[:_MAX_CATEGORIES]


def _content_hash(*texts: str) -> str:
    """Of what the outlet can edit; changes when a reader would see a change."""
    return hashlib.sha256("\0".join(texts).encode("utf-8", "replace")).hexdigest()[:32]
