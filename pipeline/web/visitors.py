"""
Who asks, and what they may: a user's session, a program's key, or whoever sits at an open machine.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Final, cast

from fastapi import Depends, Request

from pipeline.people import ApiKey, Role, Scope, User
from pipeline.web.desk import Desk
from pipeline.web.problems import NotAllowedError, NotSignedInError, TooOftenError
from pipeline.web.seals import digest

#: The cookie of whoever signed in.
SESSION: Final = "rasd_session"
#: The cookie forms are sealed to: every browser has one.
BROWSER: Final = "rasd_browser"
#: After so long one signs in anew.
SESSION_LASTS: Final = timedelta(days=14)
#: A key's last use is written down no oftener.
_USE_NOTED_AFTER: Final = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """Somebody who may ask."""

    name: str
    role: Role
    user_id: int | None = None  #: None: nobody has to sign in at this machine
    scopes: frozenset[Scope] = frozenset(Scope)
    by_key: bool = False

    def may(self, role: Role, scope: Scope | None = None) -> bool:
        """Whether they have the role and, asking by a key, the key the scope; None: no key has it."""
        allowed = scope in self.scopes if scope else not self.by_key
        return self.role.covers(role) and allowed


#: Whoever sits at a machine without users may do all but manage users, who are made on the command line.
AT_THIS_MACHINE: Final = Visitor(name="", role=Role.EDITOR)


def desk_of(request: Request) -> Desk:
    """The desk of this application."""
    return cast("Desk", request.app.state.desk)


def visitor_of(request: Request) -> Visitor | None:
    """Who asks; None for a stranger. Looked up once a request."""
    if not hasattr(request.state, "visitor"):
        request.state.visitor = _visitor(request, desk_of(request))
    return cast("Visitor | None", request.state.visitor)


def address_of(request: Request) -> str:
    """Where a request comes from."""
    return request.client.host if request.client else ""


def requires(role: Role, scope: Scope | None = None) -> Callable[[Request], Visitor]:
    """A dependency that lets only those through who may; the table of routes reads its attributes."""

    def permitted(request: Request) -> Visitor:
        visitor = visitor_of(request)
        if visitor is None:
            _within(request, desk_of(request).limits.strangers.wait_s, address_of(request))
            raise NotSignedInError
        if not visitor.may(role, scope):
            raise NotAllowedError(f"the role {role}" if not visitor.role.covers(role) else _key_needs(scope))
        limits = desk_of(request).limits
        who = f"{visitor.user_id or address_of(request)}"
        _within(request, limits.requests.wait_s, who)
        if scope is Scope.EXPORT:
            _within(request, limits.exports.wait_s, who)
        return visitor

    permitted.role, permitted.scope = role, scope  # type: ignore[attr-defined]
    return permitted


Reader = Annotated[Visitor, Depends(requires(Role.READER, Scope.READ))]
Exporter = Annotated[Visitor, Depends(requires(Role.READER, Scope.EXPORT))]
Judge = Annotated[Visitor, Depends(requires(Role.EDITOR, Scope.JUDGE))]
Keeper = Annotated[Visitor, Depends(requires(Role.READER))]
Admin = Annotated[Visitor, Depends(requires(Role.ADMIN))]


def _visitor(request: Request, desk: Desk) -> Visitor | None:
    kind, _, key = request.headers.get("authorization", "").partition(" ")
    if kind.casefold() == "bearer":
        return _by_key(desk, key.strip(), now=desk.now())
    if token := request.cookies.get(SESSION):
        user = desk.ledger.session_user(digest(token), now=desk.now())
        if user:
            return _of_user(user)
    return None if desk.signs_in else AT_THIS_MACHINE


def _by_key(desk: Desk, key: str, *, now: datetime) -> Visitor | None:
    found = desk.ledger.key_with(digest(key))
    if found is None:
        return None
    if found.used_at is None or now - found.used_at > _USE_NOTED_AFTER:
        desk.ledger.key_used(found.key_id, now=now)
    return _of_key(found)


def _of_user(user: User) -> Visitor:
    return Visitor(name=user.name, role=user.role, user_id=user.user_id)


def _of_key(key: ApiKey) -> Visitor:
    return Visitor(
        name=key.owner, role=key.role, user_id=key.owner_id, scopes=frozenset(key.scopes), by_key=True
    )


def _within(request: Request, wait_s: Callable[..., int], who: str) -> None:
    if wait := wait_s(who, now=desk_of(request).now()):
        raise TooOftenError(wait)


def _key_needs(scope: Scope | None) -> str:
    return f"a key with the scope {scope}" if scope else "somebody who signed in"
