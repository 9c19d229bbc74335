"""
The reading of a query in words, so that an analyst sees what was understood.
"""

from __future__ import annotations

from typing import Final
from zoneinfo import ZoneInfo

from pipeline.answers import QueryReading
from pipeline.search.query import Query
from pipeline.search.tree import AllOf, AnyOf, Dated, Near, Node, Not, Prefix, Value, Words

_Words = dict[str, str]

_ENGLISH: Final[_Words] = {
    "and": " and ", "or": " or ", "not": "not {}",
    "title": "{} in the title", "body": "{} in the text", "author": "{} as author",
    "prefix": "words beginning with “{}”", "phrase": "“{}” side by side", "exact": "“{}” written exactly so",
    "near": "{} with at most {} words between them and {}", "onear": "{} and after at most {} words {}",
    "topic": "topic {}", "outlet": "outlet {}", "country": "country {}",
    "from": "from {}", "to": "until {}",
}  # fmt: skip
_ARABIC: Final[_Words] = {
    "and": " و", "or": " أو ", "not": "بدون {}",  # and, or, without
    "title": "{} في العنوان", "body": "{} في النص", "author": "{} كاتبا",  # in the title, in the text, author
    "prefix": "كلمات تبدأ بـ«{}»", "phrase": "عبارة «{}»",  # words beginning with, the phrase
    "exact": "«{}» بحروفها",  # to the letter
    "near": "{} وعلى بعد {} كلمات على الأكثر {}", "onear": "{} ثم بعد {} كلمات على الأكثر {}",  # near, then
    "topic": "موضوع {}", "outlet": "مصدر {}", "country": "بلد {}",  # topic, outlet, country
    "from": "منذ {}", "to": "حتى {}",  # since, until
}  # fmt: skip


def reading_of(query: Query, *, zone: str) -> QueryReading:
    """How a query was read, in both languages; times are told in `zone`."""
    if query.tree is None:
        return QueryReading()
    return QueryReading(
        english=_told(query.tree, _ENGLISH | {"zone": zone}),
        arabic=_told(query.tree, _ARABIC | {"zone": zone}),
        expanded=query.expanded,
        advice=query.advice,
    )


def _told(node: Node, words: _Words, *, inside: bool = False) -> str:  # noqa: PLR0911 - a case each
    match node:
        case AllOf(parts) | AnyOf(parts):
            joint = words["and" if isinstance(node, AllOf) else "or"]
            each = dict.fromkeys(_told(part, words, inside=True) for part in parts)
            text = joint.join(each)
            return f"({text})" if inside and len(each) > 1 else text
        case Not(part):
            return words["not"].format(_told(part, words, inside=True))
        case Value(facet, value):
            return words[facet].format(value)
        case Dated():
            return _dated(node, words)
        case Near():
            sides = (_side(node.left, words), node.within, _side(node.right, words))
            told = words["onear" if node.ordered else "near"].format(*sides)
            return _in_field(node.field, f"({told})" if inside else told, words)
        case Prefix(form, start):
            return _in_field(node.field, words["prefix"].format(start if form else ""), words)
        case _:
            return _in_field(node.field, _words(node, words), words)


def _words(leaf: Words, words: _Words) -> str:
    form = leaf.form.removeprefix("=") if leaf.view == "exact" else leaf.form
    if leaf.view == "exact":
        return words["exact"].format(form)
    return words["phrase"].format(form) if len(leaf.slots) > 1 else form


def _side(side: tuple[Words, ...], words: _Words) -> str:
    told = dict.fromkeys(_words(leaf, words) for leaf in side)
    return words["or"].join(told)


def _in_field(field: str, told: str, words: _Words) -> str:
    return words[field].format(told) if field else told


def _dated(dated: Dated, words: _Words) -> str:
    zone = ZoneInfo(words["zone"])
    edges = (("from", dated.start), ("to", dated.end))
    told = [
        words[name].format(f"{at.astimezone(zone):%Y-%m-%d %H:%M}") for name, at in edges if at is not None
    ]
    return f"{' '.join(told)} ({words['zone']})"
