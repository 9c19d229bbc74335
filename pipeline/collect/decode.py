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
from itertools import islice

from pipeline.arabic.charset import charset_of, decode_text
from pipeline.collect.encodings import BrokenEncodingError, undo_encodings

#: As much comes out of a `.gz`, at most.
MAX_UNPACKED_BYTES = 10_000_000
_PROLOGUE = re.compile(r"(?:\s*+(?:<\?.{0,2000}?\?>|<!--.{0,5000}?-->))*+\s*+", re.DOTALL)
_ROOT = re.compile(
    r"<!doctype\s+(?P<doctype>html)\b|(?:<!doctype[^>\[]{0,1000}(?:\[[^\]]{0,50000}\]\s{0,99})?>\s*+"
    r"(?:<!--.{0,5000}?-->\s*+)*+)?<(?:[\w.-]{1,60}:)?(?P<name>[a-z_][\w.-]{0,60})",
    re.IGNORECASE | re.DOTALL,
)
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
#: A tag longer than this loses its attributes: among a hundred thousand, parsers look for twins for minutes.
_ENDLESS_TAG = re.compile(r"<([a-zA-Z_][\w:.-]{0,100})\s[^<>]{5000,}>")
#: A flood of tags is cut off here, at five times as many as the largest real feed we know has.
_MAX_TAGS = 120_000
_TAG_OR_CDATA = re.compile(r"<!\[CDATA\[.*?(?:\]\]>|\Z)|<", re.DOTALL)
_XML_NAMES = frozenset({"amp", "lt", "gt", "quot", "apos"})
#: What may hold an ampersand that means nothing, and every other ampersand.
_AMPERSAND = re.compile(
    r"<!\[CDATA\[.*?(?:\]\]>|\Z)|&(?:(?P<number>#\d{1,8};|#[xX][0-9a-fA-F]{1,6};)|(?P<name>\w{1,32});)?",
    re.DOTALL,
)


def feed_text(data: bytes, content_type: str) -> tuple[str, str]:
    """The text of a feed as sent, without byte order mark and leading blanks; and its charset.

    A feed kept as a `.gz` file, and sent as one, is unpacked.
    """
    text, charset = decode_text(_unpacked(data), charset_of(content_type))
    return _FORBIDDEN.sub("", text).lstrip("\ufeff \t\r\n"), charset


def root_of(text: str) -> str:
    """The name of a document's outermost element, lower case, without prefix; "" when there is none.

    >>> root_of('<?xml version="1.0"?><!-- x --> <sm:urlset xmlns:sm="x">'), root_of("<!DOCTYPE html><p>")
    ('urlset', 'html')
    """
    begin = _PROLOGUE.match(text)
    end = begin.end() if begin else 0
    found = _ROOT.match(text, end)
    return (found["doctype"] or found["name"]).lower() if found else ""


def as_document(text: str) -> bytes:
    """The text of an XML feed as a document: declaration true, document type gone, ampersands sound."""
    declared = _DECLARATION.match(text)
    body, entities = _without_doctype(text[declared.end() :] if declared else text)
    bearable = _ENDLESS_TAG.sub(_without_attributes, _without_flood(body))
    sound = _with_sound_ampersands(_FORBIDDEN_REFERENCE.sub("", bearable), entities)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{sound.lstrip()}'.encode()


def _unpacked(data: bytes) -> bytes:
    if not data.startswith(b"\x1f\x8b"):
        return data
    try:
        return undo_encodings(data, ("gzip",), max_bytes=MAX_UNPACKED_BYTES, cut=True)
    except BrokenEncodingError:
        return data


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


def _without_flood(text: str) -> str:
    if text.count("<") <= _MAX_TAGS:
        return text
    tags = (match.start() for match in _TAG_OR_CDATA.finditer(text) if len(match[0]) == 1)
    return text[: next(islice(tags, _MAX_TAGS, None), len(text))]


def _without_attributes(tag: re.Match[str]) -> str:
    return f"<{tag[1]}/>" if tag[0].endswith("/>") else f"<{tag[1]}>"


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
