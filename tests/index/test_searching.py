"""
What a search finds, held against both engines by one suite.
"""

from __future__ import annotations

import pytest

from pipeline.answers import SearchRequest
from pipeline.errors import QueryError
from tests.index.documents import DAY, START, document


def test_a_word_finds_its_inflected_forms(searched):
    """
    Clitics, articles and endings do not hide a word, in title or body.
    """
    searched.add(
        document(1, "قمة في موسكو"),
        document(2, "عن الطقس", "وصل الوفد إلى العاصمة الروسية قادما من موسكو أمس"),
        document(3, "عن الزراعة", "موسم الحصاد يبدأ غدا"),
    )

    assert [1, 2] == sorted(searched.numbers("بموسكو"))
    assert [3] == searched.numbers("الموسم")
    assert [] == searched.numbers("باريس")


def test_all_words_must_be_there(searched):
    """
    Words may match in different fields, but each must match; a negated one must not.
    """
    searched.add(
        document(1, "قمة في موسكو", "شارك فيها وزراء المالية"),
        document(2, "قمة في باريس", "شارك فيها وزراء الزراعة"),
    )

    assert [1] == searched.numbers("موسكو المالية")
    assert [2] == searched.numbers("قمة -موسكو")
    assert [1, 2] == sorted(searched.numbers("موسكو OR باريس"))
    assert [1] == searched.numbers("(موسكو OR باريس) -الزراعة")


def test_a_phrase_stands_in_one_field_in_its_order(searched):
    """
    The words of a phrase stand side by side, with whatever clitics.
    """
    searched.add(
        document(1, "وزير الخارجية يصل"),
        document(2, "الخارجية: الوزير يصل"),
        document(3, "كلمة الوزير", "الخارجية تعلن"),
        document(4, "لقاء", "اجتمع بوزير الخارجية الروسي"),
    )

    assert [1, 4] == sorted(searched.numbers('"وزير الخارجية"'))
    assert [1, 4] == sorted(searched.numbers("«وزير الخارجية»"))


def test_a_prefix_finds_what_begins_so(searched):
    """
    A prefix matches whatever clitics stand before it.
    """
    searched.add(document(1, "والمفاوضات مستمرة"), document(2, "المفاوض يعود"), document(3, "فوضى في السوق"))

    assert [1, 2] == sorted(searched.numbers("مفاوض*"))


def test_filters_narrow_the_answer(searched):
    """
    Topic, outlet, country and time narrow the answer; alone they are a query.
    """
    searched.add(
        document(1, "خبر", topics=["water"], outlet="one", country="jo", day=0),
        document(2, "خبر", topics=["water", "oil"], outlet="two", country="eg", day=1),
        document(3, "خبر", outlet="two", country="eg", day=2),
    )

    assert [2, 1] == searched.numbers(topics=("water",))
    assert [3, 2] == searched.numbers(outlets=("two",))
    assert [1] == searched.numbers("خبر", countries=("jo",))
    assert [2] == searched.numbers(since=START + DAY, until=START + 2 * DAY)
    assert {"water": 2, "oil": 1} == searched.index.search(SearchRequest(query="خبر")).topic_counts


def test_pages_neither_skip_nor_repeat(searched):
    """
    Page after page gives every document once, newest first, with the exact total.
    """
    searched.add(*(document(number, "خبر عاجل", day=number % 3) for number in range(1, 24)))

    pages = [searched.numbers("خبر", limit=10, offset=offset, sort="newest") for offset in (0, 10, 20)]

    assert [10, 10, 3] == [len(page) for page in pages]
    assert list(range(1, 24)) == sorted(number for page in pages for number in page)
    assert 23 == searched.index.search(SearchRequest(query="خبر", limit=1)).total


def test_relevance_puts_titles_first_and_dates_order_the_rest(searched):
    """
    A word in the title says more than one in a long body.
    """
    searched.add(
        document(1, "عن الاقتصاد", "كلام كثير " * 30 + "عن القمح"),
        document(2, "سعر القمح يرتفع", "كلام كثير " * 30),
    )

    assert [2, 1] == searched.numbers("القمح")
    assert [1, 2] == searched.numbers("القمح", sort="oldest")


def test_highlights_are_spans_of_the_published_text(searched):
    """
    What is highlighted is the published word with its clitics and marks, not what it folds to.
    """
    published = "قال إنّ الاتصال وَلِلكرملين رأيٌ آخر"
    searched.add(document(1, "خبر", published))

    (hit,) = searched.index.search(SearchRequest(query="الكرملين")).hits

    body = next(piece for piece in hit.highlights if piece.field == "body")
    assert ["وَلِلكرملين"] == [body.text[start:end] for start, end in body.spans]
    assert published == hit.body


def test_undated_articles_sort_by_first_sighting(searched):
    """
    An article without a date of its own has its place, and no published date.
    """
    searched.add(document(1, "خبر", dated=False), document(2, "خبر", day=1))

    hits = searched.index.search(SearchRequest(query="خبر", sort="newest")).hits

    assert [START + DAY, None] == [hit.published_at for hit in hits]
    assert START == hits[1].dated_at


def test_a_query_that_cannot_be_read_is_an_error_on_both(searched):
    """
    Both engines refuse the same queries.
    """
    with pytest.raises(QueryError):
        searched.index.search(SearchRequest(query="-موسكو"))


def test_hamza_tells_words_apart_where_it_is_written(searched):
    """
    A word with a hamza finds itself and the hasty spelling, one without finds all; so do phrases,
    prefixes and NEAR.
    """
    searched.add(
        document(1, "وسائل الإعلام في المدينة"),  # the media in the city
        document(2, "رفع الأعلام في المدينة"),  # raising the flags in the city
        document(3, "وسائل الاعلام في المدينة"),
    )

    assert {1, 3} == set(searched.numbers("إعلام"))
    assert {2, 3} == set(searched.numbers("أعلام"))
    assert {1, 2, 3} == set(searched.numbers("اعلام"))
    assert {1, 3} == set(searched.numbers('"الإعلام في المدينة"'))
    assert {1, 2, 3} == set(searched.numbers('"الاعلام في المدينة"'))
    assert {2, 3} == set(searched.numbers("أعلا*"))
    assert {1, 2, 3} == set(searched.numbers("اعلا*"))
    assert {1, 3} == set(searched.numbers("المدينة NEAR/1 إعلام"))
    assert {2} == set(searched.numbers("مدينة -إعلام"))


def test_a_phrase_is_found_in_whatever_way_its_alefs_are_spelled(searched):
    """
    Also where the spellings an index has make up hundreds of ways to write it.
    """
    words = ["امل", "اثر", "امر", "اجل", "ابن"]  # hope, trace, matter, term, son
    spelled = [" ".join(alef + word[1:] for word in words) for alef in "اأإآ"]
    searched.add(*(document(number, title) for number, title in enumerate(spelled)))

    assert {0, 1, 2, 3} == set(searched.numbers(f'"{" ".join(words)}"'))
    assert {0, 1} == set(searched.numbers(f'"{spelled[1]}"'))
    assert set() == set(searched.numbers(f'"{" ".join(reversed(words))}"'))
