"""Hamza in an index: which spelling finds which."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.arabic.characters import carrying
from pipeline.arabic.hamza import (
    MARK,
    MOST_LOOKUPS,
    begins,
    compatible,
    explicit_of,
    folded_of,
    lookups,
    tokens_of,
)
from pipeline.arabic.words import folded_form
from pipeline.search.views import viewed


def kept(form: str) -> str:
    """What an index keeps of a word to compare stems."""
    return viewed(form).kept_stem


def looked_up(form: str) -> tuple[str, ...]:
    """What a query for one word looks up."""
    return lookups(form, viewed(form).stem)


def finds(query: str, form: str) -> bool:
    """Whether a query for one word finds a position that holds another."""
    return not {*looked_up(query)}.isdisjoint(tokens_of(kept(form)))


@pytest.mark.parametrize(
    ("query", "form", "found"),
    [
        ("ايران", "إيران", True),  # Iran
        ("إيران", "ايران", True),
        ("إيران", "وإيران", True),
        ("إيران", "لايران", True),
        ("إيران", "أيران", False),
        ("أعلام", "إعلام", False),  # flags, media
        ("اعلام", "إعلام", True),
        ("اعلام", "أعلام", True),
        ("إعلام", "الإعلام", True),
        ("إعلام", "بالأعلام", False),
        ("آثار", "أثار", False),  # antiquities, he stirred
        ("آثار", "اثار", True),
        ("موسكو", "لموسكو", True),  # Moscow: no alef, nothing to tell apart
    ],
)
def test_a_bare_alef_meets_all_and_carriers_differ(query, form, found):
    """
    A bare alef may be any of them; two that say what they carry have to say the same.
    """
    assert found == finds(query, form)


def test_the_explicit_token_loses_what_the_folded_one_loses():
    """
    Both tokens of a position are of one word: clitics and endings are off both.
    """
    assert "اتفاق·اا" == kept("واتفاقاتهما")  # and agreements of theirs
    assert "امن·أ" == viewed("وللأمن").kept_base  # and to security


def test_a_broken_plural_carries_what_its_singular_carries():
    """
    A plural the table knows is kept as its singular, whose alef may carry something else.
    """
    assert finds("أثر", "الآثار")  # trace, the traces
    assert finds("آمال", "أمل")  # hopes, hope


def test_a_word_without_alef_has_one_token():
    """
    There is nothing to tell apart in it.
    """
    assert ("موسكو",) == tokens_of(kept("وموسكو"))  # and Moscow


@given(st.text("اأإآبتنيوه", min_size=1, max_size=40))
def test_a_word_is_found_by_its_own_spelling_and_by_the_bare_one(form):
    """
    Whatever carriers a text has, the same spelling finds it, and so does one without any.
    """
    assert finds(form, form)
    assert finds(carrying(form).translate(str.maketrans("أإآ", "ااا")), form)


@given(st.text("اأإآبن", min_size=1, max_size=40))
def test_never_more_than_eight_spellings_are_looked_up(form):
    """
    And each of them is compatible with the word asked for.
    """
    wanted = looked_up(form)

    assert 1 <= len(wanted) <= MOST_LOOKUPS
    assert {folded_of(kept(form))} == {folded_of(token) for token in wanted}
    assert all(compatible(explicit_of(kept(form)), explicit_of(token)) for token in wanted if MARK in token)


@pytest.mark.parametrize(
    ("start", "form", "found"),
    [
        ("أمري", "الأمريكية", True),  # American
        ("أمري", "امريكا", True),
        ("أمري", "إمريكا", False),
        ("امري", "إمريكا", True),
        ("أمري", "موسكو", False),
    ],
)
def test_the_beginning_of_a_word_is_as_particular_as_a_word(start, form, found):
    """
    A bare alef in a prefix meets all, and one with a carrier itself and bare ones.
    """
    spelled = start if "ا" not in start else ""

    assert found == begins(viewed(form).kept_base, folded_form(start), spelled)


def test_views_have_tokens_of_their_own():
    """
    Phrases keep the endings that single words lose.
    """
    assert "ولايات·اا" == viewed("للولايات").kept_base  # states
    assert "ولايه·ا" == kept("للولايات")
