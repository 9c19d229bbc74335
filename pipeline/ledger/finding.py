"""
Find an entry by what a person has in hand: an id, or an address.
"""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import ColumnElement, Connection, or_, select

from pipeline.ledger.columns import storable
from pipeline.ledger.rows import Row, url_hash
from pipeline.ledger.schema import articles, entries, tombstones


def entry_id_of(connection: Connection, url_or_id: str, *, id_of: Callable[[str], str]) -> str | None:
    """The entry's id: by id, by the address listed, the canonical one, or the page's own.

    `id_of` gives the id of an address in whatever spelling: a person's is seldom the feed's.
    """
    wanted = url_or_id.strip()
    key = url_hash(wanted)
    final = select(articles.c.article_id).where(articles.c.url_hash == key, articles.c.url == wanted)
    for condition in (
        entries.c.entry_id.in_([wanted, id_of(wanted)]),
        (entries.c.url_hash == key) & (entries.c.url == wanted),
        (entries.c.canonical_hash == key) & (entries.c.canonical_url == wanted),
        entries.c.entry_id.in_(final),
    ):
        found = _first(connection, condition)
        if found is not None:
            return found
    return None


def tombstone_of(connection: Connection, url_or_id: str, *, id_of: Callable[[str], str]) -> Row | None:
    """What is left of a forgotten entry; its address is known by hashes only."""
    wanted = storable(url_or_id.strip())
    query = select(tombstones).where(
        or_(tombstones.c.entry_id.in_([wanted, id_of(wanted)]), tombstones.c.url_hash == url_hash(wanted))
    )
    return connection.execute(query.limit(1)).one_or_none()


def _first(connection: Connection, condition: ColumnElement[bool]) -> str | None:
    query = select(entries.c.entry_id).where(condition).order_by(entries.c.first_seen_at).limit(1)
    return connection.execute(query).scalar()
