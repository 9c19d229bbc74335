"""
Is the pipeline well? Pure: what the ledger says, held against what the operator expects.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from pipeline.reports import FeedHealth, LedgerStatus

#: The DAG runs every ten minutes; a run may take a while. Later than this it is overdue.
OVERDUE = timedelta(minutes=45)
#: Reasons name at most so many outlets or feeds.
_NAMED = 5


def reasons(
    status: LedgerStatus,
    feeds: Iterable[FeedHealth],
    *,
    now: datetime,
    stale_after: timedelta,
    free_bytes: int,
    min_free_bytes: int,
    wrong_files: Sequence[str] = (),
) -> list[str]:
    """What is not as it should be, one line each; nothing when all is well.

    Args:
        wrong_files: a line for each mistake in `config/`.
    """
    return [
        *wrong_files,
        *_stale(status, now, stale_after),
        *_overdue(status, now),
        *_full(free_bytes, min_free_bytes),
        *_stuck(status),
        *_silent(status),
        *_stopped(feeds),
    ]


def _stale(status: LedgerStatus, now: datetime, stale_after: timedelta) -> list[str]:
    newest = status.newest_article_at
    if newest is None:
        return ["no article was ever indexed; is monitor_news running? try: rasd run --once"]
    if now - newest > stale_after:
        allowed = f"RASD_STALE_AFTER_S allows {ago(stale_after)}"
        return [f"the newest indexed article is {ago(now - newest)} old, {allowed}"]
    return []


def _overdue(status: LedgerStatus, now: datetime) -> list[str]:
    run = status.last_runs.get("index")
    if run is None:
        return ["no run has ended yet; is Airflow's scheduler running?"]
    if now - run.ended_at > OVERDUE:
        return [f"the last run ended {ago(now - run.ended_at)} ago; is Airflow's scheduler running?"]
    return []


def _full(free_bytes: int, min_free_bytes: int) -> list[str]:
    if free_bytes >= min_free_bytes:
        return []
    wanted = f"RASD_MIN_FREE_BYTES asks for {min_free_bytes / 1e9:.1f}"
    return [f"{free_bytes / 1e9:.1f} GB of disk are free, {wanted}; lower RASD_ARCHIVE_DAYS or make room"]


def _stuck(status: LedgerStatus) -> list[str]:
    if not status.stuck:
        return []
    return [
        f"{status.stuck} entries are stuck, e.g. {', '.join(status.stuck_examples[:3])}; see: rasd why ID"
    ]


def _silent(status: LedgerStatus) -> list[str]:
    if not status.silent_outlets:
        return []
    return [f"{_names(status.silent_outlets)} published nothing for too long; see: rasd feeds"]


def _stopped(feeds: Iterable[FeedHealth]) -> list[str]:
    stopped = [
        feed.feed_url for feed in feeds if feed.enabled and feed.last_polled_at and not feed.next_poll_at
    ]
    return (
        [f"{_names(stopped)} answered 410 and is polled no more; change or remove it in config/outlets"]
        if stopped
        else []
    )


def _names(found: Iterable[str]) -> str:
    names = sorted(found)
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more


def ago(span: timedelta) -> str:
    """A span as a person says it.

    >>> ago(timedelta(minutes=95)), ago(timedelta(days=3))
    ('95 min', '72 h')
    """
    minutes = round(span.total_seconds() / 60)
    return f"{minutes} min" if minutes < 2 * 60 else f"{minutes // 60} h"
