"""
Near-copies: articles that share most of their text share a key, whoever published them.

A wire report appears in twenty papers with another headline and a line more or less. The key is the
least of the hashes of the body's runs of words: two texts have the same one as often as a run taken
at random is in both, so copies nearly always, and different reports of one event nearly never.

Source: Broder, On the resemblance and containment of documents, 1997.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from typing import Final
from zlib import crc32

#: Words of a run.
_RUN: Final = 3
#: Words of the body that are looked at: endings differ more than beginnings do.
_LOOKED_AT: Final = 200
#: Shorter bodies are copies only when they are the same to the word.
_FEWEST: Final = 20


def copy_key(stems: Sequence[str], title: Sequence[str]) -> int:
    """The key of an article by the stems of its body and title; fits a signed integer of 64 bits."""
    if len(stems) < _FEWEST:
        return _hashed(" ".join([*title, "|", *stems]))
    body = stems[:_LOOKED_AT]
    runs = [" ".join(body[at : at + _RUN]) for at in range(len(body) - _RUN + 1)]
    return _hashed(min(runs, key=lambda run: crc32(run.encode())))


def _hashed(text: str) -> int:
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), signed=True)
