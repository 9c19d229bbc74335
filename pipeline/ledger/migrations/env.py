"""
Run by Alembic: migrate over the connection that was handed in, within its transaction.
"""

from __future__ import annotations

from alembic import context

from pipeline.ledger.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,  # SQLite cannot alter a column in place
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
