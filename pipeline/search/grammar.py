"""
The query language's grammar: tokens become a tree, or an error that says where and what instead.

    all    := any any …
    any    := unary (OR unary)*
    unary  := - unary | near
    near   := primary (NEAR/n primary)?
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from pipeline.arabic.characters import fold
from pipeline.errors import QueryError
from pipeline.search.advice import alternatives
from pipeline.search.lexing import FIELDS, Token
from pipeline.search.terms import Terms
from pipeline.search.tree import AllOf, AnyOf, Near, Node, Not, Words
from pipeline.search.values import value_of

#: Farther apart, words have nothing to do with each other.
MAX_WITHIN: Final = 100
#: Brackets within brackets.
MAX_DEPTH: Final = 20
#: Ways to choose one word or phrase on either side of a NEAR.
MAX_PAIRS: Final = 64

_TEXT_FIELDS: Final = frozenset({"title", "body", "author"})


class Parser:
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

    def _all(self, opened: Token | None = None) -> Node | None:
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
                suggestion=self._opened(opened) if opened else f"since:7d {self._query.strip()}",
            )
        return parts[0] if len(parts) == 1 else AllOf(tuple(parts)) if parts else None

    def _any(self) -> Node | None:
        """Any := unary (OR unary)*."""
        begun, joints = [self._peek()], []
        parts = [self._unary()]
        while (token := self._peek()) and token.kind == "or":
            self._next += 1
            following = self._peek()
            if following is None or following.kind in {"close", "or"} or parts == [None]:
                raise QueryError(
                    "OR stands between two words", column=token.column, suggestion=self._without(token)
                )
            begun.append(following)
            joints.append(token)
            parts.append(self._unary())
        for part, first in zip(parts, begun, strict=True):
            if isinstance(part, Not) and len(parts) > 1:
                raise QueryError(
                    "OR cannot stand beside a negation, which would find nearly everything",
                    column=first.column if first else 1,
                    suggestion=self._without(*joints),
                )
        kept = [part for part in parts if part is not None]
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
        last = self._tokens[self._next - 1]
        if not 0 <= token.within <= MAX_WITHIN:
            raise QueryError(
                f"{token.text}: at most {MAX_WITHIN} words may stand between",
                column=token.column,
                suggestion=self._replaced(
                    token.column, token.end, f"{token.text.split('/')[0]}/{MAX_WITHIN}"
                ),
            )
        sides = [self._operand(left, begun, token.column), self._operand(right, after, last.end)]
        names = sorted({words.field for side in sides for words in side}, reverse=True)
        if len(names) > 1:
            inside = f"{alternatives(left)} {token.text} {alternatives(right)}"
            raise QueryError(
                f"both sides of {token.text} stand in one field; write title:(a {token.text} b)",
                column=begun.column,
                suggestion=self._replaced(begun.column, last.end, f"{names[0]}:({inside})"),
            )
        if len(sides[0]) * len(sides[1]) > MAX_PAIRS:
            raise QueryError(
                f"{token.text}: {len(sides[0])} and {len(sides[1])} alternatives are more than "
                f"{MAX_PAIRS} pairs; write fewer",
                column=begun.column,
            )
        form = self._query[begun.column - 1 : last.end - 1]
        return Near(form, sides[0], sides[1], token.within, token.ordered, names[0])

    def _operand(self, node: Node | None, begun: Token, end: int) -> tuple[Words, ...]:
        """The ways to stand on one side of a NEAR; the side was written from `begun` to before `end`."""
        match node:
            case Words():
                return (node,)
            case AnyOf(parts) if all(isinstance(part, Words) for part in parts):
                return tuple(part for part in parts if isinstance(part, Words))
            case AnyOf(parts):
                return tuple(words for part in parts for words in self._operand(part, begun, end))
        raise QueryError(
            "NEAR joins words, phrases and brackets of OR; nothing else may stand beside it",
            column=begun.column,
            suggestion=self._replaced(begun.column, end, alternatives(node)),
        )

    def _primary(self) -> Node | None:
        token = self._take()
        match token.kind:
            case "open":
                return self._bracket(token)
            case "phrase":
                return self._phrase(token)
            case "equals":
                return self._exact(token)
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

    def _phrase(self, token: Token) -> Node:
        found = self._terms.phrase(token.text, column=token.column, name=self._field)
        if found is None:
            raise _no_word(token, self._without(token))
        return found

    def _word(self, token: Token) -> Node | None:
        form = token.text.rstrip("*")
        if "*" in form and form.strip("*؟?!"):
            raise QueryError(
                f"{token.text}: a * stands at the end of a word",
                column=token.column,
                suggestion=self._replaced(token.column, token.end, token.text.replace("*", "") + "*"),
            )
        if form != token.text and form:
            return self._prefix(form, token)
        return self._terms.words(form, column=token.column, name=self._field)

    def _prefix(self, form: str, token: Token) -> Node:
        try:
            return self._terms.prefix(form, column=token.column, name=self._field)
        except QueryError as error:
            raise error.advising(self._replaced(token.column, token.end, form)) from None

    def _exact(self, equals: Token) -> Node | None:
        token = self._take()
        if token.kind not in {"word", "phrase"} or (token.kind == "word" and "*" in token.text):
            raise QueryError(
                "= stands before a word or a quote, without *",
                column=token.column,
                suggestion=self._replaced(token.column, token.end, token.text.replace("*", ""))
                if token.kind == "word"
                else "",
            )
        found = self._terms.exact(token.text, name=self._field)
        if found is None and token.kind == "phrase":
            raise _no_word(token, self._without(equals, token))
        return found

    def _in_field(self, token: Token) -> Node | None:
        name = FIELDS[fold(token.text[:-1])]
        if name not in _TEXT_FIELDS:
            return self._value(name, token)
        if self._field:
            raise QueryError(
                f"{token.text} cannot stand within {self._field}:",
                column=token.column,
                suggestion=self._without(token),
            )
        self._field = name
        part = self._primary()
        self._field = ""
        if part is None:
            last = self._tokens[self._next - 1]
            raise QueryError(
                f"{token.text} wants a value right after it",
                column=token.column,
                suggestion=self._without(token, last),
            )
        return part

    def _value(self, name: str, field: Token) -> Node:
        token = self._take()
        try:
            return value_of(name, field, token, zone=self._zone, now=self._now)
        except QueryError as error:
            if token.kind == "open":
                raise error.advising(self._spread(field)) from None
            advised = error.suggestion and self._replaced(field.column, token.end, error.suggestion)
            raise error.advising(advised) from None

    def _spread(self, field: Token) -> str:
        """The query with a field before each value in its brackets, in place of before the brackets."""
        rest = self._tokens[self._next :]
        closed = next((token for token in rest if token.kind == "close"), None)
        if closed is None:
            return ""
        told = [
            (field.text if token.kind in {"word", "phrase"} else "")
            + self._query[token.column - 1 : token.end - 1]
            for token in rest[: rest.index(closed)]
        ]
        return self._replaced(field.column, closed.end, f"({' '.join(told)})")

    def _bracket(self, opened: Token) -> Node | None:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise QueryError(f"more than {MAX_DEPTH} brackets stand within each other", column=opened.column)
        part = self._all(opened)
        closed = self._peek()
        if closed is None or closed.kind != "close":
            raise QueryError(
                "this bracket is not closed", column=opened.column, suggestion=self._query.rstrip() + ")"
            )
        if part is None:
            raise QueryError(
                "there is no word in these brackets",
                column=opened.column,
                suggestion=self._without(opened, closed),
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

    def _opened(self, bracket: Token) -> str:
        """The query without a bracket and the one that closes it, if it is what comes next."""
        closed = self._peek()
        return self._without(bracket, *([closed] if closed else []))

    def _without(self, *tokens: Token) -> str:
        """The query less some tokens: what it is advised to be."""
        kept = self._query
        for token in sorted(tokens, key=lambda token: -token.column):
            kept = f"{kept[: token.column - 1]} {kept[token.end - 1 :]}"
        return " ".join(kept.split())

    def _replaced(self, column: int, end: int, by: str) -> str:
        return " ".join(f"{self._query[: column - 1]}{by}{self._query[end - 1 :]}".split())


def _no_word(quote: Token, suggestion: str) -> QueryError:
    return QueryError("there is no word in this quote", column=quote.column, suggestion=suggestion)
