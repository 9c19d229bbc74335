"""Files of articles: what is read, what is refused, and in which words."""

from __future__ import annotations

import gzip
import json
import lzma
from datetime import UTC, datetime, timedelta
from itertools import islice

import pytest

from pipeline.errors import ImportLineError
from pipeline.importing import read_articles
from pipeline.importing.article import MAX_BODY_CHARS
from pipeline.importing.files import MAX_LINE_BYTES

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)

RECORD = {
    "url": "https://paper.example/news/7?utm_source=x",
    "title": "افتتاح جسر جديد فوق الوادي",  # a new bridge over the valley opens
    "body": "افتتح الجسر صباح الأحد.\n\nوعبره أول المارة سيرا.",  # it opened on Sunday; walkers crossed first
    "date": "2026-11-22T08:30:00+03:00",
    "outlet": "The Paper",
}


def line(**changes):
    record = {name: value for name, value in (RECORD | changes).items() if value is not ...}
    return json.dumps(record, ensure_ascii=False).encode()


@pytest.fixture
def file(tmp_path):
    """Writes a file of these lines and reads it back."""

    def written(*lines, name="articles.jsonl", ending=b"\n", pack=bytes):
        path = tmp_path / name
        path.write_bytes(pack(b"".join(one + ending for one in lines)))
        return path

    return written


def read(path):
    return list(read_articles(path, now=NOW))


def read_one(path):
    (only,) = read(path)
    return only


def test_record_becomes_an_article(file):
    """
    Text in NFC with one newline between paragraphs, the date an aware instant, the URL as given.
    """
    article = read_one(file(line(author="ليلى", section="محليات", tags=["جسور", "جسور"], colour="red")))

    assert RECORD["url"] == article.url
    assert RECORD["title"] == article.title
    assert "افتتح الجسر صباح الأحد.\nوعبره أول المارة سيرا." == article.body
    assert datetime(2026, 11, 22, 5, 30, tzinfo=UTC) == article.date.published_at
    assert ("import", "second", RECORD["date"]) == (
        article.date.source,
        article.date.precision,
        article.date.raw,
    )
    assert ("the-paper", "ليلى", "محليات", ("جسور",)) == (
        article.outlet_id,
        article.author,
        article.section,
        article.tags,
    )
    assert ("import", NOW) == (article.body_from, article.first_seen_at)


@pytest.mark.parametrize("pack", [bytes, gzip.compress, lzma.compress], ids=["plain", "gzip", "xz"])
@pytest.mark.parametrize("name", ["articles.jsonl", "articles"])
def test_packing_is_told_from_the_bytes(file, pack, name):
    """
    Plain, gzip or xz: the file's name does not matter.
    """
    assert RECORD["title"] == read_one(file(line(), name=name, pack=pack)).title


class TestIdentity:
    """Who a record is: the same in every run."""

    def test_is_the_canonical_url(self, file):
        """
        A tracking parameter makes no other article, and the web's own id is the same.
        """
        one, other = read(file(line(), line(url="https://PAPER.example/news/7", title="آخر", id="9")))

        assert one.article_id == other.article_id
        assert 32 == len(one.article_id)

    def test_without_url_is_outlet_and_own_id(self, file):
        """
        An edited text under the same id is the same article; another outlet's id 9 is another.
        """
        one, edited, other = read(
            file(line(url=None, id="9"), line(url="", id=9, title="آخر"), line(url=None, id="9", outlet="B"))
        )

        assert one.article_id == edited.article_id
        assert one.article_id != other.article_id

    def test_without_url_and_id_is_outlet_title_and_body(self, file):
        """
        The same text of the same outlet is the same article, whatever else the record says.
        """
        one, same, other = read(
            file(line(url=None), line(url=None, date=None, author="x"), line(url=None, body="نص مختلف"))
        )

        assert one.article_id == same.article_id
        assert one.article_id != other.article_id

    def test_own_id_and_text_cannot_be_mistaken_for_each_other(self, file):
        """
        Where fields end is part of the identity.
        """
        ids = {
            read_one(file(line(url=None, outlet="a", id=None, title="b", body="c"))).article_id,
            read_one(file(line(url=None, outlet="a", id="b\x1fc", title="", body="d"))).article_id,
            read_one(file(line(url=None, outlet="a", id=None, title="", body="b c"))).article_id,
        }

        assert 3 == len(ids)


class TestOutlets:
    """Names become ids."""

    def test_unnamed_outlet_is_the_host(self, file):
        """
        Where nobody says who published it, the address does.
        """
        assert "paper-example" == read_one(file(line(outlet=None))).outlet_id

    def test_neither_outlet_nor_url_is_wrong(self, file):
        """
        An article of nobody could not be found again.
        """
        assert "say who published it" in str(read_one(file(line(outlet=None, url=None))))


def test_missing_title_stays_empty(file):
    """
    Nothing is invented: no first sentence passes for a headline.
    """
    assert {""} == {
        article.title for article in read(file(line(title=None), line(title=...), line(title=" ")))
    }


@pytest.mark.parametrize(
    ("stated", "instant", "precision"),
    [
        ("2015-07-21", datetime(2015, 7, 21, 12, tzinfo=UTC), "day"),
        ("20150721", datetime(2015, 7, 21, 12, tzinfo=UTC), "day"),
        ("Tue, 21 Jul 2015 10:00:00 +0300", datetime(2015, 7, 21, 7, tzinfo=UTC), "second"),
        ("21 تموز/يوليو 2015 - 10:00", datetime(2015, 7, 21, 10, tzinfo=UTC), "minute"),  # July, twice
        ("2024-04-29T23:32:12+03:00", datetime(2024, 4, 29, 20, 32, 12, tzinfo=UTC), "second"),
        ("2024-04-29T23:32:12.5Z", datetime(2024, 4, 29, 23, 32, 12, 500000, tzinfo=UTC), "second"),
        ("2024-04-29 23:32", datetime(2024, 4, 29, 23, 32, tzinfo=UTC), "minute"),
        (1437436800, datetime(2015, 7, 21, tzinfo=UTC), "second"),
        ("1437436800", datetime(2015, 7, 21, tzinfo=UTC), "second"),
        (1437436800000, datetime(2015, 7, 21, tzinfo=UTC), "second"),
        (1437436800.25, datetime(2015, 7, 21, 0, 0, 0, 250000, tzinfo=UTC), "second"),
    ],
)
def test_date_is_read(file, stated, instant, precision):
    """
    ISO 8601, Unix time, what feeds and pages print; each with the precision it has.
    """
    date = read_one(file(line(date=stated))).date

    assert (instant, precision) == (date.published_at, date.precision)


@pytest.mark.parametrize("stated", [None, "", ...])
def test_undated_record_counts_from_now(file, stated):
    """
    Without a date an article is sorted by when we first saw it, and says so.
    """
    article = read_one(file(line(date=stated)))

    assert (None, NOW) == (article.date, article.dated_at)


@pytest.mark.parametrize(
    "stated",
    [
        "yesterday",
        "أمس",  # yesterday: of which day?
        "منذ 3 ساعات",  # three hours ago
        "2015-W30",
        "05/04/2026",
        "22/11/2026",
        "2026-13-01",
        "2015-02-30",
        "0001-01-01",
        "2031-01-01",
        (NOW + timedelta(days=2)).isoformat(),
        True,
        ["2015-07-21"],
        1e300,
        -62135596800,
        12345,
        "9" * 500,
    ],
)
def test_date_that_cannot_be_believed_is_an_error(file, stated):
    """
    A wrong date is worse than none; the message says what to write.
    """
    wrong, neighbour = read(file(line(date=stated), line()))

    assert "write ISO 8601 such as" in str(wrong)
    assert RECORD["title"] == neighbour.title


@pytest.mark.parametrize(
    ("bad", "word"),
    [
        (b'{"title": "x", "body": ', "not JSON at column"),
        (b"[1, 2]", "not an object"),
        (b'"text"', "not an object"),
        (b"null", "not an object"),
        (b"[" * 100_000, "JSON no record needs"),
        (b'{"id": ' + b"9" * 5_000 + b"}", "JSON no record needs"),
        ('{"title": "خبر"}'.encode("cp1256"), "save the file as UTF-8"),
        (line().decode().encode("utf-16"), "save the file as UTF-8"),
        (line(body=...), "no body"),
        (line(body=None), "no body"),
        (line(body=" \n\t "), "no body"),
        (line(body=["x"]), "body is a list; write a text"),
        (line(title=7), "title is a number; write a text"),
        (line(outlet={"name": "x"}), "outlet is an object; write a text"),
        (line(url=None, id=True), "id is true or false; write a text"),
        (line(url="not an address"), "not an http or https address"),
        (line(url="ftp://paper.example/1"), "not an http or https address"),
        (line(url="https://[::1/"), "not an http or https address"),
        (line(url="https:///news/7"), "not an http or https address"),
        (line(tags="a,b"), "tags is a text; write a list of texts"),
        (line(body="س" * (MAX_BODY_CHARS + 1)), "an article has at most"),
        (b'{"body": "' + b"x" * MAX_LINE_BYTES + b'"}', "longer than"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_wrong_line_is_named_and_its_neighbours_go_on(file, bad, word):
    """
    One clear message with file, line and what would be right; lines before and after are read.
    """
    path = file(line(), bad, line(url="https://paper.example/8"))

    before, wrong, after = read(path)

    assert isinstance(wrong, ImportLineError)
    assert str(wrong).startswith(f"{path}:2: ")
    assert word in str(wrong)
    assert "\n" not in str(wrong)
    assert RECORD["title"] == before.title == after.title


def test_file_with_byte_order_mark_and_windows_line_ends_is_read(file):
    """
    What Windows editors leave does not spoil the first record; blank lines are nothing.
    """
    articles = read(file(b"\xef\xbb\xbf" + line(), b"", b"   ", line(), ending=b"\r\n"))

    assert [RECORD["title"]] * 2 == [article.title for article in articles]


def test_last_line_needs_no_newline(file):
    """
    A file that ends without a line end ends in a whole record.
    """
    assert RECORD["title"] == read_one(file(line(), ending=b"")).title


def test_empty_file_has_no_articles(file):
    """
    Nothing is an answer too.
    """
    assert [] == read(file())


def test_text_is_made_safe_to_keep(file):
    """
    No controls, no half characters, composed letters: every store can hold it.
    """
    raw = b'{"outlet": "x", "title": "a\\u0000b\\ud800", "body": "\\u0627\\u0655\\u0007 \\r\\n\\r\\n c"}'

    article = read_one(file(raw))

    assert "ab\ufffd" == article.title
    assert "إ\nc" == article.body


@pytest.mark.parametrize("pack", [gzip.compress, lzma.compress], ids=["gzip", "xz"])
@pytest.mark.parametrize("damage", ["cut", "garbled"])
def test_broken_file_gives_what_stands_before_the_break(file, pack, damage):
    """
    What can be unpacked is read; then one error says that the file broke off and where.
    """
    urls = (f"https://paper.example/{number * 7919}" for number in range(20_000))
    path = file(*(line(url=url, id=url[::-1]) for url in urls), pack=pack)
    content = path.read_bytes()
    half = len(content) // 2
    rest = b"" if damage == "cut" else bytes(64) + content[half + 64 :]
    path.write_bytes(content[:half] + rest)
    articles = []

    with pytest.raises(ImportLineError, match=r"articles\.jsonl: broken after line \d+: .*fetch it again"):
        articles.extend(article for article in read_articles(path, now=NOW))

    # list.extend keeps what came before the error
    assert 1_000 < len(articles) < 20_000


@pytest.mark.parametrize("given", ["absent.jsonl", "."])
def test_file_that_cannot_be_opened_is_named(tmp_path, given):
    """
    A slip in the path is one clear line.
    """
    with pytest.raises(ImportLineError, match="name a file this user can read"):
        read(tmp_path / given)


def test_reading_is_lazy(file):
    """
    The first article is there before the file is read: a broken end does not keep it back.
    """
    path = file(*[line()] * 50_000, pack=gzip.compress)
    path.write_bytes(path.read_bytes()[:-4_000])

    assert 3 == len(list(islice(read_articles(path, now=NOW), 3)))
