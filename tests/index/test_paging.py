"""
Pages, near-copies, counts: what an index promises beside finding, held against both engines.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from pipeline.answers import SearchRequest, SimilarRequest
from pipeline.errors import QueryError, QueryTimeoutError
from pipeline.index.sqlite import store
from tests.index.documents import DAY, START, document

WIRE = " ".join(f"جملة{number} من تقرير الوكالة عن ارتفاع منسوب النهر" for number in range(12))
OTHER = " ".join(f"فقرة{number} في مقال عن مهرجان السينما وضيوفه" for number in range(12))


def walked(searched, request, *, arriving=()):
    """Numbers on page after page; one of `arriving` is indexed after each."""
    left, cursor, found = list(arriving), "", []
    while True:
        page = searched.index.search(replace(request, cursor=cursor))
        found += [int(hit.document_id, 16) for hit in page.hits]
        cursor = page.cursor
        if not cursor:
            return found
        if left:
            searched.add(left.pop())


@pytest.mark.parametrize("sort", ["relevance", "fresh", "newest", "oldest"])
def test_deep_pages_neither_skip_nor_repeat_while_articles_arrive(searched, sort):
    """
    What was there at the first page is on exactly one page, whatever arrives meanwhile.
    """
    searched.add(
        *(document(n, "خبر عاجل" if n % 3 else "خبر", "خبر " * (n % 5), day=n % 4) for n in range(1, 24))
    )
    arriving = [document(100 + n, "خبر عاجل خبر", day=n % 6 - 1) for n in range(12)]

    found = walked(searched, SearchRequest(query="خبر", sort=sort, limit=5), arriving=arriving)

    assert list(range(1, 24)) == sorted(number for number in found if number < 100)


def test_pages_of_folded_copies_neither_skip_nor_repeat(searched):
    """
    Each group of near-copies is on exactly one page.
    """
    searched.add(*(document(n, f"عنوان {n}", f"خبر {n // 2} " * 12, day=n % 3) for n in range(2, 24)))

    found = walked(searched, SearchRequest(query="خبر", sort="newest", limit=4, collapse=True))

    assert list(range(1, 12)) == sorted(number // 2 for number in found)


def test_a_cursor_belongs_to_its_search(searched):
    """
    A cursor that was cut, made up or taken from another search is an error that says so.
    """
    searched.add(*(document(number, "خبر") for number in range(1, 6)))
    request = SearchRequest(query="خبر", sort="newest", limit=2, cursor="")
    cursor = searched.index.search(request).cursor

    for wrong in (replace(request, cursor="zzz"), replace(request, query="خبر عاجل", cursor=cursor)):
        with pytest.raises(QueryError, match="first page"):
            searched.index.search(wrong)


def test_near_copies_fold_and_are_counted_both_ways(searched):
    """
    A wire report in three papers is one hit that stands for three, when folding is wanted.
    """
    searched.add(
        document(1, "منسوب النهر يرتفع", WIRE, day=1),
        document(2, "النهر يرتفع", WIRE + " انتهى", day=2),
        document(3, "الوكالة: النهر يرتفع", WIRE, day=3),
        document(4, "مهرجان السينما والنهر", OTHER),
    )

    flat = searched.index.search(SearchRequest(query="النهر", sort="newest"))
    folded = searched.index.search(SearchRequest(query="النهر", sort="newest", collapse=True))

    assert (4, 2) == (flat.total, flat.total_collapsed) == (folded.total, folded.total_collapsed)
    assert [3, 4] == [int(hit.document_id, 16) for hit in folded.hits]
    assert [3, 1] == [hit.copies for hit in folded.hits]


def test_a_timeline_is_of_the_readers_days_with_the_share_of_all_coverage(searched):
    """
    Half past ten at night in London is the next day in Amman; each day tells what else was published.
    """
    at = datetime(2026, 3, 1, 22, 30, tzinfo=UTC)
    searched.add(document(1, "مطر", at=at), document(2, "شمس", at=at), document(3, "مطر", at=at - DAY))

    page = searched.index.search(SearchRequest(query="مطر", zone="Asia/Amman"))

    assert "day" == page.timeline_by
    assert [("2026-03-01T00:00:00+03:00", 1, 1), ("2026-03-02T00:00:00+03:00", 1, 2)] == [
        (bucket.start.isoformat(), bucket.count, bucket.coverage) for bucket in page.timeline
    ]
    assert [1.0, 0.5] == [bucket.share for bucket in page.timeline]


def test_a_short_time_is_drawn_by_the_hour_and_a_long_one_by_the_month(searched):
    """
    Unless a step is asked for, the time asked about decides it.
    """
    searched.add(
        document(1, "مطر", at=START), document(2, "مطر", at=START + timedelta(minutes=90)), document(3, "مطر")
    )
    hours = searched.index.search(SearchRequest(query="مطر date:2026-03-01"))
    months = searched.index.search(SearchRequest(query="مطر", timeline_by="month"))

    assert ("hour", [2, 1]) == (hours.timeline_by, [bucket.count for bucket in hours.timeline])
    assert ("month", [3]) == (months.timeline_by, [bucket.count for bucket in months.timeline])


def test_the_undated_are_placed_by_first_sighting_and_counted_apart(searched):
    """
    `date:` drops no article for having no date of its own.
    """
    searched.add(document(1, "خبر", dated=False), document(2, "خبر", day=3))

    page = searched.index.search(SearchRequest(query="خبر date:2026-03-01"))

    assert [None] == [hit.published_at for hit in page.hits]
    assert (1, 1) == (page.total, page.undated)


def test_everything_found_comes_one_after_the_other(searched):
    """
    An export sees each hit once, in the order asked for, however many pages it takes.
    """
    searched.add(*(document(number, "خبر", day=number % 2) for number in range(1, 8)))

    found = [int(hit.document_id, 16) for hit in searched.index.every(SearchRequest(query="خبر", limit=2))]

    assert list(range(1, 8)) == sorted(found)


def test_a_hit_says_why_it_answers_and_the_answer_how_it_was_read(searched):
    """
    For each part of the query: the form the article has it in, where and how often.
    """
    searched.add(document(1, "ترمب يصل إلى موسكو", "قال ترمب وترمب"))

    page = searched.index.search(SearchRequest(query="ترامب موسكو"))

    assert [("ترامب", "title", 1), ("ترامب", "body", 2), ("موسكو", "title", 1)] == [
        (reason.asked, reason.field, reason.count) for reason in page.hits[0].reasons
    ]
    assert "ترامب and موسكو" == page.reading.english
    assert "ترمب" in page.reading.expanded[0].forms


def test_fresh_puts_this_weeks_article_before_an_older_better_one(searched):
    """
    Relevance halves with every week of age, when that is asked for.
    """
    searched.add(document(1, "قمة", "قمة " * 5, day=-60), document(2, "قمة", "لقاء " * 30, day=0))
    now = START + DAY

    assert [2, 1] == searched.numbers("قمة", sort="fresh", now=now)


def test_a_query_that_takes_too_long_is_stopped_with_a_word(tmp_path):
    """
    Half an answer is none: the reader is told what to narrow.
    """
    connection = store.connect(tmp_path / "index.sqlite")
    endless = "WITH RECURSIVE n(i) AS (VALUES(1) UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"

    with pytest.raises(QueryTimeoutError, match="narrow it"), store.limited(connection, 0.05):
        connection.execute(endless)

    connection.close()


def test_similar_coverage_finds_the_other_reports_of_an_event(searched):
    """
    From an article, others that share its rare words; it is not among them, and copies fold on wish.
    """
    searched.add(
        document(1, "زلزال يضرب مدينة أزيلال ويخلف جرحى", "ضرب زلزال بقوة خمس درجات مدينة أزيلال فجرا"),
        document(2, "هزة أرضية في أزيلال", "شعر سكان أزيلال بزلزال قوي خلف جرحى في المدينة"),
        document(3, "مباراة في مدينة الرباط", "انتهت المباراة بالتعادل في مدينة الرباط"),
        *(document(number, "أخبار المدينة", "خبر من المدينة عن الطقس والأسواق") for number in range(10, 30)),
    )

    hits = searched.index.similar(SimilarRequest(document_id=document(1, "").document_id)).hits

    assert 2 == int(hits[0].document_id, 16)
    assert 1 not in {int(hit.document_id, 16) for hit in hits}
    assert () == searched.index.similar(SimilarRequest(document_id="f" * 32)).hits
