"""
Saved searches: kept under a name, opened by whoever has the link, followed as a feed.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from pipeline.search.request import asked
from pipeline.web.exports.answers import Format, export
from pipeline.web.pages.forms import Number, OurForm, gone_to
from pipeline.web.problems import NotFoundError, ProblemError, TooOftenError
from pipeline.web.rendering import render
from pipeline.web.seals import new_token
from pipeline.web.state import state_in
from pipeline.web.visitors import Exporter, Keeper, Reader, address_of, desk_of

router = APIRouter(include_in_schema=False)

#: Nobody keeps more; a form that is sent over and over does.
MAX_SAVED = 500


@router.get("/saved", response_class=HTMLResponse)
def saved_page(request: Request, visitor: Keeper) -> HTMLResponse:
    """The visitor's own searches."""
    saved = desk_of(request).ledger.saved_searches(visitor.user_id)
    queries = {each.search_id: state_in(each.state).q for each in saved}
    return render(request, "saved.html", saved=saved, queries=queries)


@router.post("/saved", dependencies=[OurForm])
def save_search(
    request: Request,
    visitor: Keeper,
    name: Annotated[str, Form(min_length=1, max_length=120)],
    state: Annotated[str, Form(max_length=8000)] = "",
) -> RedirectResponse:
    """Keep a search; what is not part of a search's state is left out of it."""
    desk = desk_of(request)
    if len(desk.ledger.saved_searches(visitor.user_id)) >= MAX_SAVED:
        raise ProblemError(409, "too-many", f"at most {MAX_SAVED} searches are kept")
    kept = state_in(state).first_page()
    asked(kept.request(zone=desk.zone, now=desk.now()))  # one that cannot be read is not kept
    desk.ledger.save_search(
        visitor.user_id, name=name.strip() or "…", state=kept.query(), token=new_token(), now=desk.now()
    )
    return gone_to("/saved")


@router.post("/saved/{search_id}/drop", dependencies=[OurForm])
def drop_search(request: Request, search_id: Number, visitor: Keeper) -> RedirectResponse:
    """Keep one of the visitor's own searches no longer."""
    if not desk_of(request).ledger.drop_search(visitor.user_id, search_id):
        raise NotFoundError("you have no such search")
    return gone_to("/saved")


@router.get("/shared/{token}")
def open_shared(request: Request, token: str, visitor: Reader) -> RedirectResponse:
    """Somebody's saved search, for whoever has the link and may read."""
    found = desk_of(request).ledger.search_shared_as(token)
    if found is None:
        raise NotFoundError("there is no such search any more")
    return gone_to(f"/?{found.state}")


@router.get("/feeds/{token}.{format_}")
def saved_feed(request: Request, token: str, format_: Format) -> Response:
    """A saved search as RSS or Atom: a reader of feeds cannot sign in, so the token lets it through."""
    desk = desk_of(request)
    if wait := desk.limits.strangers.wait_s(f"feed {address_of(request)}", now=desk.now()):
        raise TooOftenError(wait)
    found = desk.ledger.search_shared_as(token)
    if found is None or format_ not in {Format.RSS, Format.ATOM}:
        raise NotFoundError("there is no such feed any more")
    return export(request, state_in(found.state), format_, title=found.name)


@router.get("/search.{format_}")
def export_search(request: Request, format_: Format, visitor: Exporter) -> Response:
    """Everything a search finds, as a file; as RSS or Atom the newest of it."""
    return export(request, state_in(request.url.query), format_)
