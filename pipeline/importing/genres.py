"""
Genres of imported records: what somebody calls them to one of `GENRES`, or to "".
"""

from __future__ import annotations

import re
from typing import Final

from pipeline.records import GENRES

_ALSO: Final = {
    "social-post": "post",
    "social-media": "post",
    "tweet": "post",
    "satirical": "satire",
    "factcheck": "fact-check",
    "fact-checking": "fact-check",
    "op-ed": "opinion",
    "editorial": "opinion",
    "column": "opinion",
}
_IN_BRACKETS = re.compile(r"[(\[]([^)\]]+)[)\]]")


def genre_named(text: str) -> str:
    """The genre `text` names; "" where it is ordinary news or a word we do not know.

    >>> genre_named("Social post"), genre_named("rss-item")
    ('post', '')
    """
    name = "-".join(re.findall(r"[a-z]+", text.casefold()))
    genre = _ALSO.get(name, name)
    return genre if genre in GENRES else ""


def genre_of_outlet(name: str) -> str:
    """The genre an outlet's name states in brackets.

    >>> genre_of_outlet("The Daily Grin (satire)")
    'satire'
    """
    return next((genre for found in _IN_BRACKETS.findall(name) if (genre := genre_named(found))), "")
