"""
What may have been meant: a query in place of one that cannot be read, or of one that says something
else than its writer thinks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from pipeline.arabic.characters import fold
from pipeline.arabic.words import words
from pipeline.errors import QueryError
from pipeline.search.lexing import Token
from pipeline.search.tree import AllOf, AnyOf, Near, Node, Prefix, Words

#: What is always read: the newest of a week.
FILTER: Final = "since:7d"
#: Mistakes mended one after the other.
_MOST_STEPS: Final = 12
#: Words that are left of a query nothing better can be made of.
_MOST_WORDS: Final = 12
_OPERATORS: Final = frozenset({"OR", "AND", "NOT", "NEAR", "ONEAR"})
#: Folded words that say "or" where OR would do it.
_ORS: Final = frozenset({"او", "or"})


def followed(suggestion: str, query: str, read: Callable[[str], object]) -> str:
    """A query that is read: the suggestion, or what becomes of it mistake by mistake, or its mere words."""
    for _ in range(_MOST_STEPS):
        if not suggestion:
            break
        try:
            read(suggestion)
        except QueryError as error:
            suggestion = error.suggestion
        else:
            return suggestion
    plain = _words_of(query)
    try:
        read(plain)
    except QueryError:
        return FILTER
    return plain or FILTER


def meant(query: str, tokens: list[Token]) -> str:
    """The query with OR where a word between two words says "or"; "" where none does."""
    advised = query
    for before, between, after in reversed(list(zip(tokens, tokens[1:], tokens[2:], strict=False))):
        if fold(between.text) in _ORS and "word" == before.kind == between.kind == after.kind:
            advised = f"{advised[: between.column - 1]}OR{advised[between.end - 1 :]}"
    return advised.strip() if advised != query else ""


def alternatives(node: Node | None) -> str:
    """The words and phrases of a part as brackets of OR."""
    found = list(dict.fromkeys(_forms(node)))
    return found[0] if len(found) == 1 else f"({' OR '.join(found)})" if found else ""


def _forms(node: Node | None) -> Iterable[str]:
    match node:
        case AllOf(parts) | AnyOf(parts):
            return [form for part in parts for form in _forms(part)]
        case Near(_, left, right):
            return [form for side in (left, right) for each in side for form in _forms(each)]
        case Prefix(form):
            return [form.rstrip("*")]
        case Words(form, view, slots):
            return [f'"{form}"' if len(slots) > 1 and view != "exact" else form]
    return []


def _words_of(query: str) -> str:
    forms = dict.fromkeys(word.form for word in words(query) if word.form not in _OPERATORS)
    return " ".join(list(forms)[:_MOST_WORDS])
