"""
Tables that lie beside the code: cells with tabs between; a line that begins with `#` is a remark.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

_DATA: Final = Path(__file__).resolve().parent / "data"


def read_table(name: str) -> list[list[str]]:
    """The cells of each line of a table."""
    lines = (_DATA / name).read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")]
