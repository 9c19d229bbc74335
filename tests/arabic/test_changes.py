"""What changed between two versions of a text."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.arabic.changes import Change, Piece, changes

SAME, REMOVED, ADDED = Change.SAME, Change.REMOVED, Change.ADDED


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("", "", []),
        ("ارتفع منسوب النهر", "ارتفع منسوب النهر", [(SAME, "ارتفع منسوب النهر")]),  # the river rose
        (
            "ارتفع منسوب النهر مترا",  # by a metre
            "ارتفع منسوب النهر مترين",  # by two metres
            [(SAME, "ارتفع منسوب النهر "), (REMOVED, "مترا"), (ADDED, "مترين")],
        ),
        (
            "أول\nثان\nثالث",  # first, second, third
            "أول\nثالث",
            [(SAME, "أول\n"), (REMOVED, "ثان\n"), (SAME, "ثالث")],
        ),
        ("", "جديد", [(ADDED, "جديد")]),  # new
        ("قديم", "", [(REMOVED, "قديم")]),  # old
    ],
)
def test_words_are_the_units(old, new, expected):
    """
    What stayed, what went and what came, in the order of reading.
    """
    assert [Piece(*piece) for piece in expected] == list(changes(old, new))


@given(st.text("اب \n\u00a0", max_size=40), st.text("اب \n\u00a0", max_size=40))
def test_nothing_is_lost_between_two_texts(old, new):
    """
    The pieces that were not added make the old text, those not removed the new one; no two
    neighbours are alike.
    """
    found = changes(old, new)

    assert old == "".join(piece.text for piece in found if piece.change is not ADDED)
    assert new == "".join(piece.text for piece in found if piece.change is not REMOVED)
    assert all(one.change is not two.change for one, two in pairwise(found))


def test_long_texts_are_compared_in_time():
    """
    A word changed in each of two hundred paragraphs takes no seconds; nor do two texts that share
    nothing.
    """
    paragraphs = [" ".join(f"كلمة{number}" for number in range(start, start + 60)) for start in range(200)]
    edited = [paragraph.replace("كلمة", "لفظة", 1) for paragraph in paragraphs]  # word, utterance
    began = time.monotonic()

    found = changes("\n".join(paragraphs), "\n".join(edited))
    changes("و " * 20_000, "في " * 20_000)  # and, in
    changes("و\n" * 5_000, "و\nفي\n" * 5_000)

    assert {SAME, REMOVED, ADDED} >= {piece.change for piece in found}
    assert time.monotonic() - began < 20
