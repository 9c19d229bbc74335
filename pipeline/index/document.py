"""
An article as an index keeps it: its words, analysed once, in views of equal positions, and what is
worked out from them. Both engines get their tokens here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from pipeline.records import IndexedDocument
from pipeline.search.copies import copy_key
from pipeline.search.values import key
from pipeline.search.views import LEAD_WORDS, kept_of

#: Changes when the same text would give other tokens: the index has to be rebuilt then.
ANALYSIS_VERSION: Final = "9"
#: Names of the token fields, in order.
TOKEN_FIELDS: Final = (
    "title_exact", "title_base", "title_stem", "lead_stem",
    "body_exact", "body_base", "body_stem", "author_exact", "author_base",
)  # fmt: skip
#: A field of no analysis holds no more in either engine.
_LONGEST_NAME: Final = 300
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysed:
    """What an index works out of an article's text."""

    tokens: tuple[str, ...]  #: what is kept of words, blank-separated, in the order of `TOKEN_FIELDS`
    copy_key: int


def analysed(title: str, body: str, author: str) -> Analysed:
    """The words of an article in every view."""
    (*titles, title_stems), (*bodies, stems), authors = kept_of(title), kept_of(body), kept_of(author)
    lists = (*titles, bodies[2][:LEAD_WORDS], *bodies, *authors[:2])
    return Analysed(tokens=tuple(map(" ".join, lists)), copy_key=copy_key(stems, title_stems))


def topics_of(document: IndexedDocument) -> tuple[str, ...]:
    """Topics an article is about, in order of their ids."""
    return tuple(sorted(match.topic_id for match in document.detected.matches))


def author_of(document: IndexedDocument) -> str:
    """The author as facets count it."""
    return " ".join(document.detected.article.author.split())[:_LONGEST_NAME]


def outlet_key(document: IndexedDocument) -> str:
    """The outlet's name as `outlet:` compares it."""
    return key(document.outlet_title)


def microseconds(at: datetime) -> int:
    """Whole microseconds since 1970: sorts and filters the same in every engine."""
    return (at - _EPOCH) // _MICROSECOND


def instant(stored: int) -> datetime:
    """The other way round."""
    return _EPOCH + stored * _MICROSECOND
