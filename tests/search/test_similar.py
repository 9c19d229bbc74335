"""
Similar coverage over an engine that proposes whatever has any of the words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from pipeline.answers import SimilarRequest
from pipeline.search.report import Candidate, Report
from pipeline.search.similar import best_of_copies, similar
from pipeline.search.views import stems_of
from pipeline.search.wanted import rarity_of

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
#: Common and rare words alike stand in this many articles of a thousand, unless a test says otherwise.
USUAL = 20


class Shelf:
    """Articles in memory, proposed in their order."""

    def __init__(self, *articles: Candidate, common: Mapping[str, int] | None = None) -> None:
        self.articles = articles
        self.common = common or {}
        self.asked: list[tuple[Sequence[str], tuple[str, ...]]] = []

    def size(self) -> int:
        return 1000

    def frequencies(self, stems: Sequence[str]) -> Mapping[str, int]:
        return {stem: self.common.get(stem, USUAL) for stem in stems}

    def candidates(self, stems: Sequence[str], request: SimilarRequest, limit: int) -> list[Candidate]:
        self.asked.append((stems, request.exclude))
        found = [
            each
            for each in self.articles
            if each.document_id not in request.exclude and Report.of(each).stems & set(stems)
        ]
        return found[:limit]


#: Two boats collide off Tarfa; the coast guard of the town names captain Zaidun.
COLLISION = Candidate(
    "collision",
    "تصادم قاربين قبالة طرفة",
    "اصطدم قاربان قبالة ميناء طرفة ونجا الربان زيدون وطاقمه بعد تدخل خفر السواحل",
    NOON,
)
#: No word of the query: "Zaidun tells how the coast guard saved his crew".
TOLD = Candidate("told", "زيدون يروي نجاة طاقمه", "روى الربان زيدون كيف تدخل خفر السواحل", NOON)
#: The words of the query, of another matter: boats are sold.
SALE = Candidate("sale", "عرض قاربين للبيع", "يعرض تاجر قاربين مستعملين للبيع بثمن زهيد", NOON)
QUERY = SimilarRequest(title="قاربان يتصادمان قبالة طرفة")


def names(found: Sequence[tuple[str, float]]) -> list[str]:
    return [name for name, _ in found]


def test_a_report_without_a_word_of_the_title_is_found_through_another():
    """
    What the best candidate tells beside the wanted words is asked for in a second round.
    """
    shelf = Shelf(COLLISION, SALE, TOLD)

    found = names(similar(shelf, QUERY))

    assert "collision" == found[0]
    assert "told" in found
    assert 2 == len(shelf.asked)


def test_what_was_read_is_not_asked_for_again():
    """
    The second round leaves out what the request excludes and what the first one gave.
    """
    shelf = Shelf(COLLISION, SALE, TOLD)

    similar(shelf, SimilarRequest(title=QUERY.title, exclude=("sale",)))

    assert [("sale",), ("sale", "collision")] == [excluded for _, excluded in shelf.asked]


def test_the_excluded_article_never_feeds_the_search():
    """
    With the only report that names Zaidun left out, nothing leads to what he tells.
    """
    shelf = Shelf(COLLISION, SALE, TOLD)

    found = names(similar(shelf, SimilarRequest(title=QUERY.title, exclude=("collision",))))

    assert ["sale"] == found


def test_of_two_equal_reports_the_one_of_the_same_days_comes_first():
    """
    The days are those of the best candidates; a year apart counts little.
    """
    old = Candidate("a year before", TOLD.title, TOLD.body, NOON - timedelta(days=365))

    found = names(similar(Shelf(COLLISION, old, TOLD), QUERY))

    assert found.index("told") < found.index("a year before")


def test_the_article_itself_says_what_its_event_is_about():
    """
    Asked from an article, its text and date lead the way where its title alone leads nowhere.
    """
    shelf = Shelf(SALE, TOLD)
    body = "قال الربان زيدون إن خفر السواحل تدخل فنجا طاقمه"

    from_title = names(similar(shelf, QUERY))
    from_article = names(similar(shelf, SimilarRequest(title=QUERY.title, body=body, published_at=NOON)))

    assert ["sale"] == from_title
    assert "told" == from_article[0]


def test_an_article_of_another_matter_is_no_coverage_of_its_event():
    """
    It has a word of the title, and nothing else of what the article tells; from a title alone, who knows.
    """
    shelf = Shelf(SALE)
    body = f"{COLLISION.body}، {TOLD.body}"

    from_article = similar(shelf, SimilarRequest(title=QUERY.title, body=body, published_at=NOON))

    assert [] == from_article
    assert ["sale"] == names(similar(shelf, QUERY))


def test_a_word_far_below_what_is_read_of_an_article_makes_it_no_coverage():
    """
    An engine finds it there; the order is made by titles and openings, which say nothing of it.
    """
    far = Candidate("far", "سوق السمك", "يبيع الصيادون سمكهم كل صباح " * 60 + "قاربان", NOON)

    class Whole(Shelf):
        def candidates(self, stems: Sequence[str], request: SimilarRequest, limit: int) -> list[Candidate]:
            return [each for each in self.articles if each.document_id not in request.exclude]

    assert [] == similar(Whole(far), QUERY)


def test_a_small_index_is_lent_the_knowledge_which_words_are_common():
    """
    Among ten articles "the president" and Zaidun's name stand as often; in the press they do not.
    """

    class Ten:
        def size(self) -> int:
            return 10

        def frequencies(self, stems: Sequence[str]) -> Mapping[str, int]:
            return dict.fromkeys(stems, 2)

    (president,) = stems_of("الرئيس")
    rarity = rarity_of([president, "زيدون"], Ten())

    assert rarity[president] < rarity["زيدون"]


def test_words_nearly_every_article_has_ask_for_nothing():
    """
    A title of them alone has no similar coverage, and no engine is troubled.
    """
    shelf = Shelf(COLLISION, common=dict.fromkeys(Report.of(Candidate("", QUERY.title, "")).stems, 900))

    assert [] == similar(shelf, QUERY)
    assert [] == shelf.asked


def test_of_near_copies_the_best_placed_stands_for_all():
    """
    The others are counted, and shown when copies are not collapsed.
    """
    found = [("a", 3.0), ("b", 2.0), ("c", 1.0)]
    keys = {"a": 1, "b": 2, "c": 1}

    assert [("a", 3.0, 2), ("b", 2.0, 1)] == best_of_copies(found, keys, collapse=True)
    assert [("a", 3.0, 1), ("b", 2.0, 1), ("c", 1.0, 1)] == best_of_copies(found, keys, collapse=False)
