"""
When is a feed asked again? Pure functions of its history, what was said, and `now`.

A feed is asked as often as its file allows while it is expected to bring something, and the less it
is expected to bring, the longer it is left alone; by the hour of the week, so a paper that sleeps at
night is let sleep. What server and feed say about freshness pushes a poll later, never earlier.
Failures back off. Nothing is random: what spreads requests is a hash, so that a test can tell the
time.
"""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from pipeline.collect.answer import Answer
from pipeline.collect.rhythm import HOURS_A_WEEK, expected, slot_of
from pipeline.habits import FeedHints, Rhythm

#: The longest a feed is left alone, however little it brings.
MAX_INTERVAL_S = 6 * 3600.0
#: A feed is asked again when so much of an entry is expected of it: the part of its polls that bring
#: something. Half of it would cost twice the requests for feeds that are not busy.
WORTH_ASKING = 0.1
#: A window is looked at so many times before it has passed, so that nothing scrolls out unseen.
LOOKS_A_WINDOW = 3
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
_HOUR_S = 3600.0
NO_HINTS = FeedHints()


def adapted_interval_s(
    rhythm: Rhythm,
    now: datetime,
    *,
    at_most_every_s: float,
    recent_per_hour: float = 0.0,
    window_s: float = 0.0,
    hint_s: float = 0.0,
) -> float:
    """How long to leave a feed alone after a poll.

    Args:
        rhythm: what it has brought, this poll included.
        now: when it was polled.
        at_most_every_s: the floor of the feed's file.
        recent_per_hour: the rate of the moment, where it is above the usual one.
        window_s: from its oldest to its newest entry; 0: not known.
        hint_s: what the feed itself calls too soon.
    """
    floor_s = max(at_most_every_s, min(hint_s, MAX_HINT_S))
    ceiling_s = min(MAX_INTERVAL_S, window_s / LOOKS_A_WINDOW if window_s > 0 else MAX_INTERVAL_S)
    return max(floor_s, min(ceiling_s, _worthwhile_after_s(rhythm, now, recent_per_hour)))


def _worthwhile_after_s(rhythm: Rhythm, now: datetime, recent_per_hour: float) -> float:
    """When :data:`WORTH_ASKING` is expected, hour by hour; no further than :data:`MAX_INTERVAL_S`."""
    rates = expected(rhythm, now)
    slot, waited_s, wanted = slot_of(now), 0.0, WORTH_ASKING
    rest_of_hour_s = _HOUR_S - (now.minute * 60 + now.second)
    while waited_s < MAX_INTERVAL_S:
        per_s = max(rates.per_hour(slot), recent_per_hour) / _HOUR_S
        if wanted <= per_s * rest_of_hour_s:
            return waited_s + wanted / per_s
        wanted -= per_s * rest_of_hour_s
        waited_s += rest_of_hour_s
        slot, rest_of_hour_s = (slot + 1) % HOURS_A_WEEK, _HOUR_S
    return MAX_INTERVAL_S


def next_poll_at(
    now: datetime, interval_s: float, *, fresh_s: float = 0.0, hints: FeedHints = NO_HINTS
) -> datetime:
    """When to ask again after an answer.

    Args:
        now: when it was polled.
        interval_s: the adapted one.
        fresh_s: how long the answer calls itself fresh.
        hints: hours and days, UTC, the feed asks to be left alone in.
    """
    wait_s = max(interval_s - min(interval_s * _EARLY_SHARE, _MAX_EARLY_S), min(fresh_s, MAX_HINT_S))
    due = now + timedelta(seconds=wait_s)
    while _is_skipped(due.astimezone(UTC), hints):
        due = (due + timedelta(hours=1)).replace(minute=0, second=0, microsecond=0)
    return due


def _is_skipped(at: datetime, hints: FeedHints) -> bool:
    """Never true of every hour of a week: who skips all hours, or all days, is not listened to."""
    hours = hints.skip_hours if len(hints.skip_hours) < 24 else frozenset()
    days = hints.skip_days if len(hints.skip_days) < 7 else frozenset()
    return at.hour in hours or at.weekday() in days


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
