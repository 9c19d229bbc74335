"""
Asking the index for a page: with a timeline fine enough to see something on.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Final

from pipeline.answers import SearchPage, SearchRequest
from pipeline.search.unknown import known_of, names_something, told_of_unknown
from pipeline.web.desk import Desk

#: What lies within so few days is drawn by the hour.
_FEW_DAYS: Final = timedelta(days=2)


def ask(desk: Desk, request: SearchRequest) -> SearchPage:
    """What was found; its timeline by the hour where by the day it would be two or three bars."""
    found = asked(desk, request)
    days = found.timeline
    if found.timeline_by != "day" or not days or days[-1].start - days[0].start > _FEW_DAYS:
        return found
    hours = desk.index.search(replace(request, timeline_by="hour", limit=1, offset=0, cursor=None))
    return replace(found, timeline=hours.timeline, timeline_by=hours.timeline_by)


def asked(desk: Desk, request: SearchRequest) -> SearchPage:
    """What was found, with the names asked for that nothing goes by."""
    found = desk.index.search(request)
    if not names_something(request):
        return found
    known = known_of(desk.configured.outlets.values(), desk.configured.topics.values())
    return told_of_unknown(found, request, known, desk.index.search)


def warm_up(desk: Desk) -> None:
    """Ask once before anybody does: the first query reads the tables of Arabic, which takes a second."""
    desk.index.search(SearchRequest(query="رصد", limit=1, now=desk.now()))  # Rasd
