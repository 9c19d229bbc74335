"""
The other reports of an article's event, as the index finds them.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from pipeline.answers import SearchHit, SimilarRequest
from pipeline.reports import EntryStory
from pipeline.web.desk import Desk

#: An event is written about for some days.
_AROUND: Final = timedelta(days=5)
_SHOWN: Final = 8


def similar_to(desk: Desk, story: EntryStory) -> list[SearchHit]:
    """Other articles on the same event, the likeliest first; none where there is no text."""
    if story.article is None:
        return []
    request = SimilarRequest(
        document_id=story.entry_id,
        since=story.article.dated_at - _AROUND,
        until=story.article.dated_at + _AROUND,
        limit=_SHOWN,
        collapse=True,
    )
    return list(desk.index.similar(request).hits)
