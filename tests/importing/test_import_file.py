"""
A file through import, detection and index, on both engines.
"""

from __future__ import annotations

import json
import lzma
from itertools import islice

import pytest

from pipeline import wiring
from pipeline.answers import SearchRequest
from pipeline.records import Outcome
from pipeline.settings import Settings

STEPS = ("extract", "detect", "index")
#: Of the corpus: what fits into a test.
RECORDS = 3_000


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
