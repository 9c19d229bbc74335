"""
Outlets and feeds as configured, brought into the ledger.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update

from pipeline.hosts import host_of
from pipeline.ledger.engine import Store
from pipeline.ledger.hosts import ensure_hosts
from pipeline.ledger.part import Part
from pipeline.ledger.rows import Row
from pipeline.ledger.schema import feeds, outlets
from pipeline.records import Feed, Outlet


class Outlets(Part):
    """What the configuration says, kept beside what the web said."""

    def sync_outlets(self, configured: Mapping[str, Outlet], *, now: datetime) -> None:
        """Take in outlets and feeds as configured now.

        What is no longer configured is switched off, and keeps its history; switched on again, a
        feed is due at once. Where nothing has changed nothing is written.
        """
        with self._store.read() as connection:
            if _is_in_step(connection, configured):
                return
        with self._store.write() as connection:
            _save_outlets(self._store, connection, configured, now=now)
            _save_feeds(self._store, connection, configured, now=now)

    def make_due(self, *, now: datetime, outlet_id: str | None = None) -> int:
        """Let every feed, or those of one outlet, be due at once, those stopped by a 410 too; how many.

        The pace of their hosts holds all the same.
        """
        chosen = [feeds.c.enabled, *([feeds.c.outlet_id == outlet_id] if outlet_id else [])]
        with self._store.write() as connection:
            return connection.execute(update(feeds).where(*chosen).values(next_poll_at=now)).rowcount


def _outlet_columns(outlet: Outlet) -> dict[str, Any]:
    return {
        "title": outlet.title,
        "title_en": outlet.title_en,
        "country": outlet.country,
        "enabled": True,
    }


def _feed_columns(outlet: Outlet, feed: Feed) -> dict[str, Any]:
    return {
        "outlet_id": outlet.outlet_id,
        "section": feed.section,
        "poll_at_most_s": feed.poll_at_most_s,
        "time_zone": feed.time_zone,
        "enabled": True,
    }


def _is_in_step(connection: Connection, configured: Mapping[str, Outlet]) -> bool:
    known = {row.outlet_id: row for row in connection.execute(select(outlets).where(outlets.c.enabled))}
    known_feeds = {row.url: row for row in connection.execute(select(feeds).where(feeds.c.enabled))}
    wanted = {outlet.outlet_id: _outlet_columns(outlet) for outlet in configured.values()}
    wanted_feeds = {feed.url: _feed_columns(outlet, feed) for outlet, feed in _feeds(configured)}
    return _agree(known, wanted) and _agree(known_feeds, wanted_feeds)


def _feeds(configured: Mapping[str, Outlet]) -> Iterable[tuple[Outlet, Feed]]:
    return ((outlet, feed) for outlet in configured.values() for feed in outlet.feeds)


def _agree(known: Mapping[str, Row], wanted: Mapping[str, Mapping[str, Any]]) -> bool:
    return known.keys() == wanted.keys() and all(
        getattr(known[key], name) == value
        for key, columns in wanted.items()
        for name, value in columns.items()
    )


def _save_outlets(
    store: Store, connection: Connection, configured: Mapping[str, Outlet], *, now: datetime
) -> None:
    connection.execute(update(outlets).values(enabled=False))
    for outlet in sorted(configured.values(), key=lambda outlet: outlet.outlet_id):
        columns = _outlet_columns(outlet)
        connection.execute(
            store.insert(outlets)
            .values(outlet_id=outlet.outlet_id, added_at=now, **columns)
            .on_conflict_do_update(index_elements=["outlet_id"], set_=columns)
        )


def _save_feeds(
    store: Store, connection: Connection, configured: Mapping[str, Outlet], *, now: datetime
) -> None:
    off = set(connection.execute(select(feeds.c.url).where(~feeds.c.enabled)).scalars())
    connection.execute(update(feeds).values(enabled=False))
    ensure_hosts(store, connection, (host_of(feed.url) for _, feed in _feeds(configured)))
    for outlet, feed in sorted(_feeds(configured), key=lambda pair: pair[1].url):
        columns = _feed_columns(outlet, feed)
        new = {"url": feed.url, "host": host_of(feed.url), "added_at": now, "next_poll_at": now}
        again = {"next_poll_at": now} if feed.url in off else {}
        connection.execute(
            store.insert(feeds)
            .values(**new, **columns)
            .on_conflict_do_update(index_elements=["url"], set_={**columns, **again})
        )
