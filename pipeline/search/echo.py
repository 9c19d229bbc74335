"""
The reading of a query in words, so that an analyst sees what was understood.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from pipeline.answers import QueryReading
from pipeline.search.query import Query
from pipeline.search.tree import AllOf, AnyOf, Dated, Near, Node, Not, Prefix, Value, Words, asked_of


def _words_in_english(number: int) -> str:
    return "one word" if number == 1 else f"{number} words"


def _words_in_arabic(number: int) -> str:
    if number <= 2:
        return ("", "كلمة واحدة", "كلمتان")[number]  # one word, two words
    return f"{number} كلمات" if number <= 10 else f"{number} كلمة"  # words, as few and as many are counted


@dataclass(frozen=True, slots=True)
class _Tongue:
    """How a language says the parts of a query."""

    says: dict[str, str]
    words: Callable[[int], str]  #: so many words

    def __call__(self, name: str, *parts: str) -> str:
        return self.says[name].format(*parts)

    def joined(self, name: str, parts: Iterable[str]) -> str:
        """Parts with "and" or "or" between; the Arabic و is written at an Arabic word, not at a Latin one."""
        joint = self.says[name]
        told, *others = parts
        for part in others:
            apart = " " if not joint.endswith(" ") and part[0].isascii() and part[0].isalnum() else ""
            told += f"{joint}{apart}{part}"
        return told


_ENGLISH: Final = _Tongue(
    {
        "and": " and ", "or": " or ", "not": "not {}",
        "title": "{} in the title", "body": "{} in the text", "author": "{} as author",
        "prefix": "words beginning with “{}”", "phrase": "“{}” side by side",
        "exact": "“{}” written exactly so",
        "near": "{} and {} with at most {} between", "near/0": "{} beside {}",
        "onear": "{} and then {} with at most {} between", "onear/0": "{} and right after it {}",
        "topic": "topic {}", "outlet": "outlet {}", "country": "country {}",
        "on": "on {}", "from": "from {}", "since": "from {}", "to": "to {}",
        "until": "until {}", "before": "before {}",
    },
    _words_in_english,
)  # fmt: skip
_ARABIC: Final = _Tongue(
    {
        "and": " و", "or": " أو ", "not": "من دون {}",  # and, or, without
        "title": "{} في العنوان", "body": "{} في النص", "author": "بقلم {}",  # in title, in text, by
        "prefix": "كلمات تبدأ بـ«{}»", "phrase": "عبارة «{}»",  # words beginning with, the phrase
        "exact": "«{}» بحروفها",  # to the letter
        "near": "{} و{} وبينهما {} على الأكثر", "near/0": "{} بجوار {}",  # at most … between, beside
        "onear": "{} ثم {} وبينهما {} على الأكثر", "onear/0": "{} وبعدها مباشرةً {}",  # then, right after it
        "topic": "موضوع {}", "outlet": "مصدر {}", "country": "بلد {}",  # topic, outlet, country
        "on": "يوم {}", "from": "من {}", "since": "منذ {}", "to": "إلى {}",  # on the day, from, since, to
        "until": "حتى {}", "before": "قبل {}",  # until, before
    },
    _words_in_arabic,
)  # fmt: skip


def reading_of(query: Query, *, zone: str) -> QueryReading:
    """How a query was read, in both languages; times are told in `zone`."""
    if query.tree is None:
        return QueryReading()
    return QueryReading(
        english=_told(query.tree, _ENGLISH, zone),
        arabic=_told(query.tree, _ARABIC, zone),
        expanded=query.expanded,
        advice=query.advice,
    )


def _told(node: Node, tongue: _Tongue, zone: str, *, inside: bool = False) -> str:  # noqa: PLR0911 - a case each
    match node:
        case AllOf(parts) | AnyOf(parts):
            asked = asked_of(parts)
            each = dict.fromkeys(_told(part, tongue, zone, inside=len(asked) > 1 or inside) for part in asked)
            text = tongue.joined("and" if isinstance(node, AllOf) else "or", each)
            return f"({text})" if inside and len(each) > 1 else text
        case Not(part):
            return tongue("not", _told(part, tongue, zone, inside=True))
        case Value(facet, value):
            return tongue(facet, value)
        case Dated(_, start, end):
            return f"{_time(start, end, tongue, ZoneInfo(zone))} ({zone})"
        case Near():
            told = _near(node, tongue)
            return _in_field(node.field, f"({told})" if inside else told, tongue)
        case Prefix(form):
            return _in_field(node.field, tongue("prefix", form.rstrip("*")), tongue)
        case Words():
            return _in_field(node.field, _words(node, tongue), tongue)


def _near(near: Near, tongue: _Tongue) -> str:
    sides = _side(near.left, tongue), _side(near.right, tongue)
    name = "onear" if near.ordered else "near"
    return tongue(name, *sides, tongue.words(near.within)) if near.within else tongue(f"{name}/0", *sides)


def _side(side: tuple[Words, ...], tongue: _Tongue) -> str:
    each = dict.fromkeys(_words(leaf, tongue) for leaf in side if leaf.own or leaf.view == "exact")
    text = tongue.joined("or", each)
    return f"({text})" if len(each) > 1 else text


def _words(leaf: Words, tongue: _Tongue) -> str:
    if leaf.view == "exact":
        return tongue("exact", leaf.form.removeprefix("="))
    return tongue("phrase", leaf.form) if len(leaf.slots) > 1 and leaf.field != "author" else leaf.form


def _in_field(field: str, told: str, tongue: _Tongue) -> str:
    return tongue(field, told) if field else told


def _time(start: datetime | None, end: datetime | None, tongue: _Tongue, zone: ZoneInfo) -> str:
    """A span as its reader counts: the last day is within it."""
    begun = start and start.astimezone(zone)
    ended = end and end.astimezone(zone)
    last = f"{ended - timedelta(days=1):%Y-%m-%d}" if ended and _is_midnight(ended) else ""
    if begun and last == f"{begun:%Y-%m-%d}" and _is_midnight(begun):
        return tongue("on", last)
    told = [tongue("from" if ended else "since", _instant(begun))] if begun else []
    if last:
        told.append(tongue("to" if begun else "until", last))
    elif ended:
        told.append(tongue("before", _instant(ended)))
    return " ".join(told)


def _instant(at: datetime) -> str:
    return f"{at:%Y-%m-%d}" if _is_midnight(at) else f"{at:%Y-%m-%d %H:%M}"


def _is_midnight(at: datetime) -> bool:
    return (at.hour, at.minute, at.second) == (0, 0, 0)
