"""
Feed bytes → UTF-8 XML a parser reads without guessing.

feedparser turns a whole Arabic feed to mojibake over one bad byte or a wrong label, so the charset
is chosen before it sees anything (:mod:`pipeline.arabic.charset`), the declaration says what is
now true, what no XML may contain is taken out, and stray ampersands are spelled as text.

Pure.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from html.entities import html5

from pipeline.arabic.charset import charset_of, decode_text

_DECLARATION = re.compile(r"<\?xml[^>]{0,400}>")
#: XML 1.0 allows tab, newline and carriage return below U+0020; halves of pairs are no characters.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
_FORBIDDEN_REFERENCE = re.compile(
    r"&#(?:0*(?:[0-8]|1[124-9]|2\d|3[01])|[xX]0*(?:[0-8bBcCeEfF]|1[0-9a-fA-F]));"
)
_ENTITY = re.compile(r"""<!ENTITY\s+([\w.-]+)\s+(?:"([^"<&]*)"|'([^'<&]*)')\s*>""", re.IGNORECASE)
_DOCTYPE = re.compile(
    r"\s*(?:(?><\?.{0,1000}?\?>)\s*|(?><!--.{0,5000}?-->)\s*)*+<!DOCTYPE[^>\[]{0,1000}(?P<subset>\[)?",
    re.IGNORECASE | re.DOTALL,
)
#: How long a document type is read.
_PROLOGUE_CHARS = 50_000
#: Entities longer than this, or made of others, are attacks: a short feed would become a long one.
_MAX_ENTITY_CHARS = 64
_MAX_ENTITIES = 300
_XML_NAMES = frozenset({"amp", "lt", "gt", "quot", "apos"})
#: What may hold an ampersand that means nothing, and every other ampersand.
_AMPERSAND = re.compile(
    r"<!\[CDATA\[.*?(?:\]\]>|\Z)|&(?:(?P<number>#\d{1,8};|#[xX][0-9a-fA-F]{1,6};)|(?P<name>\w{1,32});)?",
    re.DOTALL,
)


def decode_feed(data: bytes, content_type: str) -> bytes:
    """UTF-8 bytes of a feed, declared as such, from whatever the server sent.

    Args:
        data: the body, content encodings undone.
        content_type: the header, or "".
    """
    return as_document(feed_text(data, content_type))


def feed_text(data: bytes, content_type: str) -> str:
    """The text of a feed as sent, without byte order mark and leading blanks."""
    text, _ = decode_text(data, charset_of(content_type))
    return _FORBIDDEN.sub("", text).lstrip("\ufeff \t\r\n")


def as_document(text: str) -> bytes:
    """The text of an XML feed as a document: declaration true, document type gone, ampersands sound."""
    declared = _DECLARATION.match(text)
    body, entities = _without_doctype(text[declared.end() :] if declared else text)
    sound = _with_sound_ampersands(_FORBIDDEN_REFERENCE.sub("", body), entities)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{sound.lstrip()}'.encode()


def _without_doctype(text: str) -> tuple[str, Mapping[str, str]]:
    """The text without its document type, and the harmless entities declared there."""
    begin = _DOCTYPE.match(text)
    if begin is None:
        return text, {}
    end = re.compile(r"\]\s*>" if begin["subset"] else ">").search(text, begin.end())
    if end is None:
        return "", {}
    declared = _ENTITY.findall(text[begin.end() : min(end.start(), begin.end() + _PROLOGUE_CHARS)])
    entities = {name: double or single for name, double, single in declared[:_MAX_ENTITIES]}
    harmless = {name: value for name, value in entities.items() if len(value) <= _MAX_ENTITY_CHARS}
    return text[end.end() :], harmless


def _with_sound_ampersands(text: str, entities: Mapping[str, str]) -> str:
    """Every ampersand part of a reference XML knows: HTML's names become letters, bare ones text."""

    def sound(match: re.Match[str]) -> str:
        name = match["name"]
        if match["number"] or match[0].startswith("<") or name in _XML_NAMES:
            return match[0]
        if name is None:
            return "&amp;"
        letters = entities.get(name) or html5.get(f"{name};")
        return html.escape(letters, quote=False) if letters else f"&amp;{name};"

    return _AMPERSAND.sub(sound, text)
