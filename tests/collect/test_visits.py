"""Being a guest: pace, rules, rest; real sockets and a real ledger."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from pipeline.collect.visits import visit_hosts, visiting
from pipeline.errors import DisallowedError, HostDownError, UnreachableError
from tests.collect.scene import NOON, outlets_of, play
from tests.collect.server import raw


class TestPace:
    """One request at a time, and a pause after it."""

    def test_requests_to_a_host_are_apart(self, tmp_path):
        """
        The pause lies between any two, robots.txt included.
        """

        async def act(scene):
            scene.serves("/robots.txt", "User-agent: *")
            url = scene.serves("/a")
            async with scene.guest(pause_s=2.0) as visit:
                await scene.get(visit, url)
                await scene.get(visit, url)
            return scene.gaps_s()

        assert [2.0, 2.0] == play(tmp_path, act)

    def test_a_slow_server_is_given_time(self, tmp_path):
        """
        As long as it took to answer, up to ten seconds.
        """

        async def act(scene):
            slow, slower = scene.serves("/a", took_s=6.0), scene.serves("/b", took_s=60.0)
            async with scene.guest(pause_s=2.0) as visit:
                await scene.get(visit, slow)
                await scene.get(visit, slower)
                await scene.get(visit, slow)
            return scene.gaps_s()

        assert [12.0, 70.0] == play(tmp_path, act)

    def test_a_crawl_delay_is_kept(self, tmp_path):
        """
        Publishers may ask for more than our pause; where it is long, the host is given back meanwhile.
        """

        async def act(scene):
            scene.serves("/robots.txt", "User-agent: *\nCrawl-delay: 7")
            url = scene.serves("/a")
            async with scene.guest(pause_s=2.0) as visit:
                await scene.get(visit, url)
                await scene.get(visit, url)
            scene.serves("/robots.txt", "User-agent: *\nCrawl-delay: 60")
            scene.clock.at += timedelta(days=1)
            async with scene.guest(pause_s=2.0) as visit:
                await scene.get(visit, url)
                goes_on = visit.may_go_on()
            return scene.gaps_s()[:2], goes_on, scene.rests_s()

        assert ([7.0, 7.0], False, 60.0) == play(tmp_path, act)

    def test_workers_share_a_host_one_at_a_time(self, tmp_path):
        """
        Three workers with work for one host never send it two requests at once.
        """

        async def act(scene):
            urls = [scene.serves(f"/{number}") for number in range(9)]
            scene.ledger.sync_outlets(outlets_of(urls), now=NOON)

            async def work(visit):
                for state in scene.ledger.due_feeds(visit.lease, now=scene.clock.now(), limit=1):
                    await scene.get(visit, state.url)
                    asked.append(state.url)
                return False

            asked = []
            await asyncio.gather(*(
                visit_hosts(scene.round(worker=name, seconds=20), "poll", work, concurrency=2)
                for name in ("a", "b", "c")
            ))  # fmt: skip
            return scene.server.most_at_once, len(asked)

        most, asked = play(tmp_path, act)

        assert 1 == most
        assert asked > 3


class TestRules:
    """robots.txt."""

    def test_it_is_asked_for_once_a_day(self, tmp_path):
        """
        Across visits and workers; after a day it is asked for anew.
        """

        async def act(scene):
            scene.server.answers("/robots.txt", "User-agent: *")
            url = scene.serves("/a")
            for after in (timedelta(0), timedelta(hours=23), timedelta(hours=2)):
                scene.clock.at += after
                async with scene.guest() as visit:
                    await scene.get(visit, url)
            return [request.path for request in scene.server.requests]

        assert ["/robots.txt", "/a", "/a", "/robots.txt", "/a"] == play(tmp_path, act)

    def test_what_it_forbids_is_not_asked_for(self, tmp_path):
        """
        Neither directly nor where a redirect leads, be it on another host with rules of its own.
        """

        async def act(scene):
            scene.server.answers("/robots.txt", "User-agent: *\nDisallow: /private")
            scene.server.answers("/private", "x")
            scene.server.answers("/a", status=302, headers={"Location": "/private"})
            secret = scene.other.answers("/secret", "x")
            scene.server.answers("/b", status=302, headers={"Location": secret})
            scene.other.answers("/robots.txt", "User-agent: *\nDisallow: /secret")
            async with scene.guest(pause_s=0.0) as visit:
                for path in ("/private", "/a", "/b"):
                    with pytest.raises(DisallowedError, match="forbids"):
                        await scene.get(visit, scene.server.url(path))
            return scene.server.paths, scene.other.paths

        assert (["/a", "/b"], []) == play(tmp_path, act)

    def test_without_it_nothing_is_asked_for(self, tmp_path):
        """
        A host whose robots.txt answers 503 rests; nothing else of it is requested.
        """

        async def act(scene):
            scene.server.answers("/robots.txt", "x", status=503)
            async with scene.guest() as visit:
                with pytest.raises(HostDownError, match="nothing may be asked"):
                    await scene.get(visit, scene.server.url("/a"))
            return scene.server.paths, scene.rests_s()

        paths, rests_s = play(tmp_path, act)

        assert [] == paths
        assert 60 <= rests_s <= 150


class TestRest:
    """Hosts in trouble are left alone."""

    @pytest.mark.parametrize(
        ("status", "headers", "least_s", "most_s"),
        [
            (429, {"Retry-After": "90"}, 90, 91),
            (503, {"Retry-After": "Tue, 24 Nov 2026 12:10:00 GMT"}, 590, 600),
            (503, {}, 120, 150),
            (429, {"Retry-After": "999999"}, 3600, 3601),
        ],
    )
    def test_a_host_that_has_too_much_rests(self, tmp_path, status, headers, least_s, most_s):
        """
        As long as it says, within an hour; two minutes and a little more when it does not say.
        """

        async def act(scene):
            url = scene.server.answers("/a", "x", status=status, headers=headers)
            async with scene.guest() as visit:
                await scene.get(visit, url)
                goes_on = visit.may_go_on()
            return goes_on, scene.rests_s()

        goes_on, rests_s = play(tmp_path, act)

        assert not goes_on
        assert least_s <= rests_s <= most_s

    def test_a_host_that_is_down_is_not_asked_for_a_while(self, tmp_path):
        """
        Longer each time, to half an hour; the first answer ends it.
        """

        async def act(scene):
            scene.server.answers("/robots.txt", "User-agent: *")
            url, rests = scene.server.answers("/a"), []
            async with scene.guest() as visit:
                await scene.get(visit, url)
            listener, scene.server.port = scene.server.port, 1  # nobody listens there
            scene.fetcher._ports |= {1}
            for _ in range(7):
                async with visiting(scene.round(), scene.server.url("/")) as visit:
                    with pytest.raises(HostDownError):
                        await scene.get(visit, scene.server.url("/a"))
                rests.append((visit._next_at - scene.clock.now()).total_seconds())
                scene.clock.at = visit._next_at
            scene.server.port = listener
            return rests

        rests = play(tmp_path, act)

        assert rests[:5] == sorted(rests[:5])
        assert 120 <= rests[0] <= 150
        assert 1800 <= rests[-1] <= 1800 * 1.2

    def test_three_time_outs_in_a_row_are_enough(self, tmp_path):
        """
        Then the host is left alone for five minutes.
        """

        async def act(scene):
            url = scene.server.does("/a", raw(reset=True))
            async with scene.guest(pause_s=0.0) as visit:
                for _ in range(3):
                    assert visit.may_go_on()
                    with pytest.raises(UnreachableError):
                        await scene.get(visit, url)
                goes_on = visit.may_go_on()
            return goes_on, scene.rests_s()

        goes_on, rests_s = play(tmp_path, act)

        assert not goes_on
        assert 299 <= rests_s <= 300
