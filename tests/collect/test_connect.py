"""Connections: the address that was checked is the address connected to."""

from __future__ import annotations

import asyncio
import socket
from ipaddress import IPv4Network

import pytest

from pipeline.collect.http import open_fetcher
from pipeline.errors import DisallowedError, HostDownError, UnusableError
from tests.collect.server import against, browsing, get, playing, serving


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
