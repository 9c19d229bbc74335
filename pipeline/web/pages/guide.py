"""
How a query is written, what the API answers, and whether we are well: for people and for health checks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, PlainTextResponse

from pipeline.web.rendering import render
from pipeline.web.visitors import Reader, desk_of

router = APIRouter(include_in_schema=False)

_EXAMPLES: Final = Path(__file__).parent.parent / "data" / "examples.yml"


@router.get("/help", response_class=HTMLResponse)
def help_page(request: Request, visitor: Reader) -> HTMLResponse:
    """The query language by examples."""
    return render(request, "help.html", examples=examples())


@router.get("/api", response_class=HTMLResponse)
def api_page(request: Request, visitor: Reader) -> HTMLResponse:
    """The API as its own description has it."""
    base = desk_of(request).address or str(request.base_url).rstrip("/")
    return render(request, "api.html", base=base, routes=list(_routes(request.app.openapi())))


@router.get("/health")
def health(request: Request) -> PlainTextResponse:
    """Whether ledger and index answer; says nothing else, so that anybody may ask."""
    desk = desk_of(request)
    desk.ledger.has_users()
    desk.index.count()
    return PlainTextResponse("ok")


@cache
def examples() -> list[dict[str, str]]:
    """Queries with what they find, in both languages."""
    return list(yaml.safe_load(_EXAMPLES.read_text(encoding="utf-8")))


def _routes(document: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for path, methods in document["paths"].items():
        for method, route in methods.items():
            yield {
                "method": method.upper(),
                "path": path,
                "summary": route.get("description") or route.get("summary", ""),
                "parameters": [_parameter(each) for each in route.get("parameters", [])],
            }


def _parameter(each: Mapping[str, Any]) -> dict[str, Any]:
    shown = (each["schema"].get("examples") or each.get("examples") or [""])[0]
    shown = shown[0] if isinstance(shown, list) else shown
    return {
        "name": each["name"],
        "required": each.get("required", False),
        "description": each.get("description", ""),
        "example": shown,
    }
