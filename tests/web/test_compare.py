"""Queries held against each other: the numbers are those of the searches, on one axis and one scale."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest

from pipeline.answers import Bucket, Counted, SearchPage
from pipeline.web.comparing import Compared, by_outlet, compared, fitting, step_for

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
MOSCOW, TRUCE = "موسكو", "الهدنة"


def answer(query, counts, outlets=()):
    """A query that finds so many articles in each hour since noon."""
    line = tuple(Bucket(start=NOON + n * HOUR, count=c, coverage=10) for n, c in counts.items())
    facet = tuple(Counted(value=name, label=name, count=count) for name, count in outlets)
    page = SearchPage(total=sum(counts.values()), hits=(), timeline=line, facets={"outlet": facet})
    return Compared(query=query, found=page)


COVERAGE = [Bucket(start=NOON + n * HOUR, count=10, coverage=10) for n in (0, 1, 3)]


def heights(points):
    return [100 - float(point.split(",")[1]) for point in points.split()]


def test_lines_share_one_scale_and_one_axis():
    """
    From the first to the last hour of coverage; the highest of all lines is the top of each.
    """
    found = [answer("a", {0: 4, 3: 2}), answer("b", {1: 1})]

    line = compared(found, COVERAGE, "hour", share=False, mirrored=False)

    assert [NOON + n * HOUR for n in range(4)] == [moment.start for moment in line.moments]
    assert [(4, 0), (0, 1), (0, 0), (2, 0)] == [moment.counts for moment in line.moments]
    assert 4 == line.highest
    assert [96, 0, 0, 48] == heights(line.lines[0])
    assert [0, 24, 0, 0] == heights(line.lines[1])


def test_time_runs_as_the_page_is_read_and_shares_are_of_all_coverage():
    """
    Right to left the newest is at the left; a share is of what was published in that hour.
    """
    line = compared([answer("a", {0: 4, 3: 2})], COVERAGE, "hour", share=True, mirrored=True)

    assert [48, 0, 0, 96] == heights(line.lines[0])
    assert 0.4 == line.highest
    assert [3, 2, 1, 0] == [moment.x for moment in line.moments]


def test_without_coverage_there_is_nothing_to_draw():
    """
    An empty index, or a time nobody looked at.
    """
    assert compared([answer("a", {})], [], "day", share=False, mirrored=True) is None


@pytest.mark.parametrize(("days", "by"), [(1, "hour"), (30, "day"), (500, "month"), (None, "month")])
def test_a_time_is_drawn_in_steps_one_can_see(days, by):
    """
    Hours of few days, days of a year, months of more.
    """
    assert by == step_for(days and NOON - timedelta(days=days), NOON)
    assert "hour" == fitting("day", COVERAGE)
    assert "month" == fitting("month", COVERAGE)


def test_outlets_stand_side_by_side_those_with_most_first():
    """
    Also where only one of the queries finds anything of theirs.
    """
    found = [answer("a", {0: 3}, [("one", 1), ("two", 2)]), answer("b", {0: 5}, [("one", 5)])]

    assert [("one", (1, 5)), ("two", (2, 0))] == [(each.value, counts) for each, counts in by_outlet(found)]


def ask(browser, *queries, **more):
    return browser.get("/compare", params=[*(("q", query) for query in queries), *more.items()])


def test_the_page_says_what_the_searches_say(browser):
    """
    Totals, articles that answer both, and the same counts by outlet.
    """
    page = " ".join(ask(browser, MOSCOW, TRUCE, lang="en").text.split())

    for query in (MOSCOW, TRUCE, f"({MOSCOW}) ({TRUCE})"):
        found = browser.get("/api/v1/search", params={"q": query, "since": "30d"}).json()
        number = found["total"]
        assert f">{number} article{'' if number == 1 else 's'}<" in page, query
    assert 2 == page.count("<polyline")
    outlet = browser.get("/api/v1/search", params={"q": MOSCOW, "since": "30d"}).json()["facets"]["outlet"][0]
    assert re.search(rf"{outlet['label']}|{outlet['value']}", page)


def test_a_query_that_cannot_be_read_stops_none_of_the_others(browser):
    """
    It says what is wrong and what would be read, the others are drawn; a wrong date stops the page.
    """
    page = ask(browser, MOSCOW, "titel:x")

    assert 200 == page.status_code
    assert 1 == page.text.count("<polyline")
    assert "q=title%3Ax" in page.text
    assert 400 == ask(browser, MOSCOW, since="lately").status_code


def test_no_more_than_four_are_compared_and_the_same_only_once(browser):
    """
    More lines are a tangle.
    """
    assert 4 == ask(browser, "أ", "ب", "أ", "ت", "ث", "ج").text.count("<polyline")
    assert "<polyline" not in ask(browser).text


def test_filters_come_along_from_the_search(browser):
    """
    A comparison within a topic stays within it.
    """
    page = ask(browser, MOSCOW, topic="us_russia_diplomacy", lang="en").text
    found = browser.get("/api/v1/search", params={"q": MOSCOW, "topic": "us_russia_diplomacy"}).json()

    assert f">{found['total']} articles<" in page
    assert 'name="topic" value="us_russia_diplomacy"' in page
