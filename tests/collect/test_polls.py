"""A feed over several polls: real sockets and a real ledger."""

from __future__ import annotations

from datetime import timedelta

from pipeline.collect.archive import open_archive
from pipeline.collect.poll import poll
from tests.collect.scene import outlets_of, play
from tests.collect.server import answer

RSS = "<rss version='2.0'><channel><item><title>خبر</title><link>/1</link></item></channel></rss>"  # an item


async def polled(scene, folder, urls):
    outlets = outlets_of(urls)
    scene.ledger.sync_outlets(outlets, now=scene.clock.now())
    archive = open_archive(folder / "archive")
    counts = await poll(
        scene.ledger,
        scene.fetcher,
        outlets=outlets,
        archive=archive,
        clock=scene.clock,
        worker="w",
        budget_s=60,
        concurrency=2,
        pause_s=0.0,
    )
    archive.close()
    scene.clock.at += timedelta(hours=7)
    return counts


def test_validators_go_back_byte_for_byte(tmp_path):
    """
    Quotes, weakness and odd letters included; 304 costs no body and leaves what was listed.
    """

    async def act(scene):
        told = {"ETag": 'W/"a-\xe9"', "Last-Modified": "yesterday, about noon"}
        url = scene.server.answers("/rss", RSS, headers=told)
        first = await polled(scene, tmp_path, [url])
        scene.server.answers("/rss", b"", status=304)
        second = await polled(scene, tmp_path, [url])
        return first, second, scene.server.requests[-1].headers

    first, second, sent = play(tmp_path, act)

    assert (1, 0) == (first["new"], first["unchanged"])
    assert (0, 1) == (second["new"], second["unchanged"])
    assert ('W/"a-\xe9"', "yesterday, about noon") == (sent["if-none-match"], sent["if-modified-since"])


def test_an_unchanged_body_is_known_by_its_hash(tmp_path):
    """
    A server without validators sends everything; nothing of it is read or kept again.
    """

    async def act(scene):
        url = scene.server.answers("/rss", RSS)
        await polled(scene, tmp_path, [url])
        return await polled(scene, tmp_path, [url])

    again = play(tmp_path, act)

    assert (1, 1, 0) == (again["feeds"], again["unchanged"], again["listed"])


def test_a_server_that_says_unchanged_for_ever_is_found_out(tmp_path):
    """
    Now and then a poll goes without validators; what such a server kept back is then listed.
    """

    async def stuck(request, writer):
        known = "if-none-match" in request.headers
        body = RSS.replace("/1", f"/{len(scene_requests)}")
        scene_requests.append(request)
        reply = answer(b"", status=304) if known else answer(body, headers={"ETag": '"1"'})
        await reply(request, writer)

    scene_requests = []

    async def act(scene):
        url = scene.server.does("/rss", stuck)
        return sum([(await polled(scene, tmp_path, [url]))["new"] for _ in range(150)])

    assert 2 <= play(tmp_path, act) < 15


def test_410_stops_a_feed_with_a_word_to_the_operator(tmp_path):
    """
    It is asked no more, and `rasd feeds` and `rasd status --check` say so.
    """

    async def act(scene):
        url = scene.server.answers("/rss", "x", status=410)
        await polled(scene, tmp_path, [url])
        await polled(scene, tmp_path, [url])
        return scene.server.paths, scene.ledger.feed_health(now=scene.clock.now())

    paths, (health,) = play(tmp_path, act)

    assert ["/rss"] == paths
    assert (True, None, 410) == (health.enabled, health.next_poll_at, health.http_status)


def test_a_feed_that_fails_is_never_given_up(tmp_path):
    """
    After forty failures it is still asked, and its first answer counts like any other.
    """

    async def act(scene):
        url = scene.server.answers("/rss", "x", status=404)
        for _ in range(40):
            await polled(scene, tmp_path, [url])
            scene.clock.at += timedelta(days=2)
        scene.server.answers("/rss", RSS)
        return await polled(scene, tmp_path, [url]), len(scene.server.paths)

    counts, asked = play(tmp_path, act)

    assert (1, 41) == (counts["new"], asked)
