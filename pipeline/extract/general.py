"""
The general extractor: which part of a page is its text, whatever its template? The only module that
knows trafilatura.
"""

from __future__ import annotations

import logging
from copy import copy
from functools import cache
from importlib import metadata

import trafilatura
from lxml.html import HtmlElement


def main_text(tree: HtmlElement) -> str:
    """The text of the article on a page as lines, or "" when none is found.

    The lines are good for telling *which* text it is: joiners are lost, and rows of tables are one line.
    Single-threaded only. Source of the setting: the best of fifteen on real Arabic pages; without
    tables a page laid out as one is empty.
    """
    _quiet()
    found = trafilatura.bare_extraction(
        copy(tree),  # it changes what it is given
        favor_precision=True,
        include_comments=False,
        include_tables=True,
        with_metadata=False,
    )
    return str(getattr(found, "text", "") or "")


@cache
def name() -> str:
    """Name and version, as an article records it."""
    return f"trafilatura/{metadata.version('trafilatura')}"


@cache
def _quiet() -> None:
    """What it says of a page is no event of ours: no text is a result."""
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
