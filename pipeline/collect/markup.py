"""
The HTML in feed fields → plain text with paragraphs.

Only reads: nothing here is ever shown, so nothing is sanitised; tags, scripts and comments are
simply not text. Pure.
"""

from __future__ import annotations

import html as entities
import re

from lxml import etree
from lxml.html import HTMLParser, fromstring

#: Markup read for each character kept, and at the least; a field of a real feed is far below.
_MARKUP_PER_CHAR, _MIN_MARKUP_CHARS = 5, 20_000
_IMAGE_WITHIN_CHARS = 1_000_000
_BLOCKS = frozenset(
    """
    address article aside blockquote br center dd details div dl dt fieldset figcaption figure footer form
    h1 h2 h3 h4 h5 h6 header hr li main nav ol option p pre section summary table tbody td tfoot th thead
    tr ul
    """.split()  # noqa: SIM905 - sixty quotes say no more
)
_SILENT = frozenset(
    """
    audio button canvas embed head iframe noscript object script select style svg template video
    """.split()  # noqa: SIM905 - see above
)
_TAG = re.compile(r"</?[a-zA-Z][a-zA-Z0-9:]*(?:\s[^<>]*)?/?>|<!--|<!\[CDATA\[")
#: Marks that were escaped with the text they stood around.
_CDATA = re.compile(r"<!\[CDATA\[|\]\]>")
_IMAGE = re.compile(r"""<img\s[^<>]{0,2000}?(?<=\s)src\s*=\s*["']([^"'<>]{1,2000})["']""", re.IGNORECASE)
#: A hundred thousand attributes cost libxml2 twelve seconds.
_ENDLESS_TAG = re.compile(r"<([a-zA-Z][a-zA-Z0-9:]*)\s[^<>]{20000,}>")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,30});")
_LINE_BREAKS = re.compile(r"(?<![^\S\n])[^\S\n]*\n\s*")  # from the first blank, or it is sought from each
_BLANKS = re.compile(r"[^\S\n]+")
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff\ud800-\udfff]")


def plain_text(markup: str, *, max_chars: int) -> str:
    r"""The text of a field, one paragraph a line; at most `max_chars`, cut at a blank where possible.

    A body escaped twice (`&lt;p&gt;` after reading) is read twice.

    >>> plain_text("<p>A &amp;amp; B</p><p>C<br>D</p>", max_chars=100)
    'A & B\nC\nD'
    """
    text = _CONTROLS.sub("", markup[: max(_MIN_MARKUP_CHARS, _MARKUP_PER_CHAR * max_chars)])
    for _ in range(2):
        if not (_TAG.search(text) or _ENTITY.search(text)):
            break
        text = _read(text)
    return _cut(_tidied(text), max_chars)


def one_line(markup: str, *, max_chars: int) -> str:
    """The text of a field that is one line by nature, such as a title."""
    return " ".join(plain_text(markup, max_chars=max_chars).split())


def first_image(markup: str) -> str:
    """The address of the first picture in a piece of HTML, as written, or ""."""
    found = _IMAGE.search(markup[:_IMAGE_WITHIN_CHARS])
    return entities.unescape(found.group(1)).strip() if found else ""


def _read(markup: str) -> str:
    markup = _CDATA.sub("", markup)
    if not _TAG.search(markup):
        return entities.unescape(markup)
    bearable = _ENDLESS_TAG.sub(r"<\1>", markup)
    try:
        root = fromstring(f"<div>{bearable}</div>", parser=HTMLParser(huge_tree=True))
    except (etree.ParserError, ValueError):  # nothing but comments
        return ""
    return "".join(_texts(root))


def _texts(root: etree._Element) -> list[str]:
    """Text in document order with newlines where blocks begin and end; no recursion."""
    texts: list[str] = []
    silent = 0
    for event, element in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
        if event in {"comment", "pi"}:
            texts.append(element.tail or "" if not silent else "")
            continue
        name = element.tag if isinstance(element.tag, str) else ""
        if name in _SILENT:
            silent += 1 if event == "start" else -1
        if name in _BLOCKS:
            texts.append("\n")
        text = element.text if event == "start" else (element.tail if element is not root else "")
        texts.append(_LINE_BREAKS.sub(_flowed, text or "") if not silent else "")
    return texts


def _flowed(breaks: re.Match[str]) -> str:
    """In HTML a line break is a blank; but who leaves an empty line means a paragraph."""
    return "\n" if breaks.group().count("\n") > 1 else " "


def _tidied(text: str) -> str:
    lines = (_BLANKS.sub(" ", line).strip() for line in _CONTROLS.sub("", text).splitlines())
    return "\n".join(line for line in lines if line)


def _cut(text: str, max_chars: int) -> str:
    if len(text) <= max_chars:
        return text
    begin, blank, _ = text[:max_chars].rpartition(" ")
    return begin if blank else text[:max_chars]
