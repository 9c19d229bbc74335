"""
Names that nothing goes by are told, with what may have been meant.
"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from pipeline.answers import SearchPage, SearchRequest
from pipeline.records import Outlet, Topic
from pipeline.search.unknown import known_of, names_something, told_of_unknown

NOW = datetime(2026, 11, 29, tzinfo=UTC)
MIRROR = Outlet(
    outlet_id="valley-mirror",
    title="مرآة الوادي",  # the valley's mirror
    title_en="Valley Mirror",
    home="",
    country="sd",
    time_zone="UTC",
)
WAR = Topic(
    topic_id="sudan_war", title="حرب السودان", title_en="Sudan war", version="", threshold=1, terms=()
)
KNOWN = known_of([MIRROR], [WAR])


def told(request, *, stored=()):
    """What is unknown of a request, where an index holds articles of the names `stored`."""

    def search(alone):
        named = {*alone.topics, *alone.outlets, *alone.countries, alone.query.partition(":")[2]}
        return SearchPage(total=len(named & set(stored)), hits=())

    page = told_of_unknown(SearchPage(total=0, hits=()), request, KNOWN, search)
    return [(each.facet, each.value, each.nearest) for each in page.reading.unknown]


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        (SearchRequest(topics=("sudan_wra",)), ("topic", "sudan_wra", ("sudan_war",))),
        (SearchRequest(query="topic:sudan"), ("topic", "sudan", ("sudan_war",))),
        (SearchRequest(query="موضوع:السودان"), ("topic", "السودان", ("sudan_war",))),  # topic: Sudan
        (SearchRequest(query='هدنة outlet:"valley miror"'),  # truce
         ("outlet", "valley miror", ("valley-mirror",))),
        (SearchRequest(outlets=("nosuch",)), ("outlet", "nosuch", ())),
        (SearchRequest(query="هدنة -topic:nosuch"), ("topic", "nosuch", ())),  # truce
        (SearchRequest(countries=("zz",)), ("country", "zz", ())),
        (SearchRequest(query="country:zz"), ("country", "zz", ())),
    ],
)  # fmt: skip
def test_a_name_nothing_goes_by_is_told(request_, expected):
    """
    Whether it is a filter or part of the query, by id or by title.
    """
    assert [expected] == told(request_)


@pytest.mark.parametrize(
    "request_",
    [
        SearchRequest(topics=("sudan_war",), outlets=("valley-mirror",), countries=("sd", "jo")),
        SearchRequest(query='topic:sudan_war outlet:"مرآة الوادي" country:السودان'),
        SearchRequest(query="outlet:valley-mirror"),
    ],
)
def test_what_is_configured_is_known(request_):
    """
    Also where nothing of it was published yet.
    """
    assert [] == told(request_)


def test_what_is_stored_is_known():
    """
    An outlet that came by import, a topic that is no longer followed.
    """
    request = SearchRequest(outlets=("imported",), query="topic:old")

    assert [] == told(request, stored=("imported", "old"))
    assert 2 == len(told(request))


def test_only_names_are_looked_into():
    """
    A search for words asks the index once.
    """
    assert not names_something(SearchRequest(query="هدنة since:7d", authors=("x",)))  # truce
    assert names_something(SearchRequest(query="هدنة (outlet:a OR b)"))  # truce
