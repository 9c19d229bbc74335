"""
The address an article goes by, and sites that publish no articles. The only module that knows
tldextract.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from urllib.parse import unquote, urlsplit

from tldextract import TLDExtract

#: Numbers and slugs shorter than these tell no two articles apart.
_IDENTITY = re.compile(r"\d{4,}|[^\W_](?:[^/?&=#]{10,})[^\W_]")

#: What tells the AMP page of an article from its own, in path and query.
_AMP_IN_PATH = re.compile(r"(?:^|/)amp(?=/|$)|\.amp(?=\.html?$|$)")
_AMP_IN_QUERY = re.compile(r"(?:^|&)(?:amp(?:=[^&]*)?|output_?type=amp)(?=&|$)", re.IGNORECASE)


def article_url(canonical: str, *, found_at: Iterable[str]) -> str:
    """The canonical link of a page if it can be believed, else the first address it was found at.

    It has to be on the same site and to name the same article: templates that give every page the
    address of the front page would make one article of all.
    """
    addresses = [address for address in found_at if address]
    for address in addresses:
        if canonical and same_site(canonical, address) and _names_same(canonical, address):
            return canonical
    return addresses[0] if addresses else canonical


def same_site(one: str, other: str) -> bool:
    """Whether two addresses belong to one registrable domain."""
    mine, theirs = site_of(one), site_of(other)
    return bool(mine) and mine == theirs


def site_of(address: str) -> str:
    """The registrable domain of an address, or its host where there is none.

    >>> site_of("https://arabic.news.co.uk/1")
    'news.co.uk'
    """
    host = (urlsplit(address).hostname or "").removeprefix("www.")
    return _domains()(host).top_domain_under_public_suffix or host


def is_front_page(address: str) -> bool:
    """Whether an address has neither path nor query to name an article by."""
    parts = urlsplit(address)
    return not parts.path.strip("/") and not parts.query


def _names_same(canonical: str, address: str) -> bool:
    mine, theirs = _name(canonical), _name(address)
    if mine == theirs:
        return True
    return not set(_IDENTITY.findall(mine)).isdisjoint(_IDENTITY.findall(theirs))


def _name(address: str) -> str:
    """Path and query as they name the article, whichever of its pages it is."""
    parts = urlsplit(address)
    path = _AMP_IN_PATH.sub("", unquote(parts.path).casefold()).strip("/")
    query = _AMP_IN_QUERY.sub("", unquote(parts.query)).strip("&")
    return f"{path}?{query}" if query else path


@cache
def _domains() -> TLDExtract:
    """With the list of public suffixes it brings: nothing is downloaded, nothing is written."""
    return TLDExtract(suffix_list_urls=(), cache_dir=None, fallback_to_snapshot=True)
