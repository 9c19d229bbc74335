"""
Step 3, extract: what is the article on a page?

    PendingExtraction and the bytes of its page → Read

Pure. A page is read by its outlet's template where there is one and it fits, else by what its parts
agree on, and now and then both ways to hold them together; where it holds no article, the feed's own
text may.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import datetime

from pipeline.errors import EntryError
from pipeline.extract.characters import key
from pipeline.extract.fit import Fit, Read, Use
from pipeline.extract.from_feed import feed_article, instead_of_page
from pipeline.extract.layout import Layout
from pipeline.extract.page import Page, read_page
from pipeline.extract.reading import Reading
from pipeline.extract.seen import seen_on
from pipeline.extract.templated import MisfitError, UnsureError, read_by_layout
from pipeline.records import Article, Outlet
from pipeline.work import PendingExtraction

#: Two readings with this share of their text in common are of one text: a caption more is no other one.
_ALIKE = 0.95


def read_article(
    pending: PendingExtraction,
    body: bytes,
    content_type: str,
    *,
    outlet: Outlet | None,
    now: datetime,
    use: Use | None = None,
) -> Read:
    """Read a page, or what its feed carried."""
    try:
        if pending.page is None:
            told = feed_article(pending, outlet=outlet, now=now, page_outcome=pending.page_outcome)
            return Read(article=told)
        page = read_page(body, content_type, pending.final_url or pending.entry.url)
    except EntryError as error:
        return _or_feed(pending, error, outlet, now)
    return _generally(pending, page, outlet, now) if use is None else _by(use, pending, page, outlet, now)


def _by(use: Use, pending: PendingExtraction, page: Page, outlet: Outlet | None, now: datetime) -> Read:
    """The page by the template if it fits, and held against the general reading where that is wanted."""
    try:
        article = read_by_layout(
            pending, page, outlet, now, layout=Layout.of(use.layout), version=use.version
        )
    except (MisfitError, UnsureError) as doubt:
        fit = Fit.MISSED if isinstance(doubt, MisfitError) else Fit.UNSURE
        return replace(_generally(pending, page, outlet, now), fit=fit, why=str(doubt))
    if not use.verify:
        return Read(article=article, fit=Fit.FITS)
    general = _generally(pending, page, outlet, now)
    difference = _difference(article, general)
    if difference:
        return replace(general, fit=Fit.DIFFERS, why=difference)
    return Read(article=article, fit=Fit.AGREES, seen=general.seen)


def _generally(pending: PendingExtraction, page: Page, outlet: Outlet | None, now: datetime) -> Read:
    reading = Reading.of(pending, page, outlet, now)
    try:
        article = reading.article()
    except EntryError as error:
        return _or_feed(pending, error, outlet, now)
    return Read(article=article, seen=seen_on(reading, article))


def _or_feed(pending: PendingExtraction, error: EntryError, outlet: Outlet | None, now: datetime) -> Read:
    try:
        return Read(article=instead_of_page(pending, error, outlet=outlet, now=now))
    except EntryError as final:
        return Read(error=final)


def _difference(by_layout: Article, general: Read) -> str:
    """In what two readings of a page differ, or ""."""
    other = general.article
    if other is None or other.body_from != "page":
        return f"no article otherwise: {general.error.reason if general.error else 'text in the feed only'}"
    if key(by_layout.title) != key(other.title):
        return "title"
    if _alike(by_layout.body, other.body) < _ALIKE:
        return "body"
    if by_layout.date != other.date and (
        not by_layout.date or not other.date or by_layout.date.published_at != other.date.published_at
    ):
        return "date"
    return "author" if key(by_layout.author) != key(other.author) else ""


def _alike(one: str, other: str) -> float:
    """The share of the longer text that stands, line by line, in the other."""
    mine, theirs = (Counter(map(key, text.split("\n"))) for text in (one, other))
    shared = sum(len(line) * count for line, count in (mine & theirs).items())
    longest = max(sum(len(line) * count for line, count in text.items()) for text in (mine, theirs))
    return shared / longest if longest else 1.0
