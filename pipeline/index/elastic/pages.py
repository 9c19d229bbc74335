"""
Pages of Elasticsearch: a cursor holds a point in time, so that one page after the other neither skips
nor repeats while articles arrive, whatever the order.
"""

from __future__ import annotations

from typing import Any, Final

from pipeline.answers import SearchPage
from pipeline.index.elastic import read
from pipeline.index.elastic.client import Client
from pipeline.search import cursor
from pipeline.search.request import Asked

#: How long a page may be looked at before the next one is asked for.
_KEEP_ALIVE: Final = "10m"


def page_of(client: Client, target: str, asked: Asked, *, timeout_s: float) -> SearchPage:
    """The page a request asks for."""
    body = read.body_of(asked, timeout_s=timeout_s)
    if asked.request.cursor is None:
        body["from_"] = asked.request.offset
        return read.page_of(client.search(target, body, timeout_s=timeout_s), asked)
    place = cursor.read(asked.request, 2)
    snapshot = str(place[0]) if place else client.open_snapshot(target, _KEEP_ALIVE)
    if snapshot == "":  # there is no index yet
        return read.page_of(client.search(target, body, timeout_s=timeout_s), asked)
    body["pit"] = {"id": snapshot, "keep_alive": _KEEP_ALIVE}
    body |= _begins(asked, place)
    answer = client.search(None, body, timeout_s=timeout_s)
    return read.page_of(answer, asked, cursor=_next(client, asked, answer, place))


def _begins(asked: Asked, place: list[Any] | None) -> dict[str, Any]:
    if place is None:
        return {}
    # Collapsed pages cannot go on after a sort value; within one point in time numbers do as well.
    return {"from_": int(place[1])} if asked.request.collapse else {"search_after": place[1]}


def _next(client: Client, asked: Asked, answer: dict[str, Any], place: list[Any] | None) -> str:
    """The cursor of the next page; at the end the point in time is let go."""
    hits, snapshot = answer["hits"]["hits"], answer["pit_id"]
    if len(hits) < asked.request.limit:
        client.close_snapshot(snapshot)
        return ""
    done = int(place[1]) if place and asked.request.collapse else 0
    at = done + len(hits) if asked.request.collapse else hits[-1]["sort"][: 3 if asked.ranked else 2]
    return cursor.written(asked.request, asked.now, [snapshot, at])
