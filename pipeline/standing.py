"""
What is in force: `config/` as its files say, and of a file that is wrong what it said last.

A slip in one file must not stop its neighbours, and must not be taken for a removal either: the
topic would lose its coverage, the outlet its feeds. So what was right is remembered, and stands in
for a file until it is right again. A file that never was right is left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Final, TypeVar

from pydantic import TypeAdapter, ValidationError

from pipeline.config import Read
from pipeline.errors import ConfigError
from pipeline.records import Outlet, Topic

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Outlets and topics by id, in order of id."""

    outlets: Mapping[str, Outlet]
    topics: Mapping[str, Topic]


NOTHING: Final = Standing(outlets={}, topics={})


def in_force(outlets: Read[Outlet], topics: Read[Topic], before: Standing) -> Standing:
    """What the files say; of those that are wrong, what was in force `before`."""
    return Standing(
        outlets=_each_feed_once(_stood_in(outlets, before.outlets)),
        topics=_stood_in(topics, before.topics),
    )


def text_of(standing: Standing) -> str:
    """To be remembered."""
    return _as_text().dump_json(standing).decode()


def remembered(text: str | None, complaints: tuple[str, ...]) -> Standing:
    """What :func:`text_of` wrote; nothing, where nothing was remembered.

    Raises:
        ConfigError: another version of Rasd wrote it, and there are files it would have to stand in for.
    """
    try:
        return _as_text().validate_json(text) if text else NOTHING
    except ValidationError as error:
        if complaints:
            raise ConfigError("\n".join(complaints)) from error
        return NOTHING


@cache  # made at the first use: it takes longer than reading all the files
def _as_text() -> TypeAdapter[Standing]:
    return TypeAdapter(Standing)


def _stood_in(read: Read[T], before: Mapping[str, T]) -> dict[str, T]:
    last = {key: before[key] for key in read.wrong if key in before}
    return dict(sorted({**last, **read.records}.items()))


def _each_feed_once(outlets: Mapping[str, Outlet]) -> dict[str, Outlet]:
    """What an outlet said last may list a feed that another lists by now; the first keeps it."""
    owners: dict[str, str] = {}
    for key, outlet in outlets.items():
        for feed in outlet.feeds:
            owners.setdefault(feed.url, key)
    return {
        key: replace(outlet, feeds=tuple(feed for feed in outlet.feeds if owners[feed.url] == key))
        for key, outlet in outlets.items()
    }
