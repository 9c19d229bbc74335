"""
The tables of whoever looks at the pages. Passwords, sessions and keys are kept as hashes only.
"""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Table, Text

from pipeline.ledger.columns import Json, Serial, Words, instant, text
from pipeline.ledger.schema import metadata


def _of_user(*, nullable: bool = False) -> Column[int]:
    target = ForeignKey("users.user_id", ondelete="CASCADE")
    return Column("user_id", Serial, target, nullable=nullable)


users = Table(
    "users",
    metadata,
    Column("user_id", Serial, primary_key=True),
    Column("name", Words, nullable=False, unique=True),
    text("password_hash"),
    text("role"),
    instant("created_at", nullable=False),
    instant("signed_in_at"),
)

sessions = Table(
    "sessions",
    metadata,
    Column("token_hash", Text, primary_key=True),
    _of_user(),
    instant("began_at", nullable=False),
    instant("expires_at", nullable=False),
    Index("sessions_user", "user_id"),
)

saved_searches = Table(
    "saved_searches",
    metadata,
    Column("search_id", Serial, primary_key=True),
    _of_user(nullable=True),
    text("name"),
    text("state"),
    Column("token", Words, nullable=False, unique=True),
    instant("created_at", nullable=False),
    Index("saved_searches_user", "user_id"),
)

api_keys = Table(
    "api_keys",
    metadata,
    Column("key_id", Serial, primary_key=True),
    Column("key_hash", Text, nullable=False, unique=True),
    _of_user(),
    text("name"),
    text("beginning"),
    Column("scopes", Json, nullable=False),
    instant("created_at", nullable=False),
    instant("used_at"),
    Index("api_keys_user", "user_id"),
)
