"""
The news desk: what each outlet has published, and how its site is doing; safe across threads.

Events change it, servers read it as frozen `Site`s, so that no answer is made of two states.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from urllib.parse import parse_qs, quote, unquote, urlsplit
from zlib import crc32
from zoneinfo import ZoneInfo

from tests.newsroom.articles import NewsArticle, PressOutlet


class Trouble(StrEnum):
    """What may be wrong with a site."""

    BROKEN_DOWN = "broken_down"  #: 503 whatever is asked
    HANGING_UP = "hanging_up"  #: closes the connection without an answer
    BLOCKING = "blocking"  #: 403 and a challenge, except for robots.txt
    HTML_FEED = "html_feed"  #: 200 and a web page where the feed was
    SILENT = "silent"  #: a good feed that lists nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """An article as it stands on its outlet's site."""

    article: NewsArticle
    path: str  #: decoded; with `?id=` where that is what tells pages apart
    published_at: datetime
    changed_at: datetime
    withdrawn: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """One outlet's site at one moment."""

    outlet: PressOutlet
    base: str  #: `http://127.77.0.11:8080`
    changed_at: datetime
    printed: tuple[Printed, ...] = ()  #: newest first
    most_read: tuple[Printed, ...] = ()  #: what side boxes list, the same all day
    trouble: Trouble | None = None
    delay_s: float = 0.0

    @property
    def listed(self) -> tuple[Printed, ...]:
        """What its feeds list."""
        return tuple(one for one in self.printed if not one.withdrawn)

    def at(self, path: str) -> Printed | None:
        """What stands at the path a client asked for."""
        wanted = key_of(path)
        return next((one for one in self.printed if one.path == wanted), None)

    def href(self, path: str) -> str:
        """The address of a page, written as this outlet's feeds write links."""
        return self.base + _WRITTEN[self.outlet.links](path)


class Desk:
    """Everything published, by outlet.

    Args:
        clock: the present instant, aware.
    """

    def __init__(
        self,
        outlets: Mapping[str, PressOutlet],
        articles: Mapping[str, NewsArticle],
        clock: Callable[[], datetime],
    ) -> None:
        self._lock = threading.RLock()
        self._clock = clock
        self._outlets = outlets
        self._articles = articles
        self._started_at = clock()
        self._sites = {name: self._opened(outlet) for name, outlet in outlets.items()}

    def site(self, outlet_id: str) -> Site:
        """The site as it is now."""
        with self._lock:
            return self._sites[outlet_id]

    def move(self, outlet_id: str, base: str) -> None:
        """Give the site its address."""
        self._change(outlet_id, base=base)

    def path_of(self, article: NewsArticle) -> str:
        """Where an article stands, or will."""
        outlet = self._outlets[article.outlet_id]
        local = (self._started_at - article.age).astimezone(ZoneInfo(outlet.time_zone))
        return article.path or outlet.link.format(
            slug=article.slug,
            number=100_000 + crc32(article.slug.encode()) % 900_000,
            words=_hyphenated(article.title),
            year=local.year,
            month=f"{local.month:02}",
            day=f"{local.day:02}",
        )

    def printed(self, slug: str) -> Printed:
        """The article as printed.

        Raises:
            KeyError: it was never published.
        """
        site = self.site(self._articles[slug].outlet_id)
        return next((one for one in site.printed if one.article.slug == slug), None) or _missing(slug)

    def publish(self, article: NewsArticle, path: str, published_at: datetime) -> None:
        """Put an article on top of its outlet's site; one already there is left as it is."""
        with self._lock:
            site = self._sites[article.outlet_id]
            if site.at(path) is None:
                new = Printed(article=article, path=path, published_at=published_at, changed_at=published_at)
                self._change(article.outlet_id, printed=_newest_first((new, *site.printed)), touched=True)

    def revise(self, slug: str, change: Callable[[Printed], Printed]) -> None:
        """Change one printed article and, with it, its site's feeds."""
        with self._lock:
            old = self.printed(slug)
            site = self._sites[old.article.outlet_id]
            new = replace(change(old), changed_at=max(self._clock(), old.changed_at + timedelta(seconds=1)))
            kept = tuple(new if one is old else one for one in site.printed)
            self._change(site.outlet.outlet_id, printed=kept, touched=True)

    def trouble(self, outlet_id: str, trouble: Trouble | None) -> None:
        """Let a site have a trouble, or none."""
        touched = trouble is Trouble.SILENT or self.site(outlet_id).trouble is Trouble.SILENT
        self._change(outlet_id, trouble=trouble, touched=touched)

    def delay(self, outlet_id: str, seconds: float) -> None:
        """Let a site think before each answer."""
        self._change(outlet_id, delay_s=seconds)

    def _change(self, outlet_id: str, *, touched: bool = False, **changes: Any) -> None:
        with self._lock:
            site = self._sites[outlet_id]
            if touched:  # at least a second later: Last-Modified has no finer grain
                changes["changed_at"] = max(self._clock(), site.changed_at + timedelta(seconds=1))
            self._sites[outlet_id] = replace(site, **changes)

    def _opened(self, outlet: PressOutlet) -> Site:
        mine = [one for one in self._articles.values() if one.outlet_id == outlet.outlet_id]
        printed = _newest_first(tuple(self._from_file(one) for one in mine if not one.held_back))
        return Site(
            outlet=outlet,
            base="",
            changed_at=self._started_at - timedelta(minutes=1),
            printed=printed,
            most_read=_most_read(printed),
        )

    def _from_file(self, article: NewsArticle) -> Printed:
        at = self._started_at - article.age
        return Printed(article=article, path=self.path_of(article), published_at=at, changed_at=at)


def key_of(path: str) -> str:
    """What tells pages of a site apart: the decoded path, and `id` where there is one.

    >>> key_of("/news.aspx?id=7&utm_source=rss")
    '/news.aspx?id=7'
    """
    parts = urlsplit(path)
    number = parse_qs(parts.query).get("id")
    return unquote(parts.path) + (f"?id={number[0]}" if number else "")


def _lower(path: str) -> str:
    return re.sub(r"%[0-9A-F]{2}", lambda escape: escape[0].lower(), quote(path, safe="/?=&"))


#: How outlets write non-ASCII letters in links.
_WRITTEN: dict[str, Callable[[str], str]] = {
    "encoded": lambda path: quote(path, safe="/?=&"),
    "lower": _lower,  # WordPress
    "raw": lambda path: path,
}


def _hyphenated(title: str) -> str:
    return "-".join(
        re.findall(r"[^\W_]+", re.sub("[\u064b-\u0652\u0640]", "", title))[:9]
    )  # harakat, tatweel


def _newest_first(printed: tuple[Printed, ...]) -> tuple[Printed, ...]:
    return tuple(sorted(printed, key=lambda one: one.published_at, reverse=True))


def _most_read(printed: tuple[Printed, ...]) -> tuple[Printed, ...]:
    return tuple(sorted(printed, key=lambda one: crc32(one.path.encode())))[:5]


def _missing(slug: str) -> Printed:
    raise KeyError(f"{slug} has not been published; call publishes({slug!r}) first")
