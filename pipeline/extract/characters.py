"""
Text as published: what a page shows, without what only machines see.

NFC, plain spaces, no directional marks, joiners kept where they change a word. Nothing is folded:
tatweel, harakat, digits and presentation forms stay as the outlet wrote them.
"""

from __future__ import annotations

import re
import unicodedata

#: Soft hyphen, zero-width space, directional marks, embeddings, isolates, word joiner, byte order mark.
_INVISIBLE = re.compile("[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffc]")
#: A joiner means something between two letters only: Persian names and compounds are written with it.
_IDLE_JOINER = re.compile(r"(?<![^\W\d_])[\u200c\u200d]+|[\u200c\u200d]+(?![^\W\d_])")
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f]")
_SPACES = re.compile(r"[ \t\r\f\v\xa0\u1680\u2000-\u200a\u202f\u205f\u3000]+")
#: Whatever of the above may have to go: most text has none of it. Joiners are looked at one by one.
_TO_CLEAN = re.compile(
    "  |[\x00-\x1f\x7f-\xa0\u00ad\u061c\u1680\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000]"
    "|[\ufeff\ufff9-\ufffc]"
)
#: From this overlap of words on, two titles are of the same article.
SAME_TITLE = 0.6
_WORD = re.compile(r"\w+")


def clean(text: str) -> str:
    """Text with lines: each trimmed, empty ones gone."""
    if not _TO_CLEAN.search(text):
        return unicodedata.normalize("NFC", text.strip())
    plain = _CONTROLS.sub(" ", text.replace("\u2028", "\n").replace("\u2029", "\n").replace("\x85", "\n"))
    plain = _IDLE_JOINER.sub("", _INVISIBLE.sub("", unicodedata.normalize("NFC", plain)))
    lines = (_SPACES.sub(" ", line).strip() for line in plain.split("\n"))
    return unicodedata.normalize("NFC", "\n".join(line for line in lines if line))


def clean_line(text: str) -> str:
    """Text in one line."""
    return " ".join(clean(" ".join(text.split())).split("\n"))


def key(text: str) -> str:
    """Letters and digits only: what two renderings of the same text have in common."""
    return (
        "".join(_WORD.findall(unicodedata.normalize("NFC", _INVISIBLE.sub("", text))))
        .replace("_", "")
        .casefold()
    )


def letters(text: str) -> int:
    """How many letters a text has."""
    return sum(map(str.isalpha, text))


def overlap(title: str, other: str) -> float:
    """The share of the shorter title's words that stand in the other."""
    mine, theirs = set(re.findall(r"\w+", title.casefold())), set(re.findall(r"\w+", other.casefold()))
    return len(mine & theirs) / min(len(mine), len(theirs)) if mine and theirs else 0.0
