"""Exports: whole, openable, safe, and as small in memory for many articles as for few."""

from __future__ import annotations

import csv
import io
import json
import tracemalloc
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from xml.etree import ElementTree as ET

import feedparser
import openpyxl
import pytest

from pipeline.answers import SearchHit
from pipeline.records import Hit, TopicMatch
from pipeline.web.exports.lines import jsonl_of
from pipeline.web.exports.rows import COLUMNS, Row
from pipeline.web.exports.sheets import csv_of, xlsx_of
from pipeline.web.exports.syndication import Channel, atom_of, rss_of

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
CHANNEL = Channel(
    title="رصد: <b>&", page="http://r.example/?q=a&b=c", itself="http://r.example/f.rss", updated_at=NOON
)  # Rasd
HOSTILE = '=HYPERLINK("http://evil.example")'


def row(**changes) -> Row:
    hit = SearchHit(
        **{
            "document_id": "0" * 32,
            "url": "https://one.example/a",
            "title": "قمة في عمّان",  # a summit in Amman
            "outlet_id": "one",
            "outlet_title": "الأولى",  # The First
            "country": "jo",
            "published_at": NOON,
            "dated_at": NOON,
            "topics": ("sudan_war",),
            "score": 1.0,
            "body": "نص\nثان",  # a text, a second
            **changes,
        }
    )
    found = Hit(term="هدنة", form="الهدنة", field="body", start=0, end=6, weight=1)  # truce, the truce
    out = Hit(term="حرب", form="الحرب", field="body", start=9, end=12, weight=1, cancelled_by="guard")  # war
    match = TopicMatch(topic_id="sudan_war", topic_version="v", score=0.9, threshold=0.5, hits=(found, out))
    return Row(hit, (match,))


def read_csv(*rows: Row) -> list[dict[str, str]]:
    data = b"".join(csv_of(rows))
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def read_xlsx(*rows: Row):
    return openpyxl.load_workbook(io.BytesIO(b"".join(xlsx_of(rows, zone="Asia/Amman"))))


def test_a_sheet_reads_right_to_left_with_links_and_a_frozen_head():
    """
    What an analyst would set up by hand is set up: direction, head, links, times in their zone.
    """
    sheet = read_xlsx(row()).active
    cells = dict(zip(COLUMNS, sheet[2], strict=True))

    assert sheet.sheet_view.rightToLeft
    assert "A2" == sheet.freeze_panes
    assert list(COLUMNS) == [cell.value for cell in sheet[1]]
    assert "https://one.example/a" == cells["url"].hyperlink.target
    assert datetime(2026, 3, 1, 15) == cells["published_at"].value  # noqa: DTZ001 - sheets know no zones
    assert "قمة في عمّان" == cells["title"].value  # a summit in Amman


def test_reasons_are_part_of_every_export():
    """
    Term and form of what counted, not of what a guard cancelled; JSON Lines has it all.
    """
    told = read_csv(row())[0]["why"]

    assert "sudan_war (0.9): هدنة = الهدنة" == told
    assert told == dict(zip(COLUMNS, read_xlsx(row()).active[2], strict=True))["why"].value
    assert "الهدنة" in b"".join(rss_of([row()], CHANNEL)).decode()
    whole = json.loads(b"".join(jsonl_of([row()])))
    assert ["guard"] == [hit["cancelled_by"] for hit in whole["matches"][0]["hits"] if hit["cancelled_by"]]
    assert "نص\nثان" == whole["body"]


@pytest.mark.parametrize("start", [*"=+-@\t\r", *"＝＋－＠"])
def test_no_cell_is_a_formula(start):
    """
    A title that begins like one is text in every spreadsheet.
    """
    title = f"{start}cmd|'/c calc'!A0"
    assert not read_csv(row(title=title, author=title))[0]["author"].startswith(tuple("=+-@＝＋－＠"))
    cells = read_xlsx(row(title=title, url=HOSTILE)).active[2]
    assert all("f" != cell.data_type for cell in cells)
    assert all(cell.hyperlink is None for cell in cells)


def test_what_turns_text_around_is_left_out_of_sheets():
    """
    An override in a title would let it read as another one; JSON Lines keeps it, being lossless.
    """
    title = "أ\u202eب\u2066ج"  # override and isolate

    assert "أبج" == read_csv(row(title=title))[0]["title"]
    assert title == json.loads(b"".join(jsonl_of([row(title=title)])))["title"]


@pytest.mark.parametrize("made", [rss_of, atom_of])
def test_feeds_are_well_formed_whatever_is_in_them(made):
    """
    Markup, ampersands and characters XML cannot hold do no harm; no link leads to a script.
    """
    hostile = row(
        title="<script>&\x00\ud800\uffff", url="javascript:alert(1)", author="]]>", published_at=None
    )
    data = b"".join(made([row(), hostile], CHANNEL))

    ET.fromstring(data)
    parsed = feedparser.parse(data)
    assert not parsed.bozo
    assert "https://one.example/a" == parsed.entries[0].link
    assert "javascript" not in data.decode()
    assert len({entry.id for entry in parsed.entries} | {"x"}) == 2
    assert "sudan_war" == parsed.entries[0].tags[0].term


def test_a_feed_says_when_each_article_is_from():
    """
    Readers of feeds sort by it.
    """
    feed = ET.fromstring(b"".join(rss_of([row()], CHANNEL)))

    assert NOON == parsedate_to_datetime(feed.findtext("channel/item/pubDate"))


def test_memory_does_not_grow_with_the_rows():
    """
    Ten times the rows take no more memory: nothing of them is kept.
    """
    made = row(body="ن" * 2000)

    def peak(number: int, export) -> int:
        def rows() -> Iterator[Row]:
            for _ in range(number):
                yield made

        tracemalloc.start()
        for _ in export(rows()):
            pass
        used = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return used

    for export in (csv_of, jsonl_of, lambda rows: xlsx_of((r for r in rows), zone="UTC")):
        peak(100, export)
        assert peak(1_500, export) < peak(150, export) + 2_000_000


def test_exports_are_streamed_and_named(site, browser):
    """
    An answer without a length, named by day, and every article of the search in it.
    """
    total = browser.get("/api/v1/search").json()["total"]
    with browser.stream("GET", "/search.csv") as answer:
        assert "content-length" not in answer.headers
        assert 'filename="rasd-' in answer.headers["content-disposition"]
        lines = list(csv.reader(io.StringIO(b"".join(answer.iter_bytes()).decode("utf-8-sig"))))

    assert total == len(lines) - 1
    assert len({line[-1] for line in lines[1:]}) == total


def test_a_query_that_cannot_be_read_is_an_error_not_a_file(browser):
    """
    The download does not begin.
    """
    answer = browser.get('/search.csv?q="')

    assert 400 == answer.status_code
    assert "content-disposition" not in answer.headers
