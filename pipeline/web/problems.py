"""
What went wrong, told to programs as RFC 9457 says and to people as a page.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from pipeline.errors import QueryError, RasdError, StoreError

MEDIA_TYPE = "application/problem+json"


class ProblemError(Exception):
    """A request ends here; what is in it may be shown to whoever asked.

    Args:
        name: the kind, of a fixed vocabulary: the end of the problem's `type`.
        details: members beside those of the standard, such as a query's `column`.
    """

    def __init__(
        self,
        status: int,
        name: str,
        detail: str = "",
        *,
        headers: dict[str, str] | None = None,
        **details: Any,
    ) -> None:
        self.status = status
        self.name = name
        self.detail = detail
        self.headers = headers or {}
        self.details = details
        super().__init__(f"{status} {name}: {detail}")


class NotSignedInError(ProblemError):
    """Nobody knows who asks."""

    def __init__(self) -> None:
        super().__init__(
            401,
            "sign-in-needed",
            "send a key as: Authorization: Bearer rasd_…",
            headers={"WWW-Authenticate": 'Bearer realm="rasd"'},
        )


class NotAllowedError(ProblemError):
    """They may not."""

    def __init__(self, wanted: str) -> None:
        super().__init__(403, "not-allowed", f"this needs {wanted}")


class NotFoundError(ProblemError):
    """There is no such thing."""

    def __init__(self, what: str) -> None:
        super().__init__(404, "not-found", what)


class TooOftenError(ProblemError):
    """Later."""

    def __init__(self, wait_s: int) -> None:
        super().__init__(
            429, "too-often", f"try again in {wait_s} s", headers={"Retry-After": str(wait_s)}, wait_s=wait_s
        )


def problem_of(error: Exception) -> ProblemError:
    """Any error as what may be told of it; of a bug of ours, nothing."""
    match error:
        case ProblemError():
            return error
        case QueryError():
            return ProblemError(
                400, "unreadable-query", str(error), column=error.column, suggestion=error.suggestion
            )
        case StoreError():
            return ProblemError(503, "store-down", str(error), headers={"Retry-After": "10"})
        case RasdError():
            return ProblemError(400, "refused", str(error))
        case HTTPException():
            return ProblemError(
                error.status_code,
                _name(error.status_code),
                "" if error.detail == HTTPStatus(error.status_code).phrase else str(error.detail),
                headers=dict(error.headers or {}),
            )
        case _:
            return ProblemError(500, "bug", "this is a mistake in Rasd; its log says more")


def answer(problem: ProblemError, path: str) -> JSONResponse:
    """The problem as a program wants it."""
    body = {
        "type": f"urn:rasd:problem:{problem.name}",
        "title": HTTPStatus(problem.status).phrase,
        "status": problem.status,
        "detail": problem.detail,
        "instance": path,
        **problem.details,
    }
    return JSONResponse(body, problem.status, headers=problem.headers, media_type=MEDIA_TYPE)


def _name(status: int) -> str:
    return HTTPStatus(status).phrase.lower().replace(" ", "-")
