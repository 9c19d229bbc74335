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

_OPENING: Final = {'"': '"', "«": "»", "“": "”", "„": "“", "‟": "”", "＂": "＂"}
_CLOSING: Final = frozenset(_OPENING.values())
_QUOTES: Final = "".join(_OPENING) + "".join(_CLOSING)
_TOKEN: Final = re.compile(
    rf"""(?P<space>[\s{INVISIBLE}،؛,;]+)
      | (?P<quote>[{"".join(_OPENING)}])
      | (?P<open>[(（])|(?P<close>[)）])
      | (?P<or>\|+|OR(?![^\s()|{_QUOTES}]))
      | (?P<near>(?:O?NEAR|قرب|تتابع)/(?P<within>\d+)(?![^\s()|{_QUOTES}]))
      | (?P<bare_near>O?NEAR(?![^\s()|{_QUOTES}]))
      | (?P<and>(?:AND|&&?)(?![^\s()|{_QUOTES}]))
      | (?P<not>NOT(?=[\s(]))
      | (?P<minus>(?:(?<=^)|(?<=[\s(（:]))-(?=[^\s)]))
      | (?P<field>[^\W\d_][\w{HARAKAT}]*:(?=[^\s)|]))
      | (?P<equals>=(?=[^\s=)|]))
      | (?P<word>[^\s{_QUOTES}()（）|،؛,;]+)
      | (?P<stray>.)""",
    re.VERBOSE | re.DOTALL,
)
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
        QueryError: a quote is not closed, a field is misspelt, or NEAR lacks its number.
    """
    return list(_joined(_tokens(query)))


def _tokens(query: str) -> Iterator[Token]:
    position = 0
    while position < len(query):
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
            raise QueryError(
                f"{found.group()} needs the number of words that may stand between",
                column=column,
                suggestion=f"{query[:position]}/5{query[position:]}",
            )
        if kind == "field":
            kind, position = _field(query, found)
        if kind in {"space", "stray", "and"}:
            continue
        text = query[column - 1 : position]
        within = min(int(found["within"] or 0), 10**6) if kind == "near" else 0
        yield Token(
            "minus" if kind == "not" else kind,
            text,
            column,
            position + 1,
            within,
            kind == "near" and _NEAR[text.split("/")[0]],
        )


def _field(query: str, found: re.Match[str]) -> tuple[str, int]:
    """A field's name with its colon; what only looks like one is part of a word."""
    name = fold(found.group()[:-1])
    if name in FIELDS:
        return "field", found.end()
    likely = difflib.get_close_matches(name, FIELDS, n=1, cutoff=0.75)
    if likely and not query.startswith("//", found.end()):
        raise QueryError(
            f"there is no field {found.group()!r}",
            column=found.start() + 1,
            suggestion=f"{query[: found.start()]}{likely[0]}:{query[found.end() :]}",
        )
    word = re.compile(rf"[^\s{_QUOTES}()（）|،؛,;]+").match(query, found.start())
    assert word
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
    closing = _OPENING[query[position]]
    if (own := query.find(closing, position + 1)) != -1:
        return own
    ends = [end for mark in _CLOSING if (end := query.find(mark, position + 1)) != -1]
    if not ends:
        raise QueryError("this quote is not closed", column=position + 1, suggestion=query.rstrip() + closing)
    return min(ends)
