"""Pages are read in processes of their own: what harms one harms its own entry, and nobody else."""

from __future__ import annotations

import os
import signal
import threading
import time
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from pipeline.extract.channel import Request
from pipeline.extract.pool import Extractors
from pipeline.extract.worker import DEADLINE_S, Extractor
from pipeline.records import DateEvidence, Outcome
from tests.extract import hostile
from tests.extract.reading import NOW, OUTLET, PARAGRAPHS, html, key, pending

TEXT = "\n".join(PARAGRAPHS)


def request(name: str, body: bytes | None = None) -> Request:
    return Request(pending(name), html().encode() if body is None else body, "text/html", OUTLET, NOW)


def worker_of(extractor: Extractor) -> int:
    """The process that reads its pages just now."""
    return extractor._process.pid


def resident_bytes(pid: int) -> int:
    return int(Path(f"/proc/{pid}/statm").read_text("ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")


@pytest.fixture(scope="module")
def extractor():
    with Extractor() as opened:
        yield opened


#: What each page comes to: its text, or the outcome of its entry.
HOSTILE = [
    (hostile.many_attributes, TEXT),
    (hostile.nested_divs, TEXT),
    (hostile.many_links, Outcome.NO_ARTICLE),
    (hostile.large_table, TEXT),
    (hostile.nested_lists, TEXT),
    (hostile.nothing, Outcome.UNUSABLE),
]


@pytest.mark.parametrize(("made", "expected"), HOSTILE, ids=lambda value: getattr(value, "__name__", ""))
def test_hostile_page_comes_to_its_own_end(made, expected, extractor):
    """
    Within the deadline, and the pages before and after it are read as if it were not there.
    """
    started = time.monotonic()
    reads = list(extractor.reads([request("before"), request("hostile", made()), request("after")]))

    assert time.monotonic() - started < DEADLINE_S
    before, found, after = reads
    assert (TEXT, TEXT) == (before.article.body, after.article.body)
    if isinstance(expected, Outcome):
        assert expected is found.error.outcome
    else:
        assert all(text in found.article.body for text in PARAGRAPHS)


def test_memory_is_back_after_large_pages(extractor):
    """
    A worker that has grown is replaced before the next page.
    """
    list(extractor.reads([request("large", hostile.nothing()), request("ordinary")]))

    assert resident_bytes(worker_of(extractor)) < 200_000_000


def test_page_that_takes_all_memory_fails_alone():
    """
    The parser wants more than the worker may have: the entry has failed, its neighbours have not.
    """
    with Extractor(memory_bytes=300_000_000) as extractor:
        reads = list(
            extractor.reads([request("before"), request("greedy", hostile.greedy()), request("after")])
        )

    before, greedy, after = reads
    assert (TEXT, TEXT) == (before.article.body, after.article.body)
    assert (Outcome.FAILED, "ran out of memory") == (greedy.error.outcome, greedy.error.reason)


def test_page_that_takes_too_long_is_killed():
    """
    The deadline holds for each page, and the worker after it is a new one.
    """
    with Extractor(deadline_s=0.001) as extractor:
        late = next(extractor.reads([request("late", hostile.many_attributes())]))
        extractor.deadline_s = DEADLINE_S
        after = next(extractor.reads([request("after")]))

    assert (Outcome.FAILED, "killed after 0.001 s") == (late.error.outcome, late.error.reason)
    assert TEXT == after.article.body


def test_worker_killed_from_outside_costs_nobody_anything(extractor):
    """
    The page it was reading is given to a new worker.
    """
    list(extractor.reads([request("before")]))
    doomed = worker_of(extractor)
    threading.Timer(0.05, os.kill, (doomed, signal.SIGKILL)).start()

    reads = list(extractor.reads([request("meanwhile", hostile.many_attributes()), request("after")]))

    assert all(text in reads[0].article.body for text in PARAGRAPHS)
    assert TEXT == reads[1].article.body
    assert doomed != worker_of(extractor)


def test_worker_is_replaced_after_its_pages():
    """
    The libraries' memory only grows, so a worker reads so many pages and no more.
    """
    with Extractor(pages_per_worker=2) as extractor:
        ids = []
        for read in extractor.reads(request(str(number)) for number in range(5)):
            assert TEXT == read.article.body
            ids.append(worker_of(extractor))

    assert [True, False, True, False] == [one == next_ for one, next_ in pairwise(ids)]


def test_worker_ends_with_its_extractor():
    """
    No process is left behind.
    """
    with Extractor() as extractor:
        list(extractor.reads([request("one")]))
        worker = worker_of(extractor)

    with pytest.raises(ProcessLookupError):
        os.kill(worker, 0)


def test_several_workers_answer_in_order():
    """
    Two pages are read at a time, and each answer is that of its own request.
    """
    titles = [f"خبر رقم {number} عن مكتبة الوادي" for number in range(7)]  # news number N

    with Extractors(2) as extractors:
        reads = list(
            extractors.reads(
                Request(pending(title), html(title=title).encode(), "text/html", OUTLET, NOW)
                for title in titles
            )
        )

    assert titles == [read.article.title for read in reads]
    assert [key(title) for title in titles] == [read.article.article_id for read in reads]


def test_what_a_page_states_comes_through_the_pipe(extractor):
    """
    An article's date comes back with all that was noted beside it.
    """
    at = datetime(2026, 2, 17, 10, 30, tzinfo=UTC)
    feed = DateEvidence(published_at=at, source="feed", raw="10:30 GMT", rule="named month, zone stated")
    page = html(above='<div class="date">17 شباط 2026 - 10:30 ص</div>')  # 17 February 2026, 10:30 am

    (read,) = extractor.reads([Request(pending(date=feed), page.encode(), "text/html", OUTLET, NOW)])

    date = read.article.date
    assert (feed, at - timedelta(hours=3)) == (date, date.page_at)
