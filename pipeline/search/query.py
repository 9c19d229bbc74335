"""
The query language: an analyst's text becomes a tree, or an error with the column and advice.

    words        all must be there, inflected as they may be
    "phrase"     the words side by side; « » and “ ” are quotes too
    a OR b       either; binds tighter than the implicit and
    -word        must not be there; negates a word, a phrase or brackets
    ( … )        brackets
    مفاوض*       words that begin so, from three letters on

No analyst's text ever reaches an engine's own query language: engines are given the tree.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from pipeline.arabic.stems import base, stem
from pipeline.arabic.words import words
from pipeline.errors import QueryError

#: Longer queries are texts, not questions.
MAX_QUERY_CHARS: Final = 512
#: Each term is a look-up on every field.
MAX_TERMS: Final = 32
#: Below this a prefix is most of the vocabulary.
MIN_PREFIX_CHARS: Final = 3
#: Tokens are cut here, in documents and in queries, so that both engines see the same.
MAX_TOKEN_CHARS: Final = 64


@dataclass(frozen=True, slots=True)
class Word:
    """A word; matches where its stem stands."""

    form: str  #: as written
    stem: str


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words side by side in one field, compared without their clitics."""

    form: str
    bases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Prefix:
    """Words that begin so, compared without their clitics."""

    form: str
    start: str


@dataclass(frozen=True, slots=True)
class Not:
    """Where `part` does not match; stands only within `AllOf`."""

    part: Node


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Where at least one part matches."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class AllOf:
    """Where every part matches; holds at least one that is not negated."""

    parts: tuple[Node, ...]


Leaf = Word | Phrase | Prefix
Node = Leaf | Not | AnyOf | AllOf

_OPENING: Final = {'"': '"', "«": "»", "“": "”", "„": "“"}
_TOKEN: Final = re.compile(
    r"""(?P<space>\s+)
      | (?P<quote>["«“„])
      | (?P<open>\()|(?P<close>\))
      | (?P<or>\bOR\b|\|)
      | (?P<minus>(?:(?<=^)|(?<=[\s(]))-(?=\S))
      | (?P<word>[^\s"«»“”„()|]+)
      | (?P<stray>.)""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    column: int  # 1-based


def parse(query: str) -> Node | None:
    """The tree of `query`; None when there is nothing in it to look for (filters alone).

    Raises:
        QueryError: with the column and, where there is one, a query that would be read.
    """
    if len(query) > MAX_QUERY_CHARS:
        raise QueryError(
            f"the query has {len(query)} characters, {MAX_QUERY_CHARS} is the most",
            column=MAX_QUERY_CHARS + 1,
        )
    tokens = list(_tokens(query))
    if not tokens:
        return None
    tree = _Parser(query, tokens).whole()
    if (count := sum(1 for _ in leaves(tree))) > MAX_TERMS:
        raise QueryError(f"the query has {count} terms, {MAX_TERMS} is the most")
    return tree


def leaves(node: Node, *, negated: bool = True) -> Iterator[Leaf]:
    """Every word, phrase and prefix; those under a negation only where `negated`."""
    match node:
        case Not(part):
            if negated:
                yield from leaves(part)
        case AllOf(parts) | AnyOf(parts):
            for part in parts:
                yield from leaves(part, negated=negated)
        case _:
            yield node


def cut(token: str) -> str:
    """A token as engines keep it."""
    return token[:MAX_TOKEN_CHARS]


def _tokens(query: str) -> Iterator[_Token]:
    position = 0
    while position < len(query):
        found = _TOKEN.match(query, position)
        assert found
        kind, column = str(found.lastgroup), position + 1
        if kind == "quote":
            end = _closing(query, position)
            yield _Token("phrase", query[position + 1 : end], column)
            position = end + 1
            continue
        if kind not in {"space", "stray"}:
            yield _Token(kind, found.group(), column)
        position = found.end()


def _closing(query: str, position: int) -> int:
    closing = _OPENING[query[position]]
    ends = [end for mark in {closing, '"', "»", "”"} if (end := query.find(mark, position + 1)) != -1]
    if not ends:
        raise QueryError("this quote is not closed", column=position + 1, suggestion=query.rstrip() + closing)
    return query.find(closing, position + 1) if closing in query[position + 1 :] else min(ends)


class _Parser:
    """Recursive descent over the tokens; one method a rule of the grammar."""

    def __init__(self, query: str, tokens: list[_Token]) -> None:
        self._query = query
        self._tokens = tokens
        self._next = 0

    def whole(self) -> Node:
        tree = self._all()
        if token := self._peek():
            raise QueryError("this bracket closes nothing", column=token.column)
        if tree is None:
            raise QueryError("there is no word in this query")
        return tree

    def _all(self) -> Node | None:
        """All := any any …"""
        begun = self._peek()
        parts: list[Node] = []
        while (token := self._peek()) and token.kind != "close":
            part = self._any()
            if part is not None:
                parts.append(part)
        if parts and all(isinstance(part, Not) for part in parts):
            raise QueryError(
                "a query needs something to look for beside what must not be there",
                column=begun.column if begun else 1,
            )
        return parts[0] if len(parts) == 1 else AllOf(tuple(parts)) if parts else None

    def _any(self) -> Node | None:
        """Any := unary (OR unary)*."""
        parts = [self._unary()]
        while (token := self._peek()) and token.kind == "or":
            self._next += 1
            following = self._peek()
            if following is None or following.kind in {"close", "or"} or parts == [None]:
                raise QueryError("OR stands between two words", column=token.column)
            parts.append(self._unary())
        kept = [part for part in parts if part is not None]
        if len(kept) > 1 and any(isinstance(part, Not) for part in kept):
            raise QueryError("OR cannot stand beside a negation; use brackets", column=1)
        return kept[0] if len(kept) == 1 else AnyOf(tuple(kept)) if kept else None

    def _unary(self) -> Node | None:
        token = self._peek()
        if token is not None and token.kind == "minus":
            self._next += 1
            part = self._unary()
            return None if part is None else part.part if isinstance(part, Not) else Not(part)
        return self._primary()

    def _primary(self) -> Node | None:
        token = self._take()
        match token.kind:
            case "open":
                return self._bracket(token)
            case "phrase":
                return _phrase(token.text)
            case "or":
                raise QueryError("OR stands between two words", column=token.column)
            case _:
                return _word(token)

    def _bracket(self, opened: _Token) -> Node | None:
        part = self._all()
        closed = self._peek()
        if closed is None or closed.kind != "close":
            raise QueryError(
                "this bracket is not closed", column=opened.column, suggestion=self._query.rstrip() + ")"
            )
        self._next += 1
        return part

    def _peek(self) -> _Token | None:
        return self._tokens[self._next] if self._next < len(self._tokens) else None

    def _take(self) -> _Token:
        token = self._peek()
        if token is None:
            raise QueryError("something is missing at the end", column=len(self._query) + 1)
        self._next += 1
        return token


def _phrase(text: str) -> Node | None:
    bases = tuple(cut(base(word.folded)) for word in words(text))
    return Phrase(text, bases) if bases else None


def _word(token: _Token) -> Node | None:
    if token.text.endswith("*"):
        return _prefix(token)
    found = words(token.text)
    if len(found) > 1:  # e.g. a hashtag: its words side by side
        return _phrase(token.text)
    return Word(token.text, cut(stem(found[0].folded))) if found else None


def _prefix(token: _Token) -> Node:
    found = words(token.text.rstrip("*"))
    if len(found) != 1 or len(found[0].folded) < MIN_PREFIX_CHARS:
        raise QueryError(
            f"{token.text!r}: a prefix needs {MIN_PREFIX_CHARS} letters before its *", column=token.column
        )
    return Prefix(token.text, cut(prefix_base(found[0].folded)))


def prefix_base(folded: str) -> str:
    """A prefix without the article it may begin with: documents' words are compared without theirs."""
    for article in ("وال", "ال"):  # and the; the
        if folded.startswith(article) and len(folded) - len(article) >= MIN_PREFIX_CHARS:
            return folded[len(article) :]
    return folded
