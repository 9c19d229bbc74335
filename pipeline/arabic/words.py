"""
Words: where each one stands in the published text, and what it folds to.

Topic detection and both indexes get their words from here, so a word is the same thing everywhere.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, NamedTuple

from pipeline.arabic.characters import HARAKAT, INVISIBLE, fold

#: Letters of the Arabic script, tatweel and presentation forms among them.
_ARABIC = (
    "\u0620-\u064a\u066e\u066f\u0671-\u06d3\u06d5\u06e5\u06e6\u06ee\u06ef\u06fa-\u06fc\u06ff"
    "\u0750-\u077f\u0870-\u0887\u0889-\u088e\u08a0-\u08c9\ufb50-\ufbb1\ufbd3-\ufd3d\ufd50-\ufdfb\ufe70-\ufefc"
)
#: What may stand within a word: ends in a letter or a mark, so a trailing control stays outside.
_ARABIC_WORD = f"[{_ARABIC}](?:[{_ARABIC}{HARAKAT}{INVISIBLE}\u0674]*[{_ARABIC}{HARAKAT}])?"
#: A run of letters or digits of other scripts: `2025م` is two words, `G20` one.
_OTHER = rf"[^\W_{_ARABIC}]"
_OTHER_WORD = rf"{_OTHER}(?:[^\W_{_ARABIC}\u0300-\u036f{INVISIBLE}]|[\u0300-\u036f{INVISIBLE}]+(?={_OTHER}))*"
_QUOTE = "«\"“'(\\["
#: "and" or "so" written apart from its word, as six articles in a hundred do, or before a quotation mark.
_LONE = (
    f"(?:(?<![\\w{HARAKAT}])[وف][\\u064b-\\u0652]?(?:[ \\t\\u00a0]{{1,3}}[{_QUOTE}]?|[{_QUOTE}])"
    f"(?=[{_ARABIC}]{{2}}|{_OTHER}))?"
)
WORD: Final = re.compile(f"{_LONE}(?:{_ARABIC_WORD}|{_OTHER_WORD})")

#: What may be written apart from the word it belongs to: and, so.
LONE: Final = frozenset("وف")
#: Distinct forms remembered, those met last.
_REMEMBERED: Final = 100_000


class Word(NamedTuple):
    """A word where it stands."""

    form: str  #: as published
    folded: str
    start: int  #: code points of the published text
    end: int  #: exclusive


@lru_cache(maxsize=_REMEMBERED)
def folded_form(form: str) -> str:
    """What the word `form`, as `words` finds it, folds to; remembered.

    Without whitespace or punctuation that a ligature or a lone و left in it.
    """
    folded = "".join(filter(str.isalnum, fold(form)))
    if len(folded) > 1 and folded[0] in LONE and folded[1].isascii():
        return folded[1:]  # "and 2025": a number or a Latin word has no clitics
    return folded


def words(text: str) -> list[Word]:
    """The words of `text` in order.

    Hashtags and underscores split; Latin words and numbers are words. A lone و or ف before a word
    belongs to it and takes no position: the form then holds the blank or quotation mark between.
    Linear in the length of `text`.

    >>> [word.folded for word in words("#قمة_ألاسكا و موسكو")]
    ['قمه', 'الاسكا', 'وموسكو']
    """
    return [
        Word(form, folded, start, end)
        for form, start, end in ((found[0], *found.span()) for found in WORD.finditer(text))
        if (folded := folded_form(form))
    ]
