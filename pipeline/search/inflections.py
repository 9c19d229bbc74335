"""
Other forms of a word of a query that stemming keeps apart: persons and tenses of a verb, feminines.

An index compares stems, which lose endings of number and possession only where counts vouch for what
is left. The person of a verb and the gender of an adjective are left on them, since ت and ة end many
nouns by nature. A query can afford more: it looks for the forms that a large corpus has about as
often as the word itself, each a word the article tells apart from a noun.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from pipeline.arabic import counts

#: Least share of a word's own frequency another person or gender of it has. Lower than where texts are
#: cut into stems (`pipeline.arabic.classes`): a wrong guess costs one query a form, not an index a word.
_SHARE: Final = 0.08
#: An adjective's feminine ends in ة in most of its uses; else the heh is "his".
_MOSTLY: Final = 0.7
_ADJECTIVE_SHARE: Final = 0.25
_SHORTEST: Final = 3
_SHORT_ADJECTIVES: Final = frozenset({"خاص", "عام", "مهم", "قوي", "حاد", "جاد", "سهل", "صعب"})


def inflected(word: str) -> tuple[str, ...]:
    """Folded forms looked for beside `word`, a folded word without clitics.

    >>> {"اعلنوا", "يعلنون"} <= {*inflected("اعلن")}, inflected("جديد")
    (True, ('جديده',))
    """
    if len(word) < _SHORTEST:
        return ()
    found = dict.fromkeys([*_verbal(word), *_adjectival(word)])
    return tuple(form for form in found if form != word)


def _verbal(word: str) -> Iterator[str]:
    present = word[1:] if word[0] == "س" else word  # will
    if present[0] in "يت" and len(present) > _SHORTEST and not _is_noun(word):
        rest = present[1:].removesuffix("ون")
        yield from _imperfect(rest)
        yield from (form for stem in _pasts(rest) for form in _perfect(stem, word))
    if _is_noun(word) and not _is_perfect(word):
        return
    for stem in _third_persons(word):
        if _is_perfect(stem):
            yield from _perfect(stem, word)
            yield from (form for rest in _presents(stem) for form in _imperfect(rest))


def _third_persons(word: str) -> Iterator[str]:
    """What "he did" may be, where `word` is he, she or they did so."""
    yield word
    for end in ("ت", "وا"):
        if word.endswith(end) and len(word) > _SHORTEST:
            stem = word.removesuffix(end)
            yield from (stem, stem + "ا", stem + "ي")


def _perfect(stem: str, word: str) -> Iterator[str]:
    """زار, زارت, زاروا, زارا; دعا, دعت, دعوا."""
    before = _before_ending(stem)
    return (form for form in (stem, before + "ت", before + "وا", stem + "ا") if _like(form, word))


def _before_ending(stem: str) -> str:
    """A verb as it stands before the ending of she and they: one in ى or ا loses it."""
    return stem[:-1] if stem[-1] in "اي" else stem


def _imperfect(rest: str) -> Iterator[str]:
    """يزور, تزور, سيزور, ستزور, يزورون."""
    for start in ("ي", "ت", "سي", "ست"):
        for end in ("", "ون", "وا"):
            form = start + rest + end
            if counts.count(form) and not _is_noun(form):
                yield form


def _presents(stem: str) -> Iterator[str]:
    """What follows the ي of the present of a verb, of which a corpus has both: زار, يزور; أدان, يدين."""
    rest = stem[1:] if stem[0] == "ا" and len(stem) > _SHORTEST else stem
    likely = {rest, *_with_other_vowels(rest, "وي" if rest == stem else "ي")}
    if rest[0] == "و":  # وصل, يصل
        likely.add(rest[1:])
    for found in sorted(likely):
        present = "ي" + found
        if counts.count(present) >= _SHARE * counts.count(stem) and not _is_noun(present):
            yield found


def _with_other_vowels(rest: str, vowels: str) -> Iterator[str]:
    """A long vowel of the past may be another in the present: قال, يقول; دعا, يدعو; أدان, يدين."""
    if rest[-1] in "اي":
        yield from (rest[:-1] + vowel for vowel in vowels)
    elif rest[-2] == "ا":
        yield from (rest[:-2] + vowel + rest[-1] for vowel in vowels)


def _pasts(rest: str) -> Iterator[str]:
    """The past of a verb whose present is ي and `rest`."""
    vowels = [rest]
    if rest[-1] in "وي":
        vowels += [rest[:-1] + "ا", rest[:-1] + "ي"]
    if len(rest) >= _SHORTEST and rest[-2] in "وي":
        vowels += [rest[:-2] + "ا" + rest[-1]]
    for stem in (*vowels, *("ا" + one for one in vowels), "و" + rest):
        if len(stem) >= _SHORTEST and _is_perfect(stem) and rest in _presents(stem):
            yield stem


def _is_perfect(stem: str) -> bool:
    """Whether a word is the third person of a verb: its feminine stands in ت, and takes no article."""
    feminine, plural = _before_ending(stem) + "ت", _before_ending(stem) + "وا"
    return (
        len(stem) >= _SHORTEST
        and counts.count(feminine) >= _SHARE * counts.count(stem)
        and not _is_noun(feminine)
        and counts.count(plural) > 0
    )


def _adjectival(word: str) -> Iterator[str]:
    feminine = word + "ه"
    if _is_feminine_of(feminine, word):
        yield feminine
    if word.endswith("ه") and _is_feminine_of(word, word[:-1]):
        yield word[:-1]


def _is_feminine_of(feminine: str, masculine: str) -> bool:
    """Whether both are one adjective: about as frequent, with and without the article."""
    known = counts.table().marbuta
    return (
        _is_shaped_so(masculine)
        and counts.family(feminine) >= _ADJECTIVE_SHARE * counts.family(masculine) > 0
        and counts.family(masculine) >= _ADJECTIVE_SHARE * counts.family(feminine)
        and known.get(feminine, 0) >= _MOSTLY * counts.count(feminine)
        and min(counts.articled(feminine), counts.articled(masculine)) > 0
    )


def _is_shaped_so(word: str) -> bool:
    """The patterns most adjectives have, كبير كامل مرتفع, and few short words: خبر and خبرة are two nouns."""
    return (
        word in _SHORT_ADJECTIVES
        or (len(word) == 4 and (word[1] == "ا" or word[2] == "ي"))
        or (len(word) > 4 and word[0] == "م")
    )


def _like(form: str, word: str) -> bool:
    return counts.count(form) > 0 and (form == word or not _is_noun(form) or not counts.articled(form))


def _is_noun(word: str) -> bool:
    return not counts.seldom_articled(word)
