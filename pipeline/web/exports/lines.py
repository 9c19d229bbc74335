"""
JSON Lines: everything that is known of each article found, one object a line; nothing is cut or made safe.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import Any

from pipeline.web.exports.rows import Row


def jsonl_of(rows: Iterable[Row]) -> Iterator[bytes]:
    """A line for each article."""
    for row in rows:
        yield (json.dumps(object_of(row), ensure_ascii=False) + "\n").encode("utf-8", "replace")


def object_of(row: Row) -> dict[str, Any]:
    """An article as one object."""
    hit = row.hit
    return {
        "id": hit.document_id,
        "url": hit.url,
        "title": hit.title,
        "body": hit.body,
        "author": hit.author,
        "outlet": hit.outlet_id,
        "outlet_title": hit.outlet_title,
        "country": hit.country,
        "published_at": hit.published_at.isoformat() if hit.published_at else None,
        "dated_at": hit.dated_at.isoformat(),
        "withdrawn_at": hit.withdrawn_at.isoformat() if hit.withdrawn_at else None,
        "topics": list(hit.topics),
        "matches": [asdict(match) for match in row.matches],
        "reasons": [asdict(reason) for reason in hit.reasons],
        "copies": hit.copies,
        "score": hit.score,
    }
