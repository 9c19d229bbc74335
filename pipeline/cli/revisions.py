"""How an article's text changed: `rasd why URL --revisions`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

from rich.text import Text

from pipeline.arabic.changes import Change, Piece, changes
from pipeline.reports import Revision

#: Words shown on each side of a change.
_CONTEXT_WORDS = 6
_MARKS = {Change.REMOVED: ("[-", "-]", "red"), Change.ADDED: ("{+", "+}", "green")}


def revision_lines(revisions: Sequence[Revision]) -> Iterator[Text]:
    """Each revision against the one before; unchanged stretches are cut to some words."""
    if len(revisions) < 2:
        yield Text("its text is as it was first seen")
        return
    for old, new in pairwise(revisions):
        yield Text(f"revision {new.revision}, seen on {old.replaced_at:%Y-%m-%d %H:%M} UTC", style="bold")
        for name, before, after in (("title", old.title, new.title), ("body", old.body, new.body)):
            if before != after:
                yield Text(f"  {name}: ") + _told(changes(before, after))


def revision_records(revisions: Sequence[Revision]) -> list[dict[str, Any]]:
    """The same for programs: every revision whole, with how it came from the one before."""
    firsts: list[Revision | None] = [None, *revisions]
    return [
        {
            "revision": new.revision,
            "title": new.title,
            "body": new.body,
            "replaced_at": new.replaced_at,
            "changes": {
                "title": list(changes(old.title, new.title)),
                "body": list(changes(old.body, new.body)),
            }
            if old
            else {},
        }
        for old, new in zip(firsts, revisions, strict=False)
    ]


def _told(pieces: Sequence[Piece]) -> Text:
    told = Text()
    for place, piece in enumerate(pieces):
        if piece.change is Change.SAME:
            told += Text(_shortened(piece.text, first=place == 0, last=place == len(pieces) - 1))
            continue
        begin, end, style = _MARKS[piece.change]
        words = " ".join(piece.text.split())
        told += Text(f"{begin}{words}{end}{' ' if piece.text[-1:].isspace() else ''}", style=style)
    return told


def _shortened(text: str, *, first: bool, last: bool) -> str:
    """What stands before the first change, after the last, or between two."""
    words = text.split()
    before = [] if first else words[:_CONTEXT_WORDS]
    after = [] if last else words[len(before) :][-_CONTEXT_WORDS:]
    left_out = ["…"] if len(before) + len(after) < len(words) else []
    return " ".join([*before, *left_out, *after]) + ("" if last else " ")
