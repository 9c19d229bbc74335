"""
Attested: whether the first letter of a word is a clitic, by what a corpus has of the word and of its rest.

Three kinds of evidence, each enough:

    the rest is far commoner      وموسكو; this needs no more
    nothing stands before both    no ال and no "for" before بقيادة (led by), and both before قيادة
    the rest has its article      والتنمية is "and" before التنمية, whatever is commoner

The second counts where the first is silent: half of the commonest words of news (وقال, بسبب, لدعم) are
written with their clitic about as often as without.
"""

from __future__ import annotations

from typing import Final

from pipeline.arabic.classes import is_perfect
from pipeline.arabic.counts import alike, articled, commonest_alefs, count, family
from pipeline.arabic.lexicon import ARTICLE, protected
from pipeline.arabic.suffixes import without_pronoun

#: A remainder must be this many times as frequent as the word for و ف ب ل ك to come off by that alone.
#: Lower, and وفد (delegation) becomes فد; higher, and rare words keep their و.
CLEARLY_COMMONER: Final = 3
#: ال stands before a word whose first letter is its own at least so often, and in this share of its uses.
_OWN_TIMES: Final = 5
_OWN_SHARE: Final = 0.2
#: Clitics that are told by what stands before them. ف and ك are rare, and begin too many foreign names.
_TOLD: Final = "وبل"
#: Of a word's uses, the share with something before it from which on its first letter is its own.
_PRECEDED: Final = 0.01
#: The least share of the word's own frequency its remainder has.
_REST_SHARE: Final = 0.1
#: A noun has ال, or each of ب and ل, before it at least so often, and in this share of its uses.
_NOUN_TIMES: Final = 3
_NOUN_SHARE: Final = 0.02
_BOTH_SHARE: Final = 0.01
#: Endings a word whose first letter is its own is also written with: واحد (one), واحدا.
_ENDINGS: Final = (
    "ا", "ه", "ها", "هم", "هما", "نا", "ات", "ان", "ين", "ون", "يا", "ي", "ته", "تها", "تهم", "تين", "تان",
)  # fmt: skip
#: And of verbs that are nouns as well: بحثت (she discussed) is of بحث. Behind و they tell nothing.
_VERBAL_ENDINGS: Final = ("ت", "وا")
#: Of a word's frequency, the least share the same without its ending has.
_FAMILY_SHARE: Final = 0.5
_SHORTEST: Final = 3


def is_whole(word: str) -> bool:
    """Whether its first letter is its own: it is reviewed, or ال stands before it: البلدين, الوفد."""
    return word in protected() or begins_itself(word)


def begins_itself(word: str) -> bool:
    """Whether ال stands before `word` so often that its first letter is no clitic: the ف of الفروسية."""
    return articled(word) >= max(_OWN_TIMES, _OWN_SHARE * count(word))


def is_clitic(word: str, rest: str, known: int) -> bool:
    """Whether the first letter of `word` is a clitic before `rest`, of which there are `known` uses."""
    times = count(word)
    if rest in protected() and times <= count(rest):
        return True
    if _before_article(word, rest):
        return True
    if _is_form_of_whole(word, known):
        return False
    if known >= max(1, CLEARLY_COMMONER * times):
        return not times or not count(rest) or _as_spelled(word, rest, CLEARLY_COMMONER)
    return word[0] in _TOLD and _never_preceded(word, rest)


def _before_article(word: str, rest: str) -> bool:
    """Whether `rest` begins with an article: behind و ف ب ك an alef and a lam are hardly anything else."""
    bare = rest[len(ARTICLE) :]
    return word[0] != "ل" and rest.startswith(ARTICLE) and len(bare) >= _SHORTEST and articled(bare) > 0


def _never_preceded(word: str, rest: str) -> bool:
    """Whether nothing stands before `word` that would before a word of its own, and `rest` is one."""
    nominal = word[0] != "و"
    least = _REST_SHARE * count(word)
    uses = max(count(rest), family(without_pronoun(rest)) if nominal else 0)
    return (
        uses >= max(1, least)
        and _preceded(word) < _PRECEDED * count(word)
        and (not nominal or (_takes_prepositions(word, rest) and not _is_past(word)))
        and _as_spelled(word, rest, _REST_SHARE)
    )


def _preceded(word: str) -> int:
    """How often something stands before `word` that never stands before a clitic it would begin with."""
    before = "بك" if word[0] == "ل" else "بلك"  # لل is written for ل and ال
    if word[0] == "و":
        before += "وف"
    return articled(word) + sum(count(letter + word) for letter in before)


def _is_form_of_whole(word: str, known: int) -> bool:
    """Whether `word` is one whose first letter is its own, with an ending; one better known than its rest."""
    least = max(known, _FAMILY_SHARE * count(word))
    for ending in _ENDINGS if word[0] == "و" else (*_ENDINGS, *_VERBAL_ENDINGS):
        if word.endswith(ending):
            stem = word[: -len(ending)]
            stems = (stem + "ه",) if ending[:-1].startswith("ت") else (stem, stem + "ه")
            if any(len(one) >= _SHORTEST and family(one) >= least and is_whole(one) for one in stems):
                return True
    return False


def _takes_prepositions(word: str, rest: str) -> bool:
    """Whether a preposition may stand before `rest`: it is a noun, or after ل a verb of the present."""
    return (word[0] == "ل" and rest[0] in "يت") or any(map(_is_noun, {rest, without_pronoun(rest)}))


def _is_past(word: str) -> bool:
    """Whether it says "he did", or she or they: لجأت (she resorted) is no "for" before a جأت."""
    return any(map(is_perfect, {word, word.removesuffix("ت"), word.removesuffix("وا")}))


def _is_noun(word: str) -> bool:
    times = count(word)
    both = min(count("ب" + word), count("ل" + word))
    return articled(word) >= max(_NOUN_TIMES, _NOUN_SHARE * times) or both >= max(
        _NOUN_TIMES, _BOTH_SHARE * times
    )


def _as_spelled(word: str, rest: str, share: float) -> bool:
    """Whether `rest` has its share of uses with the hamzas `word` is mostly written with.

    فاصل (interval) is no "so" before أصل (origin), which would show its hamza in it.
    """
    spelled = commonest_alefs(word)
    return alike(spelled[len(word) - len(rest) :]) >= share * alike(spelled)
