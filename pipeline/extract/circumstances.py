"""
What is known of an article before its page is looked at: its outlet, its feed, its language.
"""

from __future__ import annotations

from pipeline.arabic.language import language_of
from pipeline.errors import NotArabicError
from pipeline.extract.characters import key
from pipeline.records import Outlet
from pipeline.work import PendingExtraction


def arabic(title: str, text: str, url: str) -> str:
    """The text's language, which has to be Arabic; a text of few words is judged with its title.

    Raises:
        NotArabicError: it is another; the reason is its code.
    """
    language = language_of(text) if len(text.split()) > 20 else language_of(f"{title}\n{text}")
    if language != "ar":
        raise NotArabicError(url, language)
    return language


def site_names(outlet: Outlet | None) -> tuple[str, ...]:
    """What an outlet calls itself."""
    return (outlet.title, outlet.title_en) if outlet else ()


def site_keys(outlet: Outlet | None) -> set[str]:
    """The same as keys."""
    return {key(name) for name in site_names(outlet)} - {""}


def feed_text(pending: PendingExtraction) -> str:
    """The feed's own account of the article."""
    return pending.entry.body or pending.entry.summary


def feed_section(pending: PendingExtraction, outlet: Outlet | None) -> str:
    """The section a feed is configured to carry."""
    feeds = outlet.feeds if outlet else ()
    return next((feed.section or "" for feed in feeds if feed.url == pending.entry.feed_url), "")


def zone_of(pending: PendingExtraction, outlet: Outlet | None) -> str | None:
    """The zone of the feed where it has one of its own, else of the outlet."""
    if outlet is None:
        return None
    for feed in outlet.feeds:
        if feed.url == pending.entry.feed_url and feed.time_zone:
            return feed.time_zone
    return outlet.time_zone
