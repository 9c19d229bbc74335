"""
RSS and Atom, as text → :class:`RawEntry`: the only module that knows feedparser.

feedparser gets UTF-8 we made ourselves (:mod:`pipeline.collect.decode`), with its sanitiser, which
is quadratic, and its URL resolution off. Its verdict "bozo" is not listened to: a malformed feed
still gives its entries. Its dates are not either: it misreads several forms silently.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any, NamedTuple

import feedparser
import feedparser.mixin

from pipeline.collect.decode import as_document
from pipeline.collect.entries import RawEntry, is_picture
from pipeline.collect.hints import feed_hints
from pipeline.habits import FeedHints

Fields = dict[str, Any]

#: More entries than this is an archive, not news; the newest come first.
MAX_ENTRIES = 2_000
#: A picture's address as the text of an item's <image>, which feedparser loses.
_BARE_IMAGE = re.compile(
    r"""<image>\s*+(?:<!\[CDATA\[)?+\s*+(https?://[^<>\s"'\]]+)\s*+(?:\]\]>)?+\s*+</image>"""
)
_AS_ENCLOSURE = r'<enclosure url="\1" type="image/jpeg" />'
_ITEM = re.compile(r"<(?:item|entry)[\s>]")
_KINDS = {"rss": "RSS", "atom": "Atom", "cdf": "CDF"}

# Its search for an e-mail address in whatever stands for an author takes hours for a megabyte of
# "a.a.a."; authors are read from what it found before that search.
feedparser.mixin._FeedParserMixin._sync_author_detail = lambda *_: None  # noqa: SLF001 - see above


class Syndicated(NamedTuple):
    """What an RSS or Atom feed holds."""

    kind: str  #: "RSS 2.0", "Atom 1.0"…; "" when entries were found in something without a name
    entries: Sequence[RawEntry]
    hints: FeedHints


def read_syndicated(text: str) -> Syndicated | None:
    """The feed a text is; None when it is none.

    Raises:
        ValueError: feedparser stumbled over it.
    """
    document = _parsed(as_document(_BARE_IMAGE.sub(_AS_ENCLOSURE, _newest(text))))
    if not document.entries and not document.version:
        return None
    entries = [_raw_entry(entry) for entry in document.entries[:MAX_ENTRIES]]
    return Syndicated(_kind(document.version), entries, _hints(document.feed, text))


def read_by_feedparser_alone(data: bytes) -> tuple[list[str], bool]:
    """The titles feedparser finds left to its defaults, and whether it complains: to be measured against."""
    try:
        document = feedparser.parse(io.BytesIO(data))
    except Exception:  # noqa: BLE001 - its crashes are complaints, too
        return [], True
    return [_string(entry, "title") for entry in document.entries], bool(document.bozo)


def _newest(text: str) -> str:
    """The feed without what comes after its first entries."""
    begin = next(islice(_ITEM.finditer(text), MAX_ENTRIES, None), None)
    if begin is None:
        return text
    end = max(text.rfind("</item>") + len("</item>"), text.rfind("</entry>") + len("</entry>"), begin.start())
    return text[: begin.start()] + text[end:]


def _parsed(data: bytes) -> Any:
    # A file object, for feedparser would open a file, or a URL, named like the body.
    try:
        return feedparser.parse(io.BytesIO(data), sanitize_html=False, resolve_relative_uris=False)
    except Exception as error:
        # Whatever a parser of hostile input stumbles over is this feed's trouble, not its siblings'.
        raise ValueError(f"cannot be parsed: {type(error).__name__}: {error}") from error


def _kind(version: str) -> str:
    """What people call a format, from feedparser's name for it.

    >>> _kind("rss20"), _kind("rss091u"), _kind("atom10"), _kind("rss")
    ('RSS 2.0', 'RSS 0.91', 'Atom 1.0', 'RSS')
    """
    name = version.rstrip("0123456789u")
    digits = version[len(name) :].rstrip("u")
    number = f" {digits[0]}.{digits[1:]}" if digits else ""
    return f"{_KINDS.get(name, name)}{number}"


def _raw_entry(entry: Fields) -> RawEntry:
    # dict.get, since feedparser's own answers "published" with "updated" and the other way round.
    contents = [str(content.get("value", "")) for content in dict.get(entry, "content") or ()]
    return RawEntry(
        links=tuple(_links(entry)),
        title=_string(entry, "title"),
        summary=_string(entry, "summary"),
        content=max([*contents, _string(entry, "yandex_full-text")], key=len),
        author=_author(entry),
        categories=tuple(str(tag.get("term") or "") for tag in dict.get(entry, "tags") or ()),
        images=tuple(_images(entry)),
        dates=tuple(_string(entry, name) for name in ("published", "updated", "created")),
    )


def _links(entry: Fields) -> Iterator[str]:
    yield _string(entry, "feedburner_origlink")
    yield _string(entry, "link")
    for link in _dicts(entry, "links"):
        if link.get("rel") == "alternate":
            yield str(link.get("href") or "")
    identity = _string(entry, "id")
    if identity.startswith(("http://", "https://")):
        yield identity
    for link in _dicts(entry, "links"):  # itself, where it names no other page
        if link.get("rel") == "self":
            yield str(link.get("href") or "")


def _author(entry: Fields) -> str:
    names = [str(detail.get("name") or "") for detail in _dicts(entry, "authors")]
    return ", ".join(dict.fromkeys(filter(None, names))) or _string(entry, "author")


def _images(entry: Fields) -> Iterator[str]:
    for picture in (*_dicts(entry, "media_content"), *_enclosures(entry)):
        address = str(picture.get("url") or picture.get("href") or "")
        kind = str(picture.get("medium") or picture.get("type") or "")
        if kind.startswith("image") or (not kind and is_picture(address)):
            yield address
    for thumbnail in _dicts(entry, "media_thumbnail"):
        yield str(thumbnail.get("url") or "")
    own = dict.get(entry, "image")
    if isinstance(own, dict):
        yield str(own.get("href") or own.get("url") or "")
    # An item's <image><url> is filed here; nothing else of an entry is.
    yield _string(entry, "href")


def _enclosures(entry: Fields) -> Iterator[Fields]:
    yield from (link for link in _dicts(entry, "links") if link.get("rel") == "enclosure")


def _hints(channel: Fields, text: str) -> FeedHints:
    return feed_hints(
        text,
        ttl=_string(channel, "ttl"),
        period=_string(channel, "sy_updateperiod"),
        frequency=_string(channel, "sy_updatefrequency"),
    )


def _string(fields: Fields, name: str) -> str:
    value = dict.get(fields, name)
    return value if isinstance(value, str) else ""


def _dicts(fields: Fields, name: str) -> Iterator[Fields]:
    values = dict.get(fields, name)
    yield from (value for value in values or () if isinstance(value, dict))
