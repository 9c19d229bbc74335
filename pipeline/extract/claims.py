"""
What a page says of itself to machines: JSON-LD, meta elements, links in its head.

Collected as stated, in order of trust within each kind; whether to believe it is decided elsewhere.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lxml.html import HtmlElement

from pipeline.extract.author import byline
from pipeline.extract.characters import SAME_TITLE, clean, clean_line, overlap
from pipeline.extract.page import Page

#: schema.org's kinds of article that news sites use, lower case.
ARTICLE_TYPES = frozenset(
    re.findall(
        r"\w+",
        "article newsarticle reportagenewsarticle analysisnewsarticle backgroundnewsarticle"
        " opinionnewsarticle reviewnewsarticle blogposting liveblogposting socialmediaposting report"
        " satiricalarticle advertisercontentarticle techarticle",
    )
)
#: Nothing nested deeper, and nothing longer, was meant for us.
_MAX_NODES = 2_000
_MAX_SCRIPT_CHARS = 2_000_000
_CONTROLS = re.compile(r"[\x00-\x1f]")
_TAG = re.compile(r"<[^>]{1,300}>")
_CDATA = re.compile(r"^\s*(?:<!--|//<!\[CDATA\[|<!\[CDATA\[)|(?:-->|//\]\]>|\]\]>)\s*$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """A page's own account."""

    headlines: tuple[str, ...]  #: JSON-LD headlines of articles
    social_titles: tuple[str, ...]  #: og:title, twitter:title
    window_title: str
    descriptions: tuple[str, ...]
    article_body: str  #: JSON-LD's, as lines, or ""
    live_updates: tuple[str, ...]  #: JSON-LD's, of a page that is written as things happen
    authors: tuple[str, ...]
    dates: tuple[tuple[str, str], ...]  #: (source, raw), the most trusted first
    doubtful_dates: tuple[tuple[str, str], ...]  #: from places that mean many things
    sections: tuple[str, ...]
    tags: tuple[str, ...]
    images: tuple[str, ...]
    canonical: str
    site_names: tuple[str, ...]
    types: frozenset[str]  #: of JSON-LD nodes and og:type, lower case
    is_free: bool  #: False where the page says that its text is for subscribers

    @property
    def is_article(self) -> bool:
        return not self.types.isdisjoint(ARTICLE_TYPES)


def claims_of(page: Page) -> Claims:
    """Read what a page states about itself."""
    metas = _metas(page.tree)
    nodes = list(_json_ld(page.tree))
    titles = (*_meta_texts(metas, "og:title", "twitter:title"), _window_title(page.tree))
    articles = _own([node for node in nodes if not _types(node).isdisjoint(ARTICLE_TYPES)], titles)
    return Claims(
        headlines=_texts(node.get(name) for node in articles for name in ("headline", "headLine")),
        social_titles=_meta_texts(metas, "og:title", "twitter:title"),
        window_title=_window_title(page.tree),
        descriptions=_descriptions(metas, articles),
        article_body=max((clean(_plain(node.get("articleBody"))) for node in articles), key=len, default=""),
        live_updates=_texts(
            update.get("articleBody") for node in articles for update in _nodes(node.get("liveBlogUpdate"))
        ),
        authors=_texts(
            [*(name for node in articles for name in _names(node.get("author")))]
            + [
                value
                for name in ("author", "article:author", "dc.creator", "sailthru.author")
                for value in metas.get(name, ())
            ]
            + _labelled(metas)
        ),
        dates=_dates(metas, articles),
        doubtful_dates=tuple(
            ("meta", value)
            for name in ("date", "dc.date", "dcterms.date", "dc.date.issued")
            for value in metas.get(name, ())
        ),
        sections=_texts(
            [*(value for node in articles for value in _strings(node.get("articleSection")))]
            + [value for name in ("article:section", "section", "category") for value in metas.get(name, ())]
        ),
        tags=_tags(metas, articles),
        images=_images(page, metas, articles),
        canonical=_canonical(page),
        site_names=_site_names(metas, nodes),
        types=frozenset().union(
            *(_types(node) for node in nodes), (value.lower() for value in metas.get("og:type", ()))
        ),
        is_free=not any(str(node.get("isAccessibleForFree", "")).lower() == "false" for node in articles),
    )


# -- meta and link elements -------------------------------------------------------------------


def _metas(tree: HtmlElement) -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = {}
    for element in tree.iter("meta"):
        value = (element.get("content") or "").strip()
        for attribute in ("property", "name", "itemprop"):
            name = (element.get(attribute) or "").strip().lower()
            if name and value:
                found.setdefault(name, []).append(value)
    return found


def _labelled(metas: Mapping[str, list[str]]) -> list[str]:
    """Writers as plugins tell them to social networks: a label, and what it labels."""
    return [
        name
        for number in (1, 2)
        for label in metas.get(f"twitter:label{number}", ())
        for name in metas.get(f"twitter:data{number}", ())
        if byline(f"{label}: {name}")
    ]


def _meta_texts(metas: Mapping[str, list[str]], *names: str) -> tuple[str, ...]:
    return _texts(value for name in names for value in metas.get(name, ()))


def _window_title(tree: HtmlElement) -> str:
    element = next(tree.iter("title"), None)
    return "" if element is None else clean_line(_plain(element.text_content()))


def _descriptions(metas: Mapping[str, list[str]], articles: list[dict[str, Any]]) -> tuple[str, ...]:
    stated = _meta_texts(metas, "og:description", "description", "twitter:description", "dc.description")
    return tuple(dict.fromkeys((*stated, *_texts(node.get("description") for node in articles))))


def _dates(metas: Mapping[str, list[str]], articles: list[dict[str, Any]]) -> tuple[tuple[str, str], ...]:
    stated = [("json_ld", text) for node in articles for text in _strings(node.get("datePublished"))]
    for name in (
        "article:published_time",
        "og:article:published_time",
        "datepublished",
        "pubdate",
        "publishdate",
        "publish-date",
        "publish_date",
        "article.published",
        "parsely-pub-date",
        "sailthru.date",
        "dcterms.created",
        "dc.date.created",
        "og:pubdate",
    ):
        stated += [("meta", value) for value in metas.get(name, ())]
    stated += [("json_ld", text) for node in articles for text in _strings(node.get("dateCreated"))]
    stated += [("meta", value) for value in metas.get("datecreated", ())]
    return tuple(dict.fromkeys(stated))


def _tags(metas: Mapping[str, list[str]], articles: list[dict[str, Any]]) -> tuple[str, ...]:
    """Tags of the article; the plain keywords of many sites are those of the site, and are left out."""
    stated = [*metas.get("article:tag", ()), *metas.get("news_keywords", ())]
    stated += [text for node in articles for text in _strings(node.get("keywords"))]
    parts = (part for text in stated for part in re.split(r"[,،;|]", _plain(text)))
    return tuple(dict.fromkeys(part for text in parts if 0 < len(part := clean_line(text)) <= 60))[:30]


def _images(page: Page, metas: Mapping[str, list[str]], articles: list[dict[str, Any]]) -> tuple[str, ...]:
    stated = [
        value for name in ("og:image", "og:image:url", "twitter:image") for value in metas.get(name, ())
    ]
    for node in articles:
        for image in _nodes(node.get("image")):
            stated += _strings(image.get("url"))
        stated += _strings(node.get("image"))
    return tuple(dict.fromkeys(address for text in stated if (address := page.absolute(text))))


def _canonical(page: Page) -> str:
    for element in page.tree.iter("link"):
        if "canonical" in (element.get("rel") or "").lower().split():
            return page.absolute(element.get("href") or "")
    return ""


def _site_names(metas: Mapping[str, list[str]], nodes: list[dict[str, Any]]) -> tuple[str, ...]:
    stated = _meta_texts(metas, "og:site_name", "application-name", "apple-mobile-web-app-title", "publisher")
    publishers = (name for node in nodes for name in _names(node.get("publisher")))
    sites = (
        node.get("name")
        for node in nodes
        if not _types(node).isdisjoint({"website", "newsmediaorganization"})
    )
    return tuple(dict.fromkeys((*stated, *_texts(publishers), *_texts(sites))))


# -- JSON-LD ----------------------------------------------------------------------------------


def _json_ld(tree: HtmlElement) -> Iterator[dict[str, Any]]:
    """Every node of the page's JSON-LD; scripts that cannot be read are passed over."""
    for script in tree.iter("script"):
        if "ld+json" in (script.get("type") or "").lower() and script.text:
            yield from _nodes(_loaded(script.text))


def _loaded(text: str) -> Any:
    if len(text) > _MAX_SCRIPT_CHARS:
        return None
    stripped = _CDATA.sub("", _CDATA.sub("", text)).strip().rstrip(";")
    try:
        return json.loads(stripped, strict=False)
    except (ValueError, RecursionError):
        pass
    try:
        return json.loads(re.sub(r",\s*([}\]])", r"\1", _CONTROLS.sub(" ", stripped)), strict=False)
    except (ValueError, RecursionError):
        return None


def _nodes(value: Any) -> Iterator[dict[str, Any]]:
    """The objects in a value and in the graphs and lists within it."""
    waiting, seen = [value], 0
    while waiting and seen < _MAX_NODES:
        seen += 1
        item = waiting.pop(0)
        if isinstance(item, dict):
            yield item
            waiting += [item[name] for name in ("@graph", "mainEntity", "mainEntityOfPage") if name in item]
        elif isinstance(item, list):
            waiting += item


def _own(articles: list[dict[str, Any]], titles: Iterable[str]) -> list[dict[str, Any]]:
    """The articles that bear one of the page's titles; where none does, those that share a word with one.

    Pages describe others too: those they recommend, the latest of their section.
    """
    told = [title for title in titles if title]
    alike = [
        (max((overlap(text, title) for text in _headlines(node) for title in told), default=1.0), node)
        for node in articles
    ]
    return [node for share, node in alike if share >= SAME_TITLE] or [node for share, node in alike if share]


def _headlines(node: Mapping[str, Any]) -> tuple[str, ...]:
    return _texts(node.get(name) for name in ("headline", "headLine", "name"))


def _types(node: Mapping[str, Any]) -> frozenset[str]:
    return frozenset(text.rsplit("/", 1)[-1].lower() for text in _strings(node.get("@type")))


def _names(value: Any) -> Iterator[str]:
    """Names of people or organisations, stated as text, object or list of either."""
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, Mapping):
            yield from _strings(item.get("name"))
        elif isinstance(item, str):
            yield item


def _strings(value: Any) -> list[str]:
    """The text in a value, or the texts of a list; numbers and objects are no text."""
    return [item for item in (value if isinstance(value, list) else [value]) if isinstance(item, str)]


def _texts(values: Iterable[Any]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for value in values if (text := clean_line(_plain(value)))))


def _plain(value: Any) -> str:
    """Text without the markup and entities that ended up in places meant for plain text."""
    if not isinstance(value, str):
        return ""
    return _TAG.sub(" ", html.unescape(html.unescape(value))) if "<" in value or "&" in value else value
