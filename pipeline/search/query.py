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
from pipeline.arabic.characters import fold
from pipeline.errors import QueryError
from pipeline.search.lexing import FIELDS, Token, tokens_of
from pipeline.search.terms import Terms
from pipeline.search.tree import AllOf, AnyOf, Near, Node, Not, Words, leaves
from pipeline.search.values import value_of

#: Longer queries are texts, not questions.
MAX_QUERY_CHARS: Final = 512
#: Each term is a look-up on every field.
MAX_TERMS: Final = 32
#: Farther apart, words have nothing to do with each other.
MAX_WITHIN: Final = 100
#: Brackets within brackets.
MAX_DEPTH: Final = 20
#: Ways to choose one word or phrase on either side of a NEAR.
MAX_PAIRS: Final = 64

_TEXT_FIELDS: Final = frozenset({"title", "body", "author"})


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
        QueryError: with the column and, where there is one, a query that would be read.
    """
    if len(text) > MAX_QUERY_CHARS:
        raise QueryError(
            f"the query has {len(text)} characters, {MAX_QUERY_CHARS} is the most",
            column=MAX_QUERY_CHARS + 1,
        )
    tokens = tokens_of(text)
    if not tokens and not text.strip():
        return Query(text, None)
    terms = Terms()
    tree = _Parser(text, tokens, terms, zone, now).whole()
    if (count := sum(1 for _ in leaves(tree))) > MAX_TERMS:
        raise QueryError(
            f"the query has {count} terms, {MAX_TERMS} is the most",
            column=tokens[min(MAX_TERMS, len(tokens) - 1)].column,
        )
    return Query(text, tree, tuple(terms.expanded.values()), _advice(tokens))


class _Parser:
    """Recursive descent over the tokens; one method a rule of the grammar."""

    def __init__(self, query: str, tokens: list[Token], terms: Terms, zone: str, now: datetime) -> None:
        self._query = query
        self._tokens = tokens
        self._terms = terms
        self._zone = zone
        self._now = now
        self._next = 0
        self._field = ""
        self._depth = 0

    def whole(self) -> Node:
        tree = self._all()
        if token := self._peek():
            raise QueryError(
                "this bracket closes nothing",
                column=token.column,
                suggestion=self._without(token),
            )
        if tree is None:
            raise QueryError("there is no word in this query", column=1)
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
                "a query needs something to look for beside what must not be there; "
                "write a word, or a filter like since:7d, before the -",
                column=begun.column if begun else 1,
                suggestion="" if self._depth else f"since:7d {self._query.strip()}",
            )
        return parts[0] if len(parts) == 1 else AllOf(tuple(parts)) if parts else None

    def _any(self) -> Node | None:
        """Any := unary (OR unary)*."""
        begun = self._peek()
        parts = [self._unary()]
        while (token := self._peek()) and token.kind == "or":
            self._next += 1
            following = self._peek()
            if following is None or following.kind in {"close", "or"} or parts == [None]:
                raise QueryError(
                    "OR stands between two words", column=token.column, suggestion=self._without(token)
                )
            parts.append(self._unary())
        kept = [part for part in parts if part is not None]
        if len(kept) > 1 and any(isinstance(part, Not) for part in kept):
            raise QueryError(
                "OR cannot stand beside a negation, which would find nearly everything",
                column=begun.column if begun else 1,
                suggestion=self._query.replace(" OR ", " ").replace("|", " "),
            )
        return kept[0] if len(kept) == 1 else AnyOf(tuple(kept)) if kept else None

    def _unary(self) -> Node | None:
        """Unary := - unary | near."""
        token = self._peek()
        if token is not None and token.kind == "minus":
            self._next += 1
            part = self._unary()
            return None if part is None else part.part if isinstance(part, Not) else Not(part)
        return self._near()

    def _near(self) -> Node | None:
        """Near := primary (NEAR/n primary)?."""
        begun = self._peek()
        left = self._primary()
        token = self._peek()
        if token is None or token.kind != "near":
            return left
        self._next += 1
        after = self._peek()
        if after is None or after.kind in {"close", "or", "near"} or left is None or begun is None:
            raise QueryError(
                f"{token.text} stands between two words, phrases or brackets",
                column=token.column,
                suggestion=self._without(token),
            )
        right = self._primary()
        if (again := self._peek()) and again.kind == "near":
            raise QueryError(
                f"{again.text}: NEAR has two operands; join several with brackets of OR",
                column=again.column,
                suggestion=self._without(again),
            )
        return self._joined(left, token, right, begun, after)

    def _joined(self, left: Node, token: Token, right: Node | None, begun: Token, after: Token) -> Near:
        if not 0 <= token.within <= MAX_WITHIN:
            raise QueryError(
                f"{token.text}: at most {MAX_WITHIN} words may stand between",
                column=token.column,
                suggestion=self._replaced(token, f"{token.text.split('/')[0]}/{MAX_WITHIN}"),
            )
        sides = [self._operand(left, begun), self._operand(right, after)]
        names = {words.field for side in sides for words in side}
        if len(names) > 1:
            raise QueryError(
                f"both sides of {token.text} stand in one field; write title:(a {token.text} b)",
                column=begun.column,
            )
        if len(sides[0]) * len(sides[1]) > MAX_PAIRS:
            raise QueryError(
                f"{token.text}: {len(sides[0])} and {len(sides[1])} alternatives are more than "
                f"{MAX_PAIRS} pairs; write fewer",
                column=begun.column,
            )
        last = self._tokens[self._next - 1]
        form = self._query[begun.column - 1 : last.end - 1]
        return Near(form, sides[0], sides[1], token.within, token.ordered, names.pop())

    def _operand(self, node: Node | None, token: Token) -> tuple[Words, ...]:
        match node:
            case Words():
                return (node,)
            case AnyOf(parts):
                return tuple(words for part in parts for words in self._operand(part, token))
        raise QueryError(
            "NEAR joins words, phrases and brackets of OR; nothing else may stand beside it",
            column=token.column,
        )

    def _primary(self) -> Node | None:
        token = self._take()
        match token.kind:
            case "open":
                return self._bracket(token)
            case "phrase":
                return self._terms.phrase(token.text, column=token.column, name=self._field)
            case "equals":
                return self._exact()
            case "field":
                return self._in_field(token)
            case "word":
                return self._word(token)
            case "minus":
                raise QueryError(
                    "a negation stands before a whole part, not within one",
                    column=token.column,
                    suggestion=self._without(token),
                )
        name = token.text if token.kind == "near" else "OR"
        raise QueryError(
            f"{name} stands between two words", column=token.column, suggestion=self._without(token)
        )

    def _word(self, token: Token) -> Node | None:
        form = token.text.rstrip("*")
        if "*" in form and form.strip("*؟?!"):
            raise QueryError(
                f"{token.text}: a * stands at the end of a word",
                column=token.column,
                suggestion=self._replaced(token, token.text.replace("*", "") + "*"),
            )
        if form != token.text and form:
            return self._terms.prefix(form, column=token.column, name=self._field)
        return self._terms.words(form, column=token.column, name=self._field)

    def _exact(self) -> Node | None:
        token = self._take()
        if token.kind not in {"word", "phrase"} or (token.kind == "word" and "*" in token.text):
            raise QueryError(
                "= stands before a word or a quote, without *",
                column=token.column,
                suggestion=self._replaced(token, token.text.strip("*")) if token.kind == "word" else "",
            )
        return self._terms.exact(token.text, name=self._field)

    def _in_field(self, token: Token) -> Node | None:
        name = FIELDS[fold(token.text[:-1])]
        if name not in _TEXT_FIELDS:
            return value_of(name, token, self._take(), zone=self._zone, now=self._now)
        if self._field:
            raise QueryError(
                f"{token.text} cannot stand within {self._field}:",
                column=token.column,
                suggestion=self._without(token),
            )
        self._field = name
        try:
            part = self._primary()
        finally:
            self._field = ""
        return part

    def _bracket(self, opened: Token) -> Node | None:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise QueryError(f"more than {MAX_DEPTH} brackets stand within each other", column=opened.column)
        part = self._all()
        closed = self._peek()
        if closed is None or closed.kind != "close":
            raise QueryError(
                "this bracket is not closed", column=opened.column, suggestion=self._query.rstrip() + ")"
            )
        self._next += 1
        self._depth -= 1
        return part

    def _peek(self) -> Token | None:
        return self._tokens[self._next] if self._next < len(self._tokens) else None

    def _take(self) -> Token:
        token = self._peek()
        if token is None:
            raise QueryError(
                "something is missing at the end",
                column=len(self._query) + 1,
                suggestion=self._without(self._tokens[-1]),
            )
        self._next += 1
        return token

    def _without(self, token: Token) -> str:
        """The query less one token: what it is advised to be."""
        return self._replaced(token, "")

    def _replaced(self, token: Token, by: str) -> str:
        before, after = self._query[: token.column - 1], self._query[token.end - 1 :]
        return " ".join(f"{before}{by}{after}".split())


def _advice(tokens: list[Token]) -> str:
    """What may have been meant: أو between two words is a word, and often meant as OR."""
    for before, between, after in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if between.text == "أو" and "word" == before.kind == between.kind == after.kind:
            return f"{before.text} OR {after.text}"
    return ""
