"""The table a bench prints: what was measured, what came out, what was asked for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from rich.console import Console
from rich.table import Table


class Row(NamedTuple):
    """One line of the table."""

    what: str
    measured: str
    asked: str = ""


def show(rows: Iterable[Row]) -> None:
    """Print rows as a table that Markdown reads too."""
    table = Table(box=None, pad_edge=False, header_style="")
    for title in ("| what", "| measured", "| asked |"):
        table.add_column(title, overflow="fold")
    table.add_row("| ---", "| ---", "| --- |")
    for row in rows:
        table.add_row(f"| {row.what}", f"| {row.measured}", f"| {row.asked} |")
    Console(width=160, highlight=False, markup=False).print(table)
