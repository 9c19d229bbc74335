"""
Classes: what kind of word a listed word is, guessed by its shape and by how a corpus uses it.

    noun       و ف, ب ل ك, ال and لل; dual, plural, case endings, pronouns
    adjective  the same, and the feminine
    name       و ف and ب ل ك, never ال
    article    a name written with ال, which it never loses: الدوما is not دوما
    verb       و ف ل س; persons and objects. Perfect and imperfect are listed apart
    exact      as it is written, nothing before or after it

A noun or adjective that is listed with ال needs it too: الوزير is الوزيران and الوزراء, not وزيرها.
An editor sees the guess in `rasd topics forms` and can set the class in the topic.
"""

from __future__ import annotations

from typing import Final

from pipeline.arabic import counts
from pipeline.arabic.characters import fold
from pipeline.arabic.lexicon import ARTICLE, has_article, names, plurals

WORD_CLASSES: Final = ("noun", "adjective", "name", "article", "verb", "exact")

#: An adjective stands in the feminine at least this often for each masculine.
_FEMININE: Final = 0.2
#: Of a verb's third person, the least share of those with س, or with the ت of the feminine.
_FUTURE: Final = 0.01
_SHE: Final = 0.1


def guess_class(word: str) -> str:
    """The class of `word`, as published."""
    folded = fold(word)
    if folded in names():
        return "article" if needs_article(word) else "name"
    if _is_imperfect(folded) or is_perfect(folded):
        return "verb"
    if needs_article(word):
        known = _nominal(without_article(word), folded[len(ARTICLE) :])
        return "article" if known == "name" else known
    return _nominal(word, folded)


def needs_article(word: str) -> bool:
    """Whether `word` is listed with an article; the alef of المانيا, which is ألمانيا (Germany), is none."""
    return has_article(word) and counts.begins_bare(fold(word))


def _nominal(word: str, folded: str) -> str:
    if not plurals(word) and _is_name(word, folded):
        return "name"
    return "adjective" if word[-1] != "ى" and _is_adjective(folded) else "noun"


def _is_name(word: str, folded: str) -> bool:
    return counts.seldom_articled(folded) and word[-1] not in "ةۃ" and not folded.endswith("ات")


def _is_adjective(folded: str) -> bool:
    return folded[-1] == "ي" and counts.family(folded + "ه") >= _FEMININE * counts.family(folded)


def _is_imperfect(folded: str) -> bool:
    """He does: there is a future, or she and they do so too; no name in ي has these."""
    if folded[0] != "ي" or len(folded) < 3 or not counts.seldom_articled(folded):
        return False
    times = counts.count(folded)
    future = counts.count("س" + folded) >= max(3, _FUTURE * times)
    stem = folded[:-1] if folded[-1] in "يا" else folded
    she, they = counts.count("ت" + folded[1:]), counts.count(stem + "ون")
    return future or (she >= max(3, _SHE * times) and they >= 3)


def is_perfect(folded: str) -> bool:
    """He did: she and they did so too, and ال never stands before it.

    Asked more of than the verbs `pipeline.search.inflections` looks for: by this a word keeps its letters
    in every text.
    """
    stem = folded[:-1] if folded[-1] in "يا" else folded
    return (
        len(folded) > 2
        and counts.count(stem + "ت") >= max(3, _SHE * counts.count(folded))
        and counts.count(stem + "وا") >= 3
        and counts.seldom_articled(folded)
    )


def without_article(word: str) -> str:
    """A word of class article without it."""
    return word[len(ARTICLE) :] if has_article(word) else word
