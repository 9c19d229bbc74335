"""
The section an article stands in, as the page names it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from lxml.html import HtmlElement

from pipeline.extract.blocks import Block, marked
from pipeline.extract.characters import clean_line, key
from pipeline.extract.claims import Claims
from pipeline.extract.phrases import is_furniture

_MARK = re.compile(
    r"kicker|category|cat-?(?:link|name|title)|section-?(?:name|title|link)|overline", re.IGNORECASE
)
_TRAIL = re.compile(r"breadcrumb", re.IGNORECASE)
#: A section has a name of a few words.
_MAX_WORDS = 4


def section_of(tree: HtmlElement, nearby: Sequence[Block], claims: Claims, *, title: str) -> str:
    """The section, or "". What the page states comes before what it shows."""
    shown = chain(_categories(tree), _trail(tree, title), marked(nearby, _MARK))
    return first_section(chain(claims.sections, shown), title=title)


def first_section(candidates: Iterable[str], *, title: str) -> str:
    """The first of some texts that can be the name of a section, or ""."""
    for candidate in candidates:
        name = clean_line(candidate).strip(" :|-/>\u00bb\u203a")
        if (
            0 < len(name.split()) <= _MAX_WORDS
            and not is_furniture(name, at_edge=False)
            and name not in title
        ):
            return name
    return ""


def _categories(tree: HtmlElement) -> Iterator[str]:
    """Links that say of themselves that they lead to the article's category."""
    for link in tree.iter("a"):
        if {"category", "tag"} <= set((link.get("rel") or "").lower().split()):
            yield link.text_content()


def _trail(tree: HtmlElement, title: str) -> Iterator[str]:
    """The links of a breadcrumb trail, the last first; the front page and the article are not meant."""
    for element in tree.iter("nav", "ol", "ul", "div"):
        if _TRAIL.search(
            f"{element.get('class', '')} {element.get('id', '')} {element.get('aria-label', '')}"
        ):
            links = [clean_line(link.text_content()) for link in element.iter("a")]
            yield from (text for text in reversed(links[1:]) if text and key(text) not in key(title))
            return
