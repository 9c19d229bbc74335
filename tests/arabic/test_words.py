"""Words: where they begin and end, and what belongs to them."""

from __future__ import annotations

import itertools
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.arabic.characters import fold
from pipeline.arabic.words import words
from tests.arabic.test_characters import TEXTS


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("#قمة_ألاسكا اليوم", ["قمه", "الاسكا", "اليوم"]),  # hashtag: Alaska summit; today
        ("واشنطن و موسكو", ["واشنطن", "وموسكو"]),  # Washington and Moscow
        ("حضر ف غادر", ["حضر", "فغادر"]),  # he came and left
        ("واشنطن و «موسكو»", ["واشنطن", "وموسكو"]),
        ('واشنطن و"موسكو"', ["واشنطن", "وموسكو"]),
        ("2024 و 2025", ["2024", "2025"]),
        ("شركتا و Google", ["شركتا", "google"]),  # two companies and
        ("بوتين/ترامب - لافروف", ["بوتين", "ترامب", "لافروف"]),
        ("عام 2025م", ["عام", "2025", "م"]),  # the year 2025
        ("قمة الـG20", ["قمه", "ال", "g20"]),  # the G20 summit
        ("ستارت-٣", ["ستارت", "3"]),  # START-3
        ("بو\u200cتين\u200f", ["بوتين"]),
        ("كان هو و", ["كان", "هو", "و"]),  # a lone waw at the end is a word of its own
    ],
)
def test_text_is_cut_into_words(text, folded):
    """
    Hashtags and underscores split, Latin is kept, a lone و or ف belongs to the word after it.
    """
    assert folded == [word.folded for word in words(text)]


@given(TEXTS)
def test_spans_reproduce_the_published_form(text):
    """
    A word is what stands at its span, and folds to what it says.
    """
    found = words(text)

    assert all(word.form == text[word.start : word.end] for word in found)
    assert all(word.folded in "".join(filter(str.isalnum, fold(word.form))) for word in found)
    assert all(before.end <= after.start for before, after in itertools.pairwise(found))


@given(st.lists(st.sampled_from(["و", "ف"]), min_size=1, max_size=3))
def test_a_lone_conjunction_takes_no_position(lone):
    """
    Phrases are counted in words, so a conjunction set apart must not be one.
    """
    text = " ".join(f"{conjunction} موسكو" for conjunction in lone)  # and/so Moscow

    assert len(lone) == len(words(text))


@pytest.mark.parametrize("unit", ["ا", "\u064b", "\u200c", "و ", "و\u00a0", "_", "a\u0301", "#", "2"])
def test_a_megabyte_of_one_thing_is_cut_in_linear_time(unit):
    """
    No expression of the cutter can run away.
    """
    text = "ا" + unit * (1_000_000 // len(unit))
    started = time.perf_counter()

    words(text)

    assert time.perf_counter() - started < 60
