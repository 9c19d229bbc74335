"""
The search page: what was asked, how it was read, what was found, when, where and by whom.
"""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from pipeline.answers import SearchHit, SearchPage
from pipeline.errors import QueryError
from pipeline.web import charts
from pipeline.web.asking import ask
from pipeline.web.marking import Piece, spanned
from pipeline.web.names import Names
from pipeline.web.rendering import render, speech_of
from pipeline.web.state import MAX_PAGES, PAGE, SearchState, chosen, state_of
from pipeline.web.visitors import Reader, desk_of

router = APIRouter(include_in_schema=False)


@router.get("/", response_class=HTMLResponse)
def search_page(request: Request, visitor: Reader) -> HTMLResponse:
    """The search, with or without a query: without one, the newest."""
    desk, speech = desk_of(request), speech_of(request)
    state = state_of(request.query_params.multi_items())
    names = Names(speech, desk)
    try:
        asked = state.request(zone=speech.zone, now=desk.now())
        found = ask(desk, asked)
    except QueryError as error:
        return render(request, "search.html", status=400, state=state, error=error, found=None)
    return render(request, "search.html", state=state, error=None, **_shown(found, state, names))


def _shown(found: SearchPage, state: SearchState, names: Names) -> dict[str, Any]:
    shown_total = found.total_collapsed or found.total if state.collapse else found.total
    return {
        "found": found,
        "facets": dict.fromkeys(("topic", "country", "outlet", "author"), ()) | chosen(state, found.facets),
        "line": charts.timeline(found.timeline, found.timeline_by, mirrored=names.speech.direction == "rtl"),
        "pages": min(MAX_PAGES, -(-shown_total // PAGE)),
        "cleared": SearchState(q=state.q, sort=state.sort, collapse=state.collapse).query(),
        "hit_pieces": hit_pieces,
        "outlet_name": names.outlet,
        "zone_of": names.zone,
        "label_of": names.label,
    }


def hit_pieces(hit: SearchHit, field: str) -> list[list[Piece]]:
    """A hit's highlights in a field; a title always has one."""
    shown = [spanned(each.text, each.spans) for each in hit.highlights if each.field == field]
    return shown or ([spanned(hit.title, ())] if field == "title" else [])
