"""
A file through import, detection and index, on both engines.
"""

from __future__ import annotations

import json
import lzma
from datetime import UTC, datetime
from itertools import islice

import pytest

from pipeline import wiring
from pipeline.answers import SearchRequest
from pipeline.collect.answer import Answer
from pipeline.collect.archive import open_archive
from pipeline.records import Outcome
from pipeline.settings import Settings
from tests.extract.reading import PARAGRAPHS, TITLE, html

STEPS = ("extract", "detect", "index")
#: Of the corpus: what fits into a test.
RECORDS = 3_000
ENGLISH = "The harbour opens again on Sunday, the council of the town said in a statement to the press. " * 4
CRAWLED_AT = datetime(2026, 2, 28, 9, tzinfo=UTC)


@pytest.fixture(params=["embedded", pytest.param("elasticsearch", marks=pytest.mark.elasticsearch)])
def settings(request, tmp_path):
    changes = {"index": request.param, "home": tmp_path / "home", "log_level": "error"}
    if request.param == "elasticsearch":
        changes |= {
            "elasticsearch_url": request.getfixturevalue("elasticsearch_url"),
            "elasticsearch_prefix": f"import-{abs(hash(str(tmp_path))):x}",
        }
    return Settings(**changes)


def imported(monitor, file):
    counts = monitor.import_file(file)
    for step in STEPS:
        monitor.step(step)
    if hasattr(monitor.searchable, "refresh"):
        monitor.searchable.refresh()
    return counts


def total(monitor):
    counts = {}
    for row in monitor.ledger.outcome_counts().values():
        for name, count in row.items():
            counts[name] = counts.get(name, 0) + count
    return counts


@pytest.mark.shared
@pytest.mark.slow
def test_beginning_of_the_corpus_goes_through(settings, shared_data, tmp_path):
    """
    Every record is counted once, what is new is searchable, and the same file brings nothing new.
    """
    file = tmp_path / "beginning.jsonl"
    with lzma.open(shared_data / "corpus/corpus.jsonl.xz") as corpus:
        file.write_bytes(b"".join(islice(corpus, RECORDS)))

    with wiring.open_monitor(settings) as monitor:
        counts = imported(monitor, file)
        again = imported(monitor, file)

        assert RECORDS == counts["read"] == again["read"]
        assert RECORDS == sum(count for name, count in counts.items() if name != "read")
        assert counts["new"] == total(monitor)[Outcome.INDEXED] == monitor.searchable.count()
        assert 0 == again["new"] == again["changed"]
        assert [] != monitor.searchable.search(SearchRequest(query="الرئيس")).hits


def test_undated_record_without_url_is_found_by_when_it_was_seen(settings, tmp_path):
    """
    Known by outlet and text, dated by its first sighting, and saying so.
    """
    record = {"outlet": "صحيفة الساحل", "title": "الميناء القديم", "body": "رست السفينة عند الفجر. " * 12}
    file = tmp_path / "one.jsonl.xz"  # a paper, an old port, a ship that came in at dawn
    file.write_bytes(lzma.compress(json.dumps(record, ensure_ascii=False).encode()))

    with wiring.open_monitor(settings) as monitor:
        counts = imported(monitor, file)
        (hit,) = monitor.searchable.search(SearchRequest(query="السفينة")).hits  # the ship

        assert 1 == counts["new"]
        assert (None, "") == (hit.published_at, hit.url)
        assert abs(hit.dated_at - monitor.clock.now()).total_seconds() < 600


def test_outlets_only_a_file_names_are_called_so(settings, tmp_path):
    """
    The name is what analysts see; one that is configured keeps the name its file gives it.
    """
    body = "رست السفينة عند الفجر. " * 12  # the ship came in at dawn
    records = [
        {"outlet": "صحيفة الساحل", "title": "الميناء القديم", "body": body},  # a paper; an old port
        {"outlet": "al-jazeera", "title": "الرصيف الجديد", "body": body},  # a new quay
    ]
    file = tmp_path / "two.jsonl"
    file.write_text("\n".join(json.dumps(record, ensure_ascii=False) for record in records), "utf-8")

    with wiring.open_monitor(settings) as monitor:
        imported(monitor, file)
        hits = monitor.searchable.search(SearchRequest(query="السفينة")).hits  # the ship

        assert {"صحيفة الساحل", monitor.outlets["al-jazeera"].title} == {hit.outlet_title for hit in hits}


def test_every_record_of_a_file_has_its_outcome(settings, tmp_path):
    """
    One in another language ends as `not_arabic` beside those that are indexed; a second time all are known.
    """
    records = [
        {"outlet": "one", "title": TITLE, "body": "\n".join(PARAGRAPHS)},
        {"outlet": "one", "id": 7, "title": "The harbour", "body": ENGLISH},
        {"outlet": "one", "id": 7, "title": "The harbour", "body": ENGLISH},
    ]
    file = tmp_path / "three.jsonl"
    file.write_text("\n".join(json.dumps(record, ensure_ascii=False) for record in records), "utf-8")

    with wiring.open_monitor(settings) as monitor:
        counts, again = imported(monitor, file), imported(monitor, file)

        assert (3, 1, 1, 1) == tuple(counts[name] for name in ("read", "new", "not_arabic", "known"))
        assert (3, 3) == (again["read"], again["known"])
        assert {Outcome.INDEXED: 1, Outcome.NOT_ARABIC: 1} == total(monitor)
        assert 1 == monitor.searchable.count()


def crawled(folder):
    """A WARC as our own archive writes it: an article, an English one, a front."""
    pages = {
        "https://daily.example/library": html(),
        "https://daily.example/harbour": f"<h1>The harbour</h1><article><p>{ENGLISH}</p></article>",
        "https://daily.example/front": "<a href=/x>رابط إلى صفحة أخرى</a><br>" * 60,  # a link
    }
    archive = open_archive(folder)
    for url, page in pages.items():
        answer = Answer(
            requested_url=url,
            final_url=url,
            status=200,
            headers=(("Content-Type", "text/html; charset=utf-8"),),
            body=page.encode(),
        )
        archive.write(answer, fetched_at=CRAWLED_AT, about={"kind": "page"})
    archive.close()
    return next(folder.glob("*.warc.gz"))


def test_pages_of_a_warc_become_articles(settings, tmp_path):
    """
    What another crawler fetched is read, detected and indexed like our own, as of when it was there.
    """
    file = crawled(tmp_path / "elsewhere")

    with wiring.open_monitor(settings) as monitor:
        counts, again = imported(monitor, file), imported(monitor, file)
        (hit,) = monitor.searchable.search(SearchRequest(query="مكتبتها العامة")).hits  # its public library
        story = monitor.ledger.story_of("https://daily.example/library")

        assert (3, 3) == (counts["read"], counts["new"])
        assert (3, 3) == (again["read"], again["known"])
        assert ("https://daily.example/library", TITLE) == (hit.url, hit.title)
        assert (Outcome.INDEXED, CRAWLED_AT) == (story.outcome, story.first_seen_at)
        assert {Outcome.INDEXED: 1, Outcome.NOT_ARABIC: 1, Outcome.NO_ARTICLE: 1} == total(monitor)


def test_a_warc_is_known_by_its_bytes(settings, tmp_path):
    """
    Whatever the file is called.
    """
    file = crawled(tmp_path / "elsewhere").rename(tmp_path / "crawl.gz")

    with wiring.open_monitor(settings) as monitor:
        assert 3 == monitor.import_file(file)["new"]
