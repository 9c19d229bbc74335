"""
Hosts: who may be asked, and when. Their pace holds across workers and processes.

A lease is told from earlier and later ones of the same host by its token, so whoever lost it does
no harm by giving it back late.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, ScalarSelect, and_, func, or_, select, update

from pipeline.hosts import HostLease, HostReport, Robots
from pipeline.ledger import claims
from pipeline.ledger.engine import Store
from pipeline.ledger.part import Part
from pipeline.ledger.rows import Row
from pipeline.ledger.schema import entries, feeds, hosts
from pipeline.ledger.schema import robots as robots_txt
from pipeline.records import Stage

_AT_ONCE = datetime(1970, 1, 1, tzinfo=UTC)


class Hosts(Part):
    """See `pipeline.hosts.HostLedger`."""

    def claim_host(self, stage: str, *, worker: str, now: datetime) -> HostLease | None:
        """Lease a host that may be asked now and has work for `stage` ("poll" or "fetch")."""
        urgency, free = _urgency(stage, now), _is_free(now)
        picked = (
            select(hosts.c.host)
            .where(free, hosts.c.next_request_at <= now, urgency.is_not(None))
            .order_by(urgency)
            .limit(1)
            .with_for_update(skip_locked=True, of=hosts)
            .cte("picked")
        )
        lease = (
            update(hosts)
            .where(hosts.c.host.in_(select(picked.c.host)))
            .values(leased_until=claims.lease_end(now), worker=worker, token=hosts.c.token + 1)
            .returning(*hosts.c)
        )
        with self._store.write() as connection:
            row = connection.execute(lease).one_or_none()
            return _lease(connection, row) if row is not None else None

    def next_host_at(self, stage: str, *, now: datetime) -> datetime | None:
        """When the next host with work for `stage` that nobody holds may be asked; None: there is none."""
        query = select(func.min(hosts.c.next_request_at)).where(
            _is_free(now), _urgency(stage, now).is_not(None)
        )
        with self._store.read() as connection:
            return connection.execute(query).scalar()

    def claim_this_host(self, host: str, *, worker: str, now: datetime) -> HostLease | None:
        """Lease one host by its name, whether it has work or not; None while it may not be asked."""
        lease = (
            update(hosts)
            .where(hosts.c.host == host, _is_free(now), hosts.c.next_request_at <= now)
            .values(leased_until=claims.lease_end(now), worker=worker, token=hosts.c.token + 1)
            .returning(*hosts.c)
        )
        with self._store.write() as connection:
            ensure_hosts(self._store, connection, [host])
            row = connection.execute(lease).one_or_none()
            return _lease(connection, row) if row is not None else None

    def renew_host(self, lease: HostLease, *, now: datetime) -> HostLease:
        """The same lease, from now, and with it the pages claimed under it."""
        until = claims.lease_end(now)
        with self._store.write() as connection:
            prolonged = connection.execute(
                update(hosts).where(_is_held(lease)).values(leased_until=until)
            ).rowcount
            if not prolonged:
                return lease
            connection.execute(
                update(entries)
                .where(
                    entries.c.stage == Stage.FETCH.value,
                    entries.c.host == lease.host,
                    entries.c.worker == lease.worker,
                    entries.c.leased_until.is_not(None),
                )
                .values(leased_until=until)
            )
        return replace(lease, leased_until=until)

    def release_host(self, lease: HostLease, report: HostReport) -> None:
        """Give the host back; a lease that ran out and was taken by another is left alone."""
        with self._store.write() as connection:
            connection.execute(
                update(hosts)
                .where(_is_held(lease))
                .values(
                    leased_until=None,
                    worker="",
                    next_request_at=report.next_request_at,
                    failures=report.failures,
                )
            )

    def save_robots(self, lease: HostLease, robots: Robots) -> None:
        """Remember the host's robots.txt."""
        values = {"status": robots.status, "body": robots.body, "fetched_at": robots.fetched_at}
        with self._store.write() as connection:
            connection.execute(
                self._store.insert(robots_txt)
                .values(host=lease.host, **values)
                .on_conflict_do_update(index_elements=["host"], set_=values)
            )


def ensure_hosts(store: Store, connection: Connection, names: Iterable[str]) -> None:
    """Make rows for hosts not seen before; they may be asked at once."""
    rows = [{"host": name, "next_request_at": _AT_ONCE} for name in sorted(set(names)) if name]
    if rows:
        connection.execute(store.insert(hosts).on_conflict_do_nothing(), rows)


def _is_held(lease: HostLease) -> ColumnElement[bool]:
    return and_(
        hosts.c.host == lease.host,
        hosts.c.token == lease.token,
        hosts.c.leased_until.is_not(None),
    )


def held(connection: Connection, lease: HostLease, *, now: datetime) -> bool:
    """Whether the lease still holds; if so, nobody takes it before the transaction ends."""
    query = select(hosts.c.host).where(_is_held(lease), hosts.c.leased_until > now).with_for_update()
    return connection.execute(query).scalar() is not None


def _is_free(now: datetime) -> ColumnElement[bool]:
    return or_(hosts.c.leased_until.is_(None), hosts.c.leased_until <= now)


def _urgency(stage: str, now: datetime) -> ScalarSelect[Any]:
    return _feed_waiting(now) if stage == "poll" else _page_waiting(now)


def _feed_waiting(now: datetime) -> ScalarSelect[Any]:
    """Since when the host's longest waiting feed is due."""
    due = and_(feeds.c.host == hosts.c.host, feeds.c.enabled, feeds.c.next_poll_at <= now)
    return select(func.min(feeds.c.next_poll_at)).where(due).scalar_subquery()


def _page_waiting(now: datetime) -> ScalarSelect[Any]:
    """The turn of the host's page whose turn is first."""
    return (
        select(entries.c.turn)
        .where(
            entries.c.stage == Stage.FETCH.value,
            entries.c.host == hosts.c.host,
            claims.claimable(claims.ENTRIES, now),
            or_(entries.c.retry_at.is_(None), entries.c.retry_at <= now),
        )
        .order_by(entries.c.turn)
        .limit(1)
        .scalar_subquery()
    )


def _lease(connection: Connection, row: Row) -> HostLease:
    known = connection.execute(select(robots_txt).where(robots_txt.c.host == row.host)).one_or_none()
    return HostLease(
        host=row.host,
        worker=row.worker,
        leased_until=row.leased_until,
        next_request_at=row.next_request_at,
        failures=row.failures,
        token=row.token,
        robots=None
        if known is None
        else Robots(status=known.status, body=known.body, fetched_at=known.fetched_at),
    )
