"""
A client of the make-believe press, as plain as can be: one request on a connection of its own.
"""

from __future__ import annotations

import http.client
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

import feedparser

from tests.newsroom.newsroom import Newsroom


@dataclass(frozen=True)
class Got:
    """What a server answered."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes


def get(url: str, *, method: str = "GET", **headers: str) -> Got:
    """One request on a connection of its own; header names with _ for -."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=10)
    path = quote(parts.path, safe="/%") + (f"?{parts.query}" if parts.query else "")
    try:
        connection.request(
            method, path, headers={name.replace("_", "-"): text for name, text in headers.items()}
        )
        answer = connection.getresponse()
        return Got(answer.status, answer.headers, answer.read())
    finally:
        connection.close()


def text_of(newsroom: Newsroom, outlet: str, got: Got) -> str:
    """The body in its outlet's charset, whatever it declares."""
    return got.body.decode(newsroom.outlets[outlet].charset)


def entries_of(newsroom: Newsroom, outlet: str) -> list[Any]:
    """What the outlet's first feed lists, as feedparser sees it."""
    got = get(newsroom.feed_urls(outlet)[0])
    return feedparser.parse(text_of(newsroom, outlet, got)).entries
