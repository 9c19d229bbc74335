"""
Both engines find what the plain reading of a query's tree finds.
"""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.search.query import parse
from pipeline.search.reading import AnalysedField, matches
from tests.index.documents import document

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
