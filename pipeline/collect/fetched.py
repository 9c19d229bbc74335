"""
What a page's answer means: :class:`Answer` or error → :class:`SettledPage`. Pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from pipeline.arabic.language import surely_foreign
from pipeline.collect.answer import Answer
from pipeline.collect.schedule import MAX_RETRY_AFTER_S, retry_after_s, spread
from pipeline.collect.walls import wall
from pipeline.errors import (
    BlockedError,
    EntryError,
    GoneError,
    UnreachableError,
    UnusableError,
)
from pipeline.records import Outcome, PageRef, Stage
from pipeline.work import MIN_FEED_LETTERS, PendingPage, SettledPage

#: Waits before the second, third and fourth try; after that a page counts as unreachable.
RETRY_AFTER_S = (300.0, 1800.0, 7200.0)
_PAGE_TYPES = frozenset({
    "", "text/html", "application/xhtml+xml", "application/vnd.wap.xhtml+xml", "text/plain", "text/xml",
    "application/xml",
})  # fmt: skip
#: The page may be there later.
_PASSING = frozenset({408, 421, 425, 429})
#: Of these a feed's own text may take the place of the page: it is no secret, the page is just not had.
_FEED_MAY_SERVE = frozenset({Outcome.BLOCKED, Outcome.UNREACHABLE, Outcome.UNUSABLE})


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredPage:
    """A page in the archive."""

    page: PageRef
    final_url: str
    fetched_at: datetime
    etag: str | None = None  #: byte for byte
    last_modified: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UnchangedPage:
    """A page that its server says is what it was."""


def is_page_type(media_type: str) -> bool:
    """Whether a content type may hold an article; servers that name none mean HTML."""
    return media_type in _PAGE_TYPES


def complaint(answer: Answer, now: datetime) -> EntryError | None:
    """Why an answer is not the page asked for; None when it is one."""
    url, status = answer.requested_url, answer.status
    later = retry_after_s(answer, now)
    reason = wall(answer)
    if reason:
        return BlockedError(url, f"{status}: {reason}")
    if status in {200, 203, 206}:
        return None
    if status in {404, 410}:
        return GoneError(url, f"{status}")
    if status in _PASSING or status >= 500 or status < 400:
        return UnreachableError(url, f"answers {status}", retry_after_s=later)
    if status in {413, 414, 415}:
        return UnusableError(url, f"answers {status}")
    return BlockedError(url, f"{status}")


def is_unchanged(pending: PendingPage, answer: Answer) -> bool:
    """Whether the answer says that the page is what it was when its validators were given."""
    return answer.status == 304 and bool(pending.etag or pending.last_modified)


def next_look_at(pending: PendingPage, looks_s: Sequence[float], now: datetime) -> datetime | None:
    """When to look at an article again while it is young; None when it no longer is.

    Args:
        pending: its age counts from when it was published, or else first seen.
        looks_s: ages at which to look.
        now: a look that was missed is not made up for.
    """
    born_at = min(pending.published_at or pending.first_seen_at, pending.first_seen_at)
    looks = (born_at + timedelta(seconds=age_s) for age_s in sorted(looks_s))
    return next((look_at for look_at in looks if look_at > now), None)


def after_fetch(
    pending: PendingPage,
    found: StoredPage | UnchangedPage | EntryError,
    now: datetime,
    *,
    looks_s: Sequence[float] = (),
) -> SettledPage:
    """What becomes of an entry after one request for its page.

    Args:
        pending: as claimed; `tries` counts the requests before this one.
        found: the page, or why there is none.
        now: when that was known.
        looks_s: ages at which a young article is looked at again.
    """
    look_at = next_look_at(pending, looks_s, now)
    if isinstance(found, UnchangedPage):
        return SettledPage(entry_id=pending.entry_id, next_stage=None, look_at=look_at)
    if isinstance(found, StoredPage):
        return SettledPage(
            entry_id=pending.entry_id,
            next_stage=Stage.EXTRACT,
            page=found.page,
            final_url=found.final_url,
            fetched_at=found.fetched_at,
            look_at=look_at,
            etag=found.etag,
            last_modified=found.last_modified,
        )
    if isinstance(found, UnreachableError) and pending.tries < len(RETRY_AFTER_S):
        return SettledPage(
            entry_id=pending.entry_id,
            next_stage=Stage.FETCH,
            reason=found.reason,
            retry_at=now + timedelta(seconds=_wait_s(pending, found.retry_after_s)),
        )
    return _ended(pending, found, look_at)


def _ended(pending: PendingPage, error: EntryError, look_at: datetime | None) -> SettledPage:
    """No page, for good: the feed's own text serves where it can, once, and tells what is not Arabic."""
    if language := _foreign(pending, error.outcome):
        return SettledPage(
            entry_id=pending.entry_id,
            next_stage=None,
            outcome=Outcome.NOT_ARABIC,
            reason=f"{language}, as its feed shows; the page is {error.outcome}: {error.reason}",
        )
    if _feed_serves(pending, error.outcome):
        return SettledPage(
            entry_id=pending.entry_id,
            next_stage=Stage.EXTRACT,
            reason=error.reason,
            page_outcome=f"{error.outcome}: {error.reason}",
        )
    return SettledPage(
        entry_id=pending.entry_id,
        next_stage=None,
        outcome=error.outcome,
        reason=error.reason,
        look_at=look_at if error.outcome is Outcome.UNREACHABLE else None,
    )


def _feed_serves(pending: PendingPage, outcome: Outcome) -> bool:
    """Not on a second look: what the page gave is better than the feed."""
    return outcome in _FEED_MAY_SERVE and pending.feed_letters >= MIN_FEED_LETTERS and not pending.has_article


def _foreign(pending: PendingPage, outcome: Outcome) -> str:
    """The language of an entry whose page, had it been had, would not have been Arabic either."""
    if outcome not in _FEED_MAY_SERVE or pending.has_article:
        return ""
    return surely_foreign(pending.feed_text)


def _wait_s(pending: PendingPage, asked_s: float | None) -> float:
    usual_s = RETRY_AFTER_S[pending.tries] * (1 + 0.1 * spread(f"{pending.entry_id} {pending.tries}"))
    return max(usual_s, min(asked_s or 0.0, MAX_RETRY_AFTER_S))
