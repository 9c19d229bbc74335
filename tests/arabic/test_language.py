"""Languages of the Arabic script are told apart, in headlines too."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.arabic.language import arabic_letters, language_of


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("البرلمان يناقش موازنة العام المقبل وسط خلاف حول الدعم", "ar"),
        ("عاجل | انفجار وسط روما", "ar"),
        ("انفجار وسط روما", "ar"),
        ("فيديو", "ar"),
        ("اطلاق صاروخ Falcon 9 من قاعدة Cape Canaveral امس", "ar"),
        ("وزیر الصحة یزور المستشفى الجدید فی العاصمة", "ar"),  # typed with Farsi yeh
        ("شنو وقع البارح ف المباراة ديال الرجاء", "ar"),  # Moroccan
        ("الفيديو اللي هز الفيسبوك.. چيب وپيكاب في قلب الصحراء", "ar"),
        ("رئیس جمهور در نشست خبری گفت که دولت برای مهار تورم برنامه دارد", "fa"),
        ("قیمت سکه و طلا امروز چقدر شد؟", "fa"),
        ("وزیر اعظم نے کہا ہے کہ حکومت عوام کو ریلیف دے گی", "ur"),
        ("پاکستان میں بارشوں سے تباہی", "ur"),
        ("د افغانستان په شمال کې د سیلابونو له امله ګڼ کسان مړه شوي دي", "ps"),
        ("سەرۆکی هەرێم لەگەڵ باڵیۆزی وڵاتێک کۆبووەوە", "ckb"),
        ("The government said on Monday that the new budget would be presented next week", "en"),
        ("Le gouvernement a annoncé lundi que le nouveau budget serait présenté la semaine prochaine", "fr"),
        ("12 - 5 (3)", "und"),
        ("", "und"),
    ],
)
def test_language_of_a_text(text, language):
    """
    Letters and function words name the language, whatever names and loanwords stand between them.
    """
    assert language == language_of(text)


@given(text=st.text(max_size=80))
def test_any_text_has_an_answer(text):
    """
    Whatever stands in a text, there is a code for it.
    """
    assert language_of(text)


def test_letters_of_the_script_are_counted_without_marks():
    """
    Harakat, digits, punctuation and Latin letters are not letters of the Arabic script.
    """
    assert 3 == arabic_letters("خَبَرٌ 12 (news)، ")


@pytest.mark.shared
def test_shared_pages_are_told_apart(shared_data):
    """
    The gold texts of the Persian pages are Persian, those of the Arabic ones Arabic.
    """
    golds = [
        json.loads(path.read_text("utf-8"))
        for path in sorted((shared_data / "pages" / "gold").glob("*.json"))
    ]

    found = {gold["id"]: (language_of(gold["title"]), language_of(gold["body"])) for gold in golds}

    assert {gold["id"]: (gold["language"], gold["language"]) for gold in golds} == found
