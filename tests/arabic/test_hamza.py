"""Hamza in an index: which spelling finds which."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.arabic.characters import carrying
from pipeline.arabic.hamza import MOST_LOOKUPS, compatible, index_tokens, lookup_tokens
from pipeline.arabic.stems import base, stem


def finds(query: str, form: str) -> bool:
    """Whether a query for one word finds a position that holds another."""
    folded, explicit = index_tokens(form)
    wanted = lookup_tokens(query)
    return (explicit if wanted.explicit else folded) in wanted.tokens


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
    assert ("اتفاق", "اتفاق") == index_tokens("واتفاقاتهما")  # and agreements of theirs
    assert ("امن", "أمن") == index_tokens("وللأمن", base)  # and to security


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
    wanted = lookup_tokens(form)

    assert 1 <= len(wanted.tokens) <= MOST_LOOKUPS
    assert all(compatible(index_tokens(form)[1], token) for token in wanted.tokens if wanted.explicit)


def test_views_have_tokens_of_their_own():
    """
    Phrases keep the endings that single words lose.
    """
    assert ("الولايات", "ولايات") == ("ال" + base("الولايات"), index_tokens("للولايات", base)[1])  # states
    assert ("ولايه", "ولايه") == (stem("الولايات"), index_tokens("للولايات")[1])
