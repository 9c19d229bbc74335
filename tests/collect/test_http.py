"""One request and its answer, over real sockets."""

from __future__ import annotations

from tests.collect.server import against, get


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
