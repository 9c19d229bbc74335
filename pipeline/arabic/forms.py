"""
Forms: what a listed word may look like in a text, by its class, before clitics stand in front of it.

Nothing is guessed about a word of a text: it is a form of a listed word, or it is none.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

from pipeline.arabic import counts
from pipeline.arabic.characters import fold
from pipeline.arabic.classes import guess_class, needs_article, without_article
from pipeline.arabic.lexicon import plurals
from pipeline.arabic.vowels import full_reading, has_marks

_PRONOUNS: Final = ("ه", "ها", "هم", "هما", "هن", "نا", "ك", "كم", "ي")
_OTHERS: Final = ("ه", "ها", "هم", "هما", "ك", "كم")
_OBJECTS: Final = (*_OTHERS, "نا", "ني")
_MARBUTA: Final = "ةۃ"
#: Hamza changes its seat before an ending: لقاؤها, لقائها.
_SEATS: Final = "ئؤ"
#: A form in ان that is rarer tells nothing; of the others, the least share of its ين.
_FEW: Final = 20
_DUAL: Final = 0.05
#: A plural in ون or ين has the other at least so often for each of its uses; else it is a word that ends so.
_OTHER_CASE: Final = 0.05
#: A word without ة this much commoner than with it has the plural in ات for itself.
_ANOTHER: Final = 2


@dataclass(frozen=True, slots=True)
class Listed:
    """A word of one or more terms."""

    base: str  #: as published, without its article
    word_class: str
    needs_article: bool
    vowelled: bool  #: listed with vowel marks, so that they can tell readings apart


class Ending(NamedTuple):
    """A form of a word, before anything stands in front of it."""

    folded: str
    articled: bool = True  #: whether ال may stand before it
    own_marbuta: bool = True  #: False: its final heh is a pronoun, which ة never writes
    construct: bool = False  #: only before the next word of a term: وزيرا خارجية
    many: bool = False  #: dual or plural
    owned: bool = False  #: ends in a pronoun, so it is definite
    present: bool = False  #: a verb of the present or future


def listed_word(form: str, word_class: str = "") -> Listed:
    """`form` as an editor lists it; class "" is guessed. A listed article is needed in the text too."""
    chosen = word_class or guess_class(form)
    with_article = needs_article(form) and chosen not in {"verb", "exact"}
    return Listed(
        base=full_reading(without_article(form) if with_article else form),
        word_class="article" if with_article and chosen == "name" else chosen,
        needs_article=with_article or chosen == "article",
        vowelled=has_marks(form),
    )


def bases(listed: Listed) -> tuple[str, ...]:
    """What endings are put to: the word and, of nouns and adjectives, its broken plurals."""
    return (
        (listed.base, *plurals(listed.base)) if listed.word_class in {"noun", "adjective"} else (listed.base,)
    )


def endings(base: str, listed: Listed) -> Iterator[Ending]:
    """The forms of `base`, the word itself or a plural of it, that its class gives it."""
    folded = fold(base)
    match listed.word_class:
        case _ if base != listed.base:
            yield from _plural(base, folded)
            if folded == fold(listed.base) + "ه":  # no plural but a woman: وزيرة, وزيرتان, وزيرات
                yield from (Ending(folded[:-1] + end, many=True) for end in ("تان", "تين", "ات"))
        case "verb":
            yield from _verbal(folded)
        case "adjective":
            yield Ending(folded)
            yield from _adjectival(folded)
        case "noun":
            yield Ending(folded, many=folded.endswith("ات"))
            yield from _nominal(base, folded)
        case _:
            yield Ending(folded)


def _plural(base: str, folded: str) -> Iterator[Ending]:
    """A broken plural: in its case, and with pronouns."""
    yield Ending(folded, many=True)
    match base[-1]:
        case "ة" | "ۃ":
            yield from _owned(folded[:-1] + "ت", many=True)
        case "ى":
            yield from _owned(folded[:-1] + "ا", many=True)
        case "ء":
            yield from (form for seat in _SEATS for form in _owned(folded[:-1] + seat, many=True))
        case "ن" if folded.endswith("ون"):
            yield Ending(folded[:-2] + "ين", many=True)
            yield from _constructs(folded[:-2], ("و", "ي"))
        case _:
            yield Ending(folded + "ا", articled=False, many=True)
    yield from _owned(folded, many=True)


def _adjectival(folded: str) -> Iterator[Ending]:
    yield Ending(folded + "ه")
    yield Ending(folded + "ا", articled=False)
    yield from (Ending(folded + ending, many=True) for ending in ("ين", "ون", "ات", "ان", "تين", "تان"))
    yield from _constructs(folded, ("ا", "و", "ي", "تا", "تي"))


def _constructs(stem: str, ends: tuple[str, ...]) -> Iterator[Ending]:
    """Heads that have lost their ن: وزيرا, وزيري, مسؤولو.

    Alone they are accepted too, unless a corpus writes ال before them: حربي is of war, not two wars.
    """
    for end in ends:
        folded = stem + end
        another = not counts.seldom_articled(folded)
        yield Ending(folded, articled=False, construct=another, many=True)


def _nominal(base: str, folded: str) -> Iterator[Ending]:
    if base[-1] in _MARBUTA:
        yield from _nominal_in_marbuta(folded[:-1])
    elif folded.endswith("ات"):
        yield from _owned(folded, many=True)
    else:
        yield from _nominal_in_consonant(folded)
        yield from _nominal_in_weak(base, folded[:-1])
        yield from _of_sound_plural(folded)


def _nominal_in_consonant(folded: str) -> Iterator[Ending]:
    numbers = ["ين", "ون"]
    if _is_dual(folded):
        numbers.append("ان")
    plural = ["ات"] if counts.family(folded + "ه") <= counts.family(folded) else []  # جامعات are of جامعة
    yield from (Ending(folded + ending, many=True) for ending in (*numbers, *plural))
    yield Ending(folded + "ا", articled=False)
    yield from _constructs(folded, ("ا", "ي", "و"))
    yield from _owned(folded)
    for before in (*plural, "ي", "و", "ا"):
        yield from _owned(folded + before, many=True)


def _is_dual(folded: str) -> bool:
    """Whether the ان of two of them has its ين beside it: بلدين, but no سلطين of سلطان (sultan)."""
    two = counts.family(folded + "ان")
    return two < _FEW or counts.family(folded + "ين") >= _DUAL * two


def _nominal_in_weak(base: str, stem: str) -> Iterator[Ending]:
    """Words in ى, ي or ء, whose last letter changes before endings."""
    match base[-1]:
        case "ى":  # مستشفى: مستشفيان, مستشفاه
            yield from (Ending(stem + ending, many=True) for ending in ("يان", "يين", "يات"))
            yield from _owned(stem + "ا")
        case "ي" if len(stem) > 2 and stem[-2] == "ا":  # قاضي: قاض, قاضون; not أحمدي
            yield Ending(stem, articled=False)
            yield from (Ending(stem + ending, many=True) for ending in ("ون", "ين"))
        case "ء":
            yield from (form for seat in _SEATS for form in _owned(stem + seat))
            yield Ending(stem + "ئين", many=True)


def _of_sound_plural(folded: str) -> Iterator[Ending]:
    """A plural in ين or ون, listed as such, has the other, and loses its ن as a head."""
    stem, ending = folded[:-2], folded[-2:]
    other = {"ين": "ون", "ون": "ين"}.get(ending, "")
    if other and len(stem) > 2 and counts.family(stem + other) >= _OTHER_CASE * counts.family(folded):
        yield Ending(stem + other, many=True)
        yield from _constructs(stem, ("و", "ي"))


def _nominal_in_marbuta(stem: str) -> Iterator[Ending]:
    yield from (Ending(stem + ending, many=True) for ending in ("تان", "تين"))
    if _has_plural_in_at(stem):
        yield Ending(stem + "ات", many=True)
        yield from _owned(stem + "ات", many=True)
    if stem[-1:] == "ا":  # قناة: قنوات; مباراة: مباريات
        yield from (Ending(stem[:-1] + ending, many=True) for ending in ("وات", "يات"))
        yield from (form for before in ("وات", "يات") for form in _owned(stem[:-1] + before, many=True))
    yield from _constructs(stem, ("تا", "تي"))
    yield from _owned(stem + "ت")
    for before in ("تي", "تا"):
        yield from _owned(stem + before, many=True)


def _has_plural_in_at(stem: str) -> bool:
    """Whether the ات is of the word in ة: خلافات are of خلاف (dispute), not of خلافة (caliphate)."""
    return len(stem) < 3 or counts.family(stem) <= _ANOTHER * counts.family(stem + "ه")


def _owned(stem: str, *, many: bool = False) -> Iterator[Ending]:
    """With each pronoun. "My" is spelled like the ending of an adjective, and news seldom says it."""
    for pronoun in _PRONOUNS:
        yield Ending(
            stem + pronoun,
            articled=False,
            own_marbuta=False,
            construct=pronoun == "ي",
            many=many,
            owned=True,
        )


def _verbal(folded: str) -> Iterator[Ending]:
    present = folded[0] == "ي"
    for base in dict.fromkeys(_present(folded) if present else _past(folded)):
        yield Ending(base, articled=False, present=present)
        ours = present and base[0] in "ان"  # I and we do nothing to me or us
        for before in _before_object(base):
            for pronoun in _OTHERS if ours else _OBJECTS:
                yield Ending(before + pronoun, articled=False, own_marbuta=False, present=present)


def _before_object(base: str) -> tuple[str, ...]:
    """How a verb is written before its object: اتهموا, اتهموه; التقى, التقاه."""
    if base.endswith("وا"):
        return (base[:-1],)
    return (base, base[:-1] + "ا") if base[-1] == "ي" else (base,)


def _present(folded: str) -> Iterator[str]:
    weak = folded[-1] in "يا"
    for person in "يتنا":
        stem = person + folded[1:]
        yield stem
        if weak:
            yield stem[:-1]
    for person in "يت":
        stem = person + folded[1:]
        yield from (stem + end for end in ("ان", "ا"))
        if weak:
            stem = stem[:-1]
            yield from (stem + seat + end for seat in "ؤئ" for end in ("ون", "وا") if folded[-1] == "ا")
        yield from (stem + end for end in ("ون", "ين", "وا", "ن"))


def _past(folded: str) -> Iterator[str]:
    yield folded
    yield folded + "نا"
    yield folded + "ا"
    yield folded + "تما"
    if folded[-1] in "يا":
        yield from (folded[:-1] + end for end in ("ت", "تا", "وا", "ؤوا"))
        yield from (folded + end for end in ("ت", "تم", "ن"))
        yield from (folded + end for end in ("تا", "وا") if folded[-1] == "ا")
    else:
        yield from (folded + end for end in ("ت", "تا", "وا", "تم", "ن"))
