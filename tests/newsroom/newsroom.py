"""
The make-believe press as tests and the demo hold it: a context manager whose methods are events.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

import yaml

from pipeline.records import Outcome
from tests.newsroom import articles as press
from tests.newsroom.answers import Answer, answer
from tests.newsroom.articles import NewsArticle, PressOutlet
from tests.newsroom.desk import Desk, Trouble
from tests.newsroom.server import OutletServer, Requests, open_servers

#: The shortest pause there is in practice: an outlet's file may not say none at all.
_PAUSE = "0.001s"


class Newsroom:
    """Made-up outlets behind real HTTP, each on a loopback address of its own.

    Args:
        now: the press's present, aware; by default the machine's clock, which goes on.
        port: one port for all; 0: any that is free.
    """

    #: An article to show a match by, and one to show an absence by.
    example_of_match = "leaders-phone-call"
    example_of_absence = "harbour-documentary"

    def __init__(self, *, now: datetime | None = None, port: int = 0) -> None:
        self.requests = Requests()
        #: URLs of what was edited, withdrawn and republished in a busy hour.
        self.examples_of_change: list[str] = []
        self.outlets: Mapping[str, PressOutlet] = press.load_outlets()
        self.articles: Mapping[str, NewsArticle] = press.load_articles()
        self._now = now
        self._port = port
        self._desk = Desk(self.outlets, self.articles, self.now)
        self._servers: list[OutletServer] = []

    def __enter__(self) -> Self:
        self._servers = open_servers(
            list(self.outlets), port=self._port, respond=self._respond, requests=self.requests
        )
        for server in self._servers:
            self._desk.move(server.outlet, server.base)
            server.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for server in self._servers:
            server.stop()

    def now(self) -> datetime:
        """The press's present."""
        return self._now or datetime.now(UTC)

    # -- events -------------------------------------------------------------------------------

    def publishes(self, slug: str, *, at: datetime | None = None) -> str:
        """A held-back article appears, dated `at` or now; returns its URL."""
        article = self.articles[slug]
        self._desk.publish(article, self._desk.path_of(article), at or self.now())
        return self.url(slug)

    def edits(
        self,
        slug: str,
        paragraphs: Iterable[str] | None = None,
        title: str | None = None,
        summary: str | None = None,
    ) -> None:
        """Page and feed entry change; without a change given, as the article's file says."""
        lines = tuple(paragraphs) if paragraphs is not None else None
        self._desk.revise(
            slug,
            lambda printed: replace(
                printed, article=printed.article.edit(paragraphs=lines, title=title, summary=summary)
            ),
        )

    def withdraws(self, slug: str) -> None:
        """The page answers 410, and the feeds list it no more."""
        self._desk.revise(slug, lambda printed: replace(printed, withdrawn=True))

    def republishes(self, slug: str, *, under: str) -> str:
        """The same text appears under another path of the same outlet; returns its URL."""
        site = self._desk.site(self.articles[slug].outlet_id)
        copy = replace(self._desk.printed(slug).article, slug=f"{slug}@{under}")
        self._desk.publish(copy, under, self.now())
        return site.href(under)

    def breaks_down(self, outlet: str) -> None:
        """503 whatever is asked."""
        self._desk.trouble(outlet, Trouble.BROKEN_DOWN)

    def hangs_up(self, outlet: str) -> None:
        """Connections are closed without an answer."""
        self._desk.trouble(outlet, Trouble.HANGING_UP)

    def blocks(self, outlet: str) -> None:
        """403 and a challenge for everything but robots.txt."""
        self._desk.trouble(outlet, Trouble.BLOCKING)

    def serves_html_as_feed(self, outlet: str) -> None:
        """Its feeds answer 200 with its front page."""
        self._desk.trouble(outlet, Trouble.HTML_FEED)

    def goes_silent(self, outlet: str) -> None:
        """Its feeds answer 200 and list nothing."""
        self._desk.trouble(outlet, Trouble.SILENT)

    def slows_down(self, outlet: str, seconds: float) -> None:
        """Every answer takes `seconds` longer."""
        self._desk.delay(outlet, seconds)

    def recovers(self, outlet: str) -> None:
        """All is well again: no trouble, no delay."""
        self._desk.trouble(outlet, None)
        self._desk.delay(outlet, 0.0)

    def has_a_busy_hour(self) -> list[str]:
        """What the demo's second run finds; in words, to be put after "the press"."""
        published = [slug for slug in self.held_back if self.articles[slug].outlet_id not in self.at_rest]
        for slug in published:
            self.publishes(slug)
        edited = [slug for slug, article in self.articles.items() if article.edited]
        for slug in edited:
            self.edits(slug)
        self.withdraws(self.example_of_withdrawal)
        reprint = self.republishes(self.example_of_match, under=self._reprint)
        self.examples_of_change = [self.url(edited[0]), self.url(self.example_of_withdrawal), reprint]
        return [
            f"published {len(published)} articles",
            f"edited {len(edited)}",
            "withdrew one",
            "and republished one under another address",
        ]

    #: Outlets to which nothing happens in that hour.
    at_rest = ("cedar-balcony", "nile-lantern")
    #: What it withdraws: from the middle of a feed, where its absence tells something.
    example_of_withdrawal = "tigris-level"
    _reprint = "/reprint/leaders-phone-call"

    # -- what there is ------------------------------------------------------------------------

    @property
    def held_back(self) -> list[str]:
        """Slugs still to be published."""
        return [
            slug for slug, article in self.articles.items() if article.held_back and slug not in self.listed()
        ]

    def listed(self, outlet: str | None = None) -> list[str]:
        """Slugs in the feeds now, newest first, of one outlet or of all."""
        chosen = [outlet] if outlet else list(self.outlets)
        return [printed.article.slug for name in chosen for printed in self._desk.site(name).listed]

    def article(self, slug: str) -> NewsArticle:
        """The article as it stands now, edits included."""
        try:
            return self._desk.printed(slug).article
        except KeyError:
            return self.articles[slug]

    def url(self, slug: str) -> str:
        """Its page, written as its feed writes it, tracking left out; also before it is published."""
        article = self.articles[slug]
        site = self._desk.site(article.outlet_id)
        try:
            return site.href(self._desk.printed(slug).path)
        except KeyError:
            return site.href(self._desk.path_of(article))

    def base(self, outlet: str) -> str:
        """An outlet's address, like `http://127.77.0.11:8080`."""
        return self._desk.site(outlet).base

    def feed_urls(self, outlet: str) -> list[str]:
        """Addresses of an outlet's feeds."""
        return [self.base(outlet) + feed.path for feed in self.outlets[outlet].feeds]

    def published_at(self, slug: str) -> datetime:
        """When its outlet says it appeared."""
        return self._desk.printed(slug).published_at

    def expected_outcome(self, slug: str) -> Outcome:
        """What becomes of it while its outlet is up and has not withdrawn it."""
        article = self.articles[slug]
        return press.expected_outcome(article, self.outlets[article.outlet_id], self.articles)

    # -- for Rasd -----------------------------------------------------------------------------

    def config(self, folder: Path) -> Path:
        """Write `outlets/*.yml` for Rasd into `folder`, made if need be; returns it."""
        (folder / "outlets").mkdir(parents=True, exist_ok=True)
        for outlet_id, outlet in self.outlets.items():
            text = yaml.safe_dump(self._configured(outlet), allow_unicode=True, sort_keys=False)
            file = folder / "outlets" / f"{outlet_id}.yml"
            file.write_text(f"# {outlet.title_en}, an outlet that does not exist.\n{text}", encoding="utf-8")
        return folder

    def environment(self) -> dict[str, str]:
        """What lets Rasd reach the press."""
        ports = sorted({server.server_port for server in self._servers})
        return {"RASD_ALLOW_NETWORKS": "127.0.0.0/8", "RASD_ALLOW_PORTS": ",".join(map(str, ports))}

    def _configured(self, outlet: PressOutlet) -> dict[str, object]:
        base = self.base(outlet.outlet_id)
        feeds = [
            {"url": base + feed.path, "poll_at_most": "1s"}
            | ({"section": feed.section} if feed.section else {})
            for feed in outlet.feeds
        ]
        return {
            "title": outlet.title,
            "title_en": outlet.title_en,
            "home": f"{base}/",
            "country": outlet.country,
            "time_zone": outlet.time_zone,
            "language": "ar",
            "pause": _PAUSE,
            "feeds": feeds,
            "expect": {"entries_per_day": [1, 100]},
        }

    def _respond(self, outlet: str, path: str, headers: dict[str, str]) -> tuple[Answer | None, float]:
        site = self._desk.site(outlet)
        hung_up = site.trouble is Trouble.HANGING_UP
        return None if hung_up else answer(site, path, headers), site.delay_s
