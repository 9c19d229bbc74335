"""
The sources page.
"""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from pipeline.web.names import Names
from pipeline.web.rendering import render, speech_of
from pipeline.web.sources import lapses, sources
from pipeline.web.visitors import Reader, desk_of

router = APIRouter(include_in_schema=False)


@router.get("/sources", response_class=HTMLResponse)
def sources_page(request: Request, visitor: Reader) -> HTMLResponse:
    """Every feed's health, rhythm, delay and gaps."""
    desk, speech = desk_of(request), speech_of(request)
    shown = sources(desk, mirrored=speech.direction == "rtl")
    return render(
        request,
        "sources.html",
        sources=shown,
        troubled=sum(source.bad for source in shown),
        lapses=lapses(desk)[:5],
        outlet_name=Names(speech, desk).outlet,
    )
