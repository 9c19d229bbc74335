"""
What changed between two versions of a text, word by word.

First the paragraphs that are the same are set aside, then words are compared within what lies between
them: an edit is seldom more than a sentence, and comparing all words with all words would take
seconds for long articles. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import groupby

#: A word with the blanks after it, so that pieces joined are the text again.
_WORD = re.compile(r"\s*\S+\s*")
#: Stretches with more pairs to compare than this are told as removed and added whole.
_MAX_PAIRS = 1_000_000


class Change(StrEnum):
    """What became of a piece."""

    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of words with one fate."""

    change: Change
    text: str


def changes(old: str, new: str) -> tuple[Piece, ...]:
    """How `old` became `new`.

    The texts of all pieces that were not added make `old`, of all that were not removed `new`.

    >>> [(piece.change.value, piece.text) for piece in changes("five dead", "six dead")]
    [('removed', 'five '), ('added', 'six '), ('same', 'dead')]
    """
    found = (piece for piece in _by_paragraphs(old, new) if piece.text)
    grouped = groupby(found, key=lambda piece: piece.change)
    return tuple(Piece(change, "".join(piece.text for piece in pieces)) for change, pieces in grouped)


def _by_paragraphs(old: str, new: str) -> Iterator[Piece]:
    before, after = old.splitlines(keepends=True), new.splitlines(keepends=True)
    for is_same, removed, added in _stretches(before, after):
        if is_same:
            yield Piece(Change.SAME, "".join(removed))
        else:
            yield from _by_words("".join(removed), "".join(added))


def _by_words(old: str, new: str) -> Iterator[Piece]:
    before, after = _WORD.findall(old) or [old], _WORD.findall(new) or [new]
    for is_same, removed, added in _stretches(before, after):
        if is_same:
            yield Piece(Change.SAME, "".join(removed))
        else:
            yield Piece(Change.REMOVED, "".join(removed))
            yield Piece(Change.ADDED, "".join(added))


def _stretches(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[bool, Sequence[str], Sequence[str]]]:
    if len(old) * len(new) > _MAX_PAIRS:
        yield False, old, new
        return
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for kind, a, b, c, d in matcher.get_opcodes():
        yield kind == "equal", old[a:b], new[c:d]
