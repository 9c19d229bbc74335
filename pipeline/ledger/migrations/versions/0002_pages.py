"""
What the pages need: users, what they keep, and what new rules changed.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def _serial() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _of_user(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["user_id"], ["users.user_id"], name=f"{table}_user_id_fk", ondelete="CASCADE"
    )


def upgrade() -> None:
    """Make the tables, those referred to first."""
    op.create_table(
        "users",
        sa.Column("user_id", _serial(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("signed_in_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("user_id", name="users_pk"),
        sa.UniqueConstraint("name", name="users_name_key"),
    )
    op.create_table(
        "sessions",
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("user_id", _serial(), nullable=False),
        sa.Column("began_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        _of_user("sessions"),
        sa.PrimaryKeyConstraint("token_hash", name="sessions_pk"),
    )
    op.create_table(
        "saved_searches",
        sa.Column("search_id", _serial(), nullable=False),
        sa.Column("user_id", _serial(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        _of_user("saved_searches"),
        sa.PrimaryKeyConstraint("search_id", name="saved_searches_pk"),
        sa.UniqueConstraint("token", name="saved_searches_token_key"),
    )
    op.create_table(
        "api_keys",
        sa.Column("key_id", _serial(), nullable=False),
        sa.Column("key_hash", sa.Text(), nullable=False),
        sa.Column("user_id", _serial(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("beginning", sa.Text(), nullable=False),
        sa.Column("scopes", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("used_at", sa.BigInteger(), nullable=True),
        _of_user("api_keys"),
        sa.PrimaryKeyConstraint("key_id", name="api_keys_pk"),
        sa.UniqueConstraint("key_hash", name="api_keys_key_hash_key"),
    )
    op.create_table(
        "topic_changes",
        sa.Column("change_id", _serial(), nullable=False),
        sa.Column("article_id", sa.Text(), nullable=False),
        sa.Column("topic_id", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.Column("gained", sa.Boolean(), nullable=False),
        sa.Column("topic_version", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.article_id"], name="topic_changes_article_id_fk", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("change_id", name="topic_changes_pk"),
    )
    op.create_index("topic_changes_topic", "topic_changes", ["topic_id", "changed_at"])
    op.create_index("topic_changes_article", "topic_changes", ["article_id"])
    for table in ("sessions", "saved_searches", "api_keys"):
        op.create_index(f"{table}_user", table, ["user_id"])
