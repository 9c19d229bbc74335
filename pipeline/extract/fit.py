"""
How a page is to be read, and what came of it: said between the drain and its worker processes.

Light: whoever asks for pages to be read does not load what reads them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from pipeline.errors import EntryError
from pipeline.records import Article


class Fit(StrEnum):
    """How a template did on a page."""

    UNASKED = "unasked"
    FITS = "fits"  #: the article was read by it
    MISSED = "missed"  #: the page is laid out otherwise
    UNSURE = "unsure"  #: laid out so, and what stands there is doubtful
    AGREES = "agrees"  #: read both ways, alike
    DIFFERS = "differs"


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """The template to read a page by."""

    version: int
    layout: Mapping[str, Any]
    verify: bool = False  #: read it both ways


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """What came of a page: the article or the error, and what was learnt of its layout."""

    article: Article | None = None
    error: EntryError | None = None
    fit: Fit = Fit.UNASKED
    why: str = ""  #: what it missed, is unsure of, or differs in
    seen: Mapping[str, Any] | None = None  #: where things stood, for pages read generally
