"""
How often each folded form stands in a large corpus of news: what stemming is validated by.

The table is made by `scripts/count_forms.py`, is read at first need and takes some tens of
milliseconds.
"""

from __future__ import annotations

import gzip
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

_DATA: Final = Path(__file__).resolve().parent / "data"


class Counts(NamedTuple):
    """Folded form → how often, of the forms that stand more than a few times."""

    everywhere: dict[str, int]
    carried: dict[str, int]  #: of these, with a hamza or madda on the first alef
    marbuta: dict[str, int]  #: of these, with a teh marbuta at the end


@cache
def table() -> Counts:
    """The table, read once."""
    everywhere: dict[str, int] = {}
    carried: dict[str, int] = {}
    marbuta: dict[str, int] = {}
    lines = gzip.decompress((_DATA / "counts.tsv.gz").read_bytes()).decode().splitlines()
    for line in lines:
        form, times, *ends = line.split("\t")
        everywhere[form] = int(times)
        if ends and ends[0]:
            carried[form] = int(ends[0])
        if ends[1:]:
            marbuta[form] = int(ends[1])
    return Counts(everywhere, carried, marbuta)
