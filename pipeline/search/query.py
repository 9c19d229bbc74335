"""
The query language: an analyst's text becomes a tree, or an error with the column and advice.

    words              all must be there, inflected as they may be
    "phrase"           the words side by side; « » and “ ” are quotes too
    a OR b             either; binds tighter than the implicit and; | is the same
    -word              must not be there; negates a word, a phrase or brackets
    ( … )              brackets
    a NEAR/5 b         at most five words between; ONEAR/5: and in this order
    مفاوض*             words that begin so, from three letters on
    =word  ="phrase"   written exactly so
    title: body: author: topic: outlet: country: date: since: until:

No analyst's text ever reaches an engine's own query language: engines are given the tree.
`docs/query-language.md` explains it with examples, which tests run.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from pipeline.answers import Expansion
from pipeline.errors import QueryError
from pipeline.search.advice import followed, meant
from pipeline.search.grammar import Parser
from pipeline.search.lexing import tokens_of
from pipeline.search.terms import Terms
from pipeline.search.tree import Node, leaves

#: Longer queries are texts, not questions.
MAX_QUERY_CHARS: Final = 512
#: Each term is a look-up on every field.
MAX_TERMS: Final = 32
#: With the other ways to write them.
MAX_WAYS: Final = 96


@dataclass(frozen=True, slots=True)
class Query:
    """A query that was read."""

    text: str
    tree: Node | None  #: None: nothing to look for, filters alone
    expanded: tuple[Expansion, ...] = ()
    advice: str = ""


def read_query(text: str, *, zone: str, now: datetime) -> Query:
    """Read `text`; days are those of `zone`, and `since:7d` is counted from `now`.

    Raises:
        QueryError: with the column and a query that would be read.
    """
    try:
        return _read(text, zone=zone, now=now)
    except QueryError as error:
        advised = followed(error.suggestion, text, lambda query: _read(query, zone=zone, now=now))
        raise error.advising(advised) from None


def _read(text: str, *, zone: str, now: datetime) -> Query:
    if len(text) > MAX_QUERY_CHARS:
        raise QueryError(
            f"the query has {len(text)} characters, {MAX_QUERY_CHARS} is the most",
            column=MAX_QUERY_CHARS + 1,
        )
    tokens = tokens_of(text)
    if not tokens and not text.strip():
        return Query(text, None)
    terms = Terms()
    tree = Parser(text, tokens, terms, zone, now).whole()
    asked = [token for token in tokens if token.kind in {"word", "phrase"}]
    if len(asked) > MAX_TERMS:
        raise QueryError(
            f"the query has {len(asked)} terms, {MAX_TERMS} is the most", column=asked[MAX_TERMS].column
        )
    if (count := sum(1 for _ in leaves(tree))) > MAX_WAYS:
        raise QueryError(
            f"the query's terms are looked for in {count} ways, {MAX_WAYS} is the most; write fewer",
            column=asked[-1].column,
        )
    return Query(text, tree, tuple(terms.expanded.values()), meant(text, tokens))
