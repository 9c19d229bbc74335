"""
What stands behind `topic:`, `outlet:`, `country:`, `date:`, `since:` and `until:`.
"""

from __future__ import annotations

import re
from datetime import datetime
from difflib import get_close_matches
from functools import cache
from typing import Final

from pipeline.arabic.characters import fold
from pipeline.arabic.words import words
from pipeline.errors import QueryError
from pipeline.search.days import WAYS, edges_of
from pipeline.search.lexing import Token
from pipeline.search.tables import read_table
from pipeline.search.tree import Dated, Node, Value

#: Between the parts of a date.
_PARTS: Final = re.compile("([-/T ])")


def value_of(name: str, field: Token, token: Token, *, zone: str, now: datetime) -> Node:
    """The leaf of a field that is no text.

    Raises:
        QueryError: what follows the colon cannot be read; it suggests a field with its value.
    """
    form = f"{field.text}{token.text}"
    if token.kind not in {"word", "phrase"} or not token.text.strip():
        raise QueryError(f"{field.text} wants a value right after it", column=token.column)
    if name in {"date", "since", "until"}:
        try:
            return _dated(name, form, token, zone, now)
        except QueryError as error:
            readable = f"{field.text}{_readable(name, token.text, zone=zone, now=now)}"
            raise error.advising(error.suggestion or readable) from None
    if name == "country":
        return Value("country", _country(token), form)
    return Value(name, key(token.text) if name == "outlet" else token.text.strip().lower(), form)


def key(name: str) -> str:
    """A name as it is compared: its words, folded, whatever stands between them.

    >>> key("صحيفة «الغد»") == key("صحيفه الغد"), key("al-jazeera")
    (True, 'al jazeera')
    """
    return " ".join(word.folded for word in words(name))


def _dated(name: str, form: str, token: Token, zone: str, now: datetime) -> Dated:
    if name == "since":
        return Dated(form, edges_of(token.text, zone=zone, now=now, column=token.column)[0], None)
    if name == "until":
        return Dated(form, None, edges_of(token.text, zone=zone, now=now, column=token.column)[1])
    first, dots, last = token.text.partition("..")
    if not first and not last:
        raise QueryError(
            f"{token.text!r} is no date; write {WAYS}, or two with .. between", column=token.column
        )
    start = edges_of(first, zone=zone, now=now, column=token.column)[0] if first else None
    end = None
    if last or not dots:
        end = edges_of(last or first, zone=zone, now=now, column=token.column)[1]
    if dots and start is not None and end is not None and start >= end:
        raise QueryError(
            f"{token.text}: the end lies before the beginning",
            column=token.column,
            suggestion=f"{form.partition(':')[0]}:{last}..{first}",
        )
    if start is not None and start == end:  # 7d alone: the time since
        end = None
    return Dated(form, start, end)


def _readable(name: str, written: str, *, zone: str, now: datetime) -> str:
    """What can be read of dates: `2026-02` of `2026-02-30`; where it is nothing, one to begin with."""
    first, dots, last = written.partition("..")
    kept = [_beginning(each, zone=zone, now=now) for each in (first, last)]
    if any(kept):
        return f"{kept[0]}{dots}{kept[1]}"
    return {"date": f"{now:%Y-%m}", "since": "7d"}.get(name, f"{now:%Y-%m-%d}")


def _beginning(written: str, *, zone: str, now: datetime) -> str:
    parts = _PARTS.split(written)
    for number in range(len(parts), 0, -2):
        text = "".join(parts[:number])
        try:
            edges_of(text, zone=zone, now=now)
        except QueryError:
            continue
        return text
    return ""


def _country(token: Token) -> str:
    wanted = key(token.text)
    code = countries().get(wanted)
    if code is None and not (len(wanted) == 2 and wanted.isascii()):
        like = get_close_matches(wanted, countries(), n=1, cutoff=0.7)
        raise QueryError(
            f"{token.text!r} is no country we know; write its two letters, like jo",
            column=token.column,
            suggestion=f"country:{countries()[like[0]]}" if like else "",
        )
    return code or wanted


@cache
def countries() -> dict[str, str]:
    """Codes by the names countries go by, codes themselves included."""
    return {fold(name): code for code, *names in read_table("countries.tsv") for name in (code, *names)}
