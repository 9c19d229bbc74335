"""
The users page, for admins.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, Response

from pipeline.errors import ConfigError
from pipeline.people import Role
from pipeline.web.pages.forms import Number, OurForm, gone_to
from pipeline.web.rendering import render
from pipeline.web.seals import check_password, hash_password
from pipeline.web.visitors import Admin, desk_of

router = APIRouter(include_in_schema=False)


@router.get("/users", response_class=HTMLResponse)
def users_page(request: Request, visitor: Admin) -> HTMLResponse:
    """Who may sign in."""
    return _page(request)


@router.post("/users", dependencies=[OurForm])
def add_user(
    request: Request,
    visitor: Admin,
    name: Annotated[str, Form(min_length=1, max_length=100)],
    password: Annotated[str, Form(max_length=1000)],
    role: Annotated[Role, Form()],
) -> Response:
    """Somebody new."""
    desk, name = desk_of(request), name.strip()
    try:
        check_password(password, name)
        desk.ledger.add_user(name, password_hash=hash_password(password), role=role, now=desk.now())
    except ConfigError as error:
        return _page(request, status=400, wrong=str(error))
    return gone_to("/users")


@router.post("/users/{user_id}/role", dependencies=[OurForm])
def change_role(request: Request, user_id: Number, visitor: Admin, role: Annotated[Role, Form()]) -> Response:
    """What somebody may do from now on."""
    try:
        desk_of(request).ledger.set_role(user_id, role)
    except ConfigError as error:
        return _page(request, status=400, wrong=str(error))
    return gone_to("/users")


@router.post("/users/{user_id}/remove", dependencies=[OurForm])
def remove_user(request: Request, user_id: Number, visitor: Admin) -> Response:
    """Somebody, with what they keep; oneself only while somebody else can manage users."""
    if user_id == visitor.user_id:
        return _page(request, status=400, wrong="nobody removes themselves")
    try:
        desk_of(request).ledger.remove_user(user_id)
    except ConfigError as error:
        return _page(request, status=400, wrong=str(error))
    return gone_to("/users")


def _page(request: Request, *, status: int = 200, wrong: str = "") -> HTMLResponse:
    users = desk_of(request).ledger.users()
    return render(request, "users.html", status=status, users=users, roles=list(Role), wrong=wrong)
