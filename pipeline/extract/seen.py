"""
Where the parts of an article stood on its page: what layouts are learnt from.

    Reading, Article → paths and kinds of lines, as `pipeline.extract.layout` describes them
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from lxml.html import HtmlElement

from pipeline.extract.blocks import Block
from pipeline.extract.characters import key
from pipeline.extract.layout import ANYWHERE, kind_of
from pipeline.extract.paths import path_of
from pipeline.extract.reading import Reading
from pipeline.extract.stated_dates import local_day_shown
from pipeline.records import Article

#: A byline or a date line is hardly longer.
_LINE_CHARS = 160


def seen_on(reading: Reading, article: Article) -> dict[str, Any] | None:
    """Where the parts of an article stood; None where title or body stand nowhere on the page."""
    body = reading.body.blocks
    title = _title_element(reading)
    if not body or title is None:
        return None
    container = _holding(body)
    if container is None:
        return None
    return {
        "title": path_of(title),
        "body": path_of(container),
        "kinds": _kinds(reading.blocks, set(body), container),
        "date": _path(_date_line(reading, article)),
        "author": _path(_line_with(reading.nearby, article.author)),
        "section": _section_place(reading, article.section),
        "told": reading.is_told(reading.title),
    }


def _title_element(reading: Reading) -> HtmlElement | None:
    wanted = key(reading.title)
    for block in reading.blocks:
        if block.key and not block.hidden and wanted.startswith(block.key):
            same = [other for other in reading.blocks if other.element is block.element]
            if "".join(other.key for other in same) == wanted:
                return block.element
    return None


def _holding(body: Sequence[Block]) -> HtmlElement | None:
    """The innermost element around all of the body."""
    shared = body[0].ancestors()
    for block in body[1:]:
        around = set(block.ancestors())
        shared = [element for element in shared if element in around]
    return shared[0] if shared else None


def _kinds(blocks: Iterable[Block], body: set[Block], container: HtmlElement) -> dict[str, list[int]]:
    """Letters of each kind of line: in the body, and not in it."""
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for block in blocks:
        if not block.hidden and container in block.ancestors():
            counts[kind_of(block, container)][block not in body] += max(block.letters, 1)
    return dict(counts)


def _date_line(reading: Reading, article: Article) -> Block | None:
    if article.date is None:
        return None
    day = reading.dating.local_day(article.date)
    lines = (block for block in reading.nearby if len(block.text) <= _LINE_CHARS)
    return next((block for block in lines if local_day_shown(block.spaced, reading.dating) == day), None)


def _line_with(nearby: Iterable[Block], name: str) -> Block | None:
    wanted = key(name)
    lines = (block for block in nearby if wanted and len(block.text) <= _LINE_CHARS)
    return next((block for block in lines if wanted in block.key), None)


def _section_place(reading: Reading, section: str) -> str:
    if not section or section in reading.claims.sections:
        return ""
    above = (block for block in reading.nearby if block.key == key(section))
    return _path(next(above, None)) or ANYWHERE


def _path(block: Block | None) -> str:
    return "" if block is None else path_of(block.element)
