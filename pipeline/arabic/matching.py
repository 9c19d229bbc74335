"""
Matching: where listed terms stand in a text, in whatever form their class allows.

The words of all terms make one dictionary (`pipeline.arabic.readings`), so a text is scanned once
however many topics there are. Terms of several words agree as Arabic has it, and share their heads:
`وزيرا خارجية روسيا والولايات المتحدة` is the foreign minister of each. Spans are those of the text.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property, lru_cache
from itertools import compress
from typing import Final, NamedTuple

from pipeline.arabic.forms import listed_word
from pipeline.arabic.lexicon import ARTICLE
from pipeline.arabic.readings import Dictionary, Reading
from pipeline.arabic.spellings import ways
from pipeline.arabic.words import WORD, folded_form

#: Words that may stand between a shared head and its later owner: the first one, with a name.
_LONGEST_GAP: Final = 4
#: No owner is looked for farther behind a head: the gap, and a term's other words.
_FARTHEST: Final = 2 * _LONGEST_GAP
#: Distinct forms remembered, those met last.
_REMEMBERED: Final = 200_000
#: What ends a sentence, so that nothing is shared across it.
_STOP: Final = re.compile(r"[.!?؟؛;:\n]")


class Written(NamedTuple):
    """A term as an editor lists it; `word_class` "" is guessed."""

    text: str
    word_class: str = ""


class Found(NamedTuple):
    """A term in a text."""

    term: int  #: its place in the list the matcher was made of
    first: int  #: number of its first word
    last: int  #: number of its last word


class _Begun:
    """The terms that begin with a word, by what follows it."""

    def __init__(self) -> None:
        self.alone: Final[dict[int, None]] = {}  #: terms of this word only
        self.by_second: Final[dict[int, dict[tuple[int, tuple[int, ...]], None]]] = {}  #: → term, the rest
        self.followers: Final[set[int]] = set()  #: all words of all rests


class _Text:
    """A text cut into forms; where they stand is found out only where somebody asks."""

    def __init__(self, text: str, read: Callable[[str], tuple[Reading, ...]]) -> None:
        self._text = text
        self.forms: Final[list[str]] = WORD.findall(text)
        self.readings: Final = [*map(read, self.forms), ()]  # nothing stands behind the last
        #: Places where listed words stand, with what each can be read as.
        self.listed: Final = list(compress(enumerate(self.readings), self.readings))

    def may_go_on(self, place: int) -> bool:
        """Whether any listed word stands where a term of several words would have its second."""
        return bool(self.readings[place + 1]) or place in self.joined_near

    @cached_property
    def joined_near(self) -> dict[int, set[int]]:
        """Place → the words behind an "and" that a head there may be shared with."""
        near: defaultdict[int, set[int]] = defaultdict(set)
        joined = [(at, one.word) for at, found in self.listed for one in found if _is_joined(one)]
        for at, word in joined:
            for place in range(at - 1 - _FARTHEST, at - 1):
                near[place].add(word)
        return dict(near)

    @cached_property
    def _spans(self) -> list[tuple[int, int]]:
        return [found.span() for found in WORD.finditer(self._text)]

    def unbroken(self, first: int, last: int) -> bool:
        """Whether no sentence ends between two words."""
        return not any(
            _STOP.search(self._text, self._spans[at][1], self._spans[at + 1][0]) for at in range(first, last)
        )


class Matcher:
    """The terms of all topics in one dictionary. Remembers every form it has read."""

    def __init__(self, terms: Sequence[Sequence[Written]]) -> None:
        """Each term is the list of its spellings and variants; a `Found` names its place."""
        self.dictionary: Final = Dictionary()
        #: Every listed word a form can be a form of; remembered.
        self.read: Final = lru_cache(maxsize=_REMEMBERED)(self.dictionary.read)
        self._begun: dict[int, _Begun] = {}  #: by the number of the first word
        for number, variants in enumerate(terms):
            for written in variants:
                self._add(number, written)

    def find(self, text: str) -> list[Found]:
        """Where terms stand in `text`, in order of their first words. Numbers are those of `WORD`."""
        cut = _Text(text, self.read)
        hits: dict[Found, None] = {}  # one term, however many ways its form can be read
        begun_with = self._begun.get
        for place, found in cut.listed:
            may_go_on = cut.may_go_on(place)
            for head in found:
                begun = begun_with(head.word)
                if begun is None or head.later:
                    continue
                if not head.ending.construct:
                    for term in begun.alone:
                        hits[Found(term, place, place)] = None
                if may_go_on and begun.by_second:
                    hits.update(dict.fromkeys(self._from(cut, place, head, begun)))
        return list(hits)

    def _add(self, term: int, written: Written) -> None:
        found = [form for form in WORD.findall(written.text) if folded_form(form)]
        for way in ways(found) if found else ():
            numbers = [
                self.dictionary.number(listed_word(form, "" if place else written.word_class))
                for place, form in enumerate(way)
            ]
            begun, rest = self._begun.setdefault(numbers[0], _Begun()), tuple(numbers[1:])
            if rest:
                begun.by_second.setdefault(rest[0], {})[term, rest] = None
                begun.followers.update(rest)
            else:
                begun.alone[term] = None

    def _from(self, cut: _Text, place: int, head: Reading, begun: _Begun) -> Iterator[Found]:
        """The terms of several words that begin with `head` at `place`."""
        for second in {reading.word for reading in cut.readings[place + 1]}:
            for term, rest in begun.by_second.get(second, ()):
                if self._goes_on(cut, place + 1, rest, head):
                    yield Found(term, place, place + len(rest))
        near = cut.joined_near.get(place)
        if near and not near.isdisjoint(begun.followers):
            for phrases in begun.by_second.values():
                for term, rest in phrases:
                    if not near.isdisjoint(rest):
                        yield from (Found(term, place, at) for at in self._shared(cut, place, rest, head))

    # -- words that follow ------------------------------------------------------------------------

    def _goes_on(self, cut: _Text, place: int, rest: Sequence[int], head: Reading) -> Reading | None:
        """The reading of the last of `rest` if all of them stand from `place` on, each fitting the last."""
        if place + len(rest) > len(cut.forms):
            return None
        before = head
        for at, word in enumerate(rest):
            following = self._next(cut.readings[place + at], word, before, head, last=at == len(rest) - 1)
            if following is None:
                return None
            before = following
        return before

    def _next(
        self, readings: Sequence[Reading], word: int, before: Reading, head: Reading, *, last: bool
    ) -> Reading | None:
        return next(
            (
                reading
                for reading in readings
                if reading.word == word
                and not reading.proclitic.conjunction
                and not (last and reading.ending.construct)
                and self._agrees(reading, before, head)
            ),
            None,
        )

    def _agrees(self, reading: Reading, before: Reading, head: Reading) -> bool:
        """Whether a word may follow: an adjective like its noun, a noun bare, with ال, or with ل."""
        listed = self.dictionary.listed[reading.word]
        owner = listed.needs_article and not self.dictionary.listed[before.word].needs_article
        if owner and before.proclitic.article:
            return False  # الوزير الخارجية: what somebody owns has no article
        if listed.word_class != "adjective":
            belongs = reading.proclitic.particle == "ل" and not before.proclitic.article
            return not reading.proclitic.particle or belongs  # وزيرا للخارجية
        if reading.proclitic.particle:
            return False
        number = not reading.inflected or head.ending.many or reading.ending.folded.endswith("ا")
        return number and (listed.needs_article or self._same_article(reading, before))

    def _same_article(self, reading: Reading, before: Reading) -> bool:
        named = self.dictionary.listed[before.word].word_class in {"name", "article"}
        definite = before.proclitic.article or before.ending.owned
        return named or reading.proclitic.article == definite

    # -- heads that are shared --------------------------------------------------------------------

    def _shared(self, cut: _Text, place: int, rest: Sequence[int], head: Reading) -> Iterator[int]:
        """The last words of what `head` is shared with: the Russian of `الرئيسان الأمريكي والروسي`."""
        if self._goes_on(cut, place + 1, rest, head):
            return
        for size in range(len(rest)):
            before = self._goes_on(cut, place + 1, rest[:size], head) if size else head
            if before is None:
                return
            start, tail = place + 1 + size, rest[size:]
            for gap in range(1, self._gap(cut, start, tail, head) + 1):
                last = start + gap + len(tail) - 1
                if self._joins(cut, start + gap, tail, before, head) and cut.unbroken(place, last):
                    yield last
                    return

    def _gap(self, cut: _Text, start: int, tail: Sequence[int], head: Reading) -> int:
        """How many words may stand between a head and what shares it: of one thing, one adjective."""
        if head.inflected and head.ending.many:
            return _LONGEST_GAP
        return int(len(tail) == 1 and self._two_adjectives(cut, start, tail[0], head))

    def _two_adjectives(self, cut: _Text, start: int, word: int, head: Reading) -> bool:
        """Whether two adjectives in the gender of the head stand side by side: `الجيش الروسي والأوكراني`."""
        if start + 1 >= len(cut.forms):
            return False
        first, second = folded_form(cut.forms[start]), folded_form(cut.forms[start + 1])
        alike = first.startswith(ARTICLE) == second[1:].startswith(ARTICLE)
        noun, ours = (folded_form(self.dictionary.listed[number].base) for number in (head.word, word))
        end = "يه" if noun.endswith("ه") or head.ending.many else "ي"
        return alike and all(adjective.endswith(end) for adjective in (first, second, ours))

    def _joins(self, cut: _Text, place: int, tail: Sequence[int], before: Reading, head: Reading) -> bool:
        """Whether `tail` stands at `place` behind an "and", as it would behind the head."""
        if place + len(tail) > len(cut.forms):
            return False
        for reading in cut.readings[place]:
            if reading.word == tail[0] and _is_joined(reading) and self._agrees(reading, before, head):
                return len(tail) == 1 or self._goes_on(cut, place + 1, tail[1:], reading) is not None
        return False


def _is_joined(reading: Reading) -> bool:
    """Whether an "and" and nothing else stands before it."""
    return reading.proclitic.conjunction == "و" and not reading.proclitic.particle
