"""Matching: what listed terms accept and reject, by class; and that nothing can make it run away."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from pipeline.arabic.classes import guess_class
from pipeline.arabic.matching import Matcher, Written
from pipeline.arabic.words import WORD
from tests.arabic.test_characters import TEXTS

TABLE = yaml.safe_load(Path(__file__).with_name("forms.yml").read_text(encoding="utf-8"))
CASES = [
    (entry["term"], entry.get("class", ""), text, expected)
    for entry in TABLE
    for expected, texts in ((True, entry["accepts"]), (False, entry["rejects"]))
    for text in texts
]


def stands(term: str, text: str, word_class: str = "") -> bool:
    """Whether the term is found anywhere in the text."""
    return bool(Matcher([[Written(term, word_class)]]).find(text))


def test_the_table_is_large():
    """
    Classes of words are promises about hundreds of forms, not about a few.
    """
    assert len(CASES) >= 300
    assert all(entry["english"] for entry in TABLE)


@pytest.mark.parametrize("entry", TABLE, ids=[entry["english"] for entry in TABLE])
def test_a_term_accepts_its_forms_and_no_others(entry):
    """
    Clitics, endings, spellings and agreement are those of the term's class.
    """
    matcher = Matcher([[Written(entry["term"], entry.get("class", ""))]])

    assert entry["accepts"] == [text for text in entry["accepts"] if matcher.find(text)]
    assert [] == [text for text in entry["rejects"] if matcher.find(text)]


@pytest.mark.parametrize(
    ("word", "word_class"),
    [
        ("سفارة", "noun"),  # embassy
        ("الوزير", "noun"),  # the minister: listed with its article, inflected with it
        ("روسي", "adjective"),  # Russian
        ("بوتين", "name"),  # Putin
        ("قطر", "name"),  # Qatar
        ("الدوما", "article"),  # the Duma
        ("يلتقي", "verb"),  # he meets
        ("التقى", "verb"),  # he met, which begins like an article
        ("المانيا", "name"),  # Germany, which only lost its hamza
        ("ياسر", "name"),  # Yasser, no verb
    ],
)
def test_a_class_is_guessed(word, word_class):
    """
    Shape and use tell nouns, names and verbs apart; an editor may say otherwise.
    """
    assert word_class == guess_class(word)


#: Listed words and the clitics their class takes, outermost first.
NOMINAL_CHAINS = [c + p for c in ("", "و", "ف") for p in ("", "ب", "ل", "ك")]
NAMES = [
    "موسكو",
    "واشنطن",
    "بوتين",
    "طهران",
    "زيلينسكي",
    "لندن",
    "كييف",
    "أردوغان",
    "نتنياهو",
    "فيينا",
    "بكين",
]
NOUNS = [
    "مفاوضات",
    "سفارة",
    "لقاء",
    "لجنة",
    "وزير",
    "قمة",
    "هدنة",
    "عقوبات",
    "اتفاق",
    "صاروخ",
    "قوات",
    "مبعوث",
]


#: What a chain and a term can make by chance: a word of its own, which is no form of the term.
OTHER_WORDS = {"فقمة"}  # a seal, not "so a summit"


@given(st.sampled_from(NAMES + NOUNS), st.sampled_from(NOMINAL_CHAINS), st.sampled_from(["", " ", " «"]))
def test_a_licensed_clitic_never_loses_a_term(term, chain, apart):
    """
    And, so, in, for and like stand before any noun or name; "and" also apart from it.
    """
    conjunction, rest = (chain[:1], chain[1:]) if chain[:1] in ("و", "ف") else ("", chain)
    lone = conjunction + apart if conjunction else ""
    written = f"{lone}{rest}{term}"

    assert stands(term, written) == (written not in OTHER_WORDS)


@given(st.sampled_from(NOUNS), st.sampled_from(["", "و", "ف"]), st.sampled_from(["", "ب", "ك", "ل"]))
def test_an_article_never_loses_a_noun(term, conjunction, preposition):
    """
    ال behind any of them; with ل it is لل, and of three lams two are written.
    """
    article = {"": "ال", "ب": "بال", "ك": "كال", "ل": "لل"}[preposition]
    word = term[1:] if preposition == "ل" and term[0] == "ل" else term

    assert stands(term, conjunction + article + word)


@given(
    st.sampled_from(NAMES + NOUNS),
    st.lists(st.sampled_from("\u064b\u064e\u064f\u0650\u0651\u0652\u0640\u200c")),
)
def test_marks_never_lose_a_term_written_without(term, marks):
    """
    Harakat, tatweel and joiners anywhere behind a letter change nothing.
    """
    marked = "".join(
        letter + (marks[place % len(marks)] if marks else "") for place, letter in enumerate(term)
    )

    assert stands(term, marked)


@given(TEXTS)
def test_no_text_breaks_the_matcher(text):
    """
    Whatever is published, finds are in order and within the text.
    """
    found = EVERYTHING.find(text)

    assert sorted(found, key=lambda one: one.first) == found
    assert all(one.first <= one.last < len(WORD.findall(text)) for one in found)


EVERYTHING = Matcher([[Written(entry["term"], entry.get("class", ""))] for entry in TABLE])


@pytest.mark.parametrize(
    "unit",
    ["ا", "\u064e", "\u064b\u0650", "\u200c", "و ", "وزيرا خارجية ", "عُ", "الرئيسان ", "گ"],
    ids=["alef", "fatha", "marks", "joiners", "lone", "heads", "vowelled", "shared", "hard g"],
)
def test_a_megabyte_of_one_thing_is_matched_in_linear_time(unit):
    """
    No word, and no head that waits for its owner, costs more than its length.
    """
    text = "عما" + unit * (1_000_000 // len(unit))
    started = time.perf_counter()

    EVERYTHING.find(text)

    assert time.perf_counter() - started < 60


@pytest.mark.parametrize("term", ["واشنطن وبكين", "حماس وإسرائيل", "غزو روسيا لأوكرانيا", "الموالين لموسكو"])
def test_a_term_may_hold_a_name_behind_a_clitic(term):
    """
    What is listed as Washington and Beijing, in one word with its "and", is found so: Beijing is a name
    of its own, and no other than the listed one.
    """
    assert stands(term, f"قالوا إن {term} شأن آخر")  # they said that … is another matter


def test_one_term_is_found_once_however_many_ways_it_can_be_read():
    """
    A form of two readings, or of two spellings of one term, is one find.
    """
    matcher = Matcher([[Written("سوريا"), Written("سورية")], [Written("سوري")]])  # Syria; Syrian

    assert [(0, 0, 0), (1, 0, 0)] == [tuple(found) for found in matcher.find("سورية")]
