"""
From what a page knows to HTML: the only module that knows the template engine.

Autoescape is on for everything; no template marks anything as safe.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote, urlencode, urlsplit
from zoneinfo import available_timezones

from fastapi import Request
from fastapi.responses import HTMLResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from pipeline.web.seals import new_token
from pipeline.web.speech import LANGUAGES, Speech
from pipeline.web.visitors import BROWSER, SESSION, desk_of, visitor_of

_HERE: Final = Path(__file__).parent
STATIC: Final = _HERE / "static"
LANGUAGE: Final = "rasd_language"
THEME: Final = "rasd_theme"
ZONE: Final = "rasd_zone"
#: What a line of Arabic would turn around: its numbers are taken for separate ones.
_DATES: Final = re.compile(r"[0-9]{4}-[0-9]{2}(?:-[0-9]{2}(?:[T ][0-9:]+)?)?(?:\.\.[0-9T:-]*)?")
_A_YEAR_S: Final = 365 * 24 * 3600


def render(request: Request, template: str, *, status: int = 200, **known: Any) -> HTMLResponse:
    """A page for this reader."""
    speech = speech_of(request)
    browser, is_new = _browser(request)
    desk = desk_of(request)
    page = _environment().get_template(template)
    html = page.render(
        t=speech,
        request=request,
        path=request.url.path,
        visitor=visitor_of(request),
        sealed=desk.seal.seal(_sealed_to(request, browser)),
        theme=request.cookies.get(THEME, ""),
        outlets=desk.configured.outlets,
        topics=desk.configured.topics,
        signs_in=desk.signs_in,
        **known,
    )
    response = HTMLResponse(html, status)
    if is_new:
        set_cookie(response, BROWSER, browser, request)
    if request.query_params.get("lang") in LANGUAGES:
        set_cookie(response, LANGUAGE, request.query_params["lang"], request)
    response.headers["Content-Language"] = speech.language
    return response


def speech_of(request: Request) -> Speech:
    """The reader's language, as the address or their cookie says, Arabic first; their zone likewise."""
    desk = desk_of(request)
    said = request.query_params.get("lang") or request.cookies.get(LANGUAGE)
    zone = request.cookies.get(ZONE, "")
    return Speech(
        language="en" if said == "en" else "ar",
        zone=zone if zone in _zones() else desk.zone,
        now=desk.now(),
    )


def form_is_ours(request: Request, sealed: str) -> bool:
    """Whether a form was given by us to this very browser, in this very session."""
    return desk_of(request).seal.holds(sealed, _sealed_to(request, request.cookies.get(BROWSER, "")))


def set_cookie(
    response: Response, name: str, value: str, request: Request, *, max_age_s: int = _A_YEAR_S
) -> None:
    """A cookie no script reads and no other site sends along with a form."""
    response.set_cookie(
        name,
        value,
        max_age=max_age_s,
        path="/",
        httponly=True,
        samesite="lax",
        secure=desk_of(request).secure,
    )


def address_in(request: Request, **changes: Any) -> str:
    """This page's address with some of its parameters changed; None takes one off."""
    kept = [(name, value) for name, value in request.query_params.multi_items() if name not in changes]
    added = [(name, str(value)) for name, value in changes.items() if value is not None]
    return f"{request.url.path}?{urlencode(kept + added, errors='replace')}"


def web_link(url: str) -> str:
    """The address when it leads to the web, else nothing: no other scheme is ever linked to.

    >>> web_link("https://a.example/"), web_link("javascript:alert(1)")
    ('https://a.example/', '')
    """
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return ""
    return url.strip() if parts.scheme in {"http", "https"} and parts.netloc else ""


def readable(url: str) -> str:
    """An address as a person reads it: without its scheme, its letters written out.

    >>> readable("https://news.example/%D9%82%D9%85%D8%A9/")
    'news.example/قمة'
    """
    written = unquote(url.partition("://")[2] or url, errors="replace")
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in written).rstrip("/")


def dates_in_order(text: str) -> str:
    """Text in which dates read from the left, as they were written, also between Arabic words.

    >>> dates_in_order("من 2026-03-01").encode("unicode_escape")[-14:]
    b'200e2026-03-01'
    """
    return _DATES.sub("\u200e\\g<0>", text)


def points(value: float, *, sign: bool = False) -> str:
    """Points as people compare them: whole ones whole, others to a tenth.

    >>> points(12.0), points(3.347, sign=True), points(-6.0)
    ('12', '+3.3', '\u22126')
    """
    written = f"{round(value, 1):+g}" if sign else f"{round(value, 1):g}"
    return written.replace("-", "\u2212")  # a minus as wide as the plus


def static_address(name: str) -> str:
    """A file of ours; its content is part of the address, so that it may be kept for ever."""
    return f"/static/{name}?v={_version(name)}"


@cache
def _version(name: str) -> str:
    return hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:10]


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


@cache
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update(static=static_address, address_in=address_in)
    made.filters.update(
        web_link=web_link, query=_query, readable=readable, points=points, dates_in_order=dates_in_order
    )
    return made


def _query(pairs: Mapping[str, str | list[str]]) -> str:
    return urlencode(pairs, doseq=True, errors="replace")


def _browser(request: Request) -> tuple[str, bool]:
    found = request.cookies.get(BROWSER)
    return (found, False) if found else (new_token(), True)


def _sealed_to(request: Request, browser: str) -> str:
    """What a form is sealed to: the session where there is one, so that it ends with it."""
    return f"{browser}.{request.cookies.get(SESSION, '')}" if browser else ""
