"""
What a feed gets wrong in its dates: the rule, the evidence for it, and entries dated anew by it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, or_, select, update

from pipeline.habits import ClockSight, FirstSight, PageSight
from pipeline.ledger.columns import instant_of, microseconds
from pipeline.ledger.part import put_back
from pipeline.ledger.rows import Row, date_from, date_json, to_backlog
from pipeline.ledger.schema import articles, entries, feed_texts
from pipeline.records import DateEvidence, DateRule, FeedEntry, Stage


def rule_json(rule: DateRule | None) -> dict[str, Any] | None:
    return {"zone": rule.zone, "claimed_s": rule.claimed_s} if rule else None


def rule_from(value: Mapping[str, Any] | None) -> DateRule | None:
    return DateRule(**value) if value else None


def evidence_json(evidence: Sequence[ClockSight]) -> list[list[Any]]:
    return [_sight_json(sight) for sight in evidence]


def evidence_from(value: Sequence[Sequence[Any]]) -> tuple[ClockSight, ...]:
    return tuple(_sight_from(*sight) for sight in value)


def _sight_json(sight: ClockSight) -> list[Any]:
    said = [sight.wall.isoformat(), sight.claimed_s]
    if isinstance(sight, PageSight):
        return [*said, microseconds(sight.page_at), "page"]
    return [*said, microseconds(sight.seen_at)]


def _sight_from(said: str, claimed_s: int, at_us: int, by: str = "") -> ClockSight:
    wall, at = datetime.fromisoformat(said), instant_of(at_us)
    if by == "page":
        return PageSight(wall=wall, claimed_s=claimed_s, page_at=at)
    return FirstSight(wall=wall, claimed_s=claimed_s, seen_at=at)


def dates_with_pages(connection: Connection, feed_url: str, entry_ids: Sequence[str]) -> list[DateEvidence]:
    """The dates a feed gave entries whose pages, read since, state an instant of their own."""
    found = connection.execute(
        select(articles.c.date)
        .join(feed_texts, feed_texts.c.entry_id == articles.c.article_id)
        .where(articles.c.article_id.in_(sorted(entry_ids)), feed_texts.c.feed_url == feed_url)
        .order_by(articles.c.article_id)
    )
    dates = map(date_from, found.scalars())
    return [date for date in dates if date and date.page_at]


def date_anew(
    connection: Connection, feed: Row, listed: Mapping[str, FeedEntry], *, now: datetime
) -> Sequence[str]:
    """Give entries the dates a changed rule gives them; what was extracted waits to be so again.

    Only the feed whose text an entry keeps dates it. Behind everything fresh: nothing is fetched, and
    nothing new waits for it. Returns the ids of those whose date is another now.
    """
    texts = connection.execute(
        select(feed_texts.c.entry_id, feed_texts.c.date).where(
            feed_texts.c.entry_id.in_(sorted(listed)), feed_texts.c.feed_url == feed.url
        )
    )
    kept = {row.entry_id: row.date for row in texts}
    anew = {key: date_json(listed[key].date) for key in kept}
    changed = sorted(key for key, date in anew.items() if date != kept[key])
    if not changed:
        return []
    connection.execute(
        update(feed_texts).where(feed_texts.c.entry_id == bindparam("key")).values(date=bindparam("anew")),
        [{"key": key, "anew": anew[key]} for key in changed],
    )
    put_back(
        connection, _extracted(connection, changed), Stage.EXTRACT, now=now, turn=to_backlog(entries.c.turn)
    )
    return changed


def _extracted(connection: Connection, entry_ids: Sequence[str]) -> list[str]:
    """Those of the entries that can be extracted again from what is there."""
    query = select(entries.c.entry_id).where(
        entries.c.entry_id.in_(entry_ids),
        or_(entries.c.page_file.is_not(None), entries.c.page_outcome != ""),
        entries.c.stage.is_(None),
        entries.c.expired_at.is_(None),
    )
    return list(connection.execute(query).scalars())
