"""
What a site answers: a pure function of the site as it stands and of the request.
"""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from hashlib import sha256
from http import HTTPStatus

from tests.newsroom.articles import Kind, PressFeed
from tests.newsroom.desk import Printed, Site, Trouble, key_of
from tests.newsroom.feeds import feed_text
from tests.newsroom.layouts import notice_text, page_text

_FEED_TYPES = {"rss2": "application/rss+xml", "atom": "application/atom+xml", "rdf": "application/rdf+xml"}

#: A minimal PDF: enough for its type to be told from the bytes.
_DOCUMENT = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An HTTP response."""

    status: HTTPStatus
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    slug: str | None = None  #: of the article behind it
    is_feed: bool = False


def answer(site: Site, path: str, asked: Mapping[str, str]) -> Answer:
    """The response to a request for `path`.

    Args:
        asked: the request's headers, names in lower case.
    """
    full = _resource(site, path)
    if full.status is HTTPStatus.OK and _unchanged(full.headers, asked):
        kept = {name: value for name, value in full.headers.items() if name in {"ETag", "Last-Modified"}}
        return replace(full, status=HTTPStatus.NOT_MODIFIED, body=b"", headers=kept)
    return _compressed(site, full) if "gzip" in asked.get("accept-encoding", "") else full


def _resource(site: Site, path: str) -> Answer:
    feed = next((feed for feed in site.outlet.feeds if feed.path == key_of(path)), None)
    return _troubled(site, path, feed) or (_feed(site, feed) if feed else _other(site, path))


def _troubled(site: Site, path: str, feed: PressFeed | None) -> Answer | None:
    if site.trouble is Trouble.BROKEN_DOWN:
        notice = _notice(site, "unavailable", HTTPStatus.SERVICE_UNAVAILABLE)
    elif site.trouble is Trouble.BLOCKING and key_of(path) != "/robots.txt":
        notice = _notice(site, "challenge", HTTPStatus.FORBIDDEN)
    elif site.trouble is Trouble.HTML_FEED and feed:
        notice = _notice(site, "front", HTTPStatus.OK)
    else:
        return None
    printed = site.at(path)
    return replace(notice, is_feed=feed is not None, slug=printed.article.slug if printed else None)


def _feed(site: Site, feed: PressFeed) -> Answer:
    body = _encoded(site, feed_text(site, feed))
    headers = _validators(site, body, site.changed_at) | _type(site, _FEED_TYPES[feed.kind])
    return Answer(status=HTTPStatus.OK, body=body, headers=headers, is_feed=True)


def _other(site: Site, path: str) -> Answer:
    printed = site.at(path)
    if printed:
        return replace(_page(site, printed), slug=printed.article.slug)
    if key_of(path) == "/robots.txt":
        return Answer(
            status=HTTPStatus.OK, body=site.outlet.robots.encode(), headers={"Content-Type": "text/plain"}
        )
    if key_of(path) == "/":
        return _notice(site, "front", HTTPStatus.OK)
    return _notice(site, "missing", HTTPStatus.NOT_FOUND)


def _page(site: Site, printed: Printed) -> Answer:
    kind = printed.article.kind
    if printed.withdrawn:
        return _notice(site, "gone", HTTPStatus.GONE)
    if kind is Kind.MISSING:
        return _notice(site, "missing", HTTPStatus.NOT_FOUND)
    if kind is Kind.DOCUMENT:
        return Answer(status=HTTPStatus.OK, body=_DOCUMENT, headers={"Content-Type": "application/pdf"})
    body = _encoded(site, page_text(site, printed))
    if kind is Kind.PAYWALL:
        return Answer(status=HTTPStatus.FORBIDDEN, body=body, headers=_type(site, "text/html"))
    headers = _validators(site, body, printed.changed_at) | _type(site, "text/html")
    return Answer(status=HTTPStatus.OK, body=body, headers=headers)


def _notice(site: Site, name: str, status: HTTPStatus) -> Answer:
    return Answer(
        status=status, body=_encoded(site, notice_text(site, name)), headers=_type(site, "text/html")
    )


def _encoded(site: Site, text: str) -> bytes:
    return text.encode(site.outlet.charset, errors="xmlcharrefreplace")


def _type(site: Site, media_type: str) -> dict[str, str]:
    charset = f"; charset={site.outlet.charset}" if site.outlet.declares_charset else ""
    return {"Content-Type": media_type + charset}


def _validators(site: Site, body: bytes, changed_at: datetime) -> dict[str, str]:
    tag = f'"{sha256(body).hexdigest()[:20]}"'
    every = {
        "etag": ("ETag", tag),
        "weak_etag": ("ETag", f"W/{tag}"),
        "last_modified": ("Last-Modified", format_datetime(changed_at.astimezone(UTC), usegmt=True)),
    }
    return dict(every[name] for name in site.outlet.validators)


def _unchanged(headers: Mapping[str, str], asked: Mapping[str, str]) -> bool:
    """RFC 9110: If-None-Match, compared weakly, takes precedence over If-Modified-Since."""
    if "if-none-match" in asked:
        known = {tag.strip().removeprefix("W/") for tag in asked["if-none-match"].split(",")}
        return "ETag" in headers and headers["ETag"].removeprefix("W/") in known
    if "if-modified-since" in asked and "Last-Modified" in headers:
        seen_at = parsedate_to_datetime(asked["if-modified-since"])
        return parsedate_to_datetime(headers["Last-Modified"]) <= seen_at
    return False


def _compressed(site: Site, full: Answer) -> Answer:
    if not site.outlet.compressed:
        return full
    headers = {**full.headers, "Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
    return replace(full, body=gzip.compress(full.body, mtime=0), headers=headers)
