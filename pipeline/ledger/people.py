"""
Users of the pages and their sessions. Nothing here knows a password or a token: only their hashes.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, delete, exists, func, insert, select, update

from pipeline.errors import ConfigError
from pipeline.ledger.part import Part
from pipeline.ledger.people_tables import sessions, users
from pipeline.ledger.rows import Row
from pipeline.people import Role, User


class People(Part):
    """Who may sign in, and who is signed in."""

    def has_users(self) -> bool:
        """Whether anybody has to sign in at all."""
        with self._store.read() as connection:
            return bool(connection.execute(select(exists().select_from(users))).scalar())

    def users(self) -> list[User]:
        """Everybody, by name."""
        with self._store.read() as connection:
            return [user_of(row) for row in connection.execute(select(users).order_by(users.c.name))]

    def add_user(self, name: str, *, password_hash: str, role: Role, now: datetime) -> User:
        """Somebody new.

        Raises:
            ConfigError: the name is taken.
        """
        values = {"name": name, "password_hash": password_hash, "role": role.value, "created_at": now}
        with self._store.write() as connection:
            added = connection.execute(
                self._store.insert(users).values(values).on_conflict_do_nothing().returning(users)
            ).one_or_none()
        if added is None:
            raise ConfigError(f"there is a user {name} already")
        return user_of(added)

    def user_named(self, name: str) -> tuple[User, str] | None:
        """The user with that name, and the hash of their password."""
        with self._store.read() as connection:
            row = connection.execute(select(users).where(users.c.name == name)).one_or_none()
        return (user_of(row), row.password_hash) if row else None

    def set_password(self, user_id: int, password_hash: str) -> None:
        """A new password; whoever is signed in with the old one no longer is."""
        with self._store.write() as connection:
            connection.execute(
                update(users).where(users.c.user_id == user_id).values(password_hash=password_hash)
            )
            connection.execute(delete(sessions).where(sessions.c.user_id == user_id))

    def rehash_password(self, user_id: int, password_hash: str) -> None:
        """The same password, hashed as is usual now."""
        with self._store.write() as connection:
            connection.execute(
                update(users).where(users.c.user_id == user_id).values(password_hash=password_hash)
            )

    def set_role(self, user_id: int, role: Role) -> None:
        """Change what somebody may do, from their next request on.

        Raises:
            ConfigError: nobody would be left to manage users.
        """
        with self._store.write() as connection:
            connection.execute(update(users).where(users.c.user_id == user_id).values(role=role.value))
            _require_admin(connection)

    def remove_user(self, user_id: int) -> None:
        """Forget somebody, their sessions, searches and keys.

        Raises:
            ConfigError: others would be left, but nobody to manage them.
        """
        with self._store.write() as connection:
            connection.execute(delete(users).where(users.c.user_id == user_id))
            if connection.execute(select(exists().select_from(users))).scalar():
                _require_admin(connection)

    def begin_session(self, user_id: int, token_hash: str, *, now: datetime, expires_at: datetime) -> None:
        """Remember that somebody signed in; sessions that have run out are swept away."""
        values = {
            "token_hash": token_hash, "user_id": user_id, "began_at": now, "expires_at": expires_at,
        }  # fmt: skip
        with self._store.write() as connection:
            connection.execute(delete(sessions).where(sessions.c.expires_at <= now))
            connection.execute(insert(sessions).values(values))
            connection.execute(update(users).where(users.c.user_id == user_id).values(signed_in_at=now))

    def session_user(self, token_hash: str, *, now: datetime) -> User | None:
        """Who is signed in with that token."""
        query = (
            select(users)
            .join(sessions, sessions.c.user_id == users.c.user_id)
            .where(sessions.c.token_hash == token_hash, sessions.c.expires_at > now)
        )
        with self._store.read() as connection:
            row = connection.execute(query).one_or_none()
        return user_of(row) if row else None

    def end_session(self, token_hash: str) -> None:
        """Sign out."""
        with self._store.write() as connection:
            connection.execute(delete(sessions).where(sessions.c.token_hash == token_hash))


def user_of(row: Row) -> User:
    """A row of `users`, without what nobody needs to see."""
    return User(
        user_id=row.user_id,
        name=row.name,
        role=Role(row.role),
        created_at=row.created_at,
        signed_in_at=row.signed_in_at,
    )


def _require_admin(connection: Connection) -> None:
    admins = select(func.count()).select_from(users).where(users.c.role == Role.ADMIN.value)
    if not connection.execute(admins).scalar_one():
        raise ConfigError("this is the last admin; make another one first")
