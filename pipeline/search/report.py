"""
An article as similar coverage reads it: the words of its title and of the first of its body.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from pipeline.search.views import LEAD_WORDS, stems_of

#: Letters of a body that are read: some 200 words, where a report says what happened.
READ_CHARS: Final = 1_200


@dataclass(frozen=True, slots=True)
class Candidate:
    """An article an engine proposes."""

    document_id: str
    title: str
    body: str
    published_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """A candidate's words, as stems."""

    document_id: str
    title: Counter[str]
    lead: Counter[str]
    body: Counter[str]
    stems: frozenset[str]  #: every word it has, once
    running: str  #: the words in their order, blank-separated, the title's apart from the body's
    published_at: datetime | None

    @classmethod
    def of(cls, candidate: Candidate) -> Report:
        """What is read of a candidate."""
        title, body = stems_of(candidate.title), stems_of(candidate.body[:READ_CHARS])
        return cls(
            candidate.document_id,
            Counter(title),
            Counter(body[:LEAD_WORDS]),
            Counter(body),
            frozenset(title).union(body),
            f" {' '.join(title)} | {' '.join(body)} ",
            candidate.published_at,
        )

    def has_pair(self, one: str, other: str) -> bool:
        """Whether two words stand side by side, in title or body."""
        return f" {one} {other} " in self.running
