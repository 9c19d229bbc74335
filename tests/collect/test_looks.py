"""A young article is looked at again: the real step, real sockets, a real ledger."""

from __future__ import annotations

from datetime import timedelta

from pipeline.collect.archive import open_archive
from pipeline.collect.fetch import fetch
from pipeline.collect.poll import poll
from pipeline.records import Article
from pipeline.work import SettledExtraction
from tests.collect.scene import outlets_of, play
from tests.collect.server import answer

LOOKS_S = (3600.0, 6 * 3600.0, 24 * 3600.0)
RSS = "<rss version='2.0'><channel><item><title>خبر</title><link>/1</link></item></channel></rss>"  # an item


async def fetched(scene, archive, outlets):
    return await fetch(
        scene.ledger,
        scene.fetcher,
        archive,
        outlets=outlets,
        clock=scene.clock,
        worker="w",
        budget_s=60,
        concurrency=1,
        pause_s=0.0,
        looks_s=LOOKS_S,
    )


def read(scene, archive):
    """Make an article of every page that waits; how many."""
    waiting = scene.ledger.claim_extractions(worker="w", now=scene.clock.now())
    found = [
        SettledExtraction(
            entry_id=each.entry.entry_id,
            article=Article(
                article_id=each.entry.entry_id,
                outlet_id="alnahr",
                url=each.entry.url,
                title="خبر",
                body=archive.read_body(each.page)[0].decode(),
                first_seen_at=each.first_seen_at,
            ),
        )
        for each in waiting
    ]
    scene.ledger.settle_extractions(found, now=scene.clock.now())
    return len(found)


async def polled(scene, archive, outlets):
    await poll(
        scene.ledger,
        scene.fetcher,
        outlets=outlets,
        archive=archive,
        clock=scene.clock,
        worker="w",
        budget_s=60,
        concurrency=1,
        pause_s=0.0,
    )


def page(etag, text):
    """Answers 304 to whoever has this version."""

    async def write(request, writer):
        known = request.headers.get("if-none-match") == etag
        told = answer(b"" if known else text, status=304 if known else 200, headers={"ETag": etag})
        await told(request, writer)

    return write


def test_a_page_changed_behind_the_feeds_back_is_noticed(tmp_path):
    """
    After an hour it is unchanged and costs a 304, after six its new text is a revision, and after a
    day nobody asks again. The feed says nothing all the while.
    """

    async def act(scene):
        feed = scene.server.answers("/rss", RSS)
        scene.server.does("/1", page('"1"', "قديم"))  # old
        outlets = outlets_of([feed])
        scene.ledger.sync_outlets(outlets, now=scene.clock.now())
        archive = open_archive(tmp_path / "archive")
        await polled(scene, archive, outlets)
        told = []
        for hours, text in ((0, None), (0.5, None), (0.6, None), (5, "جديد"), (20, None), (40, None)):  # new
            scene.clock.at += timedelta(hours=hours)
            if text:
                scene.server.does("/1", page('"2"', text))
            counts = await fetched(scene, archive, outlets)
            told.append((counts["fetched"], counts["unchanged"]))
            read(scene, archive)
        archive.close()
        return told, scene.ledger.revisions_of(scene.server.url("/1")), scene.server.paths

    told, revisions, paths = play(tmp_path, act)

    assert [(1, 0), (0, 0), (0, 1), (1, 0), (0, 1), (0, 0)] == told
    assert ["قديم", "جديد"] == [revision.body for revision in revisions]
    assert 4 == paths.count("/1")


class Watched:
    """A ledger that notes, whenever a page is settled, how much of the archive is on the disk."""

    def __init__(self, ledger, folder):
        self._ledger, self._folder, self.lasting = ledger, folder, []

    def __getattr__(self, name):
        return getattr(self._ledger, name)

    def settle_page(self, settled, *, now):
        marks = {mark.name: int(mark.read_text()) for mark in self._folder.glob("*.open")}
        place = settled.page
        self.lasting.append(place.offset + place.length_bytes <= marks[f"{place.file}.open"])
        self._ledger.settle_page(settled, now=now)


def test_a_page_is_on_the_disk_before_the_ledger_points_at_it(tmp_path):
    """
    A power cut may cost pages nobody knows of, and never one that is waiting to be read.
    """

    async def act(scene):
        folder = tmp_path / "archive"
        feed = scene.server.answers("/rss", RSS.replace("</item>", "</item><item><link>/2</link></item>"))
        for path in ("/1", "/2"):
            scene.server.does(path, page(path, "قديم"))  # old
        outlets = outlets_of([feed])
        scene.ledger.sync_outlets(outlets, now=scene.clock.now())
        archive = open_archive(folder)
        await polled(scene, archive, outlets)
        real, scene.ledger = scene.ledger, Watched(scene.ledger, folder)
        await fetched(scene, archive, outlets)
        watched, scene.ledger = scene.ledger, real
        archive.close()
        return watched.lasting

    assert [True, True] == play(tmp_path, act)
