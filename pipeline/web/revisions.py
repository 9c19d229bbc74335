"""
What an outlet changed in a text: the words taken out and the words put in, side by side.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from pipeline.arabic import changes as arabic
from pipeline.arabic.changes import Change, changes
from pipeline.ledger.ledger import Ledger
from pipeline.reports import EntryStory, Revision
from pipeline.web.marking import Mark, Piece, paragraphs


@dataclass(frozen=True, slots=True, kw_only=True)
class TextChange:
    """One revision held against the next, title and body as one text."""

    old: int
    new: int
    changed_at: datetime
    before: list[list[Piece]]
    after: list[list[Piece]]
    taken_out: list[str]
    put_in: list[str]


def changes_of(ledger: Ledger, story: EntryStory) -> list[TextChange]:
    """Every change of an article's text, the latest first."""
    if story.article is None or story.revision <= 1:
        return []
    texts = ledger.revisions_of(story.entry_id)
    return [change(before, after) for before, after in pairwise(texts)][::-1]


def change(before: Revision, after: Revision) -> TextChange:
    """Two revisions that follow each other."""
    assert before.replaced_at is not None
    old, new = (f"{each.title}\n{each.body}" for each in (before, after))
    found = changes(old, new)
    return TextChange(
        old=before.revision,
        new=after.revision,
        changed_at=before.replaced_at,
        before=_side(found, Change.REMOVED),
        after=_side(found, Change.ADDED),
        taken_out=[piece.text for piece in found if piece.change is Change.REMOVED],
        put_in=[piece.text for piece in found if piece.change is Change.ADDED],
    )


def _side(found: Sequence[arabic.Piece], changed: Change) -> list[list[Piece]]:
    """One of the two texts, put together again with its changes marked, a paragraph at a time."""
    text, marks = "", []
    for piece in found:
        if piece.change in {Change.SAME, changed}:
            if piece.change is changed:
                marks.append(Mark(len(text), len(text) + len(piece.text), "changed"))
            text += piece.text
    return list(paragraphs(text, marks))
