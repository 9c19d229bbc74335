"""robots.txt by RFC 9309."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from pipeline.collect.robots import (
    MAX_CRAWL_DELAY_S,
    Permission,
    crawl_delay_s,
    fetch_robots,
    is_fresh,
    permission,
)
from pipeline.errors import HostDownError
from pipeline.hosts import Robots
from tests.collect.server import browsing, head, raw, serving

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
URL = "https://alnahr.example/news/1"


def robots(body="", *, status=200, at=NOON):
    return Robots(status=status, body=body, fetched_at=at)


@pytest.mark.parametrize(
    ("body", "url", "expected"),
    [
        ("", URL, Permission.ALLOWED),
        ("User-agent: *\nDisallow: /", URL, Permission.DISALLOWED),
        ("User-agent: *\nDisallow: /\nAllow: /news/", URL, Permission.ALLOWED),
        ("User-agent: rasd\nDisallow: /\n\nUser-agent: *\nAllow: /", URL, Permission.DISALLOWED),
        ("User-agent: GPTBot\nDisallow: /", URL, Permission.ALLOWED),
        ("User-agent: *\nDisallow: /*.pdf$", URL, Permission.ALLOWED),
        (
            "User-agent: *\nDisallow: /خاص/",
            "https://alnahr.example/%D8%AE%D8%A7%D8%B5/1",
            Permission.DISALLOWED,
        ),
        (
            "User-agent: *\nDisallow: /%D8%AE%D8%A7%D8%B5/",
            "https://alnahr.example/خاص/1",
            Permission.DISALLOWED,
        ),
        ("<html><body>not found</body></html>", URL, Permission.ALLOWED),
        ("User-agent: *\nDisallow: /" + "*a" * 2000 + "$", URL + "a" * 3000, Permission.DISALLOWED),
        ("User-agent: *\nDisallow: /" + "*a" * 2000 + "$", URL + "a" * 3000 + "b", Permission.ALLOWED),
    ],
)
def test_rules_are_kept(body, url, expected):
    """
    The longest rule for our name, raw Arabic or escaped, decides; nonsense forbids nothing, and a
    pattern that would send a backtracking matcher astray for years is only a pattern.
    """
    assert expected is permission(robots(body), url)


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (404, Permission.ALLOWED),
        (401, Permission.ALLOWED),
        (403, Permission.ALLOWED),
        (410, Permission.ALLOWED),
        (429, Permission.UNKNOWN),
        (500, Permission.UNKNOWN),
        (503, Permission.UNKNOWN),
        (0, Permission.UNKNOWN),
    ],
)
def test_an_absent_file_allows_an_unreachable_one_forbids(status, expected):
    """
    4xx allows everything; no answer, 5xx and 429 allow nothing.
    """
    assert expected is permission(robots("User-agent: *\nDisallow: /", status=status), URL)


@pytest.mark.parametrize(
    ("body", "delay_s"),
    [
        ("User-agent: *\nCrawl-delay: 7", 7.0),
        ("User-agent: *\nCrawl-delay: 0.5", 0.5),
        ("User-agent: *\nCrawl-delay: 86400", MAX_CRAWL_DELAY_S),
        ("User-agent: *\nCrawl-delay: -3", 0.0),
        ("User-agent: *\nCrawl-delay: 1e400", 0.0),
        ("User-agent: *\nCrawl-delay: soon", 0.0),
        ("User-agent: other\nCrawl-delay: 7", 0.0),
    ],
)
def test_crawl_delay_is_kept_up_to_a_cap(body, delay_s):
    """
    A publisher may slow us down, not stop us by a slip of the pen.
    """
    assert delay_s == crawl_delay_s(robots(body))


def test_a_file_holds_for_a_day():
    """
    One that could not be had is asked for again sooner.
    """
    day, hour = timedelta(hours=24), timedelta(hours=1)

    assert is_fresh(robots(), NOON + day - hour)
    assert not is_fresh(robots(), NOON + day)
    assert not is_fresh(robots(status=503), NOON + hour)
    assert not is_fresh(None, NOON)


def fetched(prepare):
    async def scene():
        async with serving() as server, browsing(server) as fetcher:
            prepare(server)
            return await fetch_robots(fetcher, server.url("/news/1?a=b"), now=NOON)

    return asyncio.run(scene())


@pytest.mark.parametrize(
    ("prepare", "status", "begin"),
    [
        (lambda server: server.answers("/robots.txt", "User-agent: *"), 200, "User-agent"),
        (lambda server: server.answers("/robots.txt", "﻿User-agent: *".encode()), 200, "User-agent"),
        (lambda server: server.answers("/robots.txt", "a" * 2_000_000), 200, "aaa"),
        (lambda server: None, 404, ""),
        (lambda server: server.answers("/robots.txt", "x", status=503), 503, ""),
        (lambda server: server.does("/robots.txt", raw(head(200, {"Content-Length": "9"}), b"x")), 0, ""),
        (
            lambda server: (
                server.answers("/robots.txt", status=301, headers={"Location": "/r"}),
                server.answers("/r", "User-agent: x"),
            ),
            200,
            "User-agent",
        ),
    ],
    ids=["there", "with a mark", "too long", "absent", "overloaded", "broken", "moved"],
)
def test_it_is_asked_for_at_the_root(prepare, status, begin):
    """
    Redirects are followed, half a megabyte is read, and what goes wrong is a status.
    """
    found = fetched(prepare)

    assert status == found.status
    assert found.body.startswith(begin)
    assert 512 * 1024 >= len(found.body)
    assert NOON == found.fetched_at


def test_a_host_that_is_down_is_told_apart():
    """
    No connection is not an answer about robots.
    """

    async def scene():
        async with serving() as server:
            pass
        async with browsing(server) as fetcher:
            with pytest.raises(HostDownError):
                await fetch_robots(fetcher, server.url("/"), now=NOON)

    asyncio.run(scene())
