"""
The lines of a body: furniture of the page comes off, pointers to other articles are marked.

The same for the blocks of a page and for the text of a feed, which has no links to tell by.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.arabic.date_spans import find_dates
from pipeline.arabic.dates import date_line
from pipeline.extract.author import is_byline
from pipeline.extract.blocks import Block
from pipeline.extract.characters import key, letters
from pipeline.extract.phrases import is_furniture, phrases, plain

#: How many lines at either end may belong to the template.
_EDGE_TOP = 6
_EDGE_BOTTOM = 8
#: So many letters are a text that readers may comment.
_TEXT_LETTERS = 200
#: A heading over pointers is followed by so many of them at most.
_MAX_POINTERS = 6
#: A pointer is a headline: no sentence of the text is shorter and all link, or ends without a stop.
_POINTER_WORDS = 20
_MAX_POINTER_CHARS = 300
_LINKED = 0.8
_BARS = re.compile(r"[|\u2022\u00b7\u00bb]")
_ENDED = re.compile('[.!\u061f?\u2026"\u00bb)]\\s*$')


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a body."""

    text: str
    linked: float = 0.0  #: the share of its letters that is a link
    item: bool = False  #: it is one of a list

    @classmethod
    def of(cls, block: Block) -> Line:
        return cls(block.text, block.link_share, block.tag == "li")


def trimmed(lines: Sequence[Line], *, title: str) -> list[Line]:
    """The lines without those of the template: title, byline, date, tags, share and comment lines."""
    said = _without_comments(_without_title([line for line in lines if key(line.text)], key(title)))
    kept = _without_tags(said)
    count = len(kept)
    return [
        line
        for number, line in enumerate(kept)
        if not _is_template(
            line, top=number < _EDGE_TOP, bottom=number >= count - _EDGE_BOTTOM, key_of_title=key(title)
        )
    ]


def _without_title(lines: list[Line], title: str) -> list[Line]:
    """The lines after those at the beginning that repeat the title, in one line or broken into several."""
    said = ""
    for number, line in enumerate(lines[:4]):
        said += key(line.text)
        if title and said == title:
            return lines[number + 1 :]
        if not title.startswith(said):
            break
    return lines


def _without_comments(lines: list[Line]) -> list[Line]:
    """The lines before a heading over comments, where enough of a text stands before it."""
    told = 0
    for number, line in enumerate(lines):
        if told >= _TEXT_LETTERS and plain(line.text) in phrases().comment_heads:
            return lines[:number]
        told += letters(line.text)
    return lines


def _without_tags(lines: list[Line]) -> list[Line]:
    """The lines without tags at either end: items of a few words that no line announces."""
    top = 0
    while top < len(lines) and _is_tag(lines[top]):
        top += 1
    bottom = len(lines)
    while bottom > top and _is_tag(lines[bottom - 1]):
        bottom -= 1
    announced = bottom > top and lines[bottom - 1].text.endswith(":")
    return lines[top:] if announced or len(lines) - bottom < 2 else lines[top:bottom]


def _is_tag(line: Line) -> bool:
    return line.item and len(line.text.split()) <= 3 and not _ENDED.search(line.text)


def _is_template(line: Line, *, top: bool, bottom: bool, key_of_title: str) -> bool:
    edge = top or bottom
    if is_furniture(line.text, at_edge=edge):
        return True
    if not edge:
        return False
    if key(line.text) == key_of_title or _is_label(line):
        return True
    return top and (is_byline(line.text) or _is_date(line.text))


def _is_label(line: Line) -> bool:
    """A tag, a section or a row of them: a short line that is all link, or one with bars between links."""
    if line.linked < _LINKED or "://" in line.text:
        return False
    return len(line.text.split()) < 6 or len(_BARS.findall(line.text)) > 1


def _is_date(text: str) -> bool:
    return len(text.split()) <= 14 and bool(find_dates(date_line(text))) and not _ENDED.search(text)


def asides_of(lines: Sequence[Line]) -> tuple[tuple[int, int], ...]:
    """Spans of pointers to other articles in the text made of `lines`, joined by newlines.

    A line that begins with one of the phrases is a pointer; where it holds the phrase alone, so are
    the headlines below it.
    """
    spans: list[tuple[int, int]] = []
    position, pointers = 0, 0
    for line in lines:
        end = position + len(line.text)
        is_heading, is_pointer = _points(line.text)
        if is_heading or is_pointer or (pointers and _is_headline(line)):
            spans.append((position, end))
            pointers = _MAX_POINTERS if is_heading else pointers - 1 if pointers else 0
        else:
            pointers = 0
        position = end + 1
    return _joined(spans)


def _points(text: str) -> tuple[bool, bool]:
    """Whether a line is a heading over pointers, and whether it is a pointer itself."""
    if len(text) > _MAX_POINTER_CHARS:
        return False, False
    folded = plain(text)
    match = phrases().read_also.match(folded)
    if not match:
        return False, False
    rest = folded[match.end() :].strip(" :.-|»،,")
    return not rest, bool(rest) and (len(rest.split()) <= _POINTER_WORDS)


def _is_headline(line: Line) -> bool:
    if line.linked >= _LINKED:
        return True
    return len(line.text.split()) <= _POINTER_WORDS and not _ENDED.search(line.text)


def _joined(spans: Sequence[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Spans with neighbours, a newline apart, made one."""
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        if joined and start - joined[-1][1] <= 1:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return tuple(joined)


def without_linked_pointers(lines: Sequence[Line]) -> list[Line]:
    """The lines without boxes that are nothing but links to other articles, heading included."""
    kept: list[Line] = []
    heading: Line | None = None
    for line in lines:
        is_heading, is_pointer = _points(line.text)
        if is_heading:
            heading = line
        elif (is_pointer or heading) and line.linked >= _LINKED / 2:
            continue
        else:
            if heading is not None and _is_headline(line):
                kept.append(heading)
            heading = None
            kept.append(line)
    return kept
