"""
What users keep: searches under a name, and keys of their programs.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, delete, insert, select, update

from pipeline.ledger.part import Part
from pipeline.ledger.people_tables import api_keys, saved_searches, users
from pipeline.ledger.rows import Row
from pipeline.people import ApiKey, Role, SavedSearch, Scope

_SAVED = select(saved_searches, users.c.name.label("owner")).outerjoin(
    users, users.c.user_id == saved_searches.c.user_id
)
_KEYS = select(api_keys, users.c.name.label("owner"), users.c.role).join(
    users, users.c.user_id == api_keys.c.user_id
)


class Keeping(Part):
    """Saved searches and keys; `user_id` None is whoever sits at an open machine."""

    def save_search(
        self, user_id: int | None, *, name: str, state: str, token: str, now: datetime
    ) -> SavedSearch:
        """Keep a search."""
        values = {"user_id": user_id, "name": name, "state": state, "token": token, "created_at": now}
        with self._store.write() as connection:
            connection.execute(insert(saved_searches).values(values))
            row = connection.execute(_SAVED.where(saved_searches.c.token == token)).one()
        return _search_of(row)

    def saved_searches(self, user_id: int | None) -> list[SavedSearch]:
        """Somebody's searches, newest first."""
        query = _SAVED.where(_owned(saved_searches.c.user_id, user_id)).order_by(
            saved_searches.c.created_at.desc(), saved_searches.c.search_id.desc()
        )
        with self._store.read() as connection:
            return [_search_of(row) for row in connection.execute(query)]

    def search_shared_as(self, token: str) -> SavedSearch | None:
        """The search with that token, whoever's it is."""
        with self._store.read() as connection:
            row = connection.execute(_SAVED.where(saved_searches.c.token == token)).one_or_none()
        return _search_of(row) if row else None

    def drop_search(self, user_id: int | None, search_id: int) -> bool:
        """Keep a search of theirs no longer; whether there was one."""
        mine = (saved_searches.c.search_id == search_id) & _owned(saved_searches.c.user_id, user_id)
        with self._store.write() as connection:
            return bool(connection.execute(delete(saved_searches).where(mine)).rowcount)

    def add_key(
        self,
        user_id: int,
        *,
        name: str,
        key_hash: str,
        beginning: str,
        scopes: Iterable[Scope],
        now: datetime,
    ) -> ApiKey:
        """A key for a program of theirs."""
        values = {
            "user_id": user_id, "name": name, "key_hash": key_hash, "beginning": beginning,
            "scopes": sorted(scopes), "created_at": now,
        }  # fmt: skip
        with self._store.write() as connection:
            connection.execute(insert(api_keys).values(values))
            row = connection.execute(_KEYS.where(api_keys.c.key_hash == key_hash)).one()
        return _key_of(row)

    def keys_of(self, user_id: int) -> list[ApiKey]:
        """Somebody's keys, newest first."""
        query = _KEYS.where(api_keys.c.user_id == user_id).order_by(api_keys.c.key_id.desc())
        with self._store.read() as connection:
            return [_key_of(row) for row in connection.execute(query)]

    def key_with(self, key_hash: str) -> ApiKey | None:
        """The key with that hash."""
        with self._store.read() as connection:
            row = connection.execute(_KEYS.where(api_keys.c.key_hash == key_hash)).one_or_none()
        return _key_of(row) if row else None

    def key_used(self, key_id: int, *, now: datetime) -> None:
        """Remember when a key last served."""
        with self._store.write() as connection:
            connection.execute(update(api_keys).where(api_keys.c.key_id == key_id).values(used_at=now))

    def drop_key(self, user_id: int, key_id: int) -> bool:
        """A key of theirs serves no longer; whether there was one."""
        mine = (api_keys.c.key_id == key_id) & (api_keys.c.user_id == user_id)
        with self._store.write() as connection:
            return bool(connection.execute(delete(api_keys).where(mine)).rowcount)


def _owned(column: ColumnElement[int], user_id: int | None) -> ColumnElement[bool]:
    return column.is_(None) if user_id is None else column == user_id


def _search_of(row: Row) -> SavedSearch:
    return SavedSearch(
        search_id=row.search_id,
        owner=row.owner,
        name=row.name,
        state=row.state,
        token=row.token,
        created_at=row.created_at,
    )


def _key_of(row: Row) -> ApiKey:
    return ApiKey(
        key_id=row.key_id,
        owner_id=row.user_id,
        owner=row.owner,
        role=Role(row.role),
        name=row.name,
        beginning=row.beginning,
        scopes=tuple(Scope(scope) for scope in row.scopes),
        created_at=row.created_at,
        used_at=row.used_at,
    )
