"""
Text of strangers made harmless for whoever opens a file of it.
"""

from __future__ import annotations

from typing import Final

#: A spreadsheet would read a cell that begins so as a formula.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
#: Embeddings, overrides, isolates: they make a title read as another one.
_BIDI: Final = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])


def plain(text: str) -> str:
    """On one line, without what changes the direction of other text."""
    return " ".join(text.translate(_BIDI).split())


def safe(cell: str) -> str:
    """No formula for any spreadsheet.

    >>> safe("=1+1"), safe("قمة")
    ("'=1+1", 'قمة')
    """
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
