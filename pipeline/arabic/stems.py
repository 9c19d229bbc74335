"""
Stems: what search compares, so that a word finds its other forms and not its look-alikes.

Arabic writes "and", "for", "in", "the" and "its" onto the word, and most words also begin or end in
such letters by nature. So nothing is taken off by shape alone: a corpus has to know the remainder
well enough (`pipeline.arabic.counts`). What counts cannot decide stands in the reviewed tables of
`pipeline.arabic.lexicon`: names are left whole, broken plurals go to their singular, the seats of a
hamza meet.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from pipeline.arabic.attested import is_clitic, is_whole
from pipeline.arabic.classes import is_perfect
from pipeline.arabic.counts import articled, begins_bare, count, family
from pipeline.arabic.lexicon import ARTICLE, canonical, canonical_beginnings, protected, singulars
from pipeline.arabic.suffixes import singular, without_pronoun

#: Distinct words remembered, those met last.
_REMEMBERED: Final = 100_000
#: No word is longer; a run of letters that is stays as it is.
_LONGEST: Final = 64
#: Endings few words have by nature.
_CERTAIN: Final = ("ون", "ين", "تان", "تين")
#: Remainders shorter than this are too many words at once.
_SHORTEST: Final = 3


@lru_cache(maxsize=_REMEMBERED)
def base(folded: str) -> str:
    """`folded` without و ف, ب ل ك and the article, where a corpus knows the rest.

    And or so, then one of in, for, like, then the article: in this order, each once.

    >>> base("وللقاء"), base("ولايه"), base("طالبان")
    ('لقاء', 'ولايه', 'طالبان')
    """
    if not folded or len(folded) > _LONGEST:
        return folded
    return _article_off(_preposition_off(_conjunction_off(folded)))


@lru_cache(maxsize=_REMEMBERED)
def stem(folded: str) -> str:
    """What search compares: `base` without the endings of number, gender and possession.

    >>> stem("مفاوضاتهما") == stem("والمفاوضات"), stem("الرياض") == stem("الرياضه")
    (True, False)
    """
    return _without_suffixes(base(folded))


def _conjunction_off(word: str) -> str:
    """The rest after و or ف where they are conjunctions, else `word`."""
    rest = word[1:]
    if word[0] not in "وف" or len(rest) < _SHORTEST or is_whole(word):
        return word
    if is_clitic(word, rest, _known(rest)):
        return rest
    # A word nobody has met: its و is nearly always "and", and a name in و loses it everywhere alike.
    unmet = word[0] == "و" and not count(word) and len(rest) > _SHORTEST
    owned = without_pronoun(word)
    return rest if unmet and (not owned or family(owned) <= family(without_pronoun(rest) or rest)) else word


def _preposition_off(word: str) -> str:
    """The rest after ب ل ك, لل written out again, where they are prepositions, else `word`."""
    rest = word[1:]
    if len(rest) < _SHORTEST:
        return word
    if word.startswith("لل"):
        return _lam_off(word)
    if word[0] not in "بلك" or is_whole(word):
        return word
    return rest if is_clitic(word, rest, _known(rest)) else word


def _lam_off(word: str) -> str:
    """ل + ال, or ل before a word in ل: للقاء is to a meeting, للناتو to the NATO."""
    after = word[2:]
    with_article, with_lam = ARTICLE + after, "ل" + after
    with_the = articled(after)
    lam = count(with_lam) + articled(with_lam)
    if max(with_the, lam) == 0 or len(after) < 2:
        return word
    return with_article if with_the > lam else with_lam


def _article_off(word: str) -> str:
    """The rest after ال where it is known bare, itself or its singular, else `word`.

    An alef with a hamza is no article's.
    """
    rest = word[2:]
    if not word.startswith(ARTICLE) or len(rest) < 2 or word in protected() or is_perfect(word):
        return word
    known = count(rest) or (rest.endswith(_CERTAIN) and singular(rest))
    if rest not in protected() and (not known or len(word) <= _SHORTEST):
        return word
    return rest if begins_bare(word) else word


def _without_suffixes(word: str) -> str:
    """The stem of a word that has lost its clitics, in the first of its spellings."""
    spelled = _spelled_first(word)
    if spelled in singulars():
        return singulars()[spelled]
    if not _SHORTEST < len(spelled) <= _LONGEST or spelled in protected():
        return spelled
    owned = without_pronoun(spelled) or spelled
    if owned in singulars():
        return singulars()[owned]
    return singular(owned) or owned


def _spelled_first(word: str) -> str:
    """The spelling that stands for all of a reviewed group: مسؤول for مسئول, دبلوماسي for ديبلوماسي.

    Names keep theirs: a query asks for all of them, and says so.
    """
    if word in canonical():
        return canonical()[word]
    for other, first in canonical_beginnings():
        if word.startswith(other):
            return first + word[len(other) :]
    return word


def _known(rest: str) -> int:
    """How often `rest` stands; where never, how often what remains of it without proclitics."""
    found = count(rest)
    if found or len(rest) <= _SHORTEST:
        return found
    bare = base(rest)
    return family(bare) if bare != rest else 0
