"""
Feed bytes → UTF-8 XML a parser reads without guessing.

feedparser turns a whole Arabic feed to mojibake over one bad byte or a wrong label, so the charset
is chosen before it sees anything (:mod:`pipeline.arabic.charset`), the declaration says what is
now true, and what no XML may contain is taken out.

Pure.
"""

from __future__ import annotations

import re

from pipeline.arabic.charset import charset_of, decode_text

_DECLARATION = re.compile(r"<\?xml[^>]{0,400}>")
#: XML 1.0 allows tab, newline and carriage return below U+0020; halves of pairs are no characters.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
_FORBIDDEN_REFERENCE = re.compile(
    r"&#(?:0*(?:[0-8]|1[124-9]|2\d|3[01])|[xX]0*(?:[0-8bBcCeEfF]|1[0-9a-fA-F]));"
)
#: A document type with declarations of its own. Real feeds declare at most a few entities.
_DOCTYPE = re.compile(r"<!DOCTYPE[^>\[]{0,1000}(\[.*?\])\s*>", re.IGNORECASE | re.DOTALL)
_ENTITY = re.compile(r"""<!ENTITY\s+[\w.-]+\s+(?:"([^"]*)"|'([^']*)')\s*>""", re.IGNORECASE)
#: Where a document type may stand.
_PROLOGUE_CHARS = 20_000
#: An entity longer than this, or made of others, is an attack: a short feed would become a long one.
_MAX_ENTITY_CHARS = 64
_MAX_ENTITIES = 300


def decode_feed(data: bytes, content_type: str) -> bytes:
    """UTF-8 bytes of a feed, declared as such, from whatever the server sent.

    Args:
        data: the body, content encodings undone.
        content_type: the header, or "".
    """
    return f'<?xml version="1.0" encoding="utf-8"?>\n{feed_text(data, content_type)}'.encode()


def feed_text(data: bytes, content_type: str) -> str:
    """The text of a feed without its XML declaration and leading blanks."""
    text, _ = decode_text(data, charset_of(content_type))
    text = _FORBIDDEN_REFERENCE.sub("", _FORBIDDEN.sub("", text)).lstrip("\ufeff \t\r\n")
    declared = _DECLARATION.match(text)
    return _without_bombs(text[declared.end() :] if declared else text).lstrip()


def _without_bombs(text: str) -> str:
    """A document type that declares more than a few short entities is dropped."""
    found = _DOCTYPE.search(text, 0, _PROLOGUE_CHARS)
    if found is None:
        return _without_open_doctype(text)
    declared, subset = _ENTITY.findall(found.group(1)), found.group(1)
    harmless = (
        len(declared) <= _MAX_ENTITIES
        and subset.upper().count("<!ENTITY") == len(declared)
        and all(len(a or b) <= _MAX_ENTITY_CHARS and not _nests(a or b) for a, b in declared)
    )
    return text if harmless else text[: found.start()] + text[found.end() :]


def _without_open_doctype(text: str) -> str:
    """Entities declared in a document type too long, or too odd, to be read: none is believed."""
    head = text[:_PROLOGUE_CHARS].upper()
    begin = head.find("<!DOCTYPE")
    if begin < 0 or "<!ENTITY" not in head[begin:]:
        return text
    end = text.find("]>", begin)
    return text[:begin] + text[end + 2 :] if end > 0 else text[:begin]


def _nests(value: str) -> bool:
    return "&" in re.sub(r"&#\w+;", "", value)
