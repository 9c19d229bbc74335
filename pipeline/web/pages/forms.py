"""
What every form is held against before its route sees it, and where it leads afterwards.
"""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends, Form, Path, Request
from fastapi.responses import RedirectResponse

from pipeline.web.problems import ProblemError
from pipeline.web.rendering import form_is_ours

#: A row's number in an address.
Number = Annotated[int, Path(ge=1, le=2**53)]


def our_form(request: Request, sealed: Annotated[str, Form(max_length=500)] = "") -> None:
    """Raise unless the form was given by us to this very browser."""
    if not form_is_ours(request, sealed):
        raise ProblemError(
            403, "foreign-form", "this form is too old or not ours: go back, reload, try again"
        )


#: For a route that changes something.
OurForm = Depends(our_form)


def gone_to(address: str) -> RedirectResponse:
    """To a page of ours, and no other: an address that leads elsewhere leads to the search page."""
    return RedirectResponse(local(address), status_code=303)


def local(address: str) -> str:
    r"""The address when it is a path of ours.

    >>> local("/topics?since=7d"), local("//evil.example"), local(r"/\evil.example"), local("https://e.example")
    ('/topics?since=7d', '/', '/', '/')
    """
    printable = all(" " < letter < "\x7f" for letter in address.replace("\\", " "))
    try:
        parts = urlsplit(address)
    except ValueError:
        return "/"
    ours = address.startswith("/") and not address.startswith("//") and not parts.scheme and not parts.netloc
    return address if ours and printable and len(address) < 4000 and "\\" not in address else "/"
