"""Characters: what folds to what, and the way back to the published text."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.arabic.characters import carrying, explicit, fold, fold_mapped

#: Letters, marks and controls that do something to one another, and anything else now and then.
TEXTS = st.text(
    st.one_of(
        st.sampled_from(
            "اأإآٱىيیةهکكوفبلسء ؤئپچگ\u0640\u0654\u0655\u0653\u064b\u0651\u064e\u0670\u0674\u200c\u200f\ufeff"
            "\ufefb\ufe7c\ufe77\ufdf2\ufc60abÀéςΣİß\ufb03\u1100\u1161각ｶﾞ١۲"
        ),
        st.characters(exclude_categories=["Cs"]),
    )
)


@pytest.mark.parametrize(
    ("published", "folded"),
    [
        ("أحمد إبراهيم آدم ٱلله", "احمد ابراهيم ادم الله"),  # alefs: Ahmad, Ibrahim, Adam, God
        ("مستشفى", "مستشفي"),  # hospital
        ("هدنة", "هدنه"),  # truce
        ("روسیا", "روسيا"),  # Russia with a Persian yeh
        ("موسکو", "موسكو"),  # Moscow with a Persian kaf
        ("ہدنۃ", "هدنه"),  # truce in Urdu letters
        ("ھيئە ۀ", "هيئه ه"),  # body, with the hehs of Uighur, Kurdish and Persian
        ("علے", "علي"),  # Ali with an Urdu yeh
        ("پاريس ڤيينا بيچينغ ژنيف", "باريس فيينا بيجينغ زنيف"),  # Paris, Vienna, Beijing, Geneva
        ("ڭݣگ", "گگگ"),  # hard g: which Arabic letter it is, the listed word says
        ("٢٠٢٥ ۲۰۲۵", "2025 2025"),
        ("مُحَمَّدٌ", "محمد"),  # Muhammad with harakat
        ("ال\u0640\u0640\u0640سلام", "السلام"),  # peace with tatweel
        ("هٰذا", "هذا"),  # this, with the superscript alef
        ("ا\u0654حمد ا\u0655ن ا\u0653ن", "احمد ان ان"),  # letter and hamza apart
        ("و\u0654 ي\u0654", "ؤ ئ"),  # hamza on waw and on yeh stays
        ("ﺑﻮﺗﻴﻦ", "بوتين"),  # Putin in presentation forms
        ("ﻻﻓﺮﻭﻑ", "لافروف"),  # Lavrov with the lam-alef ligature
        ("ﷲ", "الله"),  # God as one character
        ("سل\ufe77ام", "سلام"),  # peace with a fatha drawn on a tatweel
        ("سل\ufe76ام", "سلام"),  # ... drawn on a blank
        ("بو\u200cتين\u200f \u202bبوتين\u202c \u2067بوتين\u2069", "بوتين بوتين بوتين"),  # joiners, bidi
        ("بو\u00adتين \ufeffبوتين \u2060بوتين", "بوتين بوتين بوتين"),  # soft hyphen, BOM, word joiner
        ("مسؤول شئون جزء", "مسؤول شئون جزء"),  # hamza on other seats stays: official, affairs, part
        ("NATO Élysée ＮＡＴＯ", "nato elysee nato"),
    ],
)
def test_spellings_of_one_word_fold_to_one(published, folded):
    """
    Presentation forms, marks, controls, Persian letters and both digit sets leave one spelling.
    """
    assert folded == fold(published)


@pytest.mark.parametrize(
    ("published", "kept"),
    [
        ("الأُمّـة", "الأمة"),  # the nation
        ("ا\u0654مّة", "أمة"),  # nation, alef and hamza apart
        ("إلى مستشفى", "إلى مستشفى"),  # to a hospital
        ("Éire أيرلندا", "eire أيرلندا"),  # accents go, a hamza in the same text stays
    ],
)
def test_explicit_letters_keep_their_carriers(published, kept):
    """
    What only differs to the eye goes; hamza on alef, the dots of ة and ى without dots stay.
    """
    assert kept == explicit(published)


def test_carrying_keeps_letters_only():
    """
    Terms are compared letter by letter, whatever stands between their words.
    """
    assert "أميركااللاتينية" == carrying("أميركا - اللاتينية")  # Latin America


def test_the_map_leads_back_to_what_was_published():
    """
    A span of the folded text is a span of the published one, marks included.
    """
    published = "قال «بُــوتِين»: ﻻ"
    folded = fold_mapped(published)
    start = folded.text.index("بوتين")

    begin, end = folded.span(start, start + 5)

    assert "بُــوتِين" == published[begin:end]


def test_an_expansion_maps_to_its_one_character():
    """
    Each of the letters of a ligature stands where the ligature stands.
    """
    folded = fold_mapped("و\ufdf2")

    assert "والله" == folded.text
    assert [0, 1, 1, 1, 1] == folded.starts
    assert [1, 2, 2, 2, 2] == folded.ends


@given(TEXTS)
def test_folding_is_idempotent(text):
    """
    What is folded stays as it is.
    """
    assert fold(text) == fold(fold(text))
    assert explicit(text) == explicit(explicit(text))


@given(TEXTS)
def test_the_mapped_text_is_the_folded_one(text):
    """
    The offset map is of the same text, in order, within the published one.
    """
    folded = fold_mapped(text)

    assert fold(text) == folded.text
    assert len(folded.text) == len(folded.starts) == len(folded.ends)
    assert sorted(folded.starts) == folded.starts
    assert all(0 <= start < end <= len(text) for start, end in zip(folded.starts, folded.ends, strict=True))


@pytest.mark.parametrize(
    "unit",
    ["ا", "\u064b", "\u200c", "ا\u0654\u0655", "\u0654\u0655", "\u0f71\u0f72", "\u0640", "و ", "\ufdfa"],
    ids=["alef", "harakat", "joiners", "hamzas", "marks", "tibetan", "tatweel", "lone", "ligatures"],
)
def test_a_megabyte_of_one_thing_takes_no_more_than_its_length(unit):
    """
    Normalising alone would take the square of a run of marks: half an hour for this one.
    """
    text = "ا" + unit * (1_000_000 // len(unit))
    started = time.perf_counter()

    fold_mapped(text)
    fold(text)

    assert time.perf_counter() - started < 60


@given(st.text(st.characters(codec="ascii") | st.characters(min_codepoint=0x0600, max_codepoint=0x065F)))
def test_everyday_text_is_folded_like_any_other(text):
    """
    There is a short way for text of nothing but common letters and marks; it leads to the same.
    """
    assert explicit(f"{text}\u00a0").removesuffix(" ") == explicit(text)
    assert fold(f"{text}\u00a0").removesuffix(" ") == fold(text)
