"""
Find the feeds and news sitemaps of a site: what its page, an article of it and robots.txt name, and
where they usually stand. Every request is a guest's, paced and by the rules.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from html.parser import HTMLParser
from urllib.parse import unquote, urlsplit

from pipeline.arabic.charset import decode_text
from pipeline.collect.answer import Answer
from pipeline.collect.checking import FeedReport, check_url, report_of
from pipeline.collect.decode import feed_text
from pipeline.collect.formats import sitemaps_listed
from pipeline.collect.urls import absolute
from pipeline.collect.visits import Visit
from pipeline.errors import EntryError
from pipeline.hosts import host_of

_MAX_PAGE_BYTES = 5_000_000
_DEADLINE_S = 30.0
#: Where content systems put them; asked for when nothing is named.
_USUAL = (
    "/feed", "/rss", "/rss.xml", "/feed.xml", "/atom.xml", "/news-sitemap.xml", "/sitemap-news.xml",
    "/sitemap.xml",
)  # fmt: skip
_FEED_TYPES = frozenset({
    "application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json",
})  # fmt: skip
_LIKE_A_FEED = re.compile(r"(?:^|[/._-])(?:rss|feeds?|atom)(?:$|[/._?=-])|\.(?:rss|rdf|atom)$", re.IGNORECASE)
#: Comments' feeds, and addresses of services that read feeds.
_NO_FEED = re.compile(r"comments?/feed|feedburner\.com/fb|add\.my\.yahoo|\.(?:css|js|png|svg|jpe?g)(?:\?|$)")
#: Documents, which lead nowhere.
_FILE = re.compile(
    r"\.(?:pdf|docx?|xlsx?|pptx?|zip|apk|mp[34]|png|jpe?g|gif|webp|svg)(?:[?#]|$)", re.IGNORECASE
)
#: Of what looks like an article: one in three may be a login or a search.
_ARTICLES_TRIED = 3
#: Looked at, of all candidates: each is a request.
MAX_CANDIDATES = 20
_ELSEWHERE = "on another host: check it by itself"
_SITEMAP_LINE = re.compile(r"^\s*sitemap\s*:\s*(\S+)", re.IGNORECASE | re.MULTILINE)


async def discover(visit: Visit, url: str, *, now: datetime) -> list[FeedReport]:
    """The feeds and news sitemaps of the site at `url` that list something, each looked at once.

    Args:
        visit: of the site's own host; what it names on other hosts is told, not looked at.
        url: a page of it, most often the front page.
        now: the reports speak of.

    Raises:
        EntryError: the page itself cannot be had.
    """
    answer = await _page(visit, url)
    direct = report_of(answer, now)
    if direct.is_usable:
        return [direct]
    feeds = feeds_named(answer) or await _named_within(visit, answer)
    named = [*feeds, *_news_first(sitemaps_named(visit.robots_text))]
    found = await _looked_at(visit, named, now)
    if not any(report.is_usable for report in found):
        found += await _looked_at(visit, [absolute(answer.final_url, path) or "" for path in _USUAL], now)
    return [report for report in found if report.is_usable or report.problems == (_ELSEWHERE,)]


def feeds_named(answer: Answer) -> list[str]:
    """The feeds a page names in its head, then those its links look like. Pure."""
    page = _links_of(answer)
    candidates = [*page.alternates, *(link for link in page.links if _LIKE_A_FEED.search(link))]
    return _unique(
        target
        for link in candidates
        if not _NO_FEED.search(link) and (target := absolute(answer.final_url, link))
    )


async def _named_within(visit: Visit, front: Answer) -> list[str]:
    """The feeds the first article to name any names; its own, of its comments, are left out."""
    for article in articles_linked(front)[:_ARTICLES_TRIED]:
        try:
            answer = await _page(visit, article)
        except EntryError:
            continue
        own = answer.final_url.rstrip("/") + "/"
        if feeds := [feed for feed in feeds_named(answer) if not feed.startswith(own)]:
            return feeds
    return []


def articles_linked(front: Answer) -> list[str]:
    """The pages of its own site that a front page links to, those with the longest address first. Pure."""
    site = urlsplit(front.final_url).netloc
    targets = (absolute(front.final_url, link) for link in _links_of(front).links)
    within = _unique(
        target
        for target in targets
        if target and urlsplit(target).netloc == site and not _FILE.search(target)
    )
    return sorted(within, key=lambda target: -len(unquote(target)))


def _links_of(answer: Answer) -> _Links:
    page = _Links()
    page.feed(decode_text(answer.body, answer.charset)[0])
    page.close()
    return page


def sitemaps_named(robots_text: str) -> list[str]:
    r"""The sitemaps a robots.txt names. Pure.

    >>> sitemaps_named("User-agent: *\nSitemap: https://news.example/news.xml")
    ['https://news.example/news.xml']
    """
    return _unique(_SITEMAP_LINE.findall(robots_text))


async def _looked_at(visit: Visit, urls: Iterable[str], now: datetime) -> list[FeedReport]:
    reports, waiting, seen = [], list(_unique(urls)), set[str]()
    while waiting and len(seen) < MAX_CANDIDATES:
        url = waiting.pop(0)
        if url in seen:
            continue
        seen.add(url)
        if host_of(url) != visit.lease.host:
            reports.append(FeedReport(url=url, problems=(_ELSEWHERE,)))
            continue
        report = await check_url(visit, url, now=now)
        if not report.is_usable and "sitemap" in " ".join(report.problems):
            waiting += await _listed_sitemaps(visit, url)
        reports.append(report)
    return reports


async def _listed_sitemaps(visit: Visit, url: str) -> list[str]:
    """Those of an index that call themselves news."""
    try:
        text, _ = feed_text((await _page(visit, url)).body, "")
    except EntryError:
        return []
    return [place for place in sitemaps_listed(text) if "news" in place.lower()]


async def _page(visit: Visit, url: str) -> Answer:
    return await visit.get(
        url, headers={"Accept": "text/html, */*;q=0.5"}, max_bytes=_MAX_PAGE_BYTES, deadline_s=_DEADLINE_S
    )


def _news_first(sitemaps: Iterable[str]) -> list[str]:
    return sorted(sitemaps, key=lambda url: "news" not in url.lower())


def _unique(urls: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(url for url in urls if url))


class _Links(HTMLParser):
    """What a page links to."""

    def __init__(self) -> None:
        super().__init__()
        self.alternates: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag == "link" and told.get("type", "").lower().strip() in _FEED_TYPES:
            self.alternates += _given(told)
        elif tag == "a":
            self.links += _given(told)


def _given(told: dict[str, str]) -> Iterator[str]:
    if told.get("href"):
        yield told["href"]
