"""
Outlets as files: the YAML of an outlet, and lists of feeds as OPML. Pure.

What is written here is read by `config.py`; what cannot be known from a feed (the country, the time
zone) is guessed from the address's last letters, and said to be a guess.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET
from xml.sax.saxutils import quoteattr

from pipeline.errors import ConfigError
from pipeline.records import Feed, Outlet

#: Country codes of addresses, and the zone that country keeps.
ZONES: Mapping[str, str] = {
    "ae": "Asia/Dubai", "bh": "Asia/Bahrain", "dz": "Africa/Algiers", "eg": "Africa/Cairo",
    "iq": "Asia/Baghdad", "jo": "Asia/Amman", "kw": "Asia/Kuwait", "lb": "Asia/Beirut",
    "ly": "Africa/Tripoli", "ma": "Africa/Casablanca", "mr": "Africa/Nouakchott", "om": "Asia/Muscat",
    "ps": "Asia/Gaza", "qa": "Asia/Qatar", "sa": "Asia/Riyadh", "sd": "Africa/Khartoum",
    "so": "Africa/Mogadishu", "sy": "Asia/Damascus", "tn": "Africa/Tunis", "ye": "Asia/Aden",
}  # fmt: skip
_MAX_OPML_BYTES = 20_000_000
_COMMON = frozenset({"www", "feeds", "feed", "rss", "com", "net", "org", "info", "news", "co", "gov"})


@dataclass(frozen=True, slots=True)
class ListedFeed:
    """A feed as an OPML file lists it."""

    url: str
    title: str
    group: str  #: of the outline it stands in, "" at the top


def outlet_text(outlet: Outlet) -> str:
    """The file of an outlet, as a person would write it."""
    lines = [
        f"title: {_plain(outlet.title)}",
        f"title_en: {_plain(outlet.title_en)}",
        f"home: {_plain(outlet.home)}",
        f"country: {outlet.country}",
        f"time_zone: {outlet.time_zone}",
        f"language: {outlet.language}",
        "feeds:",
        *(line for feed in outlet.feeds for line in _feed_lines(feed)),
    ]
    return "\n".join(lines) + "\n"


def outlet_of(
    url: str,
    *,
    title: str,
    outlet_id: str = "",
    country: str = "",
    time_zone: str = "",
    more: Sequence[ListedFeed] = (),
) -> Outlet:
    """An outlet with the feed at `url` and those of `more`; what is left out is guessed.

    Raises:
        ConfigError: the country cannot be guessed.
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    country = country or next((part for part in host.split(".")[-1:] if part in ZONES), "")
    if not country or not (time_zone or country in ZONES):
        raise ConfigError(f"{url}: its address does not tell the country; give --country and --time-zone")
    outlet_id = outlet_id or id_of(host)
    addresses = dict.fromkeys([url, *(feed.url for feed in more)])
    return Outlet(
        outlet_id=outlet_id,
        title=title or outlet_id,
        title_en=outlet_id.replace("-", " ").title(),
        home=f"{parts.scheme}://{parts.netloc}/",
        country=country,
        time_zone=time_zone or ZONES[country],
        feeds=tuple(Feed(url=address, outlet_id=outlet_id) for address in addresses),
    )


def id_of(host: str) -> str:
    """The id an outlet at `host` gets when nobody names one.

    >>> id_of("www.al-nahr.com.jo"), id_of("rss.sabah.example")
    ('al-nahr', 'sabah')
    """
    parts = [part for part in host.lower().split(".")[:-1] if part not in _COMMON]
    name = max(parts, key=len, default=host.lower())
    return re.sub(r"[^a-z0-9]+", "-", name).strip("-") or "outlet"


def opml(outlets: Iterable[Outlet]) -> str:
    """Every feed of the outlets as OPML 2.0, an outline for each outlet."""
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        '<opml version="2.0">',
        "  <head><title>Rasd</title></head>",
        "  <body>",
    ]
    for outlet in outlets:
        lines.append(f"    <outline text={quoteattr(outlet.title)}>")
        lines += (
            f'      <outline type="rss" text={quoteattr(feed.section or outlet.title)} '
            f"xmlUrl={quoteattr(feed.url)} htmlUrl={quoteattr(outlet.home)}/>"
            for feed in outlet.feeds
        )
        lines.append("    </outline>")
    return "\n".join([*lines, "  </body>", "</opml>", ""])


def feeds_of_opml(data: bytes, name: str) -> list[ListedFeed]:
    """The feeds an OPML file lists, each once, in its order.

    Raises:
        ConfigError: it is no OPML.
    """
    if len(data) > _MAX_OPML_BYTES or b"<!ENTITY" in data:
        raise ConfigError(f"{name}: is no list of feeds; it is too large or declares entities")
    try:
        root = ET.fromstring(data)  # noqa: S314 - no entities, see above
    except (ET.ParseError, ValueError, LookupError) as error:
        raise ConfigError(f"{name}: is no OPML: {error}") from error
    if root.tag.lower() != "opml":
        raise ConfigError(f"{name}: is no OPML: its outermost element is <{root.tag}>")
    found = {feed.url: feed for body in root.iter("body") for feed in _outlined(body, "")}
    return list(found.values())


def _outlined(outline: ET.Element, group: str) -> Iterator[ListedFeed]:
    for child in outline.findall("outline"):
        told = {key.lower(): value.strip() for key, value in child.attrib.items()}
        title = told.get("title") or told.get("text") or ""
        # Lists are copied from page to page, and an address is often escaped once too often.
        url = html.unescape(told.get("xmlurl", ""))
        if re.match(r"https?://[^/\s]+", url, re.IGNORECASE):
            yield ListedFeed(url, title, group)
        yield from _outlined(child, title)


def _feed_lines(feed: Feed) -> Iterator[str]:
    yield f"  - url: {_plain(feed.url)}"
    if feed.section:
        yield f"    section: {_plain(feed.section)}"
    if feed.poll_at_most_s != Feed(url="", outlet_id="").poll_at_most_s:
        yield f"    poll_at_most: {feed.poll_at_most_s}s"


def _plain(text: str) -> str:
    """A scalar: bare where YAML reads it back as the same text, else in quotes."""
    text = " ".join(text.split())
    # An address with no blank and no # in it is read as written; so is a title of letters alone.
    bare = re.fullmatch(r"https?://[^\s#'\"]+", text) or re.fullmatch(r"[^\W\d_][\w .\-]*", text)
    if bare and text.lower() not in {"yes", "no", "on", "off", "true", "false", "null", "y", "n"}:
        return text
    return json.dumps(text, ensure_ascii=False)
