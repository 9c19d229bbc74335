"""
Feeds that are not RSS or Atom: JSON Feed and Google news sitemaps.

Text → the same :class:`RawEntry` that feedparser's entries become. Pure.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from lxml import etree

from pipeline.collect.decode import as_document
from pipeline.collect.entries import RawEntry


def json_entries(text: str) -> list[RawEntry]:
    """Entries of a JSON Feed. Raises ValueError, saying why, when the text is none."""
    try:
        document = json.loads(text, strict=False)  # lines within strings are harmless
    except (ValueError, RecursionError) as error:
        raise ValueError(f"begins like JSON, but is none: {error}") from error
    fields = document if isinstance(document, dict) else {}
    items = fields.get("items")
    if "jsonfeed.org" not in str(fields.get("version", "")) or not isinstance(items, list):
        raise ValueError("JSON, but not a JSON Feed")
    return [_json_entry(item) for item in items if isinstance(item, dict)]


def _json_entry(item: Mapping[str, Any]) -> RawEntry:
    authors = _list(item.get("authors")) or [item.get("author")]
    attached = (each for each in _list(item.get("attachments")) if isinstance(each, dict))
    pictures = (each for each in attached if _string(each.get("mime_type")).startswith("image/"))
    return RawEntry(
        links=(_string(item.get("url")), _string(item.get("id")), _string(item.get("external_url"))),
        title=_string(item.get("title")),
        summary=_string(item.get("summary")),
        content=_string(item.get("content_html")) or _string(item.get("content_text")),
        author=", ".join(_string(author.get("name")) for author in authors if isinstance(author, dict)),
        categories=tuple(_string(tag) for tag in _list(item.get("tags"))),
        images=(
            _string(item.get("image")),
            _string(item.get("banner_image")),
            *(_string(each.get("url")) for each in pictures),
        ),
        dates=(_string(item.get("date_published")), _string(item.get("date_modified"))),
    )


def _string(value: object) -> str:
    return value if isinstance(value, str) else ""


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def sitemap_entries(text: str) -> list[RawEntry]:
    """Entries of a Google news sitemap. Raises ValueError when none of its pages is tagged as news."""
    pages = [page for page in _elements(text) if _name(page) == "url"]
    entries = [
        _sitemap_entry(page, news) for page in pages if (news := next(_named(page, "news"), None)) is not None
    ]
    if not entries:
        raise ValueError(f"a sitemap of {len(pages)} pages without news; look for its news sitemap")
    return entries


def sitemaps_listed(text: str) -> list[str]:
    """The addresses an index of sitemaps leads to, as written: those called news first, then the newest."""
    places = [
        (_text(place, "loc"), _text(place, "lastmod"))
        for place in _elements(text)
        if _name(place) == "sitemap"
    ]
    newest_first = sorted(places, key=lambda place: place[1], reverse=True)
    ordered = sorted(newest_first, key=lambda place: "news" not in place[0].lower())
    return [address for address, _ in ordered if address]


def _elements(text: str) -> Iterator[etree._Element]:
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(as_document(text), parser)
    except etree.XMLSyntaxError:
        return
    if root is not None:
        yield from root


def _sitemap_entry(page: etree._Element, news: etree._Element) -> RawEntry:
    return RawEntry(
        links=(_text(page, "loc"),),
        title=_text(news, "title"),
        categories=tuple(word.strip() for word in _text(news, "keywords").replace("،", ",").split(",")),
        images=tuple(_text(image, "loc") for image in _named(page, "image")),
        dates=(_text(news, "publication_date"), _text(page, "lastmod")),
    )


def _named(parent: etree._Element, name: str) -> Iterator[etree._Element]:
    yield from (child for child in parent if _name(child) == name)


def _text(parent: etree._Element, name: str) -> str:
    return next(((child.text or "").strip() for child in _named(parent, name)), "")


def _name(element: etree._Element) -> str:
    """Without namespace; a prefix nobody declared counts as one."""
    tag = element.tag
    return tag.rpartition("}")[2].rpartition(":")[2] if isinstance(tag, str) else ""
