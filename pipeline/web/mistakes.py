"""
What is wrong with a query or a request, in Arabic: it is said in English first, for programs and logs.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Final

import yaml

_FILE: Final = Path(__file__).parent / "data" / "mistakes.yml"


def in_arabic(message: str) -> str:
    """The message in Arabic; as it is, where nobody has put it into words yet.

    >>> in_arabic("this bracket is not closed")
    'هذا القوس لم يُغلق'
    """
    for pattern, arabic in _patterns():
        if found := pattern.fullmatch(message):
            return arabic.format(*found.groups())
    return message


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    read = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return tuple((_pattern(english), arabic) for english, arabic in read.items())


def _pattern(english: str) -> re.Pattern[str]:
    """`{0}` and its like stand for any text; the same number again for the same text."""
    parts = re.split(r"\{(\d)\}", english)
    seen: set[str] = set()
    made = re.escape(parts[0])
    for number, after in zip(parts[1::2], parts[2::2], strict=True):
        made += f"(?P=v{number})" if number in seen else f"(?P<v{number}>.+?)"
        made += re.escape(after)
        seen.add(number)
    return re.compile(made, re.DOTALL)
