"""
Phrases that tell the page's furniture from its article, as `data/phrases.yml` lists them.

Everything is compared folded (`pipeline.arabic.characters.fold`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import Any

import yaml

from pipeline.arabic.characters import fold

#: Within the text nothing longer is taken for furniture.
_MAX_FURNITURE_WORDS = 15
_FRINGE = re.compile(r"^[\W_]+|[\W_]+$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A rule that finds a line about the page: how it begins, or one word of every row in it."""

    edge: bool
    max_words: int
    starts: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def holds(self, folded: str, *, words: int) -> bool:
        if words > self.max_words:
            return False
        if self.starts and folded.startswith(self.starts):
            return True
        return bool(self.rows) and all(any(word in folded for word in row) for row in self.rows)


@dataclass(frozen=True, slots=True)
class Phrases:
    """The lists, folded."""

    read_also: re.Pattern[str]  #: matches the phrase at the beginning of a folded line
    furniture: frozenset[str]
    comment_heads: frozenset[str]
    notices: tuple[Notice, ...]
    bylines: re.Pattern[str]
    labelled_bylines: re.Pattern[str]
    roles: re.Pattern[str]
    desks: frozenset[str]
    no_names: frozenset[str]
    no_person: frozenset[str]
    places: frozenset[str]
    after_names: frozenset[str]
    flashes: re.Pattern[str]


@cache
def phrases() -> Phrases:
    """The lists, read once."""
    raw = load("phrases.yml")
    return Phrases(
        read_also=_beginning(raw["read_also"]),
        furniture=frozenset(plain(text) for text in raw["furniture"]),
        comment_heads=frozenset(plain(text) for text in raw["comment_heads"]),
        notices=tuple(_notice(entry) for entry in raw["notices"]),
        bylines=_beginning(raw["bylines"]),
        labelled_bylines=_beginning(raw["labelled_bylines"]),
        roles=_beginning(raw["roles"]),
        desks=frozenset(plain(text) for text in raw["desks"]),
        no_names=frozenset(plain(text) for text in raw["no_names"]),
        no_person=frozenset(plain(text) for text in raw["no_person"]),
        places=frozenset(plain(text) for text in raw["places"]),
        after_names=frozenset(plain(text) for text in raw["after_names"]),
        flashes=_beginning(raw["flashes"]),
    )


def load(name: str) -> Any:
    """One of this step's data files."""
    return yaml.safe_load(resources.files("pipeline.extract").joinpath("data", name).read_text("utf-8"))


@lru_cache(maxsize=2_000)
def plain(line: str) -> str:
    """A line folded, without what stands around its words."""
    return " ".join(_FRINGE.sub("", fold(line)).split())


def is_furniture(line: str, *, at_edge: bool) -> bool:
    """Whether a line belongs to the page rather than to the article."""
    words = len(line.split())
    if not at_edge and words > _MAX_FURNITURE_WORDS:
        return False
    folded = plain(line)
    if not folded:
        return True
    head = folded.split(":")[0].strip()
    if folded in phrases().furniture or (":" in folded and head in phrases().furniture):
        return True
    whole = " ".join(fold(line).split())
    return any(
        (at_edge or not notice.edge) and notice.holds(whole, words=words) for notice in phrases().notices
    )


def _notice(entry: Mapping[str, Any]) -> Notice:
    rows: Sequence[Iterable[str]] = entry.get("rows", ())
    return Notice(
        edge=entry.get("edge", False),
        max_words=entry.get("max_words", 1000),
        starts=tuple(fold(text) for text in entry.get("starts", ())),
        rows=tuple(tuple(fold(word) for word in row) for row in rows),
    )


def _beginning(texts: Iterable[str]) -> re.Pattern[str]:
    """Matches any of some phrases, whole words, at the beginning of a line :func:`plain` made."""
    longest_first = sorted({plain(text) for text in texts}, key=lambda text: (-len(text), text))
    return re.compile(rf"(?:{'|'.join(map(re.escape, longest_first))})(?!\w)")
