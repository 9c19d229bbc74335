"""
Hamza in an index: compatible rather than equal.

A bare ا may stand for أ, إ or آ, so it meets each of them, and they do not meet one another. One folded
token cannot say that. So each position of an index carries two tokens, kept in two views of the field:

    folded    ايران              what every spelling folds to
    explicit  إيران or ايران      with the carriers the text has; a bare ا stays bare

A query word without carriers looks up its folded token, one with carriers the explicit tokens it is
compatible with. Both sides go through here:

    index:  folded, explicit = index_tokens(form, stem)      each into its own view, same position
    query:  wanted = lookup_tokens(form, stem)               any of wanted.tokens, in one of the views

`analyse` is `stem` for single words and `base` for phrases and prefixes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Final, NamedTuple

from pipeline.arabic import counts
from pipeline.arabic.characters import CARRIED_ALEFS, bare, carrying
from pipeline.arabic.stems import stem
from pipeline.arabic.words import folded_form

#: Explicit tokens a query word looks up at most.
MOST_LOOKUPS: Final = 8

_ALEFS: Final = "اأإآ"


class Lookup(NamedTuple):
    """What a query word looks up: a position that has any of the tokens answers."""

    explicit: bool  #: in which view
    tokens: tuple[str, ...]  #: one folded token, or up to eight explicit ones


def index_tokens(form: str, analyse: Callable[[str], str] = stem) -> tuple[str, str]:
    """The folded and the explicit token of `form`, a word as published.

    >>> index_tokens("وإيران"), index_tokens("لايران")
    (('ايران', 'إيران'), ('ايران', 'ايران'))
    """
    folded = folded_form(form)
    token = analyse(folded)
    return token, _carried_onto(token, folded, carrying(form))


def lookup_tokens(form: str, analyse: Callable[[str], str] = stem) -> Lookup:
    """What a query for `form` looks up.

    >>> lookup_tokens("ايران")
    Lookup(explicit=False, tokens=('ايران',))
    >>> lookup_tokens("إعلام").tokens[:2]
    ('إعلام', 'اعلام')
    """
    folded, explicit = index_tokens(form, analyse)
    if CARRIED_ALEFS.isdisjoint(explicit):
        return Lookup(explicit=False, tokens=(folded,))
    distinct = dict.fromkeys(_compatible(explicit))
    return Lookup(explicit=True, tokens=tuple(islice(distinct, MOST_LOOKUPS)))


def compatible(one: str, other: str) -> bool:
    """Whether two carrier-explicit words are one word: no alef of theirs carries something else.

    >>> compatible("إيران", "ايران"), compatible("أردوغان", "إردوغان")
    (True, False)
    """
    return len(one) == len(other) and all(
        mine == theirs or (bare(mine) == bare(theirs) and not {mine, theirs} <= CARRIED_ALEFS)
        for mine, theirs in zip(one, other, strict=True)
    )


def _carried_onto(token: str, folded: str, explicit: str) -> str:
    """`token`, made of `folded`, with the carriers `explicit` has at the same letters."""
    if CARRIED_ALEFS.isdisjoint(explicit):
        return token
    start = folded.find(token)
    if start >= 0:
        return _with_alefs(token, explicit[start:])
    # An ending was exchanged (ات → ه), or a reviewed table knows the stem: the beginning is common.
    start = max(range(min(len(folded), 5)), key=lambda at: _shared(token, folded[at:]))
    shared = _shared(token, folded[start:])
    return _with_alefs(token[:shared], explicit[start:]) + token[shared:]


def _with_alefs(letters: str, explicit: str) -> str:
    return "".join(
        theirs if theirs in CARRIED_ALEFS else mine for mine, theirs in zip(letters, explicit, strict=False)
    )


def _shared(one: str, other: str) -> int:
    """How many letters both begin with."""
    return next(
        (at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )


def _compatible(explicit: str) -> Iterator[str]:
    """Spellings compatible with `explicit`, the likeliest first; never more work than its alefs are."""
    yield explicit
    yield bare_alefs(explicit)
    places = [at for at, letter in enumerate(explicit) if letter in _ALEFS]
    changed = [
        explicit[:at] + other + explicit[at + 1 :]
        for at in places[:MOST_LOOKUPS]
        for other in ("ا" if explicit[at] in CARRIED_ALEFS else "أإآ")
    ]
    yield from sorted(changed, key=lambda spelling: -counts.table().written.get(spelling, 0))


def bare_alefs(explicit: str) -> str:
    """`explicit` as hasty texts write it: every alef bare, nothing else changed."""
    return "".join("ا" if letter in CARRIED_ALEFS else letter for letter in explicit)
