"""
When is a feed asked again? Pure functions of its history, what was said, and `now`.

A feed that always brings news is asked as often as its file allows; one that brings none, less and
less. What server and feed say about freshness pushes a poll later, never earlier. Failures back
off. Nothing is random: what spreads requests is a hash, so that a test can tell the time.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from pipeline.collect.answer import Answer
from pipeline.records import FeedEntry

#: The longest a feed is left alone while its newest entry is younger than `_LIVELY`.
MAX_LIVELY_INTERVAL_S = 3600.0
#: The longest at all.
MAX_INTERVAL_S = 6 * 3600.0
_LIVELY = timedelta(days=2)
#: Hints above this are more often a server's default than a publisher's wish.
MAX_HINT_S = 3600.0
MAX_RETRY_AFTER_S = 24 * 3600.0
_MAX_BACKOFF_S = {"gone": 24 * 3600.0, "blocked": 24 * 3600.0, "disallowed": 24 * 3600.0}
_USUAL_MAX_BACKOFF_S = 6 * 3600.0
#: A run begins some seconds later or earlier than the last: a poll due a moment after it began
#: would wait for a whole further run.
_EARLY_SHARE, _MAX_EARLY_S = 0.1, 60.0
#: Sightings in a row of one permanent redirect before the feed's address is changed.
MOVES_BELIEVED = 3
#: One poll in so many is made without validators: some servers answer 304 for ever.
_PROOF_EVERY = 50


def adapted_interval_s(
    interval_s: float,
    *,
    at_most_every_s: float,
    entries: Sequence[FeedEntry],
    fresh: int,
    hint_s: float,
    now: datetime,
) -> float:
    """The interval after a poll that brought `fresh` entries not listed the last time.

    Args:
        interval_s: the last one, 0 before the first poll.
        at_most_every_s: the floor of the feed's file.
        entries: as listed now; empty when the feed was unchanged.
        fresh: how many of them are new.
        hint_s: what the feed itself calls too soon.
        now: when it was polled.
    """
    floor = max(at_most_every_s, min(hint_s, MAX_HINT_S))
    if interval_s <= 0:
        return floor
    if fresh == 0:
        wanted = interval_s * 1.5
    elif fresh >= 3 or fresh * 3 >= len(entries):
        wanted = interval_s / 2
    else:
        wanted = interval_s
    return max(floor, min(wanted, _ceiling_s(entries, now, interval_s)))


def _ceiling_s(entries: Sequence[FeedEntry], now: datetime, interval_s: float) -> float:
    """No longer than a third of the feed's window, so that nothing scrolls out unseen."""
    dates = [entry.date.published_at for entry in entries if entry.date]
    if not entries:  # unchanged: what was known the last time still holds
        return MAX_LIVELY_INTERVAL_S if interval_s <= MAX_LIVELY_INTERVAL_S else MAX_INTERVAL_S
    lively = not dates or now - max(dates) < _LIVELY
    ceiling = MAX_LIVELY_INTERVAL_S if lively else MAX_INTERVAL_S
    window_s = (max(dates) - min(dates)).total_seconds() if len(dates) > 4 else 0.0
    return min(ceiling, window_s / 3) if window_s > 0 else ceiling


def next_poll_at(
    now: datetime, interval_s: float, *, fresh_s: float = 0.0, skip_hours: frozenset[int] = frozenset()
) -> datetime:
    """When to ask again after an answer.

    Args:
        now: when it was polled.
        interval_s: the adapted one.
        fresh_s: how long the answer calls itself fresh.
        skip_hours: hours of the day, UTC, the feed asks to be left alone in.
    """
    wait_s = max(interval_s - min(interval_s * _EARLY_SHARE, _MAX_EARLY_S), min(fresh_s, MAX_HINT_S))
    due = now + timedelta(seconds=wait_s)
    for _ in range(24):
        if due.astimezone(UTC).hour not in skip_hours:
            break
        due = (due + timedelta(hours=1)).replace(minute=0, second=0, microsecond=0)
    return due


def next_poll_after_failure(
    now: datetime,
    *,
    name: str,
    feed_url: str,
    failures: int,
    at_most_every_s: float,
    retry_after_s: float | None,
) -> datetime:
    """When to ask again after the `failures`-th failure in a row: doubling, to a ceiling, never stopping."""
    ceiling = _MAX_BACKOFF_S.get(name, _USUAL_MAX_BACKOFF_S)
    backoff = min(ceiling, at_most_every_s * 2.0 ** min(failures - 1, 20))
    backoff *= 1 + 0.25 * spread(f"{feed_url} {failures}")
    return now + timedelta(seconds=max(backoff, min(retry_after_s or 0.0, MAX_RETRY_AFTER_S)))


def is_proof_due(feed_url: str, now: datetime) -> bool:
    """Whether this poll is one of the few made without validators."""
    return spread(f"{feed_url} {now:%Y-%m-%dT%H:%M}") < 1 / _PROOF_EVERY


def fresh_for_s(answer: Answer, now: datetime) -> float:
    """How long an answer says it is fresh: Cache-Control, else Expires; 0 when it does not."""
    control = (answer.header("cache-control") or "").lower()
    if re.search(r"\bno-(?:cache|store)\b", control):
        return 0.0
    stated = re.search(r"\bmax-age\s*=\s*\"?(\d{1,9})", control)
    if stated:
        age = re.fullmatch(r"\s*(\d{1,9})\s*", answer.header("age") or "")
        return max(0.0, float(stated.group(1)) - (float(age.group(1)) if age else 0.0))
    expires = _http_date(answer.header("expires"))
    return max(0.0, (expires - now).total_seconds()) if expires else 0.0


def retry_after_s(answer: Answer, now: datetime) -> float | None:
    """What Retry-After asks for, in seconds from `now`; None when it is absent or unreadable."""
    value = (answer.header("retry-after") or "").strip()
    if re.fullmatch(r"\d{1,9}(?:\.\d+)?", value):
        return float(value)
    at = _http_date(value)
    return max(0.0, (at - now).total_seconds()) if at else None


def spread(key: str) -> float:
    """A number from 0 to 1, the same for the same key: jitter without chance."""
    return int.from_bytes(hashlib.blake2b(key.encode("utf-8", "replace"), digest_size=6).digest()) / 2**48


def _http_date(value: str | None) -> datetime | None:
    try:
        parsed = parsedate_to_datetime(value or "")
    except (ValueError, IndexError, OverflowError):
        return None
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)
