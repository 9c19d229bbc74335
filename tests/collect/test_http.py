"""One request, survived: real sockets, and a server that means no good."""

from __future__ import annotations

import asyncio
import gzip
import socket
import time
import tracemalloc
from collections.abc import Awaitable, Callable
from ipaddress import IPv4Network

import pytest

from pipeline.collect.answer import Answer
from pipeline.collect.http import Fetcher, open_fetcher
from pipeline.errors import (
    BlockedError,
    DisallowedError,
    EntryError,
    HostDownError,
    UnreachableError,
    UnusableError,
)
from tests.collect.server import Server, answer, browsing, endless, head, playing, raw, serving

CAP_BYTES = 1_000_000
DEADLINE_S = 1.0


async def get(fetcher: Fetcher, url: str, **options: object) -> Answer:
    return await fetcher.get(url, **{"max_bytes": CAP_BYTES, "deadline_s": DEADLINE_S, **options})


def against(scene: Callable[[Server, Fetcher], Awaitable[object]]) -> object:
    """Play a scene between a server and a fetcher."""

    async def play() -> object:
        async with serving() as server, browsing(server) as fetcher:
            return await scene(server, fetcher)

    return asyncio.run(play())


def test_an_answer_is_given_whatever_its_status():
    """
    Status, headers and body come back; 404 is an answer.
    """

    async def scene(server, fetcher):
        page = server.answers("/page", "متن", headers={"ETag": '"a"'})  # text
        return await get(fetcher, page), await get(fetcher, server.url("/nowhere"))

    found, missing = against(scene)

    assert (200, "متن".encode(), '"a"') == (found.status, found.body, found.header("etag"))
    assert 404 == missing.status


def test_requests_name_their_sender_and_keep_no_cookies():
    """
    A User-Agent with a contact; a cookie set once is not sent back.
    """

    async def scene(server, fetcher):
        url = server.answers("/page", "x", headers={"Set-Cookie": "a=b"})
        await get(fetcher, url)
        await get(fetcher, url, headers={"If-None-Match": 'W/"\xe9"'})
        return server.requests

    _, second = against(scene)

    assert "rasd/" in second.headers["user-agent"]
    assert "(+https://example.org/us)" in second.headers["user-agent"]
    assert "cookie" not in second.headers
    assert 'W/"\xe9"' == second.headers["if-none-match"]


def test_a_published_address_is_asked_for_as_spelled():
    """
    Lower-case escapes and decomposed letters reach the server as they were published.
    """

    async def scene(server, fetcher):
        server.answers("/%d8%a7%D9%95", "x")
        server.answers("/%D8%A7%D9%95?q=%D8%AE", "y")
        escaped = await get(fetcher, server.url("/%d8%a7%D9%95"))
        written = await get(fetcher, server.url("/\u0627\u0655?q=\u062e"))
        return escaped.body, written.body

    assert (b"x", b"y") == against(scene)


class TestHostile:
    """A server that would keep us, fill us or fool us."""

    @pytest.mark.parametrize(
        "handler",
        [
            endless(head(200, {"Content-Type": "text/html"}), b"a", pause_s=0.1),
            endless(b"HTTP/1.1 200 OK\r\n", b"X-A: b\r\n", pause_s=0.05),
            endless(b"", b"H", pause_s=0.1),
            raw(b"", pause_s=5.0),
            raw(head(200, {"Content-Length": "10"}), b"12345", pause_s=5.0),
        ],
        ids=["dripping body", "endless headers", "dripping status", "silence", "stalled body"],
    )
    def test_slow_answers_end_at_the_deadline(self, handler):
        """
        One wall-clock deadline holds for the whole request, however alive the server seems.
        """

        async def scene(server, fetcher):
            began = time.monotonic()
            with pytest.raises(UnreachableError, match="within 1 s"):
                await get(fetcher, server.does("/slow", handler))
            return time.monotonic() - began

        assert DEADLINE_S + 1 > against(scene)

    @pytest.mark.parametrize(
        ("handler", "error"),
        [
            (raw(head(200, {"Content-Length": "1000"}), b"short"), UnreachableError),
            (raw(head(200, {"Content-Length": "1000"}), b"short", reset=True), UnreachableError),
            (raw(reset=True), UnreachableError),
            (raw(b"no http at all\r\n\r\n"), UnreachableError),
            (raw(b"HTTP/1.1 200 OK\r\nX: " + b"a" * 200_000 + b"\r\n\r\n"), UnreachableError),
            (raw(head(200, {"Content-Encoding": "br"}), b"this is not brotli"), UnreachableError),
            (raw(head(200, {"Content-Encoding": "unheard-of"}), b"x"), UnreachableError),
            (endless(head(200, {"Content-Type": "text/html"}), b"a" * 65536), UnusableError),
            (answer(b"a" * (CAP_BYTES + 1)), UnusableError),
        ],
        ids=[
            "wrong length", "reset in mid-body", "reset at once", "not HTTP", "huge header", "not brotli",
            "unknown encoding", "endless body", "one byte too many",
        ],
    )  # fmt: skip
    def test_broken_answers_have_an_outcome(self, handler, error):
        """
        What cannot be read is unreachable, what is too large unusable.
        """

        async def scene(server, fetcher):
            with pytest.raises(error) as caught:
                await get(fetcher, server.does("/broken", handler))
            return caught.value

        assert isinstance(against(scene), EntryError)

    @pytest.mark.parametrize("layers", [1, 2], ids=["gzip", "gzip in gzip"])
    def test_a_bomb_does_not_fill_memory(self, layers):
        """
        300 MB in 300 KB ends as too large with a few megabytes held.
        """
        bomb = b"\0" * 300_000_000
        for _ in range(layers):
            bomb = gzip.compress(bomb, compresslevel=1 if len(bomb) > CAP_BYTES else 9)
        coding = ", ".join(["gzip"] * layers)

        async def scene(server, fetcher):
            url = server.answers("/bomb", bomb, headers={"Content-Encoding": coding})
            tracemalloc.start()
            with pytest.raises(UnusableError, match="larger than"):
                await get(fetcher, url, max_bytes=5_000_000, deadline_s=10)
            _, peak = tracemalloc.get_traced_memory()
            tracemalloc.stop()
            return peak

        assert 40_000_000 > against(scene)

    def test_the_next_host_is_served_meanwhile(self):
        """
        A server that drips does not hold up a request to another.
        """

        async def scene(server, fetcher):
            slow = server.does("/slow", endless(head(200, {}), b"a", pause_s=0.1))
            quick = server.answers("/quick", "x")
            dripping = asyncio.create_task(get(fetcher, slow))
            began = time.monotonic()
            await get(fetcher, quick)
            took_s = time.monotonic() - began
            with pytest.raises(UnreachableError):
                await dripping
            return took_s

        assert 0.5 > against(scene)

    def test_broken_tls_means_the_host_is_down(self):
        """
        What answers TLS with something else is no connection.
        """

        async def scene(server, fetcher):
            with pytest.raises(HostDownError):
                await get(fetcher, server.url("/").replace("http:", "https:"))

        against(scene)

    def test_error_pages_are_cut_not_refused(self):
        """
        Of a page that is no page, only as much is read as is needed to know a wall by.
        """

        async def scene(server, fetcher):
            url = server.does("/403", endless(head(403, {}), b"a" * 65536))
            return await get(fetcher, url)

        found = against(scene)

        assert 403 == found.status
        assert 64 * 1024 == len(found.body)

    def test_only_wanted_types_are_read(self):
        """
        A film behind an article's link costs its headers.
        """

        async def scene(server, fetcher):
            film = server.does("/film", endless(head(200, {"Content-Type": "Video/MP4; x=y"}), b"a" * 65536))
            with pytest.raises(UnusableError, match="video/mp4"):
                await get(fetcher, film, accepts=lambda kind: kind == "text/html", max_bytes=10**9)

        against(scene)


class TestRedirects:
    """Followed by hand, each asked about first."""

    def test_they_are_followed_and_told(self):
        """
        Relative and raw Arabic targets are found; every hop is kept with its status.
        """

        async def scene(server, fetcher):
            raw_target = "/خبر".encode().decode("latin-1")  # news
            server.answers("/a", status=301, headers={"Location": "b?x=1"})
            server.answers("/b?x=1", status=302, headers={"Location": raw_target})
            server.answers("/%D8%AE%D8%A8%D8%B1", "here")
            return await get(fetcher, server.url("/a")), server

        found, server = against(scene)

        assert b"here" == found.body
        assert [301, 302] == [hop.status for hop in found.hops]
        assert server.url("/b?x=1") == found.moved_for_good_to
        assert server.url("/خبر") == found.final_url

    def test_each_is_asked_about_before_it_is_followed(self):
        """
        What the caller forbids is not requested.
        """

        async def forbid(url):
            raise DisallowedError(url, "robots")

        async def scene(server, fetcher):
            server.answers("/a", status=301, headers={"Location": "/private"})
            with pytest.raises(DisallowedError):
                await get(fetcher, server.url("/a"), allow_redirect=forbid)
            return server.paths

        assert ["/a"] == against(scene)

    @pytest.mark.parametrize(
        ("headers", "error"),
        [
            ({"Location": "/loop"}, UnreachableError),
            ({"Location": "/loop", "Set-Cookie": "seen=1"}, BlockedError),
            ({"Location": "file:///etc/passwd"}, DisallowedError),
            ({"Location": "mailto:someone@news.example"}, DisallowedError),
        ],
    )
    def test_dead_ends_have_an_outcome(self, headers, error):
        """
        A circle is unreachable, a circle that sets a cookie is a wall, another scheme is not followed.
        """

        async def scene(server, fetcher):
            with pytest.raises(error):
                await get(fetcher, server.answers("/loop", status=302, headers=headers))
            return server.paths

        assert ["/loop"] == against(scene)

    def test_more_than_five_are_not_followed(self):
        """
        An endless chain of fresh addresses ends after five hops.
        """

        async def scene(server, fetcher):
            for number in range(10):
                server.answers(f"/{number}", status=307, headers={"Location": f"/{number + 1}"})
            with pytest.raises(UnreachableError, match="5 redirects"):
                await get(fetcher, server.url("/0"))
            return len(server.requests)

        assert 6 == against(scene)

    @pytest.mark.parametrize(
        "target",
        [
            "http://127.0.0.1/",
            "http://127.1/",
            "http://2130706433/",
            "http://0x7f000001/",
            "http://0177.0.0.1/",
            "http://[::1]/",
            "http://[::ffff:127.0.0.1]/",
            "http://[::ffff:7f00:1]/",
            "http://[64:ff9b::7f00:1]/",
            "http://[2002:7f00:1::]/",
            "http://localhost/",
            "http://0.0.0.0/",
            "http://169.254.169.254/latest/meta-data/",
        ],
    )
    def test_none_leads_to_an_inner_address(self, target):
        """
        However loopback is spelled or wrapped, no connection to it is made.
        """

        async def scene():
            async with (
                serving("127.0.0.9") as outside,
                open_fetcher(
                    contact="x", allow_networks=(IPv4Network("127.0.0.9"),), allow_ports=(outside.port,)
                ) as fetcher,
            ):
                outside.answers("/a", status=302, headers={"Location": target})
                with pytest.raises(
                    (DisallowedError, UnusableError), match=r"no request may reach|Invalid IPv4"
                ):
                    await get(fetcher, outside.url("/a"))

        asyncio.run(scene())


class TestAddresses:
    """The address that was checked is the address connected to."""

    def test_a_name_server_that_changes_its_mind_gains_nothing(self):
        """
        One lookup per connection: a second answer (DNS rebinding) is never asked for.
        """
        answers = [["127.0.0.9"], ["127.0.0.1"]]

        async def resolve(host, port):
            return answers.pop(0)

        async def scene():
            async with (
                serving("127.0.0.9") as server,
                open_fetcher(
                    contact="x",
                    allow_networks=(IPv4Network("127.0.0.9"),),
                    allow_ports=(server.port,),
                    resolve=resolve,
                ) as fetcher,
            ):
                server.answers("/a", "first")
                first = await get(fetcher, f"http://rebound.example:{server.port}/a")
                with pytest.raises(DisallowedError):
                    await get(fetcher, f"http://rebound.example:{server.port}/a")
                return first, server

        first, server = asyncio.run(scene())

        assert b"first" == first.body
        assert f"rebound.example:{server.port}" == server.requests[0].host

    def test_one_forbidden_address_forbids_the_name(self):
        """
        A name that also leads inside is not connected to at all.
        """

        async def resolve(host, port):
            return ["93.184.216.34", "10.0.0.1"]

        async def scene():
            async with open_fetcher(contact="x", resolve=resolve) as fetcher:
                with pytest.raises(DisallowedError, match=r"10\.0\.0\.1"):
                    await get(fetcher, "http://news.example/")

        asyncio.run(scene())

    def test_a_name_without_addresses_is_a_host_that_is_down(self):
        """
        So is a host that refuses the connection.
        """

        async def resolve(host, port):
            raise socket.gaierror(-2, "Name or service not known")

        async def scene():
            async with open_fetcher(contact="x", resolve=resolve) as fetcher:
                with pytest.raises(HostDownError, match="not known"):
                    await get(fetcher, "http://news.example/")
            async with serving() as server:
                pass  # and it is gone again
            async with browsing(server) as fetcher:
                with pytest.raises(HostDownError):
                    await get(fetcher, server.url("/"))

        asyncio.run(scene())

    @pytest.mark.parametrize(
        ("url", "error"),
        [
            ("ftp://news.example/a", DisallowedError),
            ("file:///etc/passwd", DisallowedError),
            ("http://me:secret@news.example/", DisallowedError),
            ("http://news.example:22/", DisallowedError),
            ("https://news.example:8443/", DisallowedError),
            ("http:///nowhere", DisallowedError),
            ("http://①②⑦.⓪.⓪.①/", UnusableError),
            ("http://news.example:99999999/", DisallowedError),
            ("http://" + "a" * 70_000, UnusableError),
        ],
    )
    def test_odd_addresses_are_not_asked_for(self, url, error):
        """
        Other schemes, ports and user names are refused; what is no URL is unusable.
        """

        async def scene(server, fetcher):
            with pytest.raises(error):
                await get(fetcher, url)

        against(scene)

    def test_a_test_may_play_the_world(self):
        """
        With a connect map, https addresses of real names are served by a plain local server.
        """

        async def scene():
            async with serving() as server, playing(server) as fetcher:
                server.answers("news.example/a", "played")
                return await get(fetcher, "https://news.example/a")

        assert b"played" == asyncio.run(scene()).body
