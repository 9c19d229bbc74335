"""
The ledger: what is known of every feed, entry and article, and what is still to do.

It is the truth; the index is a projection of it. `open_ledger` gives a :class:`Ledger`, which is
every small protocol of `pipeline.work` at once. The only package that knows SQLAlchemy and Alembic.
"""
