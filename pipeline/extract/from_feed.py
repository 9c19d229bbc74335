"""
The article a feed carried of its own: it serves where its page has none, or cannot be had.

    PendingExtraction → Article

Pure.
"""

from __future__ import annotations

from datetime import datetime

from pipeline.arabic.language import surely_foreign
from pipeline.errors import BlockedError, EntryError, NoArticleError, NotArabicError
from pipeline.extract.author import plausible
from pipeline.extract.characters import clean, clean_line, letters
from pipeline.extract.circumstances import arabic, feed_section, feed_text, site_keys, zone_of
from pipeline.extract.dating import Dating, choose_date
from pipeline.extract.lines import Line, asides_of, trimmed
from pipeline.extract.title import without_site
from pipeline.extract.version import named
from pipeline.extract.wire import wire_of
from pipeline.records import Article, Outlet
from pipeline.work import MIN_FEED_LETTERS, PendingExtraction


def instead_of_page(
    pending: PendingExtraction, error: EntryError, *, outlet: Outlet | None, now: datetime
) -> Article:
    """The feed's article where its page has none; the page's own error where the feed has too little."""
    if isinstance(error, NotArabicError):
        raise error
    if letters(feed_text(pending)) < MIN_FEED_LETTERS:
        raise _of_hidden(pending, error)
    return feed_article(pending, outlet=outlet, now=now, page_outcome=f"{error.outcome}: {error.reason}")


def _of_hidden(pending: PendingExtraction, error: EntryError) -> EntryError:
    """Why there is no article behind a gate: what cannot have been Arabic is `not_arabic` all the same."""
    told = f"{pending.entry.title}\n{feed_text(pending)}"
    language = surely_foreign(told) if isinstance(error, BlockedError) else ""
    return NotArabicError(pending.entry.url, language) if language else error


def feed_article(
    pending: PendingExtraction, *, outlet: Outlet | None, now: datetime, page_outcome: str
) -> Article:
    """The article a feed carried of its own.

    Raises:
        NoArticleError: it carried none.
        NotArabicError: in another language.
    """
    entry = pending.entry
    title = without_site(entry.title, site_keys(outlet))
    lines = trimmed([Line(line) for line in clean(feed_text(pending)).split("\n")], title=title)
    text = "\n".join(line.text for line in lines)
    if not text:
        raise NoArticleError(entry.url, page_outcome or "no text in the feed")
    return Article(
        article_id=entry.entry_id,
        outlet_id=entry.outlet_id,
        url=entry.url,
        title=title or lines[0].text,
        body=text,
        first_seen_at=pending.first_seen_at,
        fetched_at=pending.fetched_at,
        section=feed_section(pending, outlet),
        author=plausible(entry.author, site_keys(outlet)),
        tags=tuple(map(clean_line, entry.categories)),
        image_url=entry.image_url,
        language=arabic(title, text, entry.url),
        wire=wire_of(text, entry.author),
        date=choose_date([entry.date], Dating(zone_of(pending, outlet), pending.fetched_at or now)),
        body_from="feed",
        page_outcome=page_outcome,
        extractor=named("feed"),
        asides=asides_of(lines),
    )
