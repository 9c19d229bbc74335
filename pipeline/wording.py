"""
What pydantic finds wrong with a value, in our words: what stands there, and what would be right.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

_WHOLE: Final = "{given!r} is no whole number; write one like 20"
_NUMBER: Final = "{given!r} is no number; write one like 2 or 0.5"
_ONE_OF: Final = "{given!r} is not known; write {expected}"
_NETWORK: Final = "{given!r} is no range of addresses; write one like 127.0.0.0/8"
#: By pydantic's name for the mistake.
_WORDS: Final = {
    "int_parsing": _WHOLE,
    "int_type": _WHOLE,
    "int_from_float": _WHOLE,
    "float_parsing": _NUMBER,
    "float_type": _NUMBER,
    "finite_number": _NUMBER,
    "less_than_equal": "{given} is too much; write at most {le:g}",
    "greater_than_equal": "{given} is too little; write at least {ge:g}",
    "greater_than": "{given} is too little; write more than {gt:g}",
    "literal_error": _ONE_OF,
    "enum": _ONE_OF,
    "ip_v4_network": _NETWORK,
    "ip_v6_network": _NETWORK,
    "value_error": "{error}",
}


def in_words(problem: Mapping[str, Any]) -> str:
    """One of the `errors()` of a validation.

    >>> in_words({"type": "less_than_equal", "input": "99", "ctx": {"le": 64}, "msg": ""})
    '99 is too much; write at most 64'
    """
    words = _WORDS.get(problem["type"], "{given!r}: {msg}")
    told = words.format(given=problem["input"], msg=problem["msg"], **problem.get("ctx", {}))
    return told.rstrip(".")
