"""
What the pages show beside search: evidence of many articles, what rules changed, feeds hour by hour.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import BigInteger, func, select, type_coerce

from pipeline.ledger.columns import instant_of
from pipeline.ledger.part import Part
from pipeline.ledger.rows import date_from, match_of, run_of
from pipeline.ledger.schema import (
    articles,
    feeds,
    matches,
    outlets,
    runs,
    sightings,
    topic_changes,
)
from pipeline.records import TopicMatch
from pipeline.reports import Delay, StepRun, TopicChange

_HOUR_US = 3_600_000_000


class Showing(Part):
    """Reads only; every answer is one consistent view."""

    def matches_of(self, article_ids: Iterable[str]) -> dict[str, tuple[TopicMatch, ...]]:
        """Why articles are about their topics, the surest first; those about none are left out."""
        query = (
            select(matches)
            .where(matches.c.article_id.in_(sorted(article_ids)))
            .order_by(matches.c.score.desc(), matches.c.topic_id)
        )
        found: dict[str, list[TopicMatch]] = defaultdict(list)
        with self._store.read() as connection:
            for row in connection.execute(query):
                found[row.article_id].append(match_of(row))
        return {article_id: tuple(each) for article_id, each in found.items()}

    def topic_changes(self, topic_id: str, *, limit: int = 500) -> list[TopicChange]:
        """Articles a topic gained or lost by a change of its rules, newest change first."""
        query = (
            select(topic_changes, articles.c.title, articles.c.outlet_id)
            .join(articles, articles.c.article_id == topic_changes.c.article_id)
            .where(topic_changes.c.topic_id == topic_id)
            .order_by(topic_changes.c.changed_at.desc(), topic_changes.c.change_id)
            .limit(limit)
        )
        with self._store.read() as connection:
            return [
                TopicChange(
                    topic_id=row.topic_id,
                    article_id=row.article_id,
                    title=row.title,
                    outlet_id=row.outlet_id,
                    changed_at=row.changed_at,
                    gained=row.gained,
                    topic_version=row.topic_version,
                )
                for row in connection.execute(query)
            ]

    def entries_by_hour(self, since: datetime) -> dict[str, dict[datetime, int]]:
        """By feed address, the hours in which it listed something new, and how much."""
        hour = type_coerce(sightings.c.first_seen_at, BigInteger) // _HOUR_US
        query = (
            select(feeds.c.url, hour.label("hour"), func.count().label("entries"))
            .join(feeds, feeds.c.feed_id == sightings.c.feed_id)
            .where(sightings.c.first_seen_at >= since)
            .group_by(feeds.c.url, hour)
        )
        found: dict[str, dict[datetime, int]] = defaultdict(dict)
        with self._store.read() as connection:
            for row in connection.execute(query):
                found[row.url][instant_of(row.hour * _HOUR_US)] = row.entries
        return dict(found)

    def delays(self, since: datetime) -> list[Delay]:
        """How long articles first searchable since then took from publication to there.

        Only of articles published after their outlet was followed: its backlog says nothing of pace.
        """
        query = (
            select(articles.c.outlet_id, articles.c.date, articles.c.searchable_at)
            .join(outlets, outlets.c.outlet_id == articles.c.outlet_id)
            .where(
                articles.c.searchable_at >= since,
                articles.c.dated_at >= outlets.c.added_at,
                articles.c.body_from != "import",
            )
        )
        with self._store.read() as connection:
            dated = [
                (row.outlet_id, date, row.searchable_at)
                for row in connection.execute(query)
                if (date := date_from(row.date)) is not None and date.precision in {"second", "minute"}
            ]
        return [
            Delay(outlet_id=outlet_id, delay_s=max(0.0, (at - date.published_at).total_seconds()))
            for outlet_id, date, at in dated
        ]

    def runs_since(self, step: str, since: datetime) -> list[StepRun]:
        """Runs of a step that ended since then, oldest first."""
        query = (
            select(runs)
            .where(runs.c.step == step, runs.c.ended_at >= since)
            .order_by(runs.c.ended_at, runs.c.run_id)
        )
        with self._store.read() as connection:
            return [run_of(row) for row in connection.execute(query)]
