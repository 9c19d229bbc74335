"""Redirects: followed by hand, each asked about first."""

from __future__ import annotations

import asyncio
from ipaddress import IPv4Network

import pytest

from pipeline.collect.http import open_fetcher
from pipeline.errors import BlockedError, DisallowedError, UnreachableError, UnusableError
from tests.collect.server import against, get, serving


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
