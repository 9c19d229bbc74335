"""
Labelled articles: lines of JSON that say which topics a person found in each.

    {"id", "title", "body", "outlet", "genre", "labels", "borderline", "near_dup_group"}

One fifth, chosen by the SHA-256 of the ids, is closed: rules are written without it and scored on
it at the end.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple

from pipeline.errors import ConfigError
from pipeline.importing.genres import genre_named, genre_of_outlet
from pipeline.importing.outlets import outlet_id_of
from pipeline.records import Article

Part = Literal["open", "closed", "all"]

_FIFTHS: Final = 5
_NO_DATE: Final = datetime(2000, 1, 1, tzinfo=UTC)


class Labelled(NamedTuple):
    """An article as detection sees it, and what its reader said."""

    article: Article
    labels: frozenset[str]
    borderline: frozenset[str]
    group: str  #: shared by copies and by reports of one event


def is_closed(article_id: str) -> bool:
    """Whether an article belongs to the fifth that nobody reads."""
    return int(hashlib.sha256(article_id.encode()).hexdigest(), 16) % _FIFTHS == 0


def read_labelled(file: Path, part: Part = "all") -> list[Labelled]:
    """The articles of a part; reports of one event are a group where event_clusters.jsonl lies beside them.

    Raises:
        ConfigError: a line is no labelled article; names it.
    """
    events = _events_of(file.with_name("event_clusters.jsonl"))
    return [
        Labelled(
            article=article_of(fields),
            labels=frozenset(fields["labels"]),
            borderline=frozenset(fields.get("borderline") or ()),
            group=events.get(fields["id"]) or fields.get("near_dup_group") or fields["id"],
        )
        for fields in _objects(file, ("id", "labels"))
        if part == "all" or is_closed(fields["id"]) == (part == "closed")
    ]


def topics_labelled(file: Path) -> set[str]:
    """Every topic that is a label or borderline somewhere, in whatever part."""
    found: set[str] = set()
    for fields in _objects(file, ("labels",)):
        found.update(fields["labels"], fields.get("borderline") or ())
    return found


def _events_of(file: Path) -> dict[str, str]:
    """Article id → event, from lines of `{"event", "ids"}`; nothing where there is no such file."""
    if not file.exists():
        return {}
    events: dict[str, str] = {}
    for event in _objects(file, ("event", "ids")):
        events.update(dict.fromkeys(event["ids"], event["event"]))
    return events


def _objects(file: Path, needed: Sequence[str]) -> Iterator[dict[str, Any]]:
    with file.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            try:
                fields = json.loads(line)
            except ValueError as error:
                raise ConfigError(
                    f"{file}:{number}: not JSON ({error}); write one object to a line"
                ) from error
            if not isinstance(fields, dict) or not fields.keys() >= set(needed):
                raise ConfigError(f"{file}:{number}: needs an object with {' and '.join(needed)}")
            yield fields


def article_of(fields: Mapping[str, Any]) -> Article:
    """A labelled line as an article, with its own genre or that its outlet's name states."""
    outlet = fields.get("outlet") or ""
    return Article(
        article_id=fields["id"],
        outlet_id=outlet_id_of(outlet) if outlet else "",
        url=fields.get("url") or "",
        title=fields.get("title") or "",
        body=fields.get("body") or "",
        first_seen_at=_NO_DATE,
        genre=genre_named(fields.get("genre") or "") or genre_of_outlet(outlet),
    )


def folds(groups: Sequence[str], count: int) -> Iterator[set[int]]:
    """The places of each fold: whole groups, dealt out by size and name, the same every time."""
    members: dict[str, list[int]] = {}
    for place, group in enumerate(groups):
        members.setdefault(group, []).append(place)
    dealt: list[set[int]] = [set() for _ in range(count)]
    for group in sorted(members, key=lambda name: (-len(members[name]), name)):
        min(dealt, key=len).update(members[group])
    yield from dealt
