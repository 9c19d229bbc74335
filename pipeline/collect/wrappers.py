"""
Addresses that wrap another: the redirects of search alerts and social sites, and caches of AMP pages.

Who lists one means the page behind it, and the wrapper says where that is: no request is needed,
and none is made to the wrapper, whose robots.txt forbids it. Wrappers that keep their target to
themselves (`news.google.com/rss/articles/…`) stay as they are.

Pure.
"""

from __future__ import annotations

import re
from urllib.parse import unquote_to_bytes, urlsplit

#: Longer addresses are mistakes or attacks; few servers take them.
MAX_URL_CHARS = 4096
#: All others are known at a glance to wrap nothing.
_LIKELY = re.compile(r"https?://[^/?#]*(?:google|bing|facebook|instagram|ampproject)\.", re.IGNORECASE)
#: Where a redirect is asked for → the parameters that may hold its target.
_REDIRECTS = (
    (re.compile(r"(?:www\.)?google(?:\.com?)?\.[a-z]{2,3}/url"), ("url", "q")),
    (re.compile(r"news\.google\.com/news/url"), ("url",)),
    (re.compile(r"(?:www\.)?bing\.com/news/apiclick\.aspx"), ("url",)),
    (re.compile(r"(?:lm?|www)\.facebook\.com/l\.php|l\.instagram\.com/"), ("u",)),
)
#: Google's cache of AMP pages, and its viewer: the page's host and path follow.
_AMP = re.compile(
    r"(?:(?:[\w-]+\.)?cdn\.ampproject\.org/[cv]|(?:www\.)?google(?:\.com?)?\.[a-z]{2,3}/amp)/(s/)?(.+)"
)
_WEB = re.compile(r"https?://[^/]", re.IGNORECASE)


def unwrapped(url: str) -> str:
    """The address that `url` says it leads to; itself where it wraps none, or is too long.

    Raises:
        ValueError: it is no address.

    >>> unwrapped("https://www.google.com/url?sa=t&url=https%3A%2F%2Fnews.example%2F%3Fid%3D7&ct=ga")
    'https://news.example/?id=7'
    >>> unwrapped("https://news-example.cdn.ampproject.org/c/s/news.example/7?usqp=mq331")
    'https://news.example/7?usqp=mq331'
    """
    while len(url) <= MAX_URL_CHARS and _LIKELY.match(url) and (target := _target(url)):
        url = target  # shorter each time
    return url


def _target(url: str) -> str:
    parts = urlsplit(url)
    place = f"{(parts.hostname or '').lower()}{parts.path}"
    if cached := _AMP.fullmatch(place):
        query = f"?{parts.query}" if parts.query else ""
        return f"{'https' if cached[1] else 'http'}://{cached[2]}{query}"
    names = next((names for wrapper, names in _REDIRECTS if wrapper.fullmatch(place)), ())
    given = dict(part.partition("=")[::2] for part in reversed(parts.query.split("&")))
    targets = (_plain(given.get(name, "")) for name in names)
    return next((target for target in targets if _WEB.match(target)), "")


def _plain(value: str) -> str:
    """Escapes undone, unless they are of another charset."""
    try:
        return unquote_to_bytes(value).decode("utf-8")
    except UnicodeDecodeError:
        return value
