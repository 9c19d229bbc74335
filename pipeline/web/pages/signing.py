"""
Signing in and out, and what a browser remembers of its reader's taste.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from pipeline.people import User
from pipeline.web.desk import Desk
from pipeline.web.pages.forms import OurForm, gone_to, local
from pipeline.web.passwords import tried
from pipeline.web.rendering import THEME, ZONE, render, set_cookie, speech_of
from pipeline.web.seals import digest, new_token
from pipeline.web.visitors import BROWSER, SESSION, SESSION_LASTS, address_of, desk_of

router = APIRouter(include_in_schema=False)


@router.get("/sign-in", response_class=HTMLResponse)
def sign_in_page(request: Request, next: str = "/") -> HTMLResponse:  # noqa: A002 - the address's own word
    """The form."""
    return render(request, "sign_in.html", next=local(next), name="", wrong="")


@router.post("/sign-in", dependencies=[OurForm])
def sign_in(
    request: Request,
    name: Annotated[str, Form(max_length=100)],
    password: Annotated[str, Form(max_length=1000)],
    next: Annotated[str, Form(max_length=4000)] = "/",  # noqa: A002 - the form's own word
) -> Response:
    """Begin a session; each wrong password after some makes the next try wait longer."""
    desk = desk_of(request)
    found = tried(desk, name, password, address=address_of(request))
    if found.user is not None:
        return begin_session(request, desk, found.user, gone_to(next))
    known = {"next": local(next), "name": name, "wrong": found.wrong(speech_of(request))}
    answer = render(request, "sign_in.html", status=429 if found.wait_s else 401, **known)
    if found.wait_s:
        answer.headers["Retry-After"] = str(found.wait_s)
    return answer


@router.post("/sign-out", dependencies=[OurForm])
def sign_out(request: Request) -> RedirectResponse:
    """End the session, here and in the ledger."""
    if token := request.cookies.get(SESSION):
        desk_of(request).ledger.end_session(digest(token))
    answer = gone_to("/sign-in")
    answer.delete_cookie(SESSION, path="/")
    return answer


@router.post("/preferences", dependencies=[OurForm])
def prefer(
    request: Request,
    theme: Annotated[str, Form(max_length=10)] = "",
    zone: Annotated[str, Form(max_length=60)] = "",
    next: Annotated[str, Form(max_length=8000)] = "/",  # noqa: A002 - the form's own word
) -> RedirectResponse:
    """Remember light or dark, or the reader's time zone, in their browser."""
    answer = gone_to(next)
    if theme in {"light", "dark"}:
        set_cookie(answer, THEME, theme, request)
    elif theme == "toggle":
        set_cookie(answer, THEME, "light" if request.cookies.get(THEME) == "dark" else "dark", request)
    if zone.isascii() and zone.replace("/", "").replace("_", "").replace("-", "").replace("+", "").isalnum():
        set_cookie(answer, ZONE, zone, request)
    return answer


def begin_session(request: Request, desk: Desk, user: User, answer: Response) -> Response:
    """Sign somebody in: under tokens of their own, so that none planted before is worth anything."""
    token, now = new_token(), desk.now()
    desk.ledger.begin_session(user.user_id, digest(token), now=now, expires_at=now + SESSION_LASTS)
    set_cookie(answer, SESSION, token, request, max_age_s=int(SESSION_LASTS.total_seconds()))
    set_cookie(answer, BROWSER, new_token(), request)
    return answer
