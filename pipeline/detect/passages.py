"""
Passages: the sentences of an article, which of them open it, and which words of it are not its own.

An article says what it is about in its title and its first lines. Datelines, tag strips and "read
also" boxes name places and people too, and say nothing of the kind.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Final

from pipeline.arabic.lexicon import read_table
from pipeline.arabic.words import WORD, words

#: Words of the body that count as its opening: a lead, and where that is short the sentence after it.
_OPENING_WORDS: Final = 55
#: Where a sentence ends. Not after a single letter: د. أحمد (Dr Ahmad).
_SENTENCE_END: Final = re.compile(r"(?<=\w\w)[ »\"”)]?[.!?؟…]+[»\"”)]*(?=\s|[\u0621-\u064a]{2})|\n+")
#: Texts without full stops are cut into pieces of so many words: nobody means all of them at once.
_MOST_WORDS: Final = 45
#: "Washington (Reuters) –", "Moscow - AFP:": places, then an agency in brackets or between strokes.
_STROKE: Final = "[-–—ـ:/]"
_DATELINE: Final = re.compile(
    r"\W*(?:\w+[ ،,/]{1,3}){0,3}\w+\s*"
    rf"(?:[(\[«][^)\]»\n]{{2,40}}[)\]»]\s*{_STROKE}?"
    rf"|{_STROKE}+[^\n:–—/-]{{0,30}}?{_STROKE}|{_STROKE})"
)
#: No dateline is longer.
_DATELINE_CHARS: Final = 80
#: A head of so few words that ends in a stroke is a dateline even without an agency.
_PLACE_WORDS: Final = 2
#: No heading of a strip is longer.
_HEADING_CHARS: Final = 40


@dataclass(frozen=True, slots=True)
class Passages:
    """A text cut into words and sentences. Sentence 0 is the title."""

    spans: Sequence[tuple[int, int]]  #: of each word of the body
    starts: Sequence[int]  #: the first word of each sentence of the body
    dateline_end: int  #: offset in the body where its dateline ends; 0 where it has none
    strips: Sequence[tuple[int, int]]  #: spans of tag strips and lists of other articles
    turns: Sequence[int]  #: sentences with which the text turns to another story

    @property
    def sentence_of(self) -> list[int]:
        """The sentence each word of the body stands in, from 1."""
        return [number for number in range(1, self.sentences + 1) for _ in range(self.length(number))]

    @property
    def sentences(self) -> int:
        """How many there are, without the title."""
        return len(self.starts)

    @property
    def parts(self) -> list[range]:
        """The sentences of each story the body tells, in order; most tell one."""
        edges = [1, *self.turns, self.sentences + 1]
        return [range(start, end) for start, end in pairwise(edges) if start < end]

    def opening_of(self, part: range) -> range:
        """The sentences that open a part: a lead and, where that is short, what comes after it."""
        first = max(part.start, 1)
        enough = (self.starts[first - 1] if self.starts else 0) + _OPENING_WORDS
        end = next((n for n in range(first + 1, part.stop) if self.starts[n - 1] >= enough), part.stop)
        return range(part.start, end)

    def length(self, sentence: int) -> int:
        """Words of a sentence of the body."""
        end = self.starts[sentence] if sentence < len(self.starts) else len(self.spans)
        return end - self.starts[sentence - 1]


def passages(body: str) -> Passages:
    """Cut `body`."""
    spans = [found.span() for found in WORD.finditer(body)]
    first = [start for start, _ in spans]
    edges = {bisect_right(first, found.start()) for found in _SENTENCE_END.finditer(body)}
    whole = sorted({0, *edges} - {len(spans)}) if spans else []
    starts = [
        piece
        for start, end in pairwise([*whole, len(spans)])
        for piece in range(start, max(start + 1, end - _MOST_WORDS // 2), _MOST_WORDS)
    ]
    turns = [n for n, start in enumerate(starts[1:], 2) if _turns_at(body, spans[start][0])]
    return Passages(spans, starts, _dateline_end(body), _strips(body), turns)


def _turns_at(body: str, start: int) -> bool:
    """Whether the sentence at `start` opens with words that announce another story."""
    head = " ".join(word.folded for word in words(body[start : start + _HEADING_CHARS]))
    return any(f"{head.removeprefix('و')} ".startswith(f"{turn} ") for turn in _listed("turns.txt"))


def _dateline_end(body: str) -> int:
    """Where a dateline at the head of `body` ends; 0 without one."""
    found = _DATELINE.match(body, 0, _DATELINE_CHARS)
    if not found:
        return 0
    head = [word.folded for word in words(found[0])]
    named = f" {' '.join(head)} "
    by_agency = any(f" {agency} " in named for agency in _listed("agencies.txt"))
    return found.end() if by_agency or (len(head) <= _PLACE_WORDS and found[0][-1] in "-–—ـ") else 0


def _strips(body: str) -> list[tuple[int, int]]:
    """Lines that list tags or other articles: each line and, where it is but a heading, the next."""
    found: list[tuple[int, int]] = []
    start = 0
    heading = False
    for line in body.splitlines(keepends=True):
        end = start + len(line)
        begins = " ".join(word.folded for word in words(line[:_HEADING_CHARS]))
        kind = next((strip for strip in _listed("strips.txt") if f"{begins} ".startswith(f"{strip} ")), "")
        if kind or (heading and begins):
            found.append((start, end))
        heading = (bool(kind) and begins == kind) or (heading and not begins)
        start = end
    return found


@cache
def _listed(table: str) -> tuple[str, ...]:
    return tuple(" ".join(word.folded for word in words(" ".join(line))) for line in read_table(table))
