"""
The article in an application's store: what a page carries in its scripts for the program that shows it.

Next.js, Nuxt, Arc and their like start from JSON. Where a page shows no text before its program has
run, the record in there that bears the page's title is the article, and says when and by whom.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lxml import etree
from lxml.html import HtmlElement, fromstring

from pipeline.extract.blocks import blocks_of
from pipeline.extract.characters import clean, key, letters

#: Nothing larger, and nothing with more parts, is one page's store.
_MAX_SCRIPT_CHARS = 2_000_000
_MAX_PARTS = 50_000
#: Assignments in a script that are looked at.
_MAX_ASSIGNED = 10
_BEGUN = re.compile(r"^\s*")
_ASSIGNED = re.compile(r"=\s*(?=[{\[])")
#: A part of a text is at least so long; shorter strings are names, kinds and ids.
_PART_LETTERS = 25
_TITLE_NAME = re.compile(r"title|headline", re.IGNORECASE)
_DATE_NAME = re.compile(r"(?:publi|display_?date|issued|created)(?!.*(?:er|by)$)", re.IGNORECASE)
_AUTHOR_NAME = re.compile(r"(?:author|by_?line|writer|credit)s?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """What a store says of the article."""

    body: str = ""  #: as lines
    dates: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()


def stored_article(tree: HtmlElement, titles: Collection[str]) -> Stored:
    """The record with the longest text among those that bear one of some titles."""
    wanted = {key(title) for title in titles} - {""}
    records = (record for store in _stores(tree) for record in _parts(store) if _bears(record, wanted))
    return max(map(_told, records), key=lambda told: letters(told.body), default=Stored())


def _stores(tree: HtmlElement) -> Iterator[Any]:
    """Every JSON value in the page's scripts, by itself or given to a name."""
    for script in tree.iter("script"):
        text = script.text or ""
        kind = (script.get("type") or "").lower()
        if "ld+json" in kind or len(text) > _MAX_SCRIPT_CHARS:
            continue
        starting = _BEGUN if "json" in kind else _ASSIGNED
        starts = [match.end() for match in starting.finditer(text)]
        for start in starts[:_MAX_ASSIGNED]:
            try:
                value, _ = json.JSONDecoder(strict=False).raw_decode(text, start)
            except (ValueError, RecursionError):
                continue
            yield value


def _parts(value: Any) -> Iterator[Any]:
    """A value and all within it, in order."""
    waiting, count = [value], 0
    while waiting and count < _MAX_PARTS:
        part = waiting.pop()
        count += 1
        yield part
        if isinstance(part, Mapping):
            waiting.extend(reversed([*part.values()]))
        elif isinstance(part, list):
            waiting.extend(reversed(part))


def _bears(record: Any, wanted: Collection[str]) -> bool:
    """Whether a part is a record with one of the titles: as it is, or one of its spellings."""
    if not isinstance(record, Mapping):
        return False
    spelt = (
        record[name] for name in record if _TITLE_NAME.search(name) and isinstance(record[name], Mapping)
    )
    texts = (text for values in (record, *spelt) for text in values.values())
    return any(isinstance(text, str) and key(text) in wanted for text in texts)


def _told(record: Mapping[str, Any]) -> Stored:
    """What a record says: its longest text, and what its names say are dates and writers."""
    named = record.items()
    dates = (value for name, value in named if _DATE_NAME.search(name))
    writers = (writer for name, value in named if _AUTHOR_NAME.search(name) for writer in _writers(value))
    return Stored(
        body=max(map(_lines, record.values()), key=letters, default=""),
        dates=tuple(date for date in dates if isinstance(date, str)),
        authors=tuple(writers),
    )


def _writers(value: Any) -> Iterator[str]:
    """A name, or the names of the people in a value."""
    if isinstance(value, str):
        yield value
    for part in _parts(value):
        if isinstance(part, Mapping) and isinstance(part.get("name"), str):
            yield part["name"]


def _lines(value: Any) -> str:
    """The text in a value, or in the parts of a list that holds it piece by piece."""
    texts = (part for part in _parts(value) if isinstance(part, str) and letters(part) >= _PART_LETTERS)
    return clean("\n".join(map(_shown, texts)))


def _shown(text: str) -> str:
    """What a reader sees of a text that may be markup."""
    if "<" not in text:
        return text
    try:
        return "\n".join(block.text for block in blocks_of(fromstring(f"<div>{text}</div>")))
    except (etree.LxmlError, ValueError):
        return ""
