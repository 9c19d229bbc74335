"""
RSS 2.0 and Atom: the newest articles of a search, for readers of feeds.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from pipeline.web.exports.harmless import plain
from pipeline.web.exports.rows import Row, excerpt, why
from pipeline.web.rendering import web_link

#: What a reader of feeds is given; it comes again.
NEWEST: Final = 100
#: Characters XML has no way to write.
_ILLEGAL: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """What a feed says of itself."""

    title: str
    page: str  #: the search as a page
    itself: str  #: the feed's own address
    updated_at: datetime


def rss_of(rows: Iterable[Row], channel: Channel) -> Iterator[bytes]:
    """RSS 2.0."""
    yield _bytes(
        '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>'
        f"<title>{_text(channel.title)}</title><link>{_text(channel.page)}</link>"
        f"<description>{_text(channel.title)}</description><language>ar</language><generator>Rasd</generator>"
        f"<lastBuildDate>{format_datetime(channel.updated_at)}</lastBuildDate>"
        f'<atom:link rel="self" type="application/rss+xml" href={_quoted(channel.itself)}/>\n'
    )
    for row in rows:
        yield _bytes(f"{_item(row)}\n")
    yield b"</channel></rss>\n"


def atom_of(rows: Iterable[Row], channel: Channel) -> Iterator[bytes]:
    """Atom (RFC 4287)."""
    yield _bytes(
        '<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="ar">'
        f"<title>{_text(channel.title)}</title><id>{_text(channel.itself)}</id>"
        f"<updated>{channel.updated_at.isoformat()}</updated><generator>Rasd</generator>"
        f'<link rel="self" type="application/atom+xml" href={_quoted(channel.itself)}/>'
        f'<link rel="alternate" type="text/html" href={_quoted(channel.page)}/>\n'
    )
    for row in rows:
        yield _bytes(f"{_entry(row)}\n")
    yield b"</feed>\n"


def _item(row: Row) -> str:
    hit = row.hit
    parts = [
        f"<title>{_text(plain(hit.title))}</title>",
        f"<link>{_text(web_link(hit.url))}</link>" if web_link(hit.url) else "",
        f'<guid isPermaLink="false">urn:rasd:{hit.document_id}</guid>',
        f"<pubDate>{format_datetime(hit.dated_at)}</pubDate>",
        f"<dc:creator>{_text(_author(row))}</dc:creator>",
        *(f"<category>{_text(topic)}</category>" for topic in hit.topics),
        f"<description>{_text(_summary(row))}</description>",
    ]
    return f"<item>{''.join(parts)}</item>"


def _entry(row: Row) -> str:
    hit = row.hit
    link = f"<link href={_quoted(web_link(hit.url))}/>" if web_link(hit.url) else ""
    published = f"<published>{hit.published_at.isoformat()}</published>" if hit.published_at else ""
    categories = "".join(f"<category term={_quoted(topic)}/>" for topic in hit.topics)
    return (
        f"<entry><id>urn:rasd:{hit.document_id}</id><title>{_text(plain(hit.title))}</title>{link}"
        f"<updated>{hit.dated_at.isoformat()}</updated>{published}"
        f"<author><name>{_text(_author(row))}</name></author>{categories}"
        f"<summary>{_text(_summary(row))}</summary></entry>"
    )


def _author(row: Row) -> str:
    outlet = row.hit.outlet_title or row.hit.outlet_id
    return f"{plain(row.hit.author)}، {outlet}" if row.hit.author else outlet


def _summary(row: Row) -> str:
    """The text that answers, then why it is about its topics."""
    reasons = why(row.matches)
    return f"{excerpt(row.hit)}\n{reasons}" if reasons else excerpt(row.hit)


def _text(text: str) -> str:
    return escape(_ILLEGAL.sub("\ufffd", text))


def _quoted(text: str) -> str:
    return quoteattr(_ILLEGAL.sub("\ufffd", text))


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "replace")
