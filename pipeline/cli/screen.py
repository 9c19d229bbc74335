"""What commands print with: tables and highlights on a terminal, plain lines elsewhere."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, is_dataclass
from datetime import datetime
from typing import Any
from urllib.parse import unquote

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

out = Console(highlight=False, soft_wrap=not sys.stdout.isatty())
err = Console(stderr=True, highlight=False, soft_wrap=True)

#: Cells up to this wide are never broken, but for those of a last column.
_WHOLE = 40


def complain(message: str) -> None:
    """One line on standard error."""
    err.print(f"rasd: {message}", style="red", markup=False)


def in_colour() -> bool:
    """Whether what is printed keeps its colours."""
    return out.color_system is not None and not out.no_color


def table(title: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> Table:
    """A table; columns whose name ends in `#` hold numbers, and lose the sign.

    Where it is too narrow, long cells and the last column are broken into lines; the others stay whole.
    """
    made = Table(
        title=title or None, title_justify="left", title_style="bold", header_style="dim", box=box.SIMPLE_HEAD
    )
    cells = [[cell if isinstance(cell, Text) else Text(str(cell)) for cell in row] for row in rows]
    for place, column in enumerate(columns):
        longest = max((row[place].cell_len for row in cells), default=0)
        made.add_column(
            column.rstrip("#"),
            justify="right" if column.endswith("#") else "left",
            overflow="fold",
            no_wrap=longest <= _WHOLE and place < len(columns) - 1,
        )
    for row in cells:
        made.add_row(*row)
    return made


def marked(text: str, spans: Iterable[tuple[int, int]]) -> Text:
    """A text with spans made to stand out."""
    shown = Text(text)
    for start, end in spans:
        shown.stylize("bold yellow", start, end)
    return shown


def readable(url: str) -> str:
    """A URL with its Arabic in letters, where it stays one word and the same address.

    >>> readable("https://a.example/%D8%AE%D8%A8%D8%B1?q=%20")
    'https://a.example/خبر?q=%20'
    """
    return re.sub(r"(?:%[89A-Fa-f][0-9A-Fa-f])+", lambda found: _in_letters(found.group()), url)


def _in_letters(encoded: str) -> str:
    letters = unquote(encoded, errors="replace")
    return letters if letters.isalnum() else encoded  # nothing that cannot be seen, and no mark of direction


def counts_line(step: str, counts: Mapping[str, int]) -> str:
    """One step's result in a line."""
    told = ", ".join(f"{name} {count}" for name, count in counts.items() if count)
    return f"{step:8} {told or 'nothing to do'}"


def as_json(value: Any) -> str:
    """JSON of records and instants, Arabic left readable."""
    return json.dumps(value, ensure_ascii=False, indent=2, default=_plain)


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value)
