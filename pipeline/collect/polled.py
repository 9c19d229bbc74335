"""
What a poll's answer means: :class:`Answer` → :class:`PolledFeed`. Pure.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from pipeline.collect.answer import Answer
from pipeline.collect.date_rules import first_sights, learnt_rule, page_sights, with_newer
from pipeline.collect.feeds import ParsedFeed, parse_feed
from pipeline.collect.rhythm import begun, continued, recent_per_hour, window_s
from pipeline.collect.schedule import (
    MOVES_BELIEVED,
    adapted_interval_s,
    fresh_for_s,
    next_poll_after_failure,
    next_poll_at,
    retry_after_s,
)
from pipeline.collect.walls import wall
from pipeline.errors import (
    BlockedError,
    DisallowedError,
    EntryError,
    FeedError,
    GoneError,
    UnusableError,
)
from pipeline.habits import ClockSight, FeedHabits
from pipeline.records import DateEvidence, DateRule, FeedEntry, Outlet
from pipeline.work import FeedState, PolledFeed

#: Vanished entries looked at again per poll: more at a time is a feed made anew, not withdrawals.
MAX_VANISHED = 5
_BLOCKED = frozenset({401, 402, 403, 407, 451})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Move:
    """Where a feed is fetched, and what is known of its moving."""

    fetch_url: str
    moves: int = 0
    moved_to: str | None = None


def vanished(previous_listed: Sequence[str], now_listed: Sequence[str]) -> tuple[str, ...]:
    """Entries gone from the middle of a feed's window: withdrawn, perhaps.

    What was listed before, is missing now, and had an entry listed after it (an older one) that is
    still there; so it did not scroll out. At most :data:`MAX_VANISHED`.

    >>> vanished(["d", "c", "b", "a"], ["e", "d", "b"])
    ('c',)
    """
    still = set(now_listed)
    last = max((place for place, entry in enumerate(previous_listed) if entry in still), default=0)
    return tuple(entry for entry in previous_listed[:last] if entry not in still)[:MAX_VANISHED]


def body_hash(body: bytes) -> str:
    """Tells an unchanged body, where the server has no validators."""
    return hashlib.sha256(body).hexdigest()[:32]


def is_unchanged(state: FeedState, answer: Answer) -> bool:
    """Whether the answer says, or shows, that there is nothing new."""
    if answer.status == 304:
        return state.body_hash is not None
    return answer.status == 200 and state.body_hash == body_hash(answer.body)


def complaint(state: FeedState, answer: Answer, now: datetime) -> FeedError | None:
    """Why an answer holds no feed, by its status; None for 200."""
    url, status = state.feed.url, answer.status
    later = retry_after_s(answer, now)
    if reason := (None if status == 200 else wall(answer)):
        return FeedError(url, "challenge", f"{status}: {reason}", retry_after_s=later)
    if status == 200:
        return None
    if status in {404, 410}:
        return FeedError(url, "gone", f"{status}")
    if status in _BLOCKED:
        return FeedError(url, "blocked", f"{status}", retry_after_s=later)
    return FeedError(url, "unreachable", f"answers {status}", retry_after_s=later)


def feed_error(feed_url: str, error: EntryError) -> FeedError:
    """What went wrong with a request, as a feed's trouble."""
    names = {
        DisallowedError: "disallowed",
        BlockedError: "blocked",
        GoneError: "gone",
        UnusableError: "too_large",
    }
    name = next((name for kind, name in names.items() if isinstance(error, kind)), "unreachable")
    return FeedError(feed_url, name, error.reason, retry_after_s=error.retry_after_s)


def parsed_feed(
    state: FeedState,
    answer: Answer,
    outlet: Outlet,
    now: datetime,
    *,
    with_pages: Sequence[DateEvidence] = (),
) -> ParsedFeed:
    """What a feed lists, its dates set right by what they and those before them show of its clock.

    `with_pages` are its dates beside which the pages of entries listed before state an instant.

    Raises:
        FeedError: see :func:`pipeline.collect.feeds.parse_feed`.
    """

    def parsed(rule: DateRule | None) -> ParsedFeed:
        return parse_feed(
            answer.body,
            answer.content_type,
            feed=state.feed,
            outlet=outlet,
            url=answer.final_url,
            fetched_at=now,
            date_rule=rule,
        )

    zone = state.feed.time_zone or outlet.time_zone
    found = parsed(state.date_rule)
    newer: tuple[ClockSight, ...] = (
        *first_sights(_fresh(state, found), zone=zone, seen_at=now),
        *page_sights(with_pages, zone=zone),
    )
    evidence = with_newer(state.date_evidence, newer)
    rule = learnt_rule(evidence, zone=zone)
    return replace(found if rule == state.date_rule else parsed(rule), date_evidence=evidence)


def _fresh(state: FeedState, found: ParsedFeed) -> Iterator[FeedEntry]:
    """The entries that were not listed at the poll before; a first poll tells old from new of none."""
    before = set(state.listed)
    return (entry for entry in found.entries if before and entry.entry_id not in before)


def after_new(state: FeedState, answer: Answer, parsed: ParsedFeed, now: datetime) -> PolledFeed:
    """A feed that was read."""
    listed = [entry.entry_id for entry in parsed.entries]
    before = set(state.listed)
    fresh = [entry for entry in parsed.entries if entry.entry_id not in before]
    window, rhythm, recent = window_s(parsed.entries, now), begun(parsed.entries, now), 0.0
    if state.habits.rhythm and state.last_good_at:
        rhythm = continued(state.habits.rhythm, fresh, last_polled_at=state.last_good_at, now=now)
        recent = recent_per_hour(len(fresh), (now - state.last_good_at).total_seconds())
    interval_s = adapted_interval_s(
        rhythm,
        now,
        at_most_every_s=state.feed.poll_at_most_s,
        recent_per_hour=recent,
        window_s=window,
        hint_s=parsed.hints.ttl_s,
    )
    move = _after_move(state, answer)
    return PolledFeed(
        feed_url=state.feed.url,
        status="new",
        http_status=answer.status,
        polled_at=now,
        next_poll_at=next_poll_at(now, interval_s, fresh_s=fresh_for_s(answer, now), hints=parsed.hints),
        entries=parsed.entries,
        vanished=vanished(state.listed, listed),
        etag=answer.header("etag"),
        last_modified=answer.header("last-modified"),
        body_hash=body_hash(answer.body),
        interval_s=interval_s,
        moves=move.moves,
        moved_to=move.moved_to,
        fetch_url=move.fetch_url,
        date_rule=parsed.date_rule,
        date_evidence=parsed.date_evidence,
        redated=parsed.date_rule != state.date_rule,
        habits=FeedHabits(rhythm=rhythm, window_s=window, hints=parsed.hints),
    )


def after_unchanged(state: FeedState, answer: Answer, now: datetime) -> PolledFeed:
    """A feed with nothing new. New validators are kept: some servers change them all the same."""
    habits = state.habits
    interval_s = adapted_interval_s(
        habits.rhythm or begun((), now),
        now,
        at_most_every_s=state.feed.poll_at_most_s,
        window_s=habits.window_s,
        hint_s=habits.hints.ttl_s,
    )
    move = _after_move(state, answer)
    return PolledFeed(
        feed_url=state.feed.url,
        status="unchanged",
        http_status=answer.status,
        polled_at=now,
        next_poll_at=next_poll_at(
            now, interval_s, fresh_s=fresh_for_s(answer, now), hints=state.habits.hints
        ),
        etag=answer.header("etag") or (state.etag if answer.status == 304 else None),
        last_modified=answer.header("last-modified")
        or (state.last_modified if answer.status == 304 else None),
        body_hash=state.body_hash,
        interval_s=interval_s,
        moves=move.moves,
        moved_to=move.moved_to,
        fetch_url=move.fetch_url,
    )


def after_failure(state: FeedState, error: FeedError, now: datetime, *, http_status: int = 0) -> PolledFeed:
    """A feed that could not be had. 410 stops it; everything else is asked for again, ever later."""
    failures = state.failures + 1
    again_at = next_poll_after_failure(
        now,
        name=error.name,
        feed_url=state.feed.url,
        failures=failures,
        at_most_every_s=max(state.feed.poll_at_most_s, state.interval_s),
        retry_after_s=error.retry_after_s,
    )
    return PolledFeed(
        feed_url=state.feed.url,
        status=error.name,
        reason=error.reason,
        http_status=http_status,
        polled_at=now,
        next_poll_at=None if http_status == 410 else again_at,
        etag=state.etag,
        last_modified=state.last_modified,
        body_hash=state.body_hash,
        interval_s=state.interval_s,
        failures=failures,
        moves=state.moves,
        moved_to=state.moved_to,
        fetch_url=state.url,
    )


def _after_move(state: FeedState, answer: Answer) -> _Move:
    """A permanent redirect is believed when it has been seen several times in a row."""
    target = answer.moved_for_good_to
    if target is None or target == state.url:
        return _Move(fetch_url=state.url)
    moves = state.moves + 1 if target == state.moved_to else 1
    if moves >= MOVES_BELIEVED:
        return _Move(fetch_url=target)
    return _Move(fetch_url=state.url, moves=moves, moved_to=target)
