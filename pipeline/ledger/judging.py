"""
Judgements: what people say of articles and topics, having read them.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select

from pipeline.ledger.finding import entry_id_of
from pipeline.ledger.part import Part
from pipeline.ledger.schema import judgements
from pipeline.records import Judgement


class Judging(Part):
    """One judgement for each article and topic: the latest."""

    def judge(
        self, url_or_id: str, topic_id: str, *, belongs: bool, why: str, judged_by: str, now: datetime
    ) -> Judgement | None:
        """Note what somebody says; a later word on the same pair replaces it.

        Returns:
            The judgement as kept; None where there is no such entry.
        """
        with self._store.write() as connection:
            entry_id = entry_id_of(connection, url_or_id, id_of=self._id_of)
            if entry_id is None:
                return None
            said = {"belongs": belongs, "why": why, "judged_by": judged_by, "judged_at": now}
            connection.execute(
                self._store.insert(judgements)
                .values(article_id=entry_id, topic_id=topic_id, **said)
                .on_conflict_do_update(index_elements=["article_id", "topic_id"], set_=said)
            )
        return Judgement(
            article_id=entry_id,
            topic_id=topic_id,
            belongs=belongs,
            why=why,
            judged_by=judged_by,
            judged_at=now,
        )

    def take_back(self, url_or_id: str, topic_id: str) -> bool:
        """Delete a judgement; whether there was one."""
        with self._store.write() as connection:
            entry_id = entry_id_of(connection, url_or_id, id_of=self._id_of)
            gone = connection.execute(
                delete(judgements).where(
                    judgements.c.article_id == entry_id, judgements.c.topic_id == topic_id
                )
            )
            return bool(gone.rowcount)

    def judgements(self, *, topic_id: str | None = None, article_id: str | None = None) -> list[Judgement]:
        """What was said, the latest first."""
        query = select(judgements).order_by(judgements.c.judged_at.desc(), judgements.c.article_id)
        if topic_id is not None:
            query = query.where(judgements.c.topic_id == topic_id)
        if article_id is not None:
            query = query.where(judgements.c.article_id == article_id)
        with self._store.read() as connection:
            return [Judgement(**row._mapping) for row in connection.execute(query)]  # noqa: SLF001 - SQLAlchemy's public name
