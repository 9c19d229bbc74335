"""
What an index promises, held against both engines by one suite.
"""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.errors import IncompatibleError, QueryError, StoreError
from pipeline.index.elastic.client import Client
from pipeline.index.elastic.index import open_elastic_index
from pipeline.index.elastic.keys import create_keys
from pipeline.index.sqlite import store
from pipeline.index.sqlite.index import open_sqlite_index
from pipeline.records import (
    Article,
    DateEvidence,
    DetectedArticle,
    IndexedDocument,
    SearchRequest,
    TopicMatch,
)
from pipeline.search.query import parse
from pipeline.search.reading import AnalysedField, matches
from tests.services.elasticsearch import PASSWORD, running_elasticsearch

DAY = timedelta(days=1)
START = datetime(2026, 3, 1, 12, tzinfo=UTC)


def document(number, title, body="", *, version=1, day=0, topics=(), outlet="one", country="jo", dated=True):
    at = START + day * DAY
    article = Article(
        article_id=f"{number:032x}",
        outlet_id=outlet,
        url=f"https://{outlet}.example/{number}",
        title=title,
        body=body,
        first_seen_at=at,
        date=DateEvidence(published_at=at, source="feed") if dated else None,
    )
    found = tuple(
        TopicMatch(topic_id=topic, topic_version="1", score=0.9, threshold=0.5, hits=()) for topic in topics
    )
    return IndexedDocument(
        detected=DetectedArticle(article=article, matches=found),
        document_version=version,
        revision=1,
        month=at.strftime("%Y-%m"),
        country=country,
        outlet_title=outlet.title(),
    )


class Searched:
    """An index whose writes are searchable at once, for the tests."""

    def __init__(self, index):
        self.index = index

    def add(self, *documents):
        refused = self.index.add(documents)
        self.refresh()
        return refused

    def refresh(self):
        if hasattr(self.index, "refresh"):
            self.index.refresh()

    def numbers(self, query="", **wanted):
        """Numbers of the documents found, in the order found."""
        page = self.index.search(SearchRequest(query=query, **wanted))
        return [int(hit.document_id, 16) for hit in page.hits]


@pytest.fixture(params=["embedded", pytest.param("elasticsearch", marks=pytest.mark.elasticsearch)])
def searched(request, tmp_path):
    if request.param == "embedded":
        index = open_sqlite_index(tmp_path / "index.sqlite")
    else:
        url = request.getfixturevalue("elasticsearch_url")
        index = open_elastic_index(url, prefix=f"t{abs(hash(request.node.nodeid)):x}")
        index.check()
    yield Searched(index)
    if request.param == "elasticsearch":
        client = Client(request.getfixturevalue("elasticsearch_url"))
        client.delete_indices(client.indices(f"{index._prefix}-*"))
        client.close()
    index.close()


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


def test_a_newer_version_replaces_and_an_older_never_does(searched):
    """
    Late writers cannot undo what is newer.
    """
    searched.add(document(1, "القديم", version=1))
    searched.add(document(1, "الجديد", version=3))
    searched.add(document(1, "المتأخر", version=2))

    assert [1] == searched.numbers("الجديد")
    assert [] == searched.numbers("القديم OR المتأخر")
    assert 1 == searched.index.count()


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


def test_deleted_documents_are_gone_and_unknown_ids_are_fine(searched):
    """
    Deleting takes out what is there.
    """
    searched.add(document(1, "خبر"), document(2, "خبر"))

    searched.index.delete([document(1, "").document_id, "f" * 32])
    searched.refresh()

    assert [2] == searched.numbers("خبر")


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


def test_months_expire_whole(searched):
    """
    Retention takes out whole months.
    """
    searched.add(document(1, "خبر", day=-40), document(2, "خبر"))

    searched.index.delete_months_before("2026-03")
    searched.refresh()

    assert [2] == searched.numbers("خبر")


def test_a_rebuild_swaps_without_a_gap(searched):
    """
    While a rebuild is under way searches go on, and what is written then is in the new generation.
    """
    documents = [document(number, "خبر") for number in range(1, 31)]
    searched.add(*documents)
    seen, done = [], threading.Event()

    def pages():
        for start in range(0, 30, 10):
            seen.append(searched.index.count())
            if start == 10:
                searched.add(document(99, "خبر وصل أثناء ذلك"), document(1, "خبر معدل", version=2))
            yield documents[start : start + 10]
        done.set()

    total = searched.index.rebuild(pages(), lambda _: None)
    searched.refresh()

    assert done.is_set()
    assert all(count in {30, 31} for count in seen)
    assert 31 == total == searched.index.count()
    assert [1] == searched.numbers("معدل")
    assert [99] == searched.numbers("أثناء")


def test_a_rebuild_that_died_leaves_no_mess(searched):
    """
    A killed rebuild changes nothing that is searched, and the next one sweeps it away.
    """
    searched.add(document(1, "خبر"))

    def dies():
        yield [document(2, "نصف")]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        searched.index.rebuild(dies(), lambda _: None)
    searched.refresh()
    before = searched.numbers()
    total = searched.index.rebuild([[document(1, "خبر")]], lambda _: None)
    searched.refresh()

    assert [1] == before == searched.numbers()
    assert 1 == total


VOCABULARY = ["موسكو", "واشنطن", "وواشنطن", "القمة", "قمة", "محادثات", "المحادثات", "وزير", "الوزير"]
TEXTS = st.lists(st.sampled_from(VOCABULARY), max_size=6).map(" ".join)
LEAVES = st.one_of(
    st.sampled_from(VOCABULARY),
    st.lists(st.sampled_from(VOCABULARY), min_size=2, max_size=3).map(lambda found: f'"{" ".join(found)}"'),
    st.sampled_from(["محاد*", "وزي*", "الوزي*"]),
)
GROUPS = st.lists(LEAVES, min_size=1, max_size=3).map(" OR ".join)
QUERIES = st.tuples(st.lists(GROUPS, min_size=1, max_size=2), st.lists(LEAVES, max_size=1)).map(
    lambda parts: " ".join([*parts[0], *(f"-{leaf}" for leaf in parts[1])])
)


first = 0


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    texts=st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=8),
    queries=st.lists(QUERIES, min_size=1, max_size=5),
)
def test_both_engines_find_what_the_definition_says(searched, texts, queries):
    """
    Whatever the texts and the query, an engine finds exactly what the plain reading of the tree finds.
    """
    global first  # noqa: PLW0603 - an id once deleted keeps its version for a while on Elasticsearch
    searched.index.delete(list(searched.index.ids()))
    first += 1000
    searched.add(*(document(first + number, *text) for number, text in enumerate(texts)))

    for query in queries:
        tree = parse(query)
        meant = [
            first + number
            for number, (title, body) in enumerate(texts)
            if matches(tree, {"title": AnalysedField(title), "body": AnalysedField(body)})
        ]
        assert meant == sorted(searched.numbers(query, limit=100)), query


def test_an_index_of_another_version_says_what_to_do(tmp_path):
    """
    A file made by another version is not touched, and the error names the command that mends it.
    """
    open_sqlite_index(tmp_path / "index.sqlite").close()
    connection = store.connect(tmp_path / "index.sqlite")
    connection.execute("UPDATE meta SET value = '0/0' WHERE name = 'version'")
    connection.close()

    with pytest.raises(IncompatibleError, match="rasd index rebuild"):
        open_sqlite_index(tmp_path / "index.sqlite")

    assert 0 == open_sqlite_index(tmp_path / "index.sqlite", discard_incompatible=True).count()


def test_a_file_that_is_no_index_says_so(tmp_path):
    """
    Damage is a clear error.
    """
    (tmp_path / "index.sqlite").write_bytes(b"no database at all" * 100)

    with pytest.raises(StoreError, match=r"index\.sqlite"):
        open_sqlite_index(tmp_path / "index.sqlite")


def test_an_absent_server_says_what_to_check():
    """
    Where nothing listens the error names the address and the setting.
    """
    with pytest.raises(StoreError, match="RASD_ELASTICSEARCH_URL"):
        open_elastic_index("http://127.0.0.1:9").check()


@pytest.mark.elasticsearch
def test_an_index_of_another_mapping_says_what_to_do(elasticsearch_url):
    """
    Indices of another mapping version are not written to.
    """
    client = Client(elasticsearch_url)
    mappings = {"_meta": {"version": "0/0"}}
    client._elastic.indices.create(index="strange-1-2026-01", aliases={"strange": {}}, mappings=mappings)

    with pytest.raises(IncompatibleError, match="rasd index rebuild"):
        open_elastic_index(elasticsearch_url, prefix="strange").check()

    client.delete_indices(["strange-1-2026-01"])
    client.close()


@pytest.mark.elasticsearch
def test_a_document_the_mapping_refuses_is_named_and_its_neighbours_are_written(elasticsearch_url):
    """
    A 400 for one document is a value with its reason; the others are indexed.
    """
    index = open_elastic_index(elasticsearch_url, prefix="refusing")
    index.check()
    good, bad = document(1, "خبر"), document(2, "خبر", outlet="x" * 40_000)

    refused = index.add([good, bad])
    index.refresh()

    assert [bad.document_id] == list(refused)
    assert "immense" in refused[bad.document_id] or "32766" in refused[bad.document_id]
    assert [good.document_id] == list(index.ids())
    index.close()


@pytest.mark.elasticsearch
@pytest.mark.slow
def test_keys_can_do_their_work_and_nothing_else(elasticsearch_url):
    """
    On a node with security on, the ingest key writes, rebuilds and expires; the reader only reads.
    """
    with running_elasticsearch(security=True, heap="512m") as url:
        ingest, reader = create_keys(url, user="elastic", password=PASSWORD, ca_certs=None, prefix="rasd")
        writing, reading = open_elastic_index(url, api_key=ingest), open_elastic_index(url, api_key=reader)

        writing.check()
        writing.add([document(1, "خبر")])
        writing.refresh()

        assert 1 == reading.count()
        assert 1 == writing.rebuild([[document(1, "خبر")]], lambda _: None)
        with pytest.raises(StoreError, match="may not do this"):
            reading.add([document(2, "خبر")])
        with pytest.raises(StoreError, match="may not do this"):
            Client(url, api_key=ingest).create_index("other-1-2026-03", aliases=[])
        with pytest.raises(StoreError, match="not accepted"):
            open_elastic_index(url, api_key="bm9uZTpub25l").check()
        assert 1 == writing.delete_months_before("2026-04")
