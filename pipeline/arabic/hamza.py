"""
Hamza in an index: compatible rather than equal.

A bare ا may stand for أ, إ or آ, so it meets each of them, and they do not meet one another. One folded
token cannot say that. So each position of an index has two tokens:

    folded    ايران       what every spelling folds to
    explicit  ايران·إا    with what each alef of it carries in the text; a bare ا stays bare

A query word without carriers looks up its folded token, one with carriers the explicit tokens it is
compatible with. A word without an alef has one token, which is both.

An explicit token begins with the folded one, so a single string holds the two: an engine that cannot
have two tokens at a position finds the folded one as a beginning.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Final

from pipeline.arabic import counts
from pipeline.arabic.characters import CARRIED_ALEFS, bare, carried_alike, carrying
from pipeline.arabic.lexicon import listed_spellings
from pipeline.arabic.words import folded_form

#: Between a folded word and its alefs as they are written: a middle dot, which no word has in it.
MARK: Final = "\u00b7"
#: Explicit tokens a query word looks up at most.
MOST_LOOKUPS: Final = 8

#: A spelling is common from this share of a word's uses on.
_COMMON_SHARE: Final = 0.02

_ALEF: Final = "ا"


def indexed(form: str, token: str) -> str:
    """What an index keeps of `form`, a word as published, whose folded token is `token`.

    >>> indexed("وإيران", "ايران"), indexed("لايران", "ايران"), indexed("لموسكو", "موسكو")
    ('ايران·إا', 'ايران·اا', 'موسكو')
    """
    if _ALEF not in token:
        return token
    return _kept(token, _carried_onto(token, folded_form(form), carrying(form)))


def tokens_of(kept: str) -> tuple[str, ...]:
    """The tokens at a position of which an index keeps `kept`: the folded one, and the explicit one."""
    folded, mark, _ = kept.partition(MARK)
    return (folded, kept) if mark else (folded,)


def lookups(form: str, token: str) -> tuple[str, ...]:
    """What a query for `form` looks up: a position that has any of the tokens answers.

    >>> lookups("ايران", "ايران"), lookups("إعلام", "اعلام")[:2]
    (('ايران',), ('اعلام·إا', 'اعلام·اا'))
    """
    kept = indexed(form, token)
    if not carries(kept):
        return (token,)
    distinct = dict.fromkeys(_compatible(explicit_of(kept)))
    return tuple(_kept(token, spelling) for spelling in islice(distinct, MOST_LOOKUPS))


def commonly_spelled(token: str) -> tuple[str, ...]:
    """How a folded word is spelled with a hamza or madda in a corpus, the commonest way first.

    >>> commonly_spelled("اعلام")
    ('إعلام', 'أعلام')
    """
    written = counts.table().written
    least = _COMMON_SHARE * counts.count(token)
    return tuple(
        spelling for spelling in _compatible(token) if carries(spelling) and written[spelling] > least
    )


def folded_of(token: str) -> str:
    """The folded token at the position of either."""
    return token.partition(MARK)[0]


def is_ambiguous(token: str) -> bool:
    """Whether a token of a query is a folded one that several spellings have beside theirs."""
    return _ALEF in token and MARK not in token


def begins(kept: str, start: str, explicit: str) -> bool:
    """Whether a position begins with the folded `start`, and as `explicit` spells it where it is not ""."""
    if not kept.startswith(start):
        return False
    return not explicit or compatible(explicit_of(kept)[: len(explicit)], explicit)


def carries(kept: str) -> bool:
    """Whether an alef of a word carries something."""
    return not CARRIED_ALEFS.isdisjoint(kept)


def explicit_of(kept: str) -> str:
    """The spelling in what an index keeps of a word.

    >>> explicit_of("ايران·إا"), explicit_of("موسكو")
    ('إيران', 'موسكو')
    """
    folded, _, alefs = kept.partition(MARK)
    first, *others = folded.split(_ALEF)
    return first + "".join(alef + letters for alef, letters in zip(alefs, others, strict=False))


def alefs_of(explicit: str) -> str:
    """The alefs of a spelling, as they are written."""
    return "".join(letter for letter in explicit if letter == _ALEF or letter in CARRIED_ALEFS)


def meeting(alef: str) -> tuple[str, ...]:
    """Alefs compatible with one: itself first; a bare one meets all."""
    return (alef, *sorted(CARRIED_ALEFS)) if alef == _ALEF else (alef, _ALEF)


def bare_alefs(explicit: str) -> str:
    """`explicit` as hasty texts write it: every alef bare, nothing else changed."""
    return "".join("ا" if letter in CARRIED_ALEFS else letter for letter in explicit)


def carried_like(folded: str, kept: str) -> str:
    """A folded word with the carriers another form of it has in what both begin with.

    >>> carried_like("اعلنت", "اعلن·أ")
    'أعلنت'
    """
    return _with_alefs(folded, explicit_of(kept)[: _shared(folded, folded_of(kept))])


def compatible(one: str, other: str) -> bool:
    """Whether two carrier-explicit words are one word: no alef of theirs carries something else.

    >>> compatible("إيران", "ايران"), compatible("أردوغان", "إردوغان")
    (True, False)
    """
    return bare(one) == bare(other) and carried_alike(one, other)


def _kept(token: str, explicit: str) -> str:
    return f"{token}{MARK}{alefs_of(explicit)}"


def _carried_onto(token: str, folded: str, explicit: str) -> str:
    """`token`, made of `folded`, with the carriers `explicit` has at the same letters."""
    if CARRIED_ALEFS.isdisjoint(explicit):
        return token
    start = folded.find(token)
    if start >= 0:
        return _with_alefs(token, explicit[start:])
    if token in listed_spellings():  # آثار (traces) are of أثر
        return listed_spellings()[token]
    # An ending was exchanged (ات → ه): the beginning is common.
    start = max(range(min(len(folded), 5)), key=lambda at: _shared(token, folded[at:]))
    return _with_alefs(token, explicit[start : start + _shared(token, folded[start:])])


def _with_alefs(letters: str, explicit: str) -> str:
    carried = "".join(
        theirs if theirs in CARRIED_ALEFS else mine for mine, theirs in zip(letters, explicit, strict=False)
    )
    return carried + letters[len(carried) :]


def _shared(one: str, other: str) -> int:
    """How many letters both begin with."""
    return next(
        (at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )


def _compatible(explicit: str) -> Iterator[str]:
    """Spellings compatible with `explicit`, the likeliest first: itself, bare, and those a corpus knows."""
    yield explicit
    yield bare_alefs(explicit)
    written = counts.table().written
    changed = {
        explicit[:at] + other + explicit[at + 1 :]
        for at, letter in enumerate(explicit)
        if letter == _ALEF or letter in CARRIED_ALEFS
        for other in meeting(letter)
    }
    yield from sorted(
        (spelling for spelling in changed if spelling in written),
        key=lambda spelling: (-written[spelling], spelling),
    )
