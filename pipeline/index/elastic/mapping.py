"""
How documents lie in Elasticsearch: names of indices, mapping, and the document itself.

Our own tokens stand in `*_exact`, `*_base` and `*_stem`, cut at blanks, the carrier-explicit and the
folded one of a word at one position; `title` and `body` are analysed by the stock `arabic` analyzer, for
people who come with Kibana. The token fields are not kept in `_source`: the ledger is the truth, and a
rebuild makes them anew.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from pipeline.arabic.hamza import MARK
from pipeline.index.document import (
    ANALYSIS_VERSION,
    TOKEN_FIELDS,
    analysed,
    author_of,
    microseconds,
    outlet_key,
    topics_of,
)
from pipeline.records import IndexedDocument

#: Mapping and analysis together: either changing means a rebuild.
VERSION = f"4/{ANALYSIS_VERSION}"
#: Since then an index holds a month. What is older comes from archives: an index of theirs holds a year,
#: for each one costs every search a tenth of a millisecond of each processor, however little is in it.
MONTHLY_SINCE = "2026-01"

#: What is kept of a word is one token, and the folded word it begins with another at its position.
_TOKENS = {"type": "text", "analyzer": "kept", "search_analyzer": "whitespace"}
_WRITTEN = {"type": "text", "analyzer": "whitespace"}  # exact words have no second token
_KEYWORD = {"type": "keyword"}

MAPPING: dict[str, Any] = {
    "dynamic": "strict",  # a field we did not think of is a mistake, not a feature
    "_meta": {"version": VERSION},
    "_source": {"excludes": list(TOKEN_FIELDS)},
    "properties": {
        "document_id": _KEYWORD,
        "url": {"type": "keyword", "index": False, "doc_values": False},
        "title": {"type": "text", "analyzer": "arabic"},
        "body": {"type": "text", "analyzer": "arabic"},
        **{name: _WRITTEN if name.endswith("_exact") else _TOKENS for name in TOKEN_FIELDS},
        "outlet_id": _KEYWORD,
        "outlet_key": _KEYWORD,
        "outlet_title": _KEYWORD,
        "country": _KEYWORD,
        "author": _KEYWORD,
        "copy_key": {"type": "long"},  # counted in half the time a keyword takes
        "topics": _KEYWORD,
        "dated_us": {"type": "long"},  # microseconds since 1970: sorts and filters as exactly as SQLite
        "dated_at": {"type": "date"},
        "published_at": {"type": "date"},
        "withdrawn_at": {"type": "date"},
        "first_seen_at": {"type": "date"},
        "revision": {"type": "integer"},
        "body_from": _KEYWORD,
        "matches": {"type": "object", "enabled": False},  # the evidence: shown, not searched
    },
}

SETTINGS: dict[str, Any] = {
    "analysis": {
        "filter": {"folded": {"type": "pattern_capture", "patterns": [f"^([^{MARK}]+){MARK}"]}},
        "analyzer": {"kept": {"tokenizer": "whitespace", "filter": ["folded"]}},
    },
    "number_of_shards": 1,
    "auto_expand_replicas": "0-1",
    "refresh_interval": "5s",
    "max_result_window": 100_000,
}


def template(prefix: str) -> dict[str, Any]:
    """The index template; no alias in it, or half-built indices would be searched."""
    return {
        "index_patterns": [f"{prefix}-*"],
        "template": {"settings": SETTINGS, "mappings": MAPPING},
        "priority": 200,
    }


def index_name(prefix: str, generation: int, month: str) -> str:
    """E.g. `rasd-1-2026-03`, or `rasd-1-2015` of an archive."""
    return f"{prefix}-{generation}-{month[:4] if month < MONTHLY_SINCE else month}"


def generation_of(prefix: str, name: str) -> int | None:
    """The generation in an index's name; None when the name is not one of ours."""
    number = name.removeprefix(f"{prefix}-").split("-", 1)[0]
    return int(number) if name.startswith(f"{prefix}-") and number.isdigit() else None


def last_month_of(prefix: str, name: str) -> str:
    """The month, or the last one, that an index holds by its name."""
    held = name.removeprefix(f"{prefix}-").split("-", 1)[1]
    return held if "-" in held else f"{held}-12"


def source_of(document: IndexedDocument) -> dict[str, Any]:
    """A document as it is sent."""
    article = document.detected.article
    found = analysed(article.title, article.body, article.author)
    return {
        "document_id": document.document_id,
        "url": article.url,
        "title": article.title,
        "body": article.body,
        **dict(zip(TOKEN_FIELDS, found.tokens, strict=True)),
        "outlet_id": article.outlet_id,
        "outlet_key": outlet_key(document),
        "outlet_title": document.outlet_title,
        "country": document.country,
        "author": author_of(document) or None,
        "copy_key": found.copy_key,
        "topics": list(topics_of(document)),
        "dated_us": microseconds(article.dated_at),
        "dated_at": _iso(article.dated_at),
        "published_at": _iso(article.date.published_at if article.date else None),
        "withdrawn_at": _iso(document.withdrawn_at),
        "first_seen_at": _iso(article.first_seen_at),
        "revision": document.revision,
        "body_from": article.body_from,
        "matches": [asdict(match) for match in document.detected.matches],
    }


def _iso(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()
