"""
What the make-believe press consists of: its outlets and articles, read from YAML.

    outlets/<outlet>.yml, articles/<outlet>/<slug>.yml → PressOutlet, NewsArticle

The stem of a file is its id. Every text is written for this project; outlets and events are invented.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

import yaml

from pipeline.records import Outcome
from pipeline.work import MIN_FEED_LETTERS

FOLDER = Path(__file__).parent

_AGE = re.compile(r"(?:(?P<days>\d+)d)?(?:(?P<hours>\d+)h)?(?:(?P<minutes>\d+)m)?")


class Kind(StrEnum):
    """What is behind an entry."""

    ARTICLE = "article"
    VIDEO = "video"  #: a player and one line
    SECTION = "section"  #: a list of links
    MISSING = "missing"  #: 404
    PAYWALL = "paywall"  #: 403, and a page that wants a subscription
    DOCUMENT = "document"  #: a PDF


_ENDS_AS = {
    Kind.ARTICLE: Outcome.INDEXED,
    Kind.VIDEO: Outcome.NO_ARTICLE,
    Kind.SECTION: Outcome.NO_ARTICLE,
    Kind.MISSING: Outcome.GONE,
    Kind.PAYWALL: Outcome.BLOCKED,
    Kind.DOCUMENT: Outcome.UNUSABLE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PressFeed:
    """One feed of a made-up outlet."""

    path: str
    kind: str  #: rss2 | atom | rdf
    bodies: str = "summary"  #: summary | full
    section: str | None = None  #: only articles of this section; None: all


@dataclass(frozen=True, slots=True, kw_only=True)
class PressOutlet:
    """Who publishes, and the habits of its website."""

    outlet_id: str
    title: str
    title_en: str
    slogan: str
    country: str
    time_zone: str
    layout: str  #: a file in templates/pages
    date_line: str  #: how pages print dates; see calendars.py
    months: str  #: a set of calendars.yml
    link: str  #: path of an article: {slug} {number} {words} {year} {month} {day}
    feeds: tuple[PressFeed, ...]
    nav: tuple[str, ...]
    footer: str
    digits: str = "latin"  #: latin | arabic_indic
    charset: str = "utf-8"
    declares_charset: bool = True  #: in header, meta element and XML declaration
    head: tuple[str, ...] = ()  #: of og, article, json_ld, canonical
    links: str = "encoded"  #: encoded | lower | raw: how feeds write Arabic in links
    tracking: str = ""  #: query parameters feeds add to links
    minified: bool = False
    compressed: bool = False
    validators: tuple[str, ...] = ("etag", "last_modified")  #: of etag, weak_etag, last_modified
    robots: str = "User-agent: *\nDisallow:\n"
    disallowed: str = ""  #: the path its robots.txt forbids
    quirks: tuple[str, ...] = ()  #: of naive_dates, updated_only, escaped_twice, appeared_first
    comments: tuple[str, ...] = ()  #: what readers wrote under its articles

    @property
    def carries_bodies(self) -> bool:
        """Whether a feed of it has the full text."""
        return any(feed.bodies == "full" for feed in self.feeds)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewsArticle:
    """One article, or one of the other things feeds link to."""

    slug: str
    outlet_id: str
    title: str
    age: timedelta = timedelta()  #: before the newsroom's now
    author: str = ""
    section: str = ""
    summary: str = ""
    paragraphs: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()  #: what a careful reader would say it is about
    tags: tuple[str, ...] = ()
    read_also: tuple[str, ...] = ()  #: titles in a box inside the article
    kind: Kind = Kind.ARTICLE
    language: str = "ar"
    wire: str = ""  #: the agency it is attributed to
    path: str = ""  #: where it stands, if not where its outlet's `link` puts it
    held_back: bool = False  #: published later, by an event
    undated: bool = False  #: its feed entry has no date
    republishes: str = ""  #: slug of the article whose text this is
    trap: str = ""  #: what it is here to mislead
    edited: Mapping[str, Any] | None = None  #: title, summary, paragraphs as the outlet will edit them

    def edit(self, **changes: Any) -> NewsArticle:
        """The same article with `changes`; without any, as its file says it will be edited.

        Raises:
            ValueError: no changes were given and the file names none.
        """
        told = {name: value for name, value in changes.items() if value is not None}
        chosen = told or dict(self.edited or {})
        if not chosen:
            raise ValueError(f"{self.slug}: say what changes, or add `edited:` to its file")
        if "paragraphs" in chosen:
            chosen = {"summary": _opening(chosen["paragraphs"])} | chosen
            chosen["paragraphs"] = tuple(chosen["paragraphs"])
        return replace(self, **chosen)


def expected_outcome(
    article: NewsArticle, outlet: PressOutlet, articles: Mapping[str, NewsArticle]
) -> Outcome:
    """What becomes of the entry while its outlet is up and has not withdrawn it.

    Of two entries with one text the later to be read is the duplicate; we name the copy.
    """
    if outlet.disallowed and article.path.startswith(outlet.disallowed):
        return Outcome.DISALLOWED
    if article.republishes and articles[article.republishes].outlet_id == article.outlet_id:
        return Outcome.DUPLICATE
    if article.kind is Kind.PAYWALL and outlet.carries_bodies and _letters(article) >= MIN_FEED_LETTERS:
        return Outcome.INDEXED
    if article.kind is Kind.ARTICLE and article.language != "ar":
        return Outcome.NOT_ARABIC
    return _ENDS_AS[article.kind]


def load_outlets(folder: Path = FOLDER) -> dict[str, PressOutlet]:
    """Every outlet, by id."""
    return {path.stem: _outlet(path) for path in sorted((folder / "outlets").glob("*.yml"))}


def load_articles(folder: Path = FOLDER) -> dict[str, NewsArticle]:
    """Every article, by slug; copies have the text of what they republish.

    Raises:
        ValueError: a slug stands in two outlets, or a key is not one of `NewsArticle`.
    """
    articles: dict[str, NewsArticle] = {}
    for path in sorted((folder / "articles").glob("*/*.yml")):
        if path.stem in articles:
            raise ValueError(f"{path}: another outlet has this slug; name it differently")
        articles[path.stem] = _article(path)
    return {slug: _with_text(article, articles) for slug, article in articles.items()}


def _outlet(path: Path) -> PressOutlet:
    given = _checked(path, PressOutlet)
    given["feeds"] = tuple(PressFeed(**feed) for feed in given["feeds"])
    return PressOutlet(outlet_id=path.stem, **_frozen(given))


def _article(path: Path) -> NewsArticle:
    given = _checked(path, NewsArticle)
    given["age"] = age_of(given.get("age", "0m"))
    given["kind"] = Kind(given.get("kind", "article"))
    return NewsArticle(slug=path.stem, outlet_id=path.parent.name, **_frozen(given))


def _checked(path: Path, record: type) -> dict[str, Any]:
    given: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    unknown = set(given) - {field.name for field in fields(record)}
    if unknown:
        raise ValueError(f"{path}: unknown keys {sorted(unknown)}")
    return given


def _frozen(given: dict[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in given.items()}


def _with_text(article: NewsArticle, articles: Mapping[str, NewsArticle]) -> NewsArticle:
    if not article.republishes:
        return article if article.summary else replace(article, summary=_opening(article.paragraphs))
    original = articles[article.republishes]
    return replace(
        article,
        paragraphs=original.paragraphs,
        summary=article.summary or original.summary or _opening(original.paragraphs),
        topics=original.topics,
    )


def age_of(text: str) -> timedelta:
    """`1d4h20m` as a length of time.

    >>> age_of("1d4h20m")
    datetime.timedelta(days=1, seconds=15600)
    """
    found = _AGE.fullmatch(text)
    if not found or not text:
        raise ValueError(f"{text!r} is not an age; write one like 1d4h20m")
    return timedelta(**{unit: int(number or 0) for unit, number in found.groupdict().items()})


def _opening(paragraphs: tuple[str, ...] | list[str]) -> str:
    """The first paragraph as feeds cut it: under 180 characters, at a word's end."""
    first = paragraphs[0] if paragraphs else ""
    return first if len(first) < 180 else first[:180].rsplit(" ", 1)[0] + "…"


def _letters(article: NewsArticle) -> int:
    return sum(letter.isalpha() for paragraph in article.paragraphs for letter in paragraph)
