"""
The query language's tokens: an analyst's text, cut where the grammar has its joints.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from pipeline.arabic.characters import HARAKAT, INVISIBLE, fold
from pipeline.errors import QueryError

#: What may stand before a colon → what it means.
FIELDS: Final = {
    "title": "title", "عنوان": "title", "العنوان": "title",
    "body": "body", "نص": "body", "النص": "body", "متن": "body", "المتن": "body",
    "author": "author", "كاتب": "author", "الكاتب": "author",
    "topic": "topic", "موضوع": "topic", "الموضوع": "topic",
    "outlet": "outlet", "مصدر": "outlet", "المصدر": "outlet", "صحيفه": "outlet",
    "country": "country", "بلد": "country", "البلد": "country", "دوله": "country",
    "date": "date", "تاريخ": "date", "التاريخ": "date",
    "since": "since", "منذ": "since",
    "until": "until", "حتي": "until",
}  # fmt: skip
_NEAR: Final = {"NEAR": False, "ONEAR": True, "قرب": False, "تتابع": True}

#: What opens a quote → what closes it. Pairs are also met turned around, where text was turned.
_OPENING: Final = {
    '"': '"', "«": "»", "»": "«", "“": "”", "”": "“", "„": "“”", "‟": "”", "＂": "＂",
}  # fmt: skip
_CLOSING: Final = frozenset("".join(_OPENING.values()))
_QUOTES: Final = "".join(_OPENING) + "".join(_CLOSING)
#: Where an operator's name ends.
_END: Final = rf"(?![^\s{INVISIBLE}()（）|{_QUOTES}])"
_WORD: Final = rf"[^\s{_QUOTES}()（）|،؛,;]+"
_TOKEN: Final = re.compile(
    rf"""(?P<space>[\s{INVISIBLE}،؛,;]+)
      | (?P<quote>[{"".join(_OPENING)}])
      | (?P<open>[(（])|(?P<close>[)）])
      | (?P<or>\|+|OR{_END})
      | (?P<near>(?:(?i:O?NEAR)|قرب|تتابع)/(?P<within>\d+){_END})
      | (?P<bare_near>(?:(?i:O?NEAR)|قرب|تتابع)/[^\s()（）|{_QUOTES}]*|O?NEAR{_END})
      | (?P<and>(?:AND|&&?){_END})
      | (?P<not>NOT(?=[\s(（{"".join(_OPENING)}]))
      | (?P<field>[^\W\d_][\w{HARAKAT}]*:)
      | (?P<equals>=(?=[^\s=)|]))
      | (?P<word>{_WORD})
      | (?P<stray>.)""",
    re.VERBOSE | re.DOTALL,
)
_MINUS: Final = re.compile(rf"(?:^|[\s(（:])[{INVISIBLE}]*$")
_NEGATED: Final = re.compile(rf"-[{INVISIBLE}]*[^\s){INVISIBLE}]")
#: Latin letters right before a colon are meant for a field's name; Arabic ones are often a headline's.
_NAME: Final = re.compile("[A-Za-z_]+")
_LONE: Final = frozenset({"و", "ف"})  # and, so: written apart, they belong to the word that follows


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a query."""

    kind: str  #: phrase | open | close | or | near | minus | field | equals | word
    text: str
    column: int  #: 1-based, in code points of the query
    end: int  #: column after it
    within: int = 0  #: of near
    ordered: bool = False


def tokens_of(query: str) -> list[Token]:
    """The tokens of a query, blanks and punctuation left out.

    Raises:
        QueryError: a quote is not closed, a field is misspelt or has no value, or NEAR lacks its number.
    """
    return list(_joined(_tokens(query)))


def _tokens(query: str) -> Iterator[Token]:
    position = 0
    while position < len(query):
        if _negates(query, position):
            yield Token("minus", "-", position + 1, position + 2)
            position += 1
            continue
        found = _TOKEN.match(query, position)
        assert found
        kind, column = str(found.lastgroup if found.lastgroup != "within" else "near"), position + 1
        if kind == "quote":
            end = _closing(query, position)
            yield Token("phrase", query[position + 1 : end], column, end + 2)
            position = end + 1
            continue
        position = found.end()
        if kind == "bare_near":
            raise _no_distance(query, found)
        if kind == "field":
            kind, position = _field(query, found)
        if kind in {"space", "stray", "and"}:
            continue
        yield _token(query, found, "minus" if kind == "not" else kind, position)


def _token(query: str, found: re.Match[str], kind: str, end: int) -> Token:
    text, column = query[found.start() : end], found.start() + 1
    if kind != "near":
        return Token(kind, text, column, end + 1)
    name = text.split("/")[0].upper()
    return Token(kind, text, column, end + 1, min(int(found["within"]), 10**6), _NEAR[name])


def _negates(query: str, position: int) -> bool:
    """Whether a dash stands before a part, at the start or after a blank: marks of direction aside."""
    return (
        query[position] == "-"
        and _MINUS.search(query, 0, position) is not None
        and _NEGATED.match(query, position) is not None
    )


def _no_distance(query: str, found: re.Match[str]) -> QueryError:
    name = found.group().split("/")[0]
    return QueryError(
        f"{found.group()} needs the number of words that may stand between",
        column=found.start() + 1,
        suggestion=f"{query[: found.start()]}{name}/5{query[found.end() :]}",
    )


def _field(query: str, found: re.Match[str]) -> tuple[str, int]:
    """A field's name with its colon; what only looks like one is part of a word."""
    written, name, after = found.group(), fold(found.group()[:-1]), query[found.end() :]
    if name in FIELDS:
        if after and not after[0].isspace() and after[0] not in "|)）":
            return "field", found.end()
        value = after.lstrip()
        kept = query[: found.start()] + (written if value and value[0] not in "|)）" else "")
        raise QueryError(
            f"{written} wants a value right after it",
            column=found.start() + 1,
            suggestion=f"{kept}{value}".strip(),
        )
    word = re.compile(_WORD).match(query, found.start())
    assert word
    latin = _NAME.fullmatch(written[:-1])
    if not after.strip() or after.startswith("//") or (after[0].isspace() and not latin):
        return "word", word.end()
    if likely := difflib.get_close_matches(name, FIELDS, n=1, cutoff=0.75):
        raise QueryError(
            f"there is no field {written!r}",
            column=found.start() + 1,
            suggestion=f"{query[: found.start()]}{likely[0]}:{after.lstrip()}",
        )
    if latin and word.end() > found.end():
        raise QueryError(
            f"there is no field {written!r}; put quotes around what is no field",
            column=found.start() + 1,
            suggestion=f'{query[: found.start()]}"{word.group()}"{query[word.end() :]}',
        )
    return "word", word.end()


def _joined(tokens: Iterator[Token]) -> Iterator[Token]:
    """The same with a lone و or ف taken into the word that follows, as texts are read too."""
    held: Token | None = None
    for token in tokens:
        if held is not None:
            if token.kind == "word" and token.column > held.end:
                yield Token("word", f"{held.text} {token.text}", held.column, token.end)
                held = None
                continue
            if token.kind != "phrase":  # before a phrase it says nothing
                yield held
            held = None
        if token.kind == "word" and token.text in _LONE:
            held = token
        else:
            yield token
    if held is not None:
        yield held


def _closing(query: str, position: int) -> int:
    """Where a quote ends: at its own mark, else at the first that closes any."""
    own = _OPENING[query[position]]
    for marks in (own, _CLOSING):
        if ends := [end for mark in marks if (end := query.find(mark, position + 1)) != -1]:
            return min(ends)
    raise QueryError("this quote is not closed", column=position + 1, suggestion=query.rstrip() + own[0])
