"""
The query language: what is read, and what is refused with the column and advice.
"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import QueryError
from pipeline.search.echo import reading_of
from pipeline.search.highlights import spans_of
from pipeline.search.query import read_query
from pipeline.search.reading import Read, matches
from pipeline.search.tree import AllOf, AnyOf, Dated, Near, Not, Prefix, Value, Words
from pipeline.search.views import AnalysedField

NOW = datetime(2026, 4, 1, 12, tzinfo=UTC)


def parse(query):
    return read_query(query, zone="UTC", now=NOW).tree


def shape(node):  # noqa: PLR0911 - a case each
    """A tree in short, to compare."""
    match node:
        case Words(form, view, slots, field):
            written = f'"{form}"' if len(slots) > 1 and view != "exact" else form
            return f"{field}:{written}" if field else written
        case Prefix(form, _, field):
            return f"{field}:{form}" if field else form
        case Near(_, left, right, within, ordered, field):
            name = f"{'o' if ordered else ''}near/{within}"
            return (f"{field}:{name}" if field else name, [shape(w) for w in left], [shape(w) for w in right])
        case Value(facet, value):
            return (facet, value)
        case Dated(_, start, end):
            return tuple(at and at.isoformat()[:16] for at in (start, end))
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
        ("قمة AND موسكو", ("all", "قمة", "موسكو")),
        ("قمة OR لقاء موسكو", ("all", ("any", "قمة", "لقاء"), "موسكو")),
        ("قمة | لقاء", ("any", "قمة", "لقاء")),
        ("قمة|لقاء", ("any", "قمة", "لقاء")),
        ("قمة -موسكو", ("all", "قمة", ("not", "موسكو"))),
        ("قمة NOT موسكو", ("all", "قمة", ("not", "موسكو"))),
        ("قمة \u200f-موسكو", ("all", "قمة", ("not", "موسكو"))),
        ("\u200f-موسكو\u200f قمة\u200e", ("all", ("not", "موسكو\u200f"), "قمة\u200e")),
        ("قمة\u200f-موسكو", '"قمة\u200f-موسكو"'),
        ("قمة OR\u200f لقاء", ("any", "قمة", "لقاء")),
        ("(قمة موسكو) OR لقاء", ("any", ("all", "قمة", "موسكو"), "لقاء")),
        ('"وزير الخارجية" -(موسكو OR باريس)', ("all", '"وزير الخارجية"', ("not", ("any", "موسكو", "باريس")))),
        ("«وزير الخارجية»", '"وزير الخارجية"'),
        ("“وزير الخارجية”", '"وزير الخارجية"'),
        ("„وزير الخارجية“", '"وزير الخارجية"'),
        ("”وزير الخارجية“", '"وزير الخارجية"'),
        ("»وزير الخارجية«", '"وزير الخارجية"'),
        ("مفاوض*", "مفاوض*"),
        ("#قمة_موسكو", '"#قمة_موسكو"'),
        ("قمة، موسكو؛ لقاء؟", ("all", "قمة", "موسكو", "لقاء؟")),
        ("covid-19", '"covid-19"'),
        ("12:30", '"12:30"'),
        ("عاجل:هدنة", '"عاجل:هدنة"'),
        ("https://news.example/x", '"https://news.example/x"'),
        ("قمة – موسكو", ("all", "قمة", "موسكو")),
        ("قمة ـ موسكو", ("all", "قمة", "موسكو")),
        ("قمة-موسكو", '"قمة-موسكو"'),
        ("موسكو و واشنطن", ("all", "موسكو", "و واشنطن")),
        ("أو", "أو"),
        ("=القمة", "=القمة"),
        ('="قمة موسكو"', "=قمة موسكو"),
        ("title:قمة", "title:قمة"),
        ("عنوان:قمة", "title:قمة"),
        ("title:(قمة OR لقاء) موسكو", ("all", ("any", "title:قمة", "title:لقاء"), "موسكو")),
        ("body:=قمة", "body:=قمة"),
        ('author:"سامي حداد"', 'author:"سامي حداد"'),
        ("قمة NEAR/5 موسكو", ("near/5", ["قمة"], ["موسكو"])),
        ("قمة قرب/٥ موسكو", ("near/5", ["قمة"], ["موسكو"])),
        ("قمة near/5 موسكو", ("near/5", ["قمة"], ["موسكو"])),
        ("قرب موسكو", ("all", "قرب", "موسكو")),
        ("قمة تتابع/5 موسكو", ("onear/5", ["قمة"], ["موسكو"])),
        (
            '"وزير الخارجية" ONEAR/3 (باريس OR "البيت الأبيض") لقاء',
            ("all", ("onear/3", ['"وزير الخارجية"'], ["باريس", '"البيت الأبيض"']), "لقاء"),
        ),
        ("title:(قمة NEAR/2 موسكو)", ("title:near/2", ["title:قمة"], ["title:موسكو"])),
        ("topic:water موسكو", ("all", ("topic", "water"), "موسكو")),
        ("موضوع:water OR topic:oil", ("any", ("topic", "water"), ("topic", "oil"))),
        ("قمة -outlet:al-ghad", ("all", "قمة", ("not", ("outlet", "al ghad")))),
        ("مصدر:«صحيفة الغد»", ("outlet", "صحيفه الغد")),
        ("country:EG", ("country", "eg")),
        ("بلد:مصر", ("country", "eg")),
        ("date:2025-04..2025-05", ("2025-04-01T00:00", "2025-06-01T00:00")),
        ("تاريخ:٢٠٢٥-٠٤-٠٣", ("2025-04-03T00:00", "2025-04-04T00:00")),
        ("date:2025-04-03T14..2025-04-03T18", ("2025-04-03T14:00", "2025-04-03T19:00")),
        ("date:..2025", (None, "2026-01-01T00:00")),
        ("date:7d", ("2026-03-25T12:00", None)),
        ("since:7d", ("2026-03-25T12:00", None)),
        ("منذ:12h", ("2026-04-01T00:00", None)),
        ("until:2026-03", (None, "2026-04-01T00:00")),
    ],
)
def test_queries_are_read(query, tree):
    """
    OR binds tighter than the implicit and, NEAR tighter than OR; quotes of every kind are quotes;
    dashes inside are none; fields have Arabic names too, and both sets of digits are digits.
    """
    assert tree == shape(parse(query))


@pytest.mark.parametrize(
    ("query", "column", "advice"),
    [
        ('قمة "وزير', 5, "not closed"),
        ("(قمة موسكو", 1, "not closed"),
        ("قمة)", 4, "closes nothing"),
        ("-قمة", 1, "something to look for"),
        ("قمة (-لقاء)", 6, "something to look for"),
        ("قمة OR", 5, "between two words"),
        ("OR قمة", 1, "between two words"),
        ("قمة OR -لقاء", 8, "OR cannot stand beside a negation"),
        ("مف*", 1, "3 letters"),
        ("الم* است* الا* الت* الب* مست* انت*", 31, "write more letters"),
        ("م*فاوض", 1, "at the end"),
        ("=قمة*", 2, "without"),
        ("قمة NEAR موسكو", 5, "needs the number"),
        ("قمة NEAR/5", 5, "between two words"),
        ("NEAR/5 قمة", 1, "between two words"),
        ("قمة NEAR/5 لقاء NEAR/5 موسكو", 17, "two operands"),
        ("قمة NEAR/500 موسكو", 5, "at most 100"),
        ("قمة NEAR/5 مفاوض*", 12, "words, phrases and brackets of OR"),
        ("قمة NEAR/5 (لقاء -موسكو)", 12, "words, phrases and brackets of OR"),
        ("title:قمة NEAR/5 لقاء", 1, "one field"),
        ("titel:قمة", 1, "no field"),
        ("عنون:قمة", 1, "no field"),
        ("قمة foo:bar", 5, "no field"),
        ("titel: قمة", 1, "no field"),
        ("قمة title:", 5, "right after"),
        ("title: قمة", 1, "right after"),
        ("title:؟ قمة", 1, "right after"),
        ("قمة NEAR/x لقاء", 5, "needs the number"),
        ("قمة NEAR/-3 لقاء", 5, "needs the number"),
        ("قمة قرب/س لقاء", 5, "needs the number"),
        ("قمة () لقاء", 5, "no word in these brackets"),
        ("قمة OR ( ( ؟ ) )", 10, "no word in these brackets"),
        ('قمة "" لقاء', 5, "no word in this quote"),
        ('قمة ="،" لقاء', 6, "no word in this quote"),
        ("قمة NEAR/5 (لقاء OR -وفد)", 21, "OR cannot stand beside a negation"),
        ("title:(body:قمة)", 8, "cannot stand within"),
        ("country:زحل", 9, "two letters"),
        ("date:غدا", 6, "is no date"),
        ("date:2026-02-30", 6, "is no date"),
        ("date:2026..2025", 6, "before the beginning"),
        ("topic:(water)", 7, "right after"),
        ("قمة " * 33, 129, "32"),
        ("ق" * 513, 513, "512"),
        ("(" * 21 + "قمة" + ")" * 21, 21, "20 brackets"),
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


@pytest.mark.parametrize(
    ("query", "advised"),
    [
        ('قمة "وزير', 'قمة "وزير"'),
        ("(قمة موسكو", "(قمة موسكو)"),
        ("«وزير", "«وزير»"),
        ("قمة)", "قمة"),
        ("قمة OR", "قمة"),
        ("-قمة", "since:7d -قمة"),
        ("قمة (-لقاء)", "قمة -لقاء"),
        ("قمة OR (-لقاء)", "قمة -لقاء"),
        ("قمة () لقاء", "قمة لقاء"),
        ("قمة OR ( ( ) )", "قمة"),
        ('قمة "" لقاء', "قمة لقاء"),
        ('="" قمة', "قمة"),
        ("(قمة OR لقاء) وفد OR -موسكو", "(قمة OR لقاء) وفد -موسكو"),
        ("titel:قمة", "title:قمة"),
        ("title: قمة", "title:قمة"),
        ("قمة title:", "قمة"),
        ("قمة foo:bar", 'قمة "foo:bar"'),
        ("topic:(water OR oil) قمة", "(topic:water OR topic:oil) قمة"),
        ("country:مصرر قمة", "country:eg قمة"),
        ("رو* قمة", "رو قمة"),
        ("م*فاوض", "مفاوض*"),
        ("=قمة*", "=قمة"),
        ("قمة NEAR موسكو", "قمة NEAR/5 موسكو"),
        ("قمة NEAR/x موسكو", "قمة NEAR/5 موسكو"),
        ("قمة NEAR/500 لقاء", "قمة NEAR/100 لقاء"),
        ("قمة NEAR/5 (لقاء وفد)", "قمة NEAR/5 (لقاء OR وفد)"),
        ("قمة NEAR/5 (لقاء OR -وفد)", "قمة NEAR/5 لقاء"),
        ("قمة NEAR/5 وفد*", "قمة NEAR/5 وفد"),
        ('title:قمة NEAR/5 body:"وزير النقل"', 'title:(قمة NEAR/5 "وزير النقل")'),
        ("قمة date:2026..2025 موسكو", "قمة date:2025..2026 موسكو"),
        ("تاريخ:2026..2025", "تاريخ:2025..2026"),
        ("قمة date:2025-02-30", "قمة date:2025-02"),
        ("date:2025-04-15T25..2025-05", "date:2025-04-15..2025-05"),
        ("since:abc قمة", "since:7d قمة"),
        ("قمة " * 33, "قمة"),
        ("؟", "since:7d"),
    ],
)
def test_what_an_error_advises_says_the_same_and_is_read(query, advised):
    """
    The rest of the query stays as it was written; only what could not be read is another.
    """
    with pytest.raises(QueryError) as refused:
        parse(query)

    assert advised == refused.value.suggestion
    assert parse(advised)


def test_a_written_or_is_suggested():
    """
    أو between two words is a word; that OR may have been meant is said.
    """
    assert "قمة OR لقاء" == read_query("قمة أو لقاء", zone="UTC", now=NOW).advice
    assert "وفد (قمة OR لقاء OR حوار)" == read_query("وفد (قمة او لقاء or حوار)", zone="UTC", now=NOW).advice
    assert "" == read_query("قمة لقاء", zone="UTC", now=NOW).advice


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("Putin", "بوتين يصل"),
        ("putin", "وبوتين"),
        ("ترامب", "لقاء مع ترمب"),
        ("USA", "الولايات المتحدة تعلن"),
    ],
)
def test_names_in_latin_letters_and_other_spellings_are_found_and_told(query, text):
    """
    What a query was expanded to is part of the answer.
    """
    read = read_query(query, zone="UTC", now=NOW)

    assert found(read.tree, text)
    assert [query] == [expansion.asked for expansion in read.expanded]


def found(tree, title, body="", author=""):
    fields = {"title": AnalysedField(title), "body": AnalysedField(body), "author": AnalysedField(author)}
    return matches(tree, Read(fields=fields, dated_at=NOW))


@pytest.mark.parametrize(
    ("query", "text", "answer"),
    [
        ("قمة NEAR/1 موسكو", "قمة في موسكو", True),
        ("قمة NEAR/1 موسكو", "موسكو تستضيف القمة", True),
        ("قمة ONEAR/1 موسكو", "موسكو تستضيف القمة", False),
        ("قمة NEAR/1 موسكو", "قمة تبدأ غدا في موسكو", False),
        ("قمة NEAR/3 قمة", "قمة واحدة", False),
        ("قمة NEAR/3 قمة", "قمة بعد قمة", True),
        ('"وزير الخارجية" NEAR/2 (باريس OR موسكو)', "وزير الخارجية إلى موسكو", True),
        ('"قمة موسكو" NEAR/5 "موسكو غدا"', "قمة موسكو غدا", False),
        ("=القمة", "قمة", False),
        ("=القمة", "القمّـة", True),
        ("=اسرائيل", "إسرائيل", False),
        ('="في القمة"', "في القمة", True),
        ('="في القمة"', "في قمة", False),
        ('"من قمة"', "عاد من القمة", True),
        ("مفاوض*", "والمفاوضات", True),
    ],
)
def test_what_queries_mean(query, text, answer):
    """
    NEAR counts the words between the nearest edges and shares none; = keeps clitics and hamza.
    """
    assert answer == found(parse(query), text)


ALPHABET = st.one_of(
    st.text(alphabet=st.sampled_from('قمةموسكو "«»()-*|=:/ORNEA و،؟123aB#_٥'), max_size=60),
    st.lists(
        st.sampled_from(
            ["قمة", "OR", "-", "(", ")", '"', "NEAR/3", "ONEAR/0", "title:", "date:", "2025", "7d", "*", "="]
        ),
        max_size=12,
    ).map(" ".join),
    st.text(max_size=40),
)  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(ALPHABET)
def test_any_text_is_a_query_or_a_query_error(query):
    """
    Nothing an analyst types is anything but results or an error that says where, and advises a query
    that is read.
    """
    try:
        tree = parse(query)
    except QueryError as error:
        assert 1 <= error.column <= len(query) + 1  # noqa: PT017 - either may happen
        assert parse(error.suggestion)  # noqa: PT017 - as above
    else:
        assert found(tree, "قمة موسكو") in {True, False}


def test_spans_are_in_order_and_do_not_overlap():
    """
    Highlights can be cut from the text one after the other.
    """
    field = AnalysedField("وزير الخارجية الروسي يلتقي وزير الخارجية المصري")

    spans = spans_of(parse('"وزير الخارجية" OR الخارجية OR "الخارجية المصري"'), {"title": field}, "title")

    assert ["وزير الخارجية", "وزير الخارجية المصري"] == [field.text[start:end] for start, end in spans]


@pytest.mark.parametrize(
    ("query", "english", "arabic"),
    [
        ("قمة OR لقاء موسكو", "(قمة or لقاء) and موسكو", "(قمة أو لقاء) وموسكو"),
        ("قمة -(NATO OR وفد)", "قمة and not (NATO or وفد)", "قمة ومن دون (NATO أو وفد)"),
        ("قمة BRICS", "قمة and BRICS", "قمة و BRICS"),
        ("قمة NEAR/0 لقاء", "قمة beside لقاء", "قمة بجوار لقاء"),
        ("قمة NEAR/1 لقاء", "قمة and لقاء with at most one word between",
         "قمة ولقاء وبينهما كلمة واحدة على الأكثر"),
        ("title:(قمة ONEAR/2 لقاء)", "قمة and then لقاء with at most 2 words between in the title",
         "قمة ثم لقاء وبينهما كلمتان على الأكثر في العنوان"),
        ("قمة NEAR/12 (لقاء OR وفد)", "قمة and (لقاء or وفد) with at most 12 words between",
         "قمة و(لقاء أو وفد) وبينهما 12 كلمة على الأكثر"),
        ("أعلا*", "words beginning with “أعلا”", "كلمات تبدأ بـ«أعلا»"),
        ("كاتب:«سامي حداد»", "سامي حداد as author", "بقلم سامي حداد"),
        ("date:2025", "from 2025-01-01 to 2025-12-31 (Asia/Amman)",
         "من 2025-01-01 إلى 2025-12-31 (Asia/Amman)"),
        ("date:2025-04-03", "on 2025-04-03 (Asia/Amman)", "يوم 2025-04-03 (Asia/Amman)"),
        ("date:2025-04-03T10..2025-04-03T18", "from 2025-04-03 10:00 before 2025-04-03 19:00 (Asia/Amman)",
         "من 2025-04-03 10:00 قبل 2025-04-03 19:00 (Asia/Amman)"),
        ("since:2d", "from 2026-03-30 15:00 (Asia/Amman)", "منذ 2026-03-30 15:00 (Asia/Amman)"),
        ("until:2025-04", "until 2025-04-30 (Asia/Amman)", "حتى 2025-04-30 (Asia/Amman)"),
    ],
)  # fmt: skip
def test_the_reading_is_told_in_words(query, english, arabic):
    """
    In both languages, with days as the reader counts them: the last one is within.
    """
    told = reading_of(read_query(query, zone="Asia/Amman", now=NOW), zone="Asia/Amman")

    assert (english, arabic) == (told.english, told.arabic)


def test_other_ways_to_write_a_word_are_no_terms_of_the_writers():
    """
    Thirty-two names are thirty-two terms, in whatever letters they are looked for as well.
    """
    names = ["Putin", "Trump", "Zelensky", "USA"] * 8

    assert parse(" OR ".join(names))
    with pytest.raises(QueryError, match="33 terms"):
        parse(" OR ".join([*names, "Putin"]))
