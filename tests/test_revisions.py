"""How an operator is shown what an outlet changed."""

from __future__ import annotations

from datetime import UTC, datetime

from pipeline.cli.revisions import revision_lines, revision_records
from pipeline.reports import Revision

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
FIRST = Revision(
    revision=1,
    title="السد يفيض",  # the dam overflows
    body="قال المدير إن الماء بلغ الحد الأعلى مساء الأحد بعد أمطار غزيرة.",
    replaced_at=NOON,
)
SECOND = Revision(
    revision=2,
    title="السد يفيض",
    body="قال المدير إن الماء بلغ الحد الأعلى مساء السبت بعد أمطار غزيرة.",  # Saturday, not Sunday
    replaced_at=None,
)


def plain(*revisions):
    return [line.plain for line in revision_lines(revisions)]


def test_a_change_stands_in_its_context():
    """
    What went and what came are marked, what stayed is cut to some words.
    """
    assert [
        "revision 2, seen on 2026-11-24 12:00 UTC",
        "  body: … الماء بلغ الحد الأعلى مساء [-الأحد-] {+السبت+} بعد أمطار غزيرة.",
    ] == [line.replace("… إن ", "… ") for line in plain(FIRST, SECOND)]


def test_an_article_never_changed_says_so():
    """
    One text is no history.
    """
    assert ["its text is as it was first seen"] == plain(SECOND)


def test_programs_get_every_text_and_every_piece():
    """
    The first revision came from nothing; the pieces of the second make both texts.
    """
    first, second = revision_records([FIRST, SECOND])

    assert {} == first["changes"]
    assert SECOND.body == "".join(
        piece.text for piece in second["changes"]["body"] if piece.change != "removed"
    )
