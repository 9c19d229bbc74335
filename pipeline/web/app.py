"""
The application: routes, layers, and how errors are told.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse, Response
from starlette.exceptions import HTTPException
from starlette.routing import Match, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from pipeline.errors import RasdError
from pipeline.web import problems
from pipeline.web.api import routes as api_routes
from pipeline.web.api.schema import DESCRIPTION, publish_problems
from pipeline.web.desk import Desk
from pipeline.web.pages import routes as page_routes
from pipeline.web.problems import NotSignedInError, ProblemError
from pipeline.web.protection import Protection
from pipeline.web.rendering import STATIC, render

#: Names under which a machine calls itself.
LOOPBACK_NAMES: Final = frozenset({"127.0.0.1", "localhost", "[::1]"})

_log = structlog.get_logger(__name__)


def make_app(desk: Desk) -> FastAPI:
    """The pages and the API over one desk."""
    app = FastAPI(
        title="Rasd",
        version="1",
        description=DESCRIPTION,
        openapi_url="/api/v1/openapi.json",
        docs_url=None,  # its page loads scripts from elsewhere; ours is /api
        redoc_url=None,
        redirect_slashes=False,  # it would lead to whatever host the request says it asks
    )
    app.state.desk = desk
    app.include_router(api_routes.router)
    app.include_router(page_routes.router)
    app.mount("/static", _KeptFiles(directory=STATIC), name="static")
    for kind in (ProblemError, RasdError, HTTPException, RequestValidationError, Exception):
        app.add_exception_handler(kind, _told)
    publish_problems(app, signs_in=lambda: desk.signs_in)
    app.add_middleware(Protection, hosts=lambda: _hosts(desk), secure=desk.secure)
    return app


def _hosts(desk: Desk) -> frozenset[str]:
    """While nobody has to sign in we answer to our own names only: see `Protection`."""
    return frozenset() if desk.signs_in else LOOPBACK_NAMES


async def _told(request: Request, error: Exception) -> Response:
    """Every error that reaches the edge."""
    problem = _invalid(error) if isinstance(error, RequestValidationError) else problems.problem_of(error)
    if problem.status == HTTPStatus.METHOD_NOT_ALLOWED:
        problem.headers["Allow"] = ", ".join(sorted(_allowed(request)))
    if problem.status >= 500:
        _log.error("request_failed", path=request.url.path, problem=problem.name, error=str(error))
    if request.url.path.startswith("/api/v1"):
        return problems.answer(problem, request.url.path)
    if isinstance(problem, NotSignedInError) and request.method == "GET":
        return _to_sign_in(request)
    return render(request, "error.html", status=problem.status, problem=problem)


def _allowed(request: Request) -> set[str]:
    """What may be done with an address, by all routes that know it: each would name its own alone."""
    methods: set[str] = set()
    for route in request.app.routes:
        if isinstance(route, Route) and route.matches(request.scope)[0] is not Match.NONE:
            methods |= route.methods or set()
    return methods | ({"HEAD"} if "GET" in methods else set())


def _to_sign_in(request: Request) -> Response:
    wanted = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    address = request.url_for("sign_in_page").include_query_params(next=wanted)
    return RedirectResponse(f"{address.path}?{address.query}", status_code=303)


def _invalid(error: RequestValidationError) -> ProblemError:
    found = [{"where": ".".join(map(str, each["loc"])), "what": each["msg"]} for each in error.errors()[:20]]
    detail = "; ".join(f"{each['where']}: {each['what']}" for each in found)
    return ProblemError(422, "invalid-request", detail, errors=found)


class _KeptFiles(StaticFiles):
    """Their addresses change with their content."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response
