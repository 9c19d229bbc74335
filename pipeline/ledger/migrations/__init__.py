"""
Migrations of the ledger's schema: Alembic's, run by `open_ledger` without an ini file.
"""
