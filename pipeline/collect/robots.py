"""
robots.txt by RFC 9309: the only module that knows protego.

Absent (4xx) allows everything; not to be had (5xx, 429, no answer) allows nothing until it is. A
file holds for a day. The decisions are pure functions of :class:`~pipeline.hosts.Robots`.
"""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from urllib.parse import urlsplit

from protego import Protego

from pipeline.arabic.charset import decode_text
from pipeline.collect.http import Fetcher
from pipeline.errors import BlockedError, HostDownError, UnreachableError, UnusableError
from pipeline.hosts import Robots

#: The name publishers write rules for.
AGENT = "rasd"
#: A publisher who asks for more is asked this seldom: 30 pages an hour.
MAX_CRAWL_DELAY_S = 120.0
_MAX_AGE = timedelta(hours=24)
#: A file that could not be had is asked for again this soon.
_RETRY_AFTER = timedelta(minutes=10)
#: RFC 9309 asks for 500 KiB at least.
_MAX_BYTES = 512 * 1024
_DEADLINE_S = 20.0


class Permission(StrEnum):
    """What robots.txt says about a URL."""

    ALLOWED = "allowed"
    DISALLOWED = "disallowed"
    UNKNOWN = "unknown"  #: the file cannot be had: nothing may be asked for


def permission(robots: Robots, url: str) -> Permission:
    """Whether `url` may be asked for."""
    if _is_unavailable(robots.status):
        return Permission.UNKNOWN
    if robots.status >= 400 or _rules(robots.body).can_fetch(url, AGENT):
        return Permission.ALLOWED
    return Permission.DISALLOWED


def crawl_delay_s(robots: Robots | None) -> float:
    """The pause the publisher asks for between two requests, 0 if none, capped."""
    if robots is None or not 200 <= robots.status < 300:
        return 0.0
    delay = _rules(robots.body).crawl_delay(AGENT) or 0.0
    return min(delay, MAX_CRAWL_DELAY_S) if math.isfinite(delay) and delay > 0 else 0.0


def is_fresh(robots: Robots | None, now: datetime) -> bool:
    """Whether what is known need not be asked for again."""
    if robots is None:
        return False
    lasts = _RETRY_AFTER if _is_unavailable(robots.status) else _MAX_AGE
    return now - robots.fetched_at < lasts


def robots_url(url: str) -> str:
    """Where the rules for `url` stand.

    >>> robots_url("https://news.example:8443/a?b")
    'https://news.example:8443/robots.txt'
    """
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}/robots.txt"


async def fetch_robots(fetcher: Fetcher, url: str, *, now: datetime) -> Robots:
    """Ask for the rules that hold for `url`.

    Raises:
        HostDownError: nobody answers there.
        DisallowedError: the host is one no request may reach.
    """
    try:
        answer = await fetcher.get(
            robots_url(url),
            max_bytes=_MAX_BYTES,
            deadline_s=_DEADLINE_S,
            cut=True,
            headers={"Accept": "text/plain"},
        )
    except HostDownError:
        raise
    except UnreachableError:
        return Robots(status=0, body="", fetched_at=now)
    except (BlockedError, UnusableError):
        return Robots(status=403, body="", fetched_at=now)
    found = 200 <= answer.status < 300
    text = decode_text(answer.body, answer.charset)[0] if found else ""
    return Robots(status=answer.status, body=text.replace("\0", ""), fetched_at=now)


def _is_unavailable(status: int) -> bool:
    return status == 429 or not 200 <= status < 500


@lru_cache(maxsize=128)
def _rules(body: str) -> Protego:
    return Protego.parse(body)
