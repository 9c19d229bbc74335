"""
The story of an article, for whoever has its id or one of its addresses in hand.
"""

from __future__ import annotations

from pipeline.reports import EntryStory
from pipeline.web.desk import Desk
from pipeline.web.problems import NotFoundError


def story_of(desk: Desk, url_or_id: str) -> EntryStory:
    """All that is known of it.

    Raises:
        NotFoundError: no feed listed it and no import held it, or it was forgotten.
    """
    story = desk.ledger.story_of(url_or_id) if url_or_id.isprintable() else None
    if story is None or story.forgotten_at:
        raise NotFoundError("nothing is known of that article")
    return story
