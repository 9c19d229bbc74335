"""Stems: which words search takes for one, and which it keeps apart."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.arabic.characters import fold
from pipeline.arabic.lexicon import names, singulars
from pipeline.arabic.stems import base, stem


def stem_of(word: str) -> str:
    """The stem of a word as published."""
    return stem(fold(word))


@pytest.mark.parametrize(
    "family",
    [
        "لقاء اللقاء للقاء وللقاء لقاءات بلقائه لقائهما",  # meeting
        "سفارة السفارة للسفارة سفاراتها سفارتيهما والسفارات",  # embassy
        "مفاوضات المفاوضات للمفاوضات مفاوضاتهما كمفاوضات",  # negotiations
        "وزير الوزير وزراء للوزراء وزرائهم ووزرائهم وزيرا",  # minister
        "مسؤول المسئولين مسؤولون مسؤولا مسئول",  # official: hamza on either seat
        "شأن شؤون الشئون",  # affair
        "روسي الروسية روس الروسيتين والروسيين",  # Russian
        "أمريكي الأمريكية امريكيين للأمريكيين",  # American
        "بلد البلدين بلدان للبلدين بلادنا",  # country
        "صاروخ صواريخ بالصواريخ صواريخها",  # missile
        "قوة القوات قواتنا بالقوات",  # force
        "دولة الدول للدول دولتين",  # state
        "ولاية الولايات ولايته",  # state, term
        "مستشفى المستشفيات مستشفيات",  # hospital
        "وفد الوفد وفود ووفد للوفد",  # delegation: its و is its own
        "والد ووالد الوالد",  # father
        "ترامب لترامب وترامب",  # Trump
        "ويتكوف وويتكوف لويتكوف",  # Witkoff
        "سوريا لسوريا وسوريا",  # Syria
        "الكرملين للكرملين بالكرملين",  # the Kremlin
        "موسكو لموسكو وموسكو بموسكو",  # Moscow
        "لبنان للبنان بلبنان",  # Lebanon
        "كييف لكييف ككييف وكييف",  # Kyiv
        "إلقاء القاء بإلقاء",  # throwing: no article before a قاء
        "التقى والتقى",  # he met, which begins like an article
        "الحوثي الحوثيين للحوثيين",  # the Houthi
        "أسير أسرى الأسرى أسراهم",  # prisoner
        "كبير كبيرة الكبيرة وكبيرة",  # big
        "حقيقة حقائق والحقائق",  # truth
        "قيادة بقيادة وبقيادة والقيادة",  # command: commoner in "led by" than alone
        "سبب بسبب وبسبب السبب",  # reason, because of
        "دعم لدعم الدعم ودعمهم",  # support
        "قال وقال",  # he said
        "إعلام والإعلام وبالإعلام",  # media
        "تعاون بالتعاون والتعاون",  # cooperation
        "منزل منازلهم منازلها المنازل",  # house
        "مدينة مدينتي مدينتين والمدن",  # city
    ],
)
def test_the_forms_of_a_word_have_one_stem(family):
    """
    Clitics, number, pronouns, broken plurals and hamza seats come to the same.
    """
    assert 1 == len({stem_of(word) for word in family.split()})


@pytest.mark.parametrize(
    "strangers",
    [
        "للقاء إلقاء تلقاء",  # to a meeting, throwing, towards
        "طالبان طالب",  # the Taliban, a student
        "الرياضة الرياض",  # sport, Riyadh
        "بوتان بوتين",  # Bhutan, Putin
        "ولاية والي لاية",  # state, governor
        "لبنان لبن البنان",  # Lebanon, milk, the fingertips
        "وفد فد",
        "بكين كين بكى",  # Beijing, he wept
        "إعلام علم",  # media, science
        "القاهرة القاهر",  # Cairo, the vanquisher
        "جامعة جامع",  # university, mosque
        "خلاف خلافة",  # dispute, caliphate
        "البلدين الدين",  # both countries, religion
        "كان كانون",  # he was, December
        "شعب شعبان",  # people, Sha'ban
        "سليم سليمان",  # sound, Sulaiman
        "عدن عدنان",  # Aden, Adnan
        "مصر مصرف",  # Egypt, bank
        "دولار دولة",  # dollar, state
        "واحد أحد",  # one, anyone: واحد has its ال and its "and"
        "باتت أتت",  # she spent the night, she came: no noun, so no "in" before it
        "بحثت حثت",  # she discussed, she urged
        "والدين الدين",  # parents, religion
        "باريس ريس",
        "جنيها جني",  # a pound, a jinni
    ],
)
def test_look_alikes_keep_stems_of_their_own(strangers):
    """
    What only looks like a form of something is none.
    """
    words = strangers.split()

    assert len(words) == len({stem_of(word) for word in words})


def test_names_are_left_whole():
    """
    No name of the lexicon loses a letter of its own.
    """
    bare = {name.removeprefix("ال") for name in names()}

    assert bare == {base(name) for name in bare}


def test_hundreds_of_broken_plurals_go_to_their_singular():
    """
    The reviewed table is what counts cannot know.
    """
    plurals = {plural: singular for plural, singular in singulars().items() if plural != singular}

    assert len(plurals) >= 400
    assert [] == [
        plural for plural, singular in plurals.items() if len(plural) > 3 and singular != stem(plural)
    ]


@given(st.text("اأإآبتنيوهةىلفكسمر", max_size=30))
def test_stems_are_stable(word):
    """
    The same word has the same stem, which is never empty where the word is not.
    """
    folded = fold(word)

    assert stem(folded) == stem(folded)
    assert bool(folded) == bool(stem(folded))


@pytest.mark.parametrize("unit", ["ا", "و", "ل", "ال", "ها"])
def test_a_word_of_a_million_letters_is_stemmed_in_linear_time(unit):
    """
    A clitic comes off once, so the work does not grow with what might be clitics.
    """
    word = unit * (1_000_000 // len(unit))
    started = time.perf_counter()

    stem(word)

    assert time.perf_counter() - started < 60


# shoulder, Babel, interval, nearly did, so-and-so
@pytest.mark.parametrize("word", ["كاهل", "بابل", "فاصل", "كادت", "فلان"])
def test_a_clitic_is_counted_with_the_hamza_it_would_leave(word):
    """
    What remains is commoner only in another spelling: كاهل (shoulder) is not "like" before أهل (people).
    """
    assert word == base(word)
