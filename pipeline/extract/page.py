"""
Bytes → a page: text in the charset that was meant, and its tree.

Everything behind this module works on one `Page`; nothing else decodes or parses HTML.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from pipeline.arabic.charset import charset_of, decode_text
from pipeline.errors import NoArticleError, UnusableError

#: No article's page is larger: the largest of our samples has 600,000.
MAX_CHARS = 4_000_000
#: Elements beyond this are no article, and take minutes to go through.
MAX_ELEMENTS = 60_000
#: A table of more cells is data, and whoever has too many elements loses it: the text around it counts.
_MAX_CELLS = 5_000
#: A tag longer than this has attributes by the thousand, or a picture in one: parsers take a minute over
#: 100,000 attributes. It loses them all.
_LONG_TAG = re.compile(r"<([a-zA-Z][a-zA-Z0-9]{0,15})\s[^<>]{30000,}>")
#: Nesting deeper than a parser goes is nobody's layout; text is then found line by line.
_LINE_TAG = re.compile(
    r"</?(?:div|section|article|main|aside|center|table|tbody|thead|tr|td|th|ul|ol|li|dl|dd|dt|blockquote|fieldset|form)"
    r"\b[^<>]*>",
    re.IGNORECASE,
)
_INLINE_TAG = re.compile(
    r"</?(?:span|b|i|u|s|em|strong|font|small|big|a|sub|sup|ins|del|tt)\b[^<>]*>", re.IGNORECASE
)
_TOO_DEEP = "Excessive depth"

#: What no parser needs to see: control characters that end or break a document.
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page as its reader gets it. The tree is nobody's to change: take a copy."""

    url: str  #: where it was found
    text: str
    charset: str
    tree: HtmlElement

    @property
    def host(self) -> str:
        return urlsplit(self.url).hostname or ""

    def absolute(self, link: str) -> str:
        """A link on the page as an absolute http(s) address, or "" where it is none."""
        try:
            address = urljoin(self.url, link.strip())
            parts = urlsplit(address)
        except ValueError:
            return ""
        return address if parts.scheme in {"http", "https"} and parts.hostname else ""


def read_page(body: bytes, content_type: str, url: str) -> Page:
    """Decode and parse a response.

    Raises:
        UnusableError: it is too large to be an article.
        NoArticleError: there is nothing on it.
    """
    text, charset = decode_text(body, charset_of(content_type))
    if len(text) > MAX_CHARS:
        raise UnusableError(url, f"larger than {MAX_CHARS:,} characters")
    text = _CONTROLS.sub(" ", text)
    if not text.strip():
        raise NoArticleError(url, "empty page")
    return Page(url=url, text=text, charset=charset, tree=_parsed(text, url))


def _parsed(text: str, url: str) -> HtmlElement:
    text = _LONG_TAG.sub(r"<\1>", text)
    tree, is_whole = _tree(text, url)
    if not is_whole:
        tree, _ = _tree(_flat(text), url)
    if _elements(tree) > MAX_ELEMENTS:
        for table in tree.xpath(f"//table[not(.//table)][count(.//td) > {_MAX_CELLS}]"):
            table.drop_tree()
        if _elements(tree) > MAX_ELEMENTS:
            raise NoArticleError(url, f"more than {MAX_ELEMENTS:,} elements")
    return tree


def _elements(tree: HtmlElement) -> int:
    return int(tree.xpath("count(//*)"))


def _tree(text: str, url: str) -> tuple[HtmlElement, bool]:
    """The tree, and whether all of the text is in it: a parser stops where nesting is too deep."""
    # As bytes in a charset that is given, for a document's own declaration of one would be believed.
    parser = HTMLParser(huge_tree=True, encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        tree = document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, AssertionError) as error:
        if any(entry.type_name == "ERR_NO_MEMORY" for entry in parser.error_log):
            raise MemoryError from error
        raise NoArticleError(url, "no HTML") from error
    return tree, not any(_TOO_DEEP in entry.message for entry in parser.error_log)


def _flat(text: str) -> str:
    """The same text without nesting: every block a line."""
    return re.sub(r"<br>(?:\s*<br>)+", "<br>", _LINE_TAG.sub("<br>", _INLINE_TAG.sub("", text)))
