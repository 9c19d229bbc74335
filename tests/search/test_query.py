"""
The query language: what is read, and what is refused with the column and advice.
"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import QueryError
from pipeline.search.query import AllOf, AnyOf, Not, Phrase, Prefix, Word, leaves, parse
from pipeline.search.reading import AnalysedField, matches, spans_of
from pipeline.search.request import edges_of, request_of

NOW = datetime(2026, 4, 1, 12, tzinfo=UTC)


def shape(node):  # noqa: PLR0911 - a case each
    """A tree without its forms, to compare."""
    match node:
        case Word():
            return node.form
        case Phrase():
            return f'"{node.form}"'
        case Prefix():
            return node.form
        case Not(part):
            return ("not", shape(part))
        case AnyOf(parts):
            return ("any", *map(shape, parts))
        case AllOf(parts):
            return ("all", *map(shape, parts))
        case None:
            return None


@pytest.mark.parametrize(
    ("query", "tree"),
    [
        ("", None),
        ("  ", None),
        ("قمة", "قمة"),
        ("قمة موسكو", ("all", "قمة", "موسكو")),
        ("قمة OR لقاء موسكو", ("all", ("any", "قمة", "لقاء"), "موسكو")),
        ("قمة | لقاء", ("any", "قمة", "لقاء")),
        ("قمة -موسكو", ("all", "قمة", ("not", "موسكو"))),
        ("(قمة موسكو) OR لقاء", ("any", ("all", "قمة", "موسكو"), "لقاء")),
        ('"وزير الخارجية" -(موسكو OR باريس)', ("all", '"وزير الخارجية"', ("not", ("any", "موسكو", "باريس")))),
        ("«وزير الخارجية»", '"وزير الخارجية"'),
        ("“وزير الخارجية”", '"وزير الخارجية"'),
        ("مفاوض*", "مفاوض*"),
        ("#قمة_موسكو", '"#قمة_موسكو"'),
        ("قمة، موسكو؛ لقاء؟", ("all", "قمة،", "موسكو؛", "لقاء؟")),
        ("covid-19", '"covid-19"'),
        ("قمة – موسكو", ("all", "قمة", "موسكو")),
    ],
)
def test_queries_are_read(query, tree):
    """
    OR binds tighter than the implicit and; quotes of every kind are quotes; dashes inside are none.
    """
    assert tree == shape(parse(query))


@pytest.mark.parametrize(
    ("query", "column", "advice"),
    [
        ('قمة "وزير', 5, "not closed"),
        ("(قمة موسكو", 1, "not closed"),
        ("قمة)", 4, "closes nothing"),
        ("-قمة", 1, "something to look for"),
        ("قمة OR", 5, "between two words"),
        ("OR قمة", 1, "between two words"),
        ("مف*", 1, "3 letters"),
        ("قمة " * 33, 1, "32"),
        ("ق" * 513, 513, "512"),
        (" ؟ ", 1, "no word"),
    ],
)
def test_queries_that_cannot_be_read_say_where_and_why(query, column, advice):
    """
    An error names the column, from 1, and says what is wrong.
    """
    with pytest.raises(QueryError, match=advice) as refused:
        parse(query)

    assert column == refused.value.column


def test_advice_can_be_followed():
    """
    What an error suggests is a query that is read.
    """
    for query in ('قمة "وزير', "(قمة موسكو", "«وزير"):
        with pytest.raises(QueryError) as refused:
            parse(query)
        assert parse(refused.value.suggestion)


@given(st.text(alphabet=st.sampled_from('قمةموسكو "«»()-*|OR و،؟123aB#_'), max_size=60))
def test_any_text_is_a_query_or_a_query_error(query):
    """
    Nothing an analyst types is anything but results or an error that says so.
    """
    try:
        tree = parse(query)
    except QueryError as error:
        assert 1 <= error.column <= len(query) + 1  # noqa: PT017 - either may happen
    else:
        field = AnalysedField("قمة موسكو")
        assert matches(tree, {"title": field}) in {True, False}
        assert tree is None or list(leaves(tree, negated=False))


def test_spans_are_in_order_and_do_not_overlap():
    """
    Highlights can be cut from the text one after the other.
    """
    field = AnalysedField("وزير الخارجية الروسي يلتقي وزير الخارجية المصري")

    spans = spans_of(parse('"وزير الخارجية" OR الخارجية OR "الخارجية المصري"'), field)

    assert ["وزير الخارجية", "وزير الخارجية المصري"] == [field.text[start:end] for start, end in spans]


@pytest.mark.parametrize(
    ("written", "start", "end"),
    [
        ("2026", "2025-12-31T22:00", "2026-12-31T22:00"),
        ("2026-02", "2026-01-31T22:00", "2026-02-28T22:00"),
        ("2026-03-02", "2026-03-01T22:00", "2026-03-02T22:00"),
        ("٢٠٢٦-٠٣-٠٢", "2026-03-01T22:00", "2026-03-02T22:00"),
        ("2026-03-02T14:00", "2026-03-02T12:00", "2026-03-02T12:00"),
        ("2026-03-02T14:00+00:00", "2026-03-02T14:00", "2026-03-02T14:00"),
        ("7d", "2026-03-25T12:00", "2026-03-25T12:00"),
        ("12h", "2026-04-01T00:00", "2026-04-01T00:00"),
    ],
)
def test_dates_are_local_days_of_the_readers_zone(written, start, end):
    """
    A day begins and ends where the reader is; instants with an offset keep it.
    """
    edges = edges_of(written, zone="Africa/Tripoli", now=NOW)

    assert (start, end) == tuple(edge.isoformat()[:16] for edge in edges)


def test_a_day_of_a_clock_change_has_its_own_length():
    """
    The day on which clocks go forward has 23 hours.
    """
    start, end = edges_of("2026-04-24", zone="Africa/Cairo", now=NOW)

    assert 23 * 3600 == (end - start).total_seconds()


@pytest.mark.parametrize(
    "wrong", [{"since": "غدا"}, {"until": "2026-13"}, {"since": "2026-02-30"}, {"sort": "size"}, {"limit": 0}]
)
def test_what_cannot_be_asked_is_an_error(wrong):
    """
    Dates, orders and limits that make no sense are refused with a word.
    """
    with pytest.raises(QueryError):
        request_of("قمة", zone="UTC", now=NOW, **wrong)
