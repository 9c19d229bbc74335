"""
Feeds that are not RSS or Atom: JSON Feed and Google news sitemaps.

Text → the same :class:`RawEntry` that feedparser's entries become. Pure.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from lxml import etree

from pipeline.collect.entries import RawEntry

_NEWS = "{http://www.google.com/schemas/sitemap-news/0.9}"
_IMAGE = "{http://www.google.com/schemas/sitemap-image/1.1}"


def json_entries(text: str) -> list[RawEntry] | None:
    """Entries of a JSON Feed; None when the text is none."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not (isinstance(document, dict) and isinstance(document.get("items"), list)):
        return None
    if "jsonfeed.org" not in str(document.get("version", "")):
        return None
    return [_json_entry(item) for item in document["items"] if isinstance(item, dict)]


def _json_entry(item: Mapping[str, Any]) -> RawEntry:
    authors = item.get("authors") or [item.get("author")]
    return RawEntry(
        links=(_string(item.get("url")), _string(item.get("id")), _string(item.get("external_url"))),
        title=_string(item.get("title")),
        summary=_string(item.get("summary")),
        content=_string(item.get("content_html")) or _string(item.get("content_text")),
        author=", ".join(_string(author.get("name")) for author in authors if isinstance(author, dict)),
        categories=tuple(_string(tag) for tag in _list(item.get("tags"))),
        images=(_string(item.get("image")), _string(item.get("banner_image"))),
        dates=(_string(item.get("date_published")), _string(item.get("date_modified"))),
    )


def _string(value: object) -> str:
    return value if isinstance(value, str) else ""


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def is_sitemap(text: str) -> bool:
    """Whether the outermost element is that of a sitemap or of an index of them."""
    head = text[:5000]
    return "<urlset" in head or "<sitemapindex" in head


def sitemap_entries(text: str) -> list[RawEntry]:
    """Entries of a Google news sitemap; pages without news tags are none."""
    root = _sitemap(text)
    if root is None:
        return []
    return [
        _sitemap_entry(address, news)
        for address in root.iterfind("{*}url")
        if (news := address.find(f"{_NEWS}news")) is not None
    ]


def sitemaps_listed(text: str) -> list[str]:
    """The addresses an index of sitemaps leads to, as written."""
    root = _sitemap(text)
    return (
        []
        if root is None
        else [place.text.strip() for place in root.iterfind("{*}sitemap/{*}loc") if place.text]
    )


def _sitemap(text: str) -> etree._Element | None:
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, load_dtd=False)
    try:
        return etree.fromstring(text.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError:
        return None


def _sitemap_entry(address: etree._Element, news: etree._Element) -> RawEntry:
    return RawEntry(
        links=(_child(address, "{*}loc"),),
        title=_child(news, f"{_NEWS}title"),
        categories=tuple(_keywords(_child(news, f"{_NEWS}keywords"))),
        images=(_child(address, f"{_IMAGE}image/{_IMAGE}loc"),),
        dates=(_child(news, f"{_NEWS}publication_date"), _child(address, "{*}lastmod")),
    )


def _keywords(text: str) -> Iterator[str]:
    yield from (word.strip() for word in text.replace("،", ",").split(","))  # Arabic comma


def _child(parent: etree._Element, path: str) -> str:
    found = parent.find(path)
    return (found.text or "").strip() if found is not None else ""
