"""
The account page: a user's own password and the keys of their programs.
"""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from pipeline.errors import ConfigError
from pipeline.people import Scope, User
from pipeline.web.pages.forms import Number, OurForm, gone_to
from pipeline.web.pages.signing import begin_session
from pipeline.web.passwords import tried
from pipeline.web.problems import NotFoundError, ProblemError
from pipeline.web.rendering import render, speech_of
from pipeline.web.seals import check_password, digest, hash_password, new_key
from pipeline.web.visitors import Keeper, Visitor, desk_of

router = APIRouter(include_in_schema=False)

#: More programs than a person looks after.
MAX_KEYS = 50
#: Letters of a key that are shown for ever, to recognise it by.
_BEGINNING = 10


@router.get("/account", response_class=HTMLResponse)
def account_page(request: Request, visitor: Keeper) -> HTMLResponse:
    """Who one is here."""
    return _page(request, visitor)


@router.post("/account/password", dependencies=[OurForm])
def change_password(
    request: Request,
    visitor: Keeper,
    old: Annotated[str, Form(max_length=1000)],
    new: Annotated[str, Form(max_length=1000)],
) -> Response:
    """A new password for whoever knows the old one; sessions elsewhere end."""
    desk, speech = desk_of(request), speech_of(request)
    user = _user(request, visitor)
    found = tried(desk, user.name, old)
    if found.user is None:
        status = 429 if found.wait_s else 400
        return _page(request, visitor, status=status, wrong=found.wrong(speech))
    try:
        check_password(new, user.name)
    except ConfigError as error:
        return _page(request, visitor, status=400, wrong=str(error))
    desk.ledger.set_password(user.user_id, hash_password(new))
    return begin_session(request, desk, user, _page(request, visitor, told=speech("password_changed")))


@router.post("/account/keys", dependencies=[OurForm])
def make_key(
    request: Request,
    visitor: Keeper,
    name: Annotated[str, Form(min_length=1, max_length=100)],
    scopes: Annotated[list[Scope] | None, Form()] = None,
) -> HTMLResponse:
    """A key, shown this once."""
    desk = desk_of(request)
    user = _user(request, visitor)
    if len(desk.ledger.keys_of(user.user_id)) >= MAX_KEYS:
        raise ProblemError(409, "too-many", f"at most {MAX_KEYS} keys a user")
    key = new_key()
    desk.ledger.add_key(
        user.user_id,
        name=name,
        key_hash=digest(key),
        beginning=key[:_BEGINNING],
        scopes=set(scopes or [Scope.READ]),
        now=desk.now(),
    )
    return _page(request, visitor, new_key=key)


@router.post("/account/keys/{key_id}/drop", dependencies=[OurForm])
def drop_key(request: Request, key_id: Number, visitor: Keeper) -> RedirectResponse:
    """A key of theirs serves no longer."""
    user = _user(request, visitor)
    if not desk_of(request).ledger.drop_key(user.user_id, key_id):
        raise NotFoundError("you have no such key")
    return gone_to("/account")


def _user(request: Request, visitor: Visitor) -> User:
    found = desk_of(request).ledger.user_named(visitor.name) if visitor.user_id else None
    if found is None:
        raise ProblemError(409, "no-user", "nobody has to sign in at this machine: make a user first")
    user, _ = found
    return user


def _page(request: Request, visitor: Visitor, *, status: int = 200, **said: Any) -> HTMLResponse:
    keys = desk_of(request).ledger.keys_of(visitor.user_id) if visitor.user_id else []
    said = {"told": "", "wrong": "", "new_key": "", **said}
    return render(request, "account.html", status=status, keys=keys, scopes=list(Scope), **said)
