"""
Who looks at the pages: users, what they may do, what they keep, and the keys of their programs.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Role(StrEnum):
    """What a user may do; each role may do what the ones before it may."""

    READER = "reader"  #: search, read, export, keep searches, make keys
    EDITOR = "editor"  #: judge matches as well
    ADMIN = "admin"  #: manage users as well

    def covers(self, wanted: Role) -> bool:
        """Whether it may do what `wanted` may.

        >>> Role.EDITOR.covers(Role.READER), Role.READER.covers(Role.ADMIN)
        (True, False)
        """
        order = list(Role)
        return order.index(self) >= order.index(wanted)


class Scope(StrEnum):
    """What a key is good for; never for more than its owner may do."""

    READ = "read"  #: search, articles, topics, outlets, timeline
    EXPORT = "export"  #: whole answers as files
    JUDGE = "judge"  #: mark a match right or wrong


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """Somebody who may sign in."""

    user_id: int
    name: str
    role: Role
    created_at: datetime
    signed_in_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedSearch:
    """A search somebody keeps under a name."""

    search_id: int
    owner: str | None  #: None: kept while the pages were open to whoever sits at this machine
    name: str
    state: str  #: the query part of its address: what was asked, filters included
    token: str  #: whoever has it may follow the search's feed and open it
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKey:
    """A program's key; the key itself is shown once and kept as a hash."""

    key_id: int
    owner_id: int
    owner: str
    role: Role  #: of its owner, now
    name: str
    beginning: str  #: the first letters, to recognise it by
    scopes: tuple[Scope, ...]
    created_at: datetime
    used_at: datetime | None = None
