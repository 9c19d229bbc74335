"""
Suffixes: the word without "its" and "their", and the singular of a plural or a dual.

An ending comes off where a corpus knows the rest well enough, as a clitic does (`pipeline.arabic.attested`).
"""

from __future__ import annotations

from typing import Final, TypeVar

from pipeline.arabic.counts import articled, count, family, table
from pipeline.arabic.lexicon import singulars

_Ending = TypeVar("_Ending", bound="tuple[str, *tuple[object, ...]]")

#: A remainder must be this many times as frequent as the word for a pronoun to come off by that alone.
_CLEARLY_COMMONER: Final = 3
#: Of a word that never has ال, the least share of its frequency the rest has, which often has ال.
_REST_SHARE: Final = 0.3
_OFTEN_TIMES: Final = 5
_OFTEN_SHARE: Final = 0.05
#: A word is seldom what it is in fewer of its uses than this, mostly from the second on.
_SELDOM: Final = 0.02
_MOSTLY: Final = 0.8
#: Pronouns that are told so; the others end too many words by nature.
_TOLD: Final = ("ه", "ها", "هم", "هما")
#: Of a plural that is surely one, the least share of the word's own frequency the singular must have:
#: there are always more refugees in the news than one.
_SURE_SHARE: Final = 0.05
#: A plural in ات is surely one where the singular is so well known, one in ين where its ون is known too.
_WELL_KNOWN: Final = 50
_BOTH_KNOWN: Final = 3
#: An adjective stands in the feminine at least this often for each masculine.
_FEMININE: Final = 0.3
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
    ("تي", "ه", 1.0, False), ("تا", "ه", 3.0, True),
    ("ين", "", 0.5, False), ("ون", "", 0.5, False), ("ان", "", 2.0, True),
    ("ا", "", 3.0, False), ("و", "", 3.0, True), ("ي", "", 3.0, True),
)  # fmt: skip


def without_pronoun(word: str) -> str:
    """The word without its pronoun; "" where its ending is its own.

    >>> without_pronoun("منازلهم"), without_pronoun("ظريفه"), without_pronoun("درهم")
    ('منازل', '', '')
    """
    for ending, instead in _PRONOUNS.get(word[-1], ()):
        if word.endswith(ending):
            rest = _restored(word[: -len(ending)] + instead)
            if len(rest) >= _SHORTEST and _is_owned(word, rest, ending):
                return rest
    return ""


def _is_owned(word: str, rest: str, ending: str) -> bool:
    """Whether `word` is `rest` and a pronoun."""
    marbuta = table().marbuta
    if 2 * marbuta.get(word, 0) > count(word):
        return False
    if family(rest) >= max(1, _CLEARLY_COMMONER * family(word)):
        return True
    if articled(word) > _SELDOM * count(word) or not ending.endswith(_TOLD):
        return False
    if rest in singulars() and singulars()[rest] != rest:
        return True  # a broken plural is nothing but one
    return (
        family(rest) >= _REST_SHARE * count(word)
        and articled(rest) >= max(_OFTEN_TIMES, _OFTEN_SHARE * count(rest))
        and marbuta.get(word, 0) <= _SELDOM * count(word)
        and not articled(word[:-1])  # متوجها: somebody on his way, whose article is seen without the alef
        and (not ending.startswith("ت") or marbuta.get(rest, 0) >= _MOSTLY * count(rest))
    )


def _restored(rest: str) -> str:
    """`rest` as it is written without the pronoun: لقائ, لقاؤ → لقاء; اسرا → اسري."""
    if rest[-2:] in {"ائ", "اؤ"}:
        return rest[:-1] + "ء"
    if rest[-1:] == "ا" and family(rest) < family(rest[:-1] + "ي"):
        return rest[:-1] + "ي"
    return rest


def singular(word: str) -> str:
    """The singular; "" where the ending is the word's own.

    >>> singular("دولتين"), singular("مدينتي"), singular("حسين")
    ('دوله', 'مدينه', '')
    """
    best, most = "", 0
    for ending, instead, share, dual in _NUMBERS.get(word[-1], ()):
        if not word.endswith(ending):
            continue
        rest = word[: -len(ending)] + instead
        if len(rest) < _SHORTEST:
            continue
        times = family(rest)
        least = _SURE_SHARE if _is_plural(ending, rest) else share
        if times < max(1, least * family(word)) or (dual and not _has_dual(ending, rest)):
            continue
        if ending in {"ي", "تي"} and family(word + "ه") >= _FEMININE * family(word):
            continue  # an adjective of a place or a thing
        if times > most:
            best, most = rest, times
    return best


def _has_dual(ending: str, rest: str) -> bool:
    """Whether the same dual stands in its other case: رئيسا beside رئيسين, دولتا beside دولتين."""
    return bool(family(rest[:-1] + "تين" if ending == "تا" else rest + "ين"))


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
