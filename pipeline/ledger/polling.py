"""
Poll: feeds as configured, feeds as last seen, and what they list.

Validators and entries are written in one transaction: a crash in between would leave entries lost
behind a 304 for ever.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update

from pipeline.errors import StoreError
from pipeline.hosts import HostLease, host_of
from pipeline.ledger.engine import Store
from pipeline.ledger.feed_dates import (
    date_anew,
    dates_with_pages,
    evidence_from,
    evidence_json,
    rule_from,
    rule_json,
)
from pipeline.ledger.habits import habits_json, habits_of
from pipeline.ledger.hosts import Hosts, ensure_hosts
from pipeline.ledger.part import forgotten, put_back, with_article
from pipeline.ledger.rows import Row, entry_row, feed_letters, feed_text_row, turn_of
from pipeline.ledger.schema import articles, entries, feed_texts, feeds, sightings
from pipeline.records import DateEvidence, Feed, FeedEntry, Stage
from pipeline.work import CHUNK, FeedState, PollCounts, PolledFeed


class Polling(Hosts):
    """See `pipeline.work.PollLedger`."""

    def due_feeds(self, lease: HostLease, *, now: datetime, limit: int = CHUNK) -> Sequence[FeedState]:
        """The host's feeds whose time has come, longest waiting first."""
        due = (
            select(feeds)
            .where(feeds.c.host == lease.host, feeds.c.enabled, feeds.c.next_poll_at <= now)
            .order_by(feeds.c.next_poll_at, feeds.c.feed_id)
            .limit(limit)
        )
        with self._store.read() as connection:
            return [_state(row) for row in connection.execute(due)]

    def dates_with_pages(self, feed_url: str, entry_ids: Sequence[str]) -> Sequence[DateEvidence]:
        """The dates a feed gave those of its entries whose pages state an instant of their own."""
        with self._store.read() as connection:
            return dates_with_pages(connection, feed_url, entry_ids)

    def settle_poll(self, polled: PolledFeed) -> PollCounts:
        """Write down one poll: validators, entries, sightings, next time; one transaction.

        Raises:
            StoreError: the ledger does not know the feed.
        """
        with self._store.write() as connection:
            feed = connection.execute(
                select(feeds).where(feeds.c.url == polled.feed_url).with_for_update()
            ).one_or_none()
            if feed is None:
                raise StoreError(f"{self._store.place}: no feed {polled.feed_url}; was it ever configured?")
            # Most polls bring nothing, and are to cost next to nothing.
            is_new = polled.status == "new"
            counts = _settle_entries(self._store, connection, feed, polled) if is_new else PollCounts()
            _settle_feed(self._store, connection, feed, polled)
            return counts


def _state(row: Row) -> FeedState:
    return FeedState(
        feed=Feed(
            url=row.url,
            outlet_id=row.outlet_id,
            section=row.section,
            poll_at_most_s=row.poll_at_most_s,
            time_zone=row.time_zone,
        ),
        url=row.fetch_url or row.url,
        first_polled_at=row.first_polled_at,
        last_polled_at=row.last_polled_at,
        etag=row.etag,
        last_modified=row.last_modified,
        body_hash=row.body_hash,
        interval_s=row.interval_s,
        failures=row.failures,
        moves=row.moves,
        moved_to=row.moved_to,
        listed=tuple(row.listed),
        date_rule=rule_from(row.date_rule),
        date_evidence=evidence_from(row.date_evidence),
        last_good_at=row.last_good_at,
        habits=habits_of(row.habits),
    )


def _settle_feed(store: Store, connection: Connection, feed: Row, polled: PolledFeed) -> None:
    values = feed_columns(feed, polled)
    if values["host"] != feed.host:
        ensure_hosts(store, connection, [values["host"]])
    connection.execute(update(feeds).where(feeds.c.feed_id == feed.feed_id).values(values))


def feed_columns(feed: Row, polled: PolledFeed) -> dict[str, Any]:
    """What a poll changes in its feed's row.

    Only a body that was read replaces the validators whatever they are; a poll that brought none
    keeps what it does not name, so one bad answer does not cost a full download.
    """
    fresh = polled.status == "new"
    good = fresh or polled.status == "unchanged"
    fetch_url = polled.fetch_url or feed.fetch_url
    return {
        "host": host_of(fetch_url or feed.url),
        "fetch_url": fetch_url,
        "first_polled_at": feed.first_polled_at or (polled.polled_at if good else None),
        "last_polled_at": polled.polled_at,
        "last_good_at": polled.polled_at if good else feed.last_good_at,
        "next_poll_at": polled.next_poll_at,
        "etag": polled.etag if fresh else polled.etag or feed.etag,
        "last_modified": polled.last_modified if fresh else polled.last_modified or feed.last_modified,
        "body_hash": polled.body_hash if fresh else polled.body_hash or feed.body_hash,
        "interval_s": polled.interval_s,
        "failures": polled.failures,
        "moves": polled.moves,
        "moved_to": polled.moved_to,
        "status": polled.status,
        "reason": polled.reason,
        "http_status": polled.http_status,
        **(_learnt(polled) if fresh else {}),
    }


def _learnt(polled: PolledFeed) -> dict[str, Any]:
    """What only a body that was read can tell."""
    return {
        "listed": [entry.entry_id for entry in polled.entries],
        "date_rule": rule_json(polled.date_rule),
        "date_evidence": evidence_json(polled.date_evidence),
        "habits": habits_json(polled.habits),
    }


# -- entries ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Known:
    """What the ledger knew of the entries before this poll."""

    feed: Row
    entries: Mapping[str, Row]
    sightings: Mapping[str, Row]
    feed_texts: Mapping[str, Row]


def _settle_entries(store: Store, connection: Connection, feed: Row, polled: PolledFeed) -> PollCounts:
    listed = {entry.entry_id: entry for entry in polled.entries}
    gone = forgotten(connection, listed)
    allowed = {key: entry for key, entry in listed.items() if key not in gone}
    new = _insert_new(store, connection, feed, polled, allowed)
    seen = {key: entry for key, entry in allowed.items() if key not in new}
    known = _known(connection, feed, seen)
    changed = [key for key, entry in seen.items() if is_changed(known.sightings.get(key), entry)]
    _save_texts(store, connection, known, new, seen)
    _save_sightings(store, connection, feed, allowed.values(), polled.polled_at)
    _look_again(connection, known, changed, now=polled.polled_at)
    if polled.redated:
        date_anew(connection, feed, seen, now=polled.polled_at)
    vanished = _settle_vanished(connection, feed, polled)
    return PollCounts(
        listed=len(listed),
        new=len(new),
        changed=len(changed),
        known=len(listed) - len(new) - len(changed),
        vanished=vanished,
    )


def is_changed(sighting: Row | None, entry: FeedEntry) -> bool:
    """Whether *this feed* said something else of the entry before."""
    return sighting is not None and sighting.content_hash != entry.content_hash


def _insert_new(
    store: Store, connection: Connection, feed: Row, polled: PolledFeed, listed: Mapping[str, FeedEntry]
) -> dict[str, FeedEntry]:
    """Insert what is unknown; what another poll inserts at the same moment is known."""
    backlog = feed.first_polled_at is None
    rows = [
        entry_row(
            entry,
            stage=Stage.FETCH.value,
            turn=turn_of(entry.date, polled.polled_at, backlog=backlog, position=position),
            first_seen_at=polled.polled_at,
        )
        for position, entry in enumerate(listed.values())
    ]
    if not rows:
        return {}
    rows.sort(key=lambda row: str(row["entry_id"]))  # always in one order: no two can wait for each other
    statement = store.insert(entries).on_conflict_do_nothing().returning(entries.c.entry_id)
    new = set(connection.execute(statement, rows).scalars())
    ensure_hosts(store, connection, [row["host"] for row in rows if row["entry_id"] in new])
    return {key: entry for key, entry in listed.items() if key in new}


def _known(connection: Connection, feed: Row, seen: Mapping[str, FeedEntry]) -> _Known:
    keys = sorted(seen)
    rows = connection.execute(
        select(entries).where(entries.c.entry_id.in_(keys)).order_by(entries.c.entry_id).with_for_update()
    )
    sighted = connection.execute(
        select(sightings).where(sightings.c.feed_id == feed.feed_id, sightings.c.entry_id.in_(keys))
    )
    texts = connection.execute(
        select(feed_texts.c.entry_id, feed_texts.c.feed_url).where(feed_texts.c.entry_id.in_(keys))
    )
    return _Known(
        feed=feed,
        entries={row.entry_id: row for row in rows},
        sightings={row.entry_id: row for row in sighted},
        feed_texts={row.entry_id: row for row in texts},
    )


def _save_texts(
    store: Store,
    connection: Connection,
    known: _Known,
    new: Mapping[str, FeedEntry],
    seen: Mapping[str, FeedEntry],
) -> None:
    """Keep the fullest text: what the same feed says now, or what another says at greater length."""
    kept = [*new.values(), *(entry for entry in seen.values() if _says_more(known, entry))]
    if not kept:
        return
    statement = store.insert(feed_texts)
    newer = {
        column.name: statement.excluded[column.name] for column in feed_texts.c if not column.primary_key
    }
    connection.execute(
        statement.on_conflict_do_update(index_elements=["entry_id"], set_=newer),
        [feed_text_row(entry) for entry in kept],
    )
    for entry in kept:
        if entry.entry_id in seen:
            connection.execute(
                update(entries)
                .where(entries.c.entry_id == entry.entry_id)
                .values(feed_letters=feed_letters(entry))
            )


def _says_more(known: _Known, entry: FeedEntry) -> bool:
    row = known.entries.get(entry.entry_id)
    if row is None or row.expired_at is not None:
        return False
    text = known.feed_texts.get(entry.entry_id)
    if text is not None and text.feed_url == entry.feed_url:
        return is_changed(known.sightings.get(entry.entry_id), entry)
    return text is None or feed_letters(entry) > row.feed_letters


def _save_sightings(
    store: Store, connection: Connection, feed: Row, listed: Any, polled_at: datetime
) -> None:
    rows = [
        {
            "feed_id": feed.feed_id,
            "entry_id": entry.entry_id,
            "content_hash": entry.content_hash,
            "first_seen_at": polled_at,
            "last_seen_at": polled_at,
            "vanished_at": None,
        }
        for entry in listed
    ]
    if not rows:
        return
    statement = store.insert(sightings)
    renewed = {name: statement.excluded[name] for name in ("content_hash", "last_seen_at", "vanished_at")}
    connection.execute(
        statement.on_conflict_do_update(index_elements=["feed_id", "entry_id"], set_=renewed), rows
    )


def _look_again(connection: Connection, known: _Known, changed: Sequence[str], *, now: datetime) -> None:
    """An edited entry is fetched again, before older news; what expired stays so.

    Its page is asked for without validators: a server that says it is unchanged would be wrong.
    """
    wanted = [key for key in changed if known.entries[key].expired_at is None]
    unconditional = {"page_etag": None, "page_last_modified": None}
    put_back(connection, wanted, Stage.FETCH, now=now, turn=turn_of(None, now), **unconditional)


def _settle_vanished(connection: Connection, feed: Row, polled: PolledFeed) -> int:
    """Look again at what vanished, once, where there is an article it may have taken along."""
    fresh = connection.execute(
        select(sightings.c.entry_id).where(
            sightings.c.feed_id == feed.feed_id,
            sightings.c.entry_id.in_(sorted(polled.vanished)),
            sightings.c.vanished_at.is_(None),
        )
    ).scalars()
    keys = sorted(fresh)
    if not keys:
        return 0
    connection.execute(
        update(sightings)
        .where(sightings.c.feed_id == feed.feed_id, sightings.c.entry_id.in_(keys))
        .values(vanished_at=polled.polled_at)
    )
    withdrawn = set(
        connection.execute(
            select(articles.c.article_id).where(
                articles.c.article_id.in_(keys), articles.c.withdrawn_at.is_not(None)
            )
        ).scalars()
    )
    wanted = sorted(with_article(connection, keys) - withdrawn)
    put_back(connection, wanted, Stage.FETCH, now=polled.polled_at, turn=turn_of(None, polled.polled_at))
    return len(wanted)
