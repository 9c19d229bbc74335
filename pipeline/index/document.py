"""
An article as an index keeps it: its words, analysed once, in two views of equal positions.

*Base* words stand without their clitics (phrases, prefixes); *stems* without their endings as well
(single words). Both engines get their tokens here.
"""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.records import IndexedDocument
from pipeline.search.reading import token_views

#: Changes when the same text would give other tokens: the index has to be rebuilt then.
ANALYSIS_VERSION = "1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """Blank-separated tokens of an article's fields."""

    title_base: str
    title_stem: str
    body_base: str
    body_stem: str


def tokens_of(title: str, body: str) -> Tokens:
    """The words of an article in both views."""
    title_base, title_stem = token_views(title)
    body_base, body_stem = token_views(body)
    return Tokens(title_base=title_base, title_stem=title_stem, body_base=body_base, body_stem=body_stem)


def topics_of(document: IndexedDocument) -> tuple[str, ...]:
    """Topics an article is about, in order of their ids."""
    return tuple(sorted(match.topic_id for match in document.detected.matches))
