"""
Parts of a query tree as FTS5 expressions.

Tokens hold letters, digits and our mark only, so none can be mistaken for FTS5's syntax; they are
quoted all the same. What selects and what ranks are asked apart: to rank, words are looked for in any
spelling, in the lead once more, as they were written, and side by side. Documents that were not
selected are never ranked, so none of it changes what is found.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from math import prod
from typing import Final

from pipeline.arabic.hamza import MARK, begins, folded_of, is_ambiguous
from pipeline.index.sqlite.vocabulary import Vocabulary
from pipeline.search.reading import fields_of
from pipeline.search.tree import AllOf, AnyOf, Near, Node, Not, Prefix, Slot, Text, Words, side_by_side

#: Ways to spell a phrase, or both sides of a NEAR, that FTS5 is told; with more we look for ourselves.
_MOST_WAYS: Final = 200


class Expressions:
    """Writes expressions for one generation of the index."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary

    def is_native(self, node: Node) -> bool:
        """Whether FTS5 can be asked for all of it in one expression."""
        match node:
            case Prefix():
                return True
            case Words():
                return self._count(node) <= _MOST_WAYS
            case Near():
                pairs = product(node.left, node.right)
                return not node.ordered and self._is_telling(node) and all(_apart(*pair) for pair in pairs)
            case Not(part):
                return self.is_native(part)
            case AnyOf(parts) | AllOf(parts):
                return all(map(self.is_native, parts))
        return False

    def selecting(self, node: Node) -> str:
        """What finds the documents of a native part."""
        match node:
            case Words():
                return self._words(node)
            case Prefix():
                return self._prefix(node)
            case Near():
                pairs = product(node.left, node.right)
                return _either([self._near(node, left, right) for left, right in pairs])
            case AnyOf(parts):
                return _either([self.selecting(part) for part in parts])
            case AllOf(parts):
                wanted = " AND ".join(self.selecting(part) for part in parts if not isinstance(part, Not))
                unwanted = [self.selecting(part.part) for part in parts if isinstance(part, Not)]
                return f"(({wanted}) NOT {_either(unwanted)})" if unwanted else f"({wanted})"
        raise AssertionError(node)

    def ranking(self, node: Node) -> str:
        """What ranks the documents of a native part; finds them all, and may find others."""
        match node:
            case Words():
                return self._ranked_words(node)
            case AnyOf(parts):
                return _either([self.ranking(part) for part in parts])
            case AllOf(parts):
                wanted = [part for part in parts if not isinstance(part, Not)]
                written = [self.ranking(part) for part in wanted]
                return f"({' AND '.join(self._side_by_side(wanted, written))})"
            case Prefix():
                return f'{_columns(node, "base")} : "{node.start}" *'
        return self.selecting(node)

    def loosely(self, part: Near | Words) -> str:
        """What every document in which a part holds has, and others may have as well."""
        if isinstance(part, Words):
            slots = [_either([looked_up(token) for token in slot]) for slot in part.slots]
            return f"({_columns(part, part.view)} : ({' AND '.join(slots)}))"
        if self._is_telling(part):
            return self.selecting(part)
        sides = [_either([self.loosely(words) for words in side]) for side in (part.left, part.right)]
        return " AND ".join(sides)

    def _is_telling(self, near: Near) -> bool:
        """Whether FTS5's NEAR finds at least what ours does: each word in one view and in one piece."""
        everything = (*near.left, *near.right)
        ways = sum(self._count(left) * self._count(right) for left, right in product(near.left, near.right))
        return ways <= _MOST_WAYS and len({words.view for words in everything}) == 1

    def _words(self, words: Words) -> str:
        looked = _columns(words, words.view)
        return f"{looked} : {_either([_phrase(way, words.view) for way in self._ways(words)])}"

    def _ranked_words(self, words: Words) -> str:
        if len(words.slots) > 1 or words.view == "exact":
            found = [self._words(words)]
        else:
            looked = _columns(words, words.view)
            if words.view == "stem" and not words.field:
                # The lead is a part of the body: what stands there counts twice.
                looked = f"{looked.removesuffix('}')} lead_stem}}"
            folded = dict.fromkeys(folded_of(token) for token in words.slots[0])
            found = [f"{looked} : {looked_up(token)}" for token in folded]
        if words.own and words.view != "exact":
            found.append(f"{_columns(words, 'exact')} : {_phrase(words.own, 'exact')}")
        return _either(found)

    def _side_by_side(self, wanted: Sequence[Node], written: Sequence[str]) -> list[str]:
        """Neighbouring words raise each other's rank where they stand side by side."""
        found = list(written)
        for at, stems in side_by_side(wanted):
            pair = Words("", "stem", tuple((stem,) for stem in stems))
            found[at] = f"({written[at]} OR {self._words(pair)})"
        return found

    def _prefix(self, prefix: Prefix) -> str:
        """Words that begin so, less the documents that have them with other carriers only."""
        looked = _columns(prefix, "base")
        whole = f'{looked} : "{prefix.start}" *'
        if not prefix.explicit:
            return whole
        known = self._vocabulary.beginning(prefix.start)
        same = [f'"{kept}"' for kept in known if begins(kept, prefix.start, prefix.explicit)]
        other = [f'"{kept}"' for kept in known if not begins(kept, prefix.start, prefix.explicit)]
        if not other:
            return whole
        only = f"{looked} : {_either(other)}"
        return f"({whole} NOT ({only} NOT {looked} : {_either(same)}))" if same else f"({whole} NOT {only})"

    def _near(self, near: Near, left: Words, right: Words) -> str:
        looked = _columns(near, left.view)
        ways = [
            f"NEAR({_phrase(one, left.view)} {_phrase(other, left.view)}, {near.within})"
            for one, other in product(self._ways(left), self._ways(right))
        ]
        return f"{looked} : {_either(ways)}"

    def _count(self, words: Words) -> int:
        return prod(map(len, self._spelled(words)))

    def _ways(self, words: Words) -> Iterator[tuple[str, ...]]:
        yield from product(*self._spelled(words))

    def _spelled(self, words: Words) -> list[Slot]:
        """The slots, but for the last one with spellings in place of folded words that have several."""
        if words.view == "exact":
            return list(words.slots)
        spelled = [
            tuple(dict.fromkeys(kept for token in slot for kept in self._spellings(token)))
            for slot in words.slots[:-1]
        ]
        return [*spelled, words.slots[-1]]

    def _spellings(self, token: str) -> Slot:
        return (self._vocabulary.spellings(token) if is_ambiguous(token) else ()) or (token,)


def columns(leaf: Text, view: str) -> list[str]:
    """The columns a leaf is looked for in."""
    return [f"{name}_{view}" for name in fields_of(leaf)]


def _columns(leaf: Text, view: str) -> str:
    return f"{{{' '.join(columns(leaf, view))}}}"


def looked_up(token: str) -> str:
    """A token of base words or stems, in whatever column it stands."""
    return f'"{token}{MARK}" *' if is_ambiguous(token) else f'"{token}"'


def _phrase(way: Sequence[str], view: str) -> str:
    """Words side by side, of which only the last one may be folded."""
    if view != "exact" and is_ambiguous(way[-1]):
        return f'"{" ".join(way)}{MARK}" *'
    return f'"{" ".join(way)}"'


def _either(found: Sequence[str]) -> str:
    return found[0] if len(found) == 1 else f"({' OR '.join(found)})"


def _apart(left: Words, right: Words) -> bool:
    """Whether no word could serve both operands, which FTS5's NEAR allows and ours does not."""
    tokens = [{folded_of(token) for slot in words.slots for token in slot} for words in (left, right)]
    return tokens[0].isdisjoint(tokens[1])
