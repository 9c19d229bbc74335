"""A server that would keep us, fill us or fool us: real sockets, and no good meant."""

from __future__ import annotations

import time

import pytest

from pipeline.errors import EntryError, UnreachableError, UnusableError
from tests.collect.server import CAP_BYTES, DEADLINE_S, against, answer, endless, get, head, raw


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
