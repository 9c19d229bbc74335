"""
Outlets of imported records: a name, as somebody wrote it, to an id that is the same in every run.

The id depends on the name alone. An outlet configured under `slug of its English name`, as the
shipped ones are, therefore gets the imports that name it.
"""

from __future__ import annotations

import re
import unicodedata
from hashlib import sha256
from typing import Final
from urllib.parse import urlsplit

_ID: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
#: Apostrophes, and the accents that NFKD takes off their letters.
_UNSEEN: Final = re.compile("['’\u0300-\u036f]")
#: Above it an id would no longer fit a line of a table.
_MAX_CHARS: Final = 60


def outlet_id_of(name: str) -> str:
    """The id of the outlet called `name`: up to 60 of a-z, 0-9 and single hyphens.

    An id stays as it is; an English name becomes its words with hyphens; where letters are lost on
    the way, as all Arabic ones are, eight hex digits of the whole name tell its bearers apart.

    >>> outlet_id_of("Al-Quds (Jerusalem)")
    'al-quds-jerusalem'
    """
    if _ID.fullmatch(name) and len(name) <= _MAX_CHARS:
        return name
    plain = _UNSEEN.sub("", unicodedata.normalize("NFKD", name).casefold())
    kept = "-".join(re.findall(r"[a-z0-9]+", plain))
    lossless = not any(letter.isalnum() for letter in plain if not letter.isascii())
    if kept and lossless and len(kept) <= _MAX_CHARS:
        return kept
    digest = sha256(" ".join(plain.split()).encode("utf-8", "replace")).hexdigest()[:8]
    return f"{kept[: _MAX_CHARS - 9].strip('-') or 'outlet'}-{digest}"


def outlet_id_of_url(url: str) -> str:
    """The id for a page whose outlet nobody names: its host, with hyphens.

    >>> outlet_id_of_url("https://www.paper.example/a/1")
    'paper-example'
    """
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    return outlet_id_of(host)
