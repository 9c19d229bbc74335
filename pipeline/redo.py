"""
Doing again: which of the stored entries are meant, and what one of them was made from.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from pipeline.records import Article, Outcome
from pipeline.work import PendingExtraction


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredExtraction:
    """What came of an extraction, beside what it was made from."""

    pending: PendingExtraction
    article: Article | None
    outcome: Outcome | None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which of the stored entries are meant."""

    since: datetime | None = None  #: inclusive; the article's date, or else the first sighting
    until: datetime | None = None  #: exclusive
    outlet_id: str | None = None
    topic_id: str | None = None  #: only what matches this topic now
    only_failed: bool = False  #: only what was given up, is `failed` or `refused`, or (fetch) `unreachable`

    def holds(self, article: Article) -> bool:
        """Whether an article is of the outlet and the time meant."""
        since, until, dated_at = self.since, self.until, article.dated_at
        of_time = (since is None or dated_at >= since) and (until is None or dated_at < until)
        return of_time and self.outlet_id in {None, article.outlet_id}


class RereadLedger(Protocol):
    """What is needed to see what reading again would change."""

    def extracted_after(
        self, entry_id: str, *, selection: Selection, limit: int
    ) -> Sequence[StoredExtraction]:
        """What `redo` would put back to extraction, in order of id, a page at a time."""
        ...
