"""
A share of a few judged articles, and between which bounds that of all articles lies.
"""

from __future__ import annotations

import math
from typing import Final

#: 95 in 100.
_Z: Final = 1.96


def share(right: int, count: int) -> tuple[float, float, float] | None:
    """The part of `count` that is `right`, and Wilson's 95 % interval; None of nothing."""
    if not count:
        return None
    part = right / count
    middle = (part + _Z**2 / (2 * count)) / (1 + _Z**2 / count)
    spread = _Z / (1 + _Z**2 / count) * math.sqrt(part * (1 - part) / count + _Z**2 / (4 * count**2))
    return part, max(0.0, middle - spread), min(1.0, middle + spread)
