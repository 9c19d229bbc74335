"""
The other reports of an article's event, as the index finds them.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from pipeline.answers import SearchHit, SearchRequest
from pipeline.arabic.words import words
from pipeline.reports import EntryStory
from pipeline.web.desk import Desk

#: An event is written about for some days.
_AROUND: Final = timedelta(days=4)
_SHOWN: Final = 8
_WORDS: Final = 12


def similar_to(desk: Desk, story: EntryStory) -> list[SearchHit]:
    """Other articles on the same event, the nearest first; none where there is no text."""
    if story.article is None:
        return []
    asked = list(dict.fromkeys(word.form for word in words(story.article.title) if len(word.form) > 3))
    if not asked:
        return []
    request = SearchRequest(
        query=" OR ".join(asked[:_WORDS]),
        since=story.article.dated_at - _AROUND,
        until=story.article.dated_at + _AROUND,
        limit=_SHOWN + 1,
        counts=False,
    )
    return [hit for hit in desk.index.search(request).hits if hit.document_id != story.entry_id][:_SHOWN]
