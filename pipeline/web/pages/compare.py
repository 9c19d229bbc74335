"""
The comparison page: up to four queries over the same time, in the same filters.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from pipeline.answers import Bucket, SearchRequest
from pipeline.errors import QueryError
from pipeline.web.asking import asked
from pipeline.web.comparing import MAX_QUERIES, Compared, by_outlet, compared, fitting, step_for
from pipeline.web.desk import Desk
from pipeline.web.names import Names
from pipeline.web.rendering import render, speech_of
from pipeline.web.state import SearchState, state_of
from pipeline.web.visitors import Reader, desk_of

router = APIRouter(include_in_schema=False)

#: What is compared unless somebody says otherwise.
SINCE = "30d"


@router.get("/compare", response_class=HTMLResponse)
def compare_page(request: Request, visitor: Reader, share: str = "") -> HTMLResponse:
    """How much was written of each, when and by whom."""
    desk, speech = desk_of(request), speech_of(request)
    written = dict.fromkeys(query.strip() for query in request.query_params.getlist("q"))
    queries = [query for query in written if query][:MAX_QUERIES]
    state = state_of(request.query_params.multi_items()).with_(q="")
    if not (state.since or state.until):
        state = state.with_(since=SINCE)
    known: dict[str, Any] = {
        "queries": queries, "state": state, "share": bool(share), "most": MAX_QUERIES,
        "answers": [], "line": None, "ranked": [], "both": None, "error": None,
    }  # fmt: skip
    try:
        whole = _request(desk, state, speech.zone)
    except QueryError as error:
        return render(request, "compare.html", status=400, **known | {"error": error})
    whole, coverage = _covered(desk, whole) if queries else (whole, ())
    answers = [_answer(desk, replace(whole, query=query)) for query in queries]
    known |= {
        "answers": answers,
        "line": compared(
            answers, coverage, whole.timeline_by, share=bool(share), mirrored=speech.direction == "rtl"
        ),
        "ranked": by_outlet(answers),
        "both": _both(desk, whole, answers),
        "label_of": Names(speech, desk).label,
    }
    return render(request, "compare.html", **known)


def _request(desk: Desk, state: SearchState, zone: str) -> SearchRequest:
    request = state.request(zone=zone, now=desk.now(), limit=1)
    return replace(request, timeline_by=step_for(request.since, request.until or desk.now()))


def _covered(desk: Desk, whole: SearchRequest) -> tuple[SearchRequest, tuple[Bucket, ...]]:
    """The request with a step that fits, and all coverage of its time, whatever it is about."""
    everything = replace(whole, topics=(), outlets=(), countries=(), authors=())
    coverage = desk.index.search(everything).timeline
    by = fitting(whole.timeline_by, coverage)
    if by != whole.timeline_by:
        coverage = desk.index.search(replace(everything, timeline_by=by)).timeline
    return replace(whole, timeline_by=by), coverage


def _answer(desk: Desk, request: SearchRequest) -> Compared:
    try:
        return Compared(query=request.query, found=asked(desk, request))
    except QueryError as error:
        return Compared(query=request.query, error=error)


def _both(desk: Desk, request: SearchRequest, answers: list[Compared]) -> int | None:
    """Articles that answer both of two queries; None where there are not two, or too long ones."""
    if len(answers) != 2 or any(answer.error for answer in answers):
        return None
    both = _answer(desk, replace(request, query=" ".join(f"({answer.query})" for answer in answers)))
    return both.found.total if both.found else None
