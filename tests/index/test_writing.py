"""
What an index keeps of what it is told, held against both engines by one suite.
"""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from pipeline.answers import SearchRequest
from tests.index.documents import document


def test_a_newer_version_replaces_and_an_older_never_does(searched):
    """
    Late writers cannot undo what is newer.
    """
    searched.add(document(1, "القديم", version=1))
    searched.add(document(1, "الجديد", version=3))
    searched.add(document(1, "المتأخر", version=2))

    assert [1] == searched.numbers("الجديد")
    assert [] == searched.numbers("القديم OR المتأخر")
    assert 1 == searched.index.count()


def test_deleted_documents_are_gone_and_unknown_ids_are_fine(searched):
    """
    Deleting takes out what is there.
    """
    searched.add(document(1, "خبر"), document(2, "خبر"))

    searched.index.delete([document(1, "").document_id, "f" * 32])
    searched.refresh()

    assert [2] == searched.numbers("خبر")


def test_months_expire_whole(searched):
    """
    Retention takes out whole months.
    """
    searched.add(document(1, "خبر", day=-40), document(2, "خبر"))

    searched.index.delete_months_before("2026-03")
    searched.refresh()

    assert [2] == searched.numbers("خبر")


def test_a_rebuild_swaps_without_a_gap(searched):
    """
    While a rebuild is under way searches go on, and what is written then is in the new generation.
    """
    documents = [document(number, "خبر") for number in range(1, 31)]
    searched.add(*documents)
    seen, done = [], threading.Event()

    def pages():
        for start in range(0, 30, 10):
            seen.append(searched.index.count())
            if start == 10:
                searched.add(document(99, "خبر وصل أثناء ذلك"), document(1, "خبر معدل", version=2))
            yield documents[start : start + 10]
        done.set()

    total = searched.index.rebuild(pages(), lambda _: None)
    searched.refresh()

    assert done.is_set()
    assert all(count in {30, 31} for count in seen)
    assert 31 == total == searched.index.count()
    assert [1] == searched.numbers("معدل")
    assert [99] == searched.numbers("أثناء")


def test_whoever_searches_during_a_rebuild_finds_everything(searched):
    """
    Seen through a connection of its own, over the swap and after it, nothing is ever missing.
    """
    documents = [document(number, "خبر", day=-number) for number in range(1, 61)]  # months of their own
    searched.add(*documents)
    found, stop = [], threading.Event()

    def search():
        with searched.again() as other:
            while not stop.is_set():
                found.append(other.search(SearchRequest(query="خبر")).total)

    with ThreadPoolExecutor(1) as pool:
        searching = pool.submit(search)
        for rebuilds in range(3):
            while len(found) < 2 * rebuilds + 1 and not searching.done():  # some in between, however busy
                time.sleep(0.01)
            if rebuilds < 2:
                searched.index.rebuild((documents[at : at + 10] for at in range(0, 60, 10)), lambda _: None)
        stop.set()
        searching.result(timeout=30)

    assert {60} == set(found)
    assert len(found) > 3


def test_a_rebuild_that_died_leaves_no_mess(searched):
    """
    A killed rebuild changes nothing that is searched, and the next one sweeps it away.
    """
    searched.add(document(1, "خبر"))

    def dies():
        yield [document(2, "نصف")]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        searched.index.rebuild(dies(), lambda _: None)
    searched.refresh()
    before = searched.numbers()
    total = searched.index.rebuild([[document(1, "خبر")]], lambda _: None)
    searched.refresh()

    assert [1] == before == searched.numbers()
    assert 1 == total
