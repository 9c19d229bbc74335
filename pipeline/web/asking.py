"""
Asking the index for a page: with a timeline fine enough to see something on.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Final

from pipeline.answers import SearchPage, SearchRequest
from pipeline.search.parts import parts_of
from pipeline.search.unknown import known_of, names_something, told_of_unknown
from pipeline.web.charts import MAX_BARS
from pipeline.web.desk import Desk

#: What lies within so few days is drawn by the hour.
_FEW_DAYS: Final = timedelta(days=2)

#: Parts of a query that are asked for one by one.
_MOST_PARTS: Final = 6


def ask(desk: Desk, request: SearchRequest) -> SearchPage:
    """What was found; its timeline by the hour where by the day it would be two or three bars, and
    by the month where there would be no room for the days.
    """
    found = asked(desk, request)
    by = _fitting(found)
    if by == found.timeline_by:
        return found
    other = desk.index.search(replace(request, timeline_by=by, limit=1, offset=0, cursor=None))
    return replace(found, timeline=other.timeline, timeline_by=other.timeline_by)


def _fitting(found: SearchPage) -> str:
    if found.timeline_by != "day" or not found.timeline:
        return found.timeline_by
    span = found.timeline[-1].start - found.timeline[0].start
    if span > timedelta(days=MAX_BARS):
        return "month"
    return "hour" if span <= _FEW_DAYS else "day"


def asked(desk: Desk, request: SearchRequest) -> SearchPage:
    """What was found, with the names asked for that nothing goes by."""
    found = desk.index.search(request)
    if not names_something(request):
        return found
    known = known_of(desk.configured.outlets.values(), desk.configured.topics.values())
    return told_of_unknown(found, request, known, desk.index.search)


def alone(desk: Desk, request: SearchRequest) -> list[tuple[str, int]]:
    """What each part of a query that finds nothing finds by itself, within the same filters."""
    parts = parts_of(request.query, zone=request.zone, now=request.now or desk.now())
    asked_alone = [
        replace(request, query=part, limit=1, offset=0, counts=True) for part in parts[:_MOST_PARTS]
    ]
    return [(each.query, desk.index.search(each).total) for each in asked_alone]


def warm_up(desk: Desk) -> None:
    """Ask once before anybody does: the first query reads the tables of Arabic, which takes a second."""
    desk.index.search(SearchRequest(query="رصد", limit=1, now=desk.now()))  # Rasd
