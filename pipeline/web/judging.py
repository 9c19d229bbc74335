"""
Marking a match right or wrong, from a page or by a program.
"""

from __future__ import annotations

from pipeline.web.desk import Desk
from pipeline.web.problems import NotFoundError
from pipeline.web.stories import story_of
from pipeline.web.visitors import Visitor


def judge(
    desk: Desk, article_id: str, topic_id: str, *, belongs: bool | None, why: str, visitor: Visitor
) -> str:
    """Note what a visitor says of an article and a topic; None takes it back.

    Returns:
        The entry's id.

    Raises:
        NotFoundError: there is no such topic, or no such article.
    """
    if topic_id not in desk.configured.topics:
        raise NotFoundError("there is no such topic")
    story = story_of(desk, article_id)
    if belongs is None:
        desk.ledger.take_back(story.entry_id, topic_id)
        return story.entry_id
    desk.ledger.judge(
        story.entry_id, topic_id, belongs=belongs, why=why.strip(), judged_by=visitor.name, now=desk.now()
    )
    return story.entry_id
