"""
What the ledger's columns are made of: instants, texts from the web, small structures.

Instants are whole microseconds since 1970, UTC, in BIGINT: the one form that is exact, sorts, and
compares the same way on both engines, and that an index can be ordered by. SQLite has no type for
instants, and PostgreSQL's would come back in the session's zone.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, BindParameter, Boolean, Column, Dialect, ForeignKey, Integer, Text, literal
from sqlalchemy.types import TypeDecorator

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def microseconds(instant: datetime) -> int:
    """An aware instant as the ledger keeps it.

    >>> microseconds(datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC))
    1000000
    """
    return (instant - _EPOCH) // _MICROSECOND


def instant_of(kept: int) -> datetime:
    """The instant the ledger keeps as so many microseconds."""
    return _EPOCH + kept * _MICROSECOND


def storable(text: str) -> str:
    r"""What both engines can keep of a text: no NUL (PostgreSQL refuses it), no half characters.

    >>> storable("a\0b")
    'ab'
    """
    text = text.replace("\0", "")
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace").decode()
    return text


class Instant(TypeDecorator[datetime]):
    """An aware UTC datetime, in whole microseconds."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:  # noqa: ARG002 - SQLAlchemy's signature
        return None if value is None else microseconds(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        return None if value is None else instant_of(value)


def at(value: datetime) -> BindParameter[datetime]:
    """An instant within an expression, where no column gives it its type."""
    return literal(value, Instant())


class Words(TypeDecorator[str]):
    """Text from the web, made storable."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - SQLAlchemy's signature
        return None if value is None else storable(value)


class Json(TypeDecorator[Any]):
    """A small structure, in JSON with its keys in order, Arabic written out."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ARG002 - SQLAlchemy's signature
        return None if value is None else storable(dump(value))

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:  # noqa: ARG002 - SQLAlchemy's signature
        return None if value is None else json.loads(value)


def dump(value: Any) -> str:
    """Equal structures give equal strings."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


#: Numbers the engine gives out.
Serial = BigInteger().with_variant(Integer, "sqlite")


def text(name: str) -> Column[str]:
    return Column(name, Words, nullable=False, default="")


def count(name: str, default: int = 0) -> Column[int]:
    return Column(name, Integer, nullable=False, default=default)


def flag(name: str, *, default: bool = False) -> Column[bool]:
    return Column(name, Boolean, nullable=False, default=default)


def instant(name: str, *, nullable: bool = True) -> Column[datetime]:
    return Column(name, Instant, nullable=nullable)


def owner(name: str, target: str) -> Column[str]:
    return Column(name, Text, ForeignKey(target, ondelete="CASCADE"), primary_key=True)


def waiting() -> list[Column[Any]]:
    """What a row needs to be pending, claimed and given up; the same for entries and articles."""
    return [
        Column("stage", Text),  # None: nothing to do
        Column("turn", BigInteger, nullable=False),  # whose turn it is: the least first
        instant("staged_at"),  # since when it waits in its stage
        instant("leased_until"),  # None: not claimed
        text("worker"),
        count("deaths"),  # counted at the claim, set back by settling
        flag("again"),  # asked for anew while a worker holds it
    ]
