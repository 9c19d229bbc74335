"""
The agency a text is attributed to, by where signatures stand: never by a mention in running text.
"""

from __future__ import annotations

import re
from functools import cache

from pipeline.arabic.characters import fold
from pipeline.extract.phrases import load

_BRACKETED = re.compile(r"[(/\[]\s*([^()/\[\]]{2,40})\s*[)/\]]")
#: "City (sign) -", "City - sign:", "sign - City": within this many words from the beginning.
_DATELINE = re.compile(
    r"^(.{2,60}?)\s*(?:-{1,2}|\u2013|\u2014|:)\s*(?:(.{2,30}?)\s*(?:-{1,2}|\u2013|\u2014|:)\s)?"
)
_JOINED = re.compile(r"\s*(?:[+,\u060c&]|-|\sو\s?)\s*")
_MAX_SIGNATURE_WORDS = 8
_MAX_AGENCY_WORDS = 4


def wire_of(body: str, *claimed: str) -> str:
    """Name of the agency a body is signed with, or "".

    `claimed` are bylines and authors that may name it.
    """
    lines = body.split("\n")
    first, tail = lines[0], lines[-2:]
    for text in (*_signatures(tail), *_datelines(first), *claimed):
        for part in (text, *_JOINED.split(text)):
            wire = _signs().get(_sign(part))
            if wire:
                return wire
    return next((text for text in _signatures(tail) if _is_agency(text)), "")


def _is_agency(text: str) -> bool:
    """Whether a signature names an agency we have no short name for."""
    words = fold(text).split()
    return 2 <= len(words) <= _MAX_AGENCY_WORDS and words[0] in _agency_words()


def _signatures(tail: list[str]) -> list[str]:
    """What stands in brackets at the end of the text, or alone on one of its last lines."""
    alone = [line.strip("-()[]/. :") for line in tail if len(line.split()) <= _MAX_SIGNATURE_WORDS]
    closing = [
        match.group(1)
        for line in tail
        for match in _BRACKETED.finditer(line)
        if match.end() >= len(line.rstrip(" .")) - 1
    ]
    sources = [
        line.partition(":")[2] for line in tail if len(line.split()) <= _MAX_SIGNATURE_WORDS and ":" in line
    ]
    return [*reversed(closing), *reversed(alone), *sources]


def _datelines(first: str) -> list[str]:
    """What stands in brackets before the dash of a dateline, and between its dashes."""
    match = _DATELINE.match(first[:120])
    if not match:
        return []
    bracketed = [found.group(1) for found in _BRACKETED.finditer(first[: match.end() + 1])]
    return [*bracketed, *(part for part in match.groups() if part and len(part.split()) <= 4)]


def _sign(text: str) -> str:
    return re.sub(r"[\W_]+", "", fold(text))


@cache
def _signs() -> dict[str, str]:
    return {_sign(sign): entry["wire"] for entry in load("wires.yml")["agencies"] for sign in entry["signs"]}


@cache
def _agency_words() -> frozenset[str]:
    return frozenset(fold(word) for word in load("wires.yml")["agency_words"])
