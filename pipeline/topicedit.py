"""
Changes numbers in a YAML file that people wrote, and nothing else: comments and order stay.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

#: A key with a number, and the room up to its comment.
_NUMBERS = re.compile(r"(?m)^(\w+)(: *)([^#\s]+)( *)")


def with_threshold(text: str, threshold: float) -> str:
    r"""A topic's file with another threshold.

    >>> with_threshold("title: x\nthreshold: 12  # points\n", 9)
    'title: x\nthreshold: 9   # points\n'
    """
    return _NUMBERS.sub(lambda found: _with(found, threshold) if found[1] == "threshold" else found[0], text)


def with_points(text: str, points: Mapping[str, float]) -> str:
    r"""`evidence.yml` with other points; a kind that is worth nothing is left with 0, a new one added.

    >>> with_points("opening: 8   # the first lines\nnamed: 2\n", {"opening": 10, "others": -4})
    'opening: 10  # the first lines\nnamed: 0\nothers: -4\n'
    """
    known = {found[1] for found in _NUMBERS.finditer(text)}
    added = "".join(f"{kind}: {points[kind]:g}\n" for kind in points if kind not in known)
    return _NUMBERS.sub(lambda found: _with(found, points.get(found[1], 0)), text) + added


def _with(found: re.Match[str], number: float) -> str:
    room = len(found[3]) + len(found[4])
    written = f"{number:g}"
    return f"{found[1]}{found[2]}{written.ljust(max(room, len(written) + 1)) if found[4] else written}"
