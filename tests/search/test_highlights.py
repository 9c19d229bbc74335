"""What a reader is shown of an article: distinct pieces of its text, every word that answers marked."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from pipeline.search.highlights import highlights, spans_of
from pipeline.search.query import read_query
from pipeline.search.views import AnalysedField

NOW = datetime(2026, 4, 1, 12, tzinfo=UTC)
FILLER = "كلام كثير عن الطقس "  # much talk of the weather


def shown(query, body):
    """The pieces of a body, and where the words that answer stand in it."""
    fields = {"title": AnalysedField(""), "body": AnalysedField(body)}
    tree = read_query(query, zone="UTC", now=NOW).tree
    pieces = [piece for piece in highlights(tree, fields) if piece.field == "body"]
    return pieces, spans_of(tree, fields, "body")


def test_pieces_do_not_repeat_one_another():
    """
    Words a line apart are shown in pieces that go on from one another: no stretch of text comes twice.
    """
    body = " ".join("القمة" if number in {40, 60} else f"كلام{number}" for number in range(100))

    first, second = shown("قمة", body)[0]

    assert not {*first.text.split()} & ({*second.text.split()} - {"القمة"})
    assert [1, 1] == [len(first.spans), len(second.spans)]


def test_a_text_that_repeats_itself_is_shown_once():
    """
    A paragraph that stands twice in an article is no second piece.
    """
    paragraph = f"{FILLER * 8}انتهت القمة {FILLER * 8}"

    pieces, spans = shown("قمة", paragraph + paragraph)

    assert 2 == len(spans)
    assert 1 == len(pieces)


@given(st.lists(st.sampled_from(["القمة", "قمة", "وزير الخارجية", FILLER, "\n", "كلام"]), max_size=60))
def test_pieces_are_cut_from_the_text_one_after_the_other(words):
    """
    Wherever the words stand, a piece holds every mark whole that begins in it, and begins where the one
    before it has ended, or later.
    """
    body = " ".join(f"{number} {word}" for number, word in enumerate(words))
    pieces, spans = shown('قمة OR "وزير الخارجية"', body)

    places, at = [], 0  # each is looked for after the end of the one before
    for piece in pieces:
        begin = body.index(piece.text, at)
        at = begin + len(piece.text)
        places.append((begin, at))
    assert all(piece.spans for piece in pieces) or not spans
    for (begin, end), piece in zip(places, pieces, strict=True):
        inside = [body[a:b] for a, b in spans if begin <= a < end]
        assert inside == [piece.text[a:b] for a, b in piece.spans]
