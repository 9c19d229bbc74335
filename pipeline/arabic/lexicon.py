"""
The reviewed tables: what nobody can derive about Arabic words, with their English beside them.

    names.tsv      names and every way they are written; a name is one word and keeps its letters
    spellings.tsv  other spellings of words that are no names
    plurals.tsv    broken plurals, and the feminine of persons
    protected.txt  words that begin or end like others and are none of their forms

A blank within a spelling is written `_`: `أبو_ظبي أبوظبي`. A spelling that ends in `*` stands for every
word that begins so. Hamza on alef needs no entry unless two spellings carry different ones.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

from pipeline.arabic import counts
from pipeline.arabic.characters import CARRIED_ALEFS, bare, carried_alike, carrying, explicit, fold

_DATA: Final = Path(__file__).resolve().parent / "data"

ARTICLE: Final = "ال"  # the

Words = tuple[str, ...]


def read_table(name: str) -> list[list[str]]:
    """The words of each line of a reviewed table; what follows # is its English."""
    lines = (_DATA / name).read_text(encoding="utf-8").splitlines()
    return [found for line in lines if (found := line.split("#")[0].split())]


def has_article(word: str) -> bool:
    """Whether `word` as listed begins with an article; the alef of ألمانيا (Germany) is no article's."""
    return word.startswith(ARTICLE) and len(word) > len(ARTICLE)


def plurals(word: str) -> Words:
    """Broken plurals and other forms the reviewed table gives a noun or an adjective."""
    return _plurals().get(fold(word), ())


@cache
def names() -> frozenset[str]:
    """Folded names, their articles with them: words that are no form of another word."""
    return frozenset(
        fold(spelling)
        for group in read_table("names.tsv")
        for spelling in group
        if "_" not in spelling and not spelling.endswith("*")
    )


@cache
def protected() -> frozenset[str]:
    """Folded words to be left whole: names without article, and others that look like forms."""
    listed = frozenset(fold(line[0]) for line in read_table("protected.txt"))
    return listed | {name.removeprefix(ARTICLE) for name in names()}


@cache
def singulars() -> dict[str, str]:
    """Folded broken plural → its singular, folded; a singular → itself.

    Only plurals that most often are what their letters say: the folded أعلام (flags) is mostly إعلام
    (media), which is no plural of anything.
    """
    table = read_table("plurals.tsv")
    found = {fold(singular): fold(singular) for singular, *_ in table}
    plural_of = {plural: fold(singular) for singular, *others in reversed(table) for plural in others}
    spelled = _spelled({fold(plural) for plural in plural_of})
    for plural, singular in plural_of.items():
        folded = fold(plural)
        times = spelled.get(folded, {})
        same = sum(n for form, n in times.items() if _may_be(form, plural))
        article = folded.startswith(ARTICLE) and counts.begins_bare(folded)
        if folded not in found and not article and 2 * same >= sum(times.values()):
            found[folded] = singular
    return found


def spelled_as_plural(folded: str, form: str) -> bool:
    """Whether a word the table has for a broken plural may be one, as its form is published."""
    listed = _plural_spellings().get(folded)
    if listed is None:
        return True
    own = carrying(form)
    own = own[bare(own).find(folded) :]
    return any(carried_alike(own, plural) for plural in listed)


def plural_by_hamza(folded: str) -> bool:
    """Whether a word is a broken plural as the table spells it, and may be another word otherwise."""
    return folded in _plural_spellings()


@cache
def listed_spellings() -> dict[str, str]:
    """Folded singular of the table of plurals → as it is listed, with its carriers."""
    return {fold(singular): carrying(singular) for singular, *_ in reversed(read_table("plurals.tsv"))}


@cache
def _plural_spellings() -> dict[str, list[str]]:
    """Folded broken plural in which an alef carries a hamza or madda → its spellings in the table."""
    found: dict[str, list[str]] = {}
    for _, *others in read_table("plurals.tsv"):
        for plural in others:
            if not CARRIED_ALEFS.isdisjoint(plural) and fold(plural) in singulars():
                found.setdefault(fold(plural), []).append(plural)
    return found


def _spelled(folded_forms: set[str]) -> dict[str, dict[str, int]]:
    """Folded form → its spellings in the corpus, with their counts."""
    found: dict[str, dict[str, int]] = {}
    for form, times in counts.table().written.items():
        folded = bare(form)
        if folded in folded_forms:
            found.setdefault(folded, {})[form] = times
    return found


def _may_be(form: str, word: str) -> bool:
    """Whether a form may be a spelling of `word`: where letters differ, an alef is bare."""
    return all(
        theirs == ours or (theirs == "ا" and ours in CARRIED_ALEFS)
        for theirs, ours in zip(form, explicit(word), strict=False)
    )


@cache
def canonical() -> dict[str, str]:
    """Folded spelling of a word that is no name, without article, → the first of its group."""
    found: dict[str, str] = {}
    for group in read_table("spellings.tsv"):
        first, *others = (fold(spelling).removeprefix(ARTICLE) for spelling in group)
        for other in others:
            if not {"_", "*"} & {*other, *first}:
                found.setdefault(other, first)
    return {other: first for other, first in found.items() if other != first}


@cache
def canonical_beginnings() -> tuple[tuple[str, str], ...]:
    """Folded beginning of a word → the beginning it is compared by."""
    table = read_table("spellings.tsv")
    groups = [[fold(spelling).rstrip("*") for spelling in group] for group in table if "*" in group[0]]
    return tuple((other, group[0]) for group in groups for other in group[1:])


@cache
def _plurals() -> dict[str, Words]:
    found: dict[str, list[str]] = {}
    for singular, *others in read_table("plurals.tsv"):
        found.setdefault(fold(singular), []).extend(others)
    return {singular: tuple(others) for singular, others in found.items()}
