"""
What a word of a query looks for: its forms, its other spellings, and a name's forms in Arabic.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from itertools import product
from typing import Final

from pipeline.answers import Expansion
from pipeline.arabic import counts
from pipeline.arabic.characters import carrying, fold
from pipeline.arabic.hamza import carried_like, carries, commonly_spelled, compatible, explicit_of, lookups
from pipeline.arabic.lexicon import plural_by_hamza
from pipeline.arabic.spellings import ways
from pipeline.arabic.stems import base
from pipeline.arabic.words import words
from pipeline.errors import QueryError
from pipeline.search.inflections import inflected
from pipeline.search.tables import read_table
from pipeline.search.tree import AnyOf, Node, Prefix, Slot, Words
from pipeline.search.views import MAX_TOKEN_CHARS, VIEWS, Viewed, cut, viewed

#: Below this a prefix is most of the vocabulary.
MIN_PREFIX_CHARS: Final = 3
#: Known words the prefixes of a query may begin, all together: each is a look-up on every field.
MAX_EXPANSION: Final = 4_000
#: Ways a phrase may be spelt; a longer one with many names in it is asked for in pieces.
MAX_SPELLINGS: Final = 256
#: Ways with more words or fewer that are looked for beside it.
MOST_PARTED: Final = 8


@dataclass
class Terms:
    """Makes the leaves of one query, and remembers what it expanded."""

    expanded: dict[str, Expansion] = field(default_factory=dict)
    _prefixed: int = 0

    def words(self, form: str, *, column: int, name: str = "") -> Node | None:
        """A word as written; one that is several (a hashtag) is a phrase. None where there is no word."""
        found = words(form)
        if len(found) > 1:
            return self.phrase(form, column=column, name=name)
        if not found:
            return None
        own = Words(form, *self._single(found[0].form, form, name), name, (viewed(found[0].form)[0],))
        named = [self._named(form, arabic, name) for arabic in self._arabic_of(form, found[0].folded)]
        return _any([own, *named, *self._otherwise([found[0].form], form, name)])

    def phrase(self, form: str, *, column: int, name: str = "") -> Node | None:
        """Words side by side; None where there is none."""
        found = words(form)
        if not found:
            return None
        slots = tuple(self._spelt(word.form, form, "base") for word in found)
        self._bounded(form, slots, column)
        own = Words(form, "base", slots, name, tuple(viewed(word.form)[0] for word in found))
        return _any([own, *self._otherwise([word.form for word in found], form, name)])

    def exact(self, form: str, *, name: str = "") -> Words | None:
        """What is written so and not otherwise."""
        slots = tuple((viewed(word.form)[0],) for word in words(form))
        return Words(f"={form}", "exact", slots, name) if slots else None

    def prefix(self, form: str, *, column: int, name: str = "") -> Prefix:
        """What begins so.

        Raises:
            QueryError: too short, or it begins too many words.
        """
        found = words(form)
        if len(found) != 1 or len(found[0].folded) < MIN_PREFIX_CHARS:
            raise QueryError(
                f"{form}*: a prefix is one word with {MIN_PREFIX_CHARS} letters or more before its *",
                column=column,
            )
        start = without_article(found[0].folded)
        spelled = carrying(found[0].form)[-len(start) :][:MAX_TOKEN_CHARS]
        start = cut(start)
        self._prefixed += known_beginnings(start)
        if self._prefixed > MAX_EXPANSION:
            raise QueryError(
                f"{form}*: with it the query's prefixes begin {self._prefixed:,} known words, "
                f"{MAX_EXPANSION:,} is the most; write more letters",
                column=column,
            )
        return Prefix(f"{form}*", start, name, spelled if carries(spelled) else "")

    def _single(self, form: str, asked: str, name: str) -> tuple[str, tuple[Slot, ...]]:
        view = "base" if name == "author" else "stem"  # an author's name has no endings
        return view, (self._spelt(form, asked, view),)

    def _named(self, asked: str, arabic: str, name: str) -> Words:
        found = words(arabic)
        if len(found) == 1:
            return Words(asked, *self._single(found[0].form, asked, name), name)
        return Words(asked, "base", tuple(self._spelt(word.form, asked, "base") for word in found), name)

    def _spelt(self, form: str, asked: str, view: str) -> Slot:
        """What a word and its other spellings look up, in one view."""
        others = [way[0] for way in _ways((form,)) if len(way) == 1]
        forms, own = [form, *others], viewed(form)
        if view == "stem":
            forms += [carried_like(other, own.kept_base) for other in inflected(own.base)]
        tokens = dict.fromkeys(token for each in forms for token in _looked_up(each, view))
        if view == "stem" and plural_by_hamza(own.base) and not carries(own.kept_base):
            tokens[own.base] = None  # bare, the plural أخبار (news) may be إخبار (telling), which is none
        if meant := [*others, *(commonly_spelled(own.base) if len(lookups(form, own.base)) == 1 else ())]:
            self._note(asked, meant)
        return tuple(tokens)

    def _otherwise(self, forms: Sequence[str], asked: str, name: str) -> list[Words]:
        """Ways to write the same with more words or fewer: عبدالفتاح, عبد الفتاح."""
        known = counts.table().everywhere  # any two words could be run together; texts do it with few
        found = [
            way
            for way in _ways(forms)
            if len(way) != len(forms) and all(known.get(fold(word)) for word in way)
        ][:MOST_PARTED]
        if found:
            self._note(asked, [" ".join(way) for way in found])
        return [Words(asked, "base", tuple(_looked_up(word, "base") for word in way), name) for way in found]

    def _arabic_of(self, asked: str, folded: str) -> tuple[str, ...]:
        found = _latin_names().get(folded, ()) if folded.isascii() else ()
        if found:
            self._note(asked, found)
        return found

    def _bounded(self, form: str, slots: tuple[Slot, ...], column: int) -> None:
        ways = 1
        for slot in slots:
            ways *= len(slot)
        if ways > MAX_SPELLINGS:
            raise QueryError(
                f"the phrase “{form}” can be spelt in {ways:,} ways, {MAX_SPELLINGS} is the most; "
                "write it as two phrases",
                column=column,
            )

    def _note(self, asked: str, forms: Sequence[str]) -> None:
        before = self.expanded.get(asked, Expansion(asked=asked, forms=()))
        self.expanded[asked] = Expansion(asked=asked, forms=tuple(dict.fromkeys((*before.forms, *forms))))


def _looked_up(form: str, view: str) -> Slot:
    return lookups(form, viewed(form)[VIEWS.index(view)])


def _any(found: list[Words]) -> Node:
    return found[0] if len(found) == 1 else AnyOf(tuple(found))


def _ways(forms: Sequence[str]) -> list[tuple[str, ...]]:
    """The other ways to write words, clitics off: a name keeps its spellings behind و and ل."""
    own = [viewed(form) for form in forms]
    return [way for way in ways([word.base for word in own]) if not _same(way, own)]


def _same(way: Sequence[str], own: Sequence[Viewed]) -> bool:
    """Whether a way to write words looks up what they look up themselves."""
    if [fold(word) for word in way] != [word.base for word in own]:
        return False
    return all(
        not carries(word.kept_base) or compatible(carrying(spelled), explicit_of(word.kept_base))
        for spelled, word in zip(way, own, strict=True)
    )


def ways_of(words: Words) -> list[tuple[str, ...]]:
    """Each way to write the slots, one token to a slot."""
    return list(product(*words.slots))


def without_article(folded: str) -> str:
    """A prefix without the article it may begin with: documents' words are compared without theirs."""
    for article in ("وال", "ال"):  # and the; the
        if folded.startswith(article) and len(folded) - len(article) >= MIN_PREFIX_CHARS:
            return folded[len(article) :]
    return folded


@lru_cache(maxsize=4_096)
def known_beginnings(start: str) -> int:
    """Known words, clitics off, that begin with `start`: what a prefix costs, by our own counts.

    Every engine gets the same answer, since none is asked.
    """
    # Clitics come off the front and leave at most one letter of their own there (للأهرام, to Al-Ahram,
    # leaves الأهرام), so only forms that hold the rest of `start` are worth a look.
    rest = start[1:]
    likely = (form for form in counts.table().everywhere if rest in form)
    return sum(known.startswith(start) for known in {base(form) for form in likely})


@cache
def _latin_names() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for latin, *arabic in read_table("latin_names.tsv"):
        for name in latin.split(","):
            found[fold(name.strip())] = tuple(arabic)
    return found
