"""
SQLite's write-ahead log, for ledger and embedded index alike.
"""

from __future__ import annotations

import sqlite3
import time

_LOOK_AGAIN_S = 0.02


def use_write_ahead_log(connection: sqlite3.Connection, *, timeout_s: float) -> None:
    """Switch a file to it; while another process does the same, SQLite itself does not wait.

    Raises:
        sqlite3.Error: it cannot be done, or is still locked after `timeout_s`.
    """
    deadline = time.monotonic() + timeout_s
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise
            time.sleep(_LOOK_AGAIN_S)
        else:
            return
