"""
The search page: what was asked, how it was read, what was found, when, where and by whom.
"""

from __future__ import annotations

from typing import Any, Final

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from pipeline.answers import SearchHit, SearchPage
from pipeline.errors import QueryError, QueryTimeoutError
from pipeline.web import charts
from pipeline.web.asking import alone, ask
from pipeline.web.marking import Mark, Piece, pieces, spanned
from pipeline.web.names import Names
from pipeline.web.pages.forms import gone_to
from pipeline.web.rendering import render, speech_of
from pipeline.web.state import MAX_PAGES, PAGE, SearchState, chosen, state_of
from pipeline.web.visitors import Reader, desk_of

router = APIRouter(include_in_schema=False)

#: What a sentence ends with, quotes and brackets behind it included.
_STOPS: Final = frozenset('.!?؟…»”")')


@router.get("/", response_class=HTMLResponse)
def search_page(request: Request, visitor: Reader) -> Response:
    """The search, with or without a query: without one, the newest."""
    desk, speech = desk_of(request), speech_of(request)
    state = state_of(request.query_params.multi_items())
    names = Names(speech, desk)
    try:
        asked = state.request(zone=speech.zone, now=desk.now())
        found = ask(desk, asked)
        parts = alone(desk, asked) if not found.total else []
    except (QueryError, QueryTimeoutError) as error:
        return _refused(request, state, error)
    shown = _shown(found, state, names)
    if state.page > max(1, shown["pages"]):
        return gone_to(f"/?{state.with_(page=max(1, shown['pages'])).query()}")
    return render(request, "search.html", state=state, error=None, alone=parts, **shown)


def _refused(request: Request, state: SearchState, error: QueryError | QueryTimeoutError) -> HTMLResponse:
    """The page with what is wrong with the query, the place marked in it; or that it took too long."""
    if isinstance(error, QueryTimeoutError):
        said = QueryError(str(error))
        return render(request, "search.html", status=503, state=state, error=said, found=None, wrong=[])
    wrong = wrong_at(state.q, error.column) if error.column else []
    return render(request, "search.html", status=400, state=state, error=error, found=None, wrong=wrong)


def _shown(found: SearchPage, state: SearchState, names: Names) -> dict[str, Any]:
    shown_total = found.total_collapsed or found.total if state.collapse else found.total
    return {
        "found": found,
        "facets": dict.fromkeys(("topic", "country", "outlet", "author"), ()) | chosen(state, found.facets),
        "line": charts.timeline(found.timeline, found.timeline_by, mirrored=names.speech.direction == "rtl"),
        "pages": min(MAX_PAGES, -(-shown_total // PAGE)),
        "cleared": SearchState(q=state.q, sort=state.sort, collapse=state.collapse).query(),
        "hit_pieces": hit_pieces,
        "ends": ends,
        "outlet_name": names.outlet,
        "zone_of": names.zone,
        "label_of": names.label,
    }


def wrong_at(query: str, column: int) -> list[Piece]:
    """The query with what begins at a column marked: to the next blank.

    >>> [(piece.text, piece.marks) for piece in wrong_at("قمة titel:x لقاء", 5)]
    [('قمة ', ()), ('titel:x', ('bad',)), (' لقاء', ())]
    """
    begin = min(column, len(query)) - 1
    end = next((at for at in range(begin + 1, len(query)) if query[at].isspace()), len(query))
    return pieces(query, [Mark(begin, end, "bad")])


def ends(shown: list[Piece]) -> bool:
    """Whether a stretch of text ends where a sentence does."""
    return bool(shown) and shown[-1].text.rstrip()[-1:] in _STOPS


def hit_pieces(hit: SearchHit, field: str) -> list[list[Piece]]:
    """A hit's highlights in a field; a title always has one."""
    shown = [spanned(each.text, each.spans) for each in hit.highlights if each.field == field]
    return shown or ([spanned(hit.title, ())] if field == "title" else [])
