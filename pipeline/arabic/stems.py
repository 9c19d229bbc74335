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
from typing import Final, TypeVar

from pipeline.arabic.classes import is_perfect
from pipeline.arabic.counts import alike, articled, commonest_alefs, count, family, table
from pipeline.arabic.lexicon import ARTICLE, canonical, canonical_beginnings, protected, singulars

_Ending = TypeVar("_Ending", bound="tuple[str, *tuple[object, ...]]")

#: A remainder must be this many times as frequent as the word for و ف ب ل ك to come off.
#: Lower, and وفد (delegation) becomes فد; higher, and common words keep their و.
CLEARLY_COMMONER: Final = 3
#: ال stands before a word whose first letter is its own at least so often, and in this share of its uses.
_OWN_TIMES: Final = 5
_OWN_SHARE: Final = 0.2
#: Distinct words remembered, those met last.
_REMEMBERED: Final = 100_000
#: No word is longer; a run of letters that is stays as it is.
_LONGEST: Final = 64
#: Of a plural that is surely one, the least share of the word's own frequency the singular must have:
#: there are always more refugees in the news than one.
_SURE_SHARE: Final = 0.05
#: Endings few words have by nature.
_CERTAIN: Final = ("ون", "ين", "تان", "تين")
#: A plural in ات is surely one where the singular is so well known, one in ين where its ون is known too.
_WELL_KNOWN: Final = 50
_BOTH_KNOWN: Final = 3
#: Remainders shorter than this are too many words at once.
_SHORTEST: Final = 3


def _by_last_letter(*endings: _Ending) -> dict[str, list[_Ending]]:
    """Last letter → its endings in their order: most words have none of them."""
    found: dict[str, list[_Ending]] = {}
    for ending in endings:
        found.setdefault(ending[0][-1], []).append(ending)
    return found


#: Endings of pronouns and what stood before them, the longest first. ة opens to ت before a pronoun.
_PRONOUNS: Final = _by_last_letter(
    ("اتهما", "ات"), ("تيهما", "ه"), ("تهما", "ه"), ("اتهم", "ات"), ("اتها", "ات"), ("اتنا", "ات"),
    ("تهم", "ه"), ("تها", "ه"), ("تنا", "ه"), ("تكم", "ه"), ("اته", "ات"), ("ته", "ه"),
    ("يهما", ""), ("هما", ""), ("هم", ""), ("ها", ""), ("نا", ""), ("كم", ""), ("ه", ""),
)  # fmt: skip
#: Endings of number and gender and what stands in the singular, the least share of the word's own
#: frequency the singular must have, and whether the ين of the same dual must be known too.
_NUMBERS: Final = _by_last_letter(
    ("يتين", "ي", 0.2, False), ("يتان", "ي", 0.2, False), ("يات", "ي", 0.2, False),
    ("يين", "ي", 0.2, False), ("يون", "ي", 0.2, False), ("يه", "ي", 0.2, False),
    ("تين", "ه", 1.0, False), ("تان", "ه", 1.0, False), ("ات", "ه", 0.2, False), ("ات", "", 0.3, False),
    ("ين", "", 0.5, False), ("ون", "", 0.5, False), ("ان", "", 2.0, True),
    ("ا", "", 3.0, False), ("و", "", 3.0, True), ("ي", "", 3.0, True),
)  # fmt: skip


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
    if word[0] not in "وف" or len(rest) < _SHORTEST or _is_whole(word):
        return word
    if _licensed(rest, word):
        return rest
    # A word nobody has met: its و is nearly always "and", and a name in و loses it everywhere alike.
    unmet = word[0] == "و" and not count(word) and len(rest) > _SHORTEST
    owned = _pronoun_off(word)
    return rest if unmet and (not owned or family(owned) <= family(_pronoun_off(rest) or rest)) else word


def _is_whole(word: str) -> bool:
    """Whether its first letter is its own: it is reviewed, or ال stands before it: البلدين, الوفد."""
    return word in protected() or articled(word) >= max(_OWN_TIMES, _OWN_SHARE * count(word))


def _preposition_off(word: str) -> str:
    """The rest after ب ل ك, لل written out again, where they are prepositions, else `word`."""
    rest = word[1:]
    if len(rest) < _SHORTEST:
        return word
    if word.startswith("لل"):
        return _lam_off(word)
    if word[0] not in "بلك" or _is_whole(word):
        return word
    return rest if _licensed(rest, word) else word


def _licensed(rest: str, word: str) -> bool:
    """Whether `rest` is known well enough for a clitic to come off `word`; a name of the lexicon is."""
    if rest in protected() and count(word) <= count(rest):
        return True
    if _known(rest) < max(1, CLEARLY_COMMONER * count(word)):
        return False
    return not count(word) or not count(rest) or _commoner_as_spelled(rest, word)


def _commoner_as_spelled(rest: str, word: str) -> bool:
    """Whether `rest` is as much commoner with the hamzas `word` is mostly written with.

    فاصل (interval) is no "so" before أصل (origin), which would show its hamza in it.
    """
    spelled = commonest_alefs(word)
    return alike(spelled[len(word) - len(rest) :]) >= CLEARLY_COMMONER * alike(spelled)


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
    known = count(rest) or (rest.endswith(_CERTAIN) and _number_off(rest))
    if rest not in protected() and (not known or len(word) <= _SHORTEST):
        return word
    carried = table().carried.get(word, 0)
    return word if 2 * carried > count(word) else rest


def _without_suffixes(word: str) -> str:
    """The stem of a word that has lost its clitics, in the first of its spellings."""
    spelled = _spelled_first(word)
    if spelled in singulars():
        return singulars()[spelled]
    if not _SHORTEST < len(spelled) <= _LONGEST or spelled in protected():
        return spelled
    owned = _pronoun_off(spelled) or spelled
    if owned in singulars():
        return singulars()[owned]
    return _number_off(owned) or owned


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


def _pronoun_off(word: str) -> str:
    """The word without its pronoun; "" where its ending is its own."""
    for ending, instead in _PRONOUNS.get(word[-1], ()):
        if word.endswith(ending):
            rest = _seated(word[: -len(ending)] + instead)
            marbuta = 2 * table().marbuta.get(word, 0) > count(word)
            if (
                len(rest) >= _SHORTEST
                and not marbuta
                and family(rest) >= max(1, CLEARLY_COMMONER * family(word))
            ):
                return rest
    return ""


def _seated(rest: str) -> str:
    """`rest` with the hamza an ending has moved: لقائ, لقاؤ → لقاء."""
    return rest[:-1] + "ء" if rest[-2:] in {"ائ", "اؤ"} else rest


def _number_off(word: str) -> str:
    """The singular; "" where the ending is the word's own."""
    best, most = "", 0
    for ending, instead, share, dual in _NUMBERS.get(word[-1], ()):
        if not word.endswith(ending):
            continue
        rest = word[: -len(ending)] + instead
        if len(rest) < _SHORTEST:
            continue
        times = family(rest)
        least = _SURE_SHARE if _is_plural(ending, rest) else share
        if times < max(1, least * family(word)) or (dual and not family(rest + "ين")):
            continue
        if ending == "ي" and family(word + "ه") >= 0.3 * family(word):
            continue  # an adjective of a place or a thing: it has a feminine
        if times > most:
            best, most = rest, times
    return best


def _is_plural(ending: str, rest: str) -> bool:
    """Whether `rest` and `ending` can only be singular and plural; verbs have ون and ين as well."""
    match ending:
        case "ات":
            return family(rest) >= _WELL_KNOWN
        case "ين" | "ون":
            both = min(family(rest + "ون"), family(rest + "ين"))
            return both >= _BOTH_KNOWN and rest[0] not in "يت"
        case _:
            return False


def _known(rest: str) -> int:
    """How often `rest` stands; where never, how often what remains of it without proclitics."""
    found = count(rest)
    if found or len(rest) <= _SHORTEST:
        return found
    bare = base(rest)
    return family(bare) if bare != rest else 0
