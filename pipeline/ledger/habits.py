"""
A feed's habits as the ledger keeps them: one small structure, nothing in it that is nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pipeline.habits import NO_HABITS, FeedHabits, FeedHints, Rhythm
from pipeline.ledger.columns import instant_of, microseconds


def habits_json(habits: FeedHabits) -> dict[str, Any]:
    rhythm, hints = habits.rhythm, habits.hints
    told = {
        "since": microseconds(rhythm.since) if rhythm else 0,
        # Whole counts are written as such: they are most of them.
        "counts": [int(count) if count == int(count) else count for count in rhythm.counts] if rhythm else (),
        "window_s": habits.window_s,
        "ttl_s": hints.ttl_s,
        "skip_hours": sorted(hints.skip_hours),
        "skip_days": sorted(hints.skip_days),
    }
    return {name: value for name, value in told.items() if value}


def habits_of(value: Mapping[str, Any] | None) -> FeedHabits:
    if not value:
        return NO_HABITS
    counts = tuple(value.get("counts", ()))
    return FeedHabits(
        rhythm=Rhythm(since=instant_of(value["since"]), counts=counts) if counts else None,
        window_s=value.get("window_s", 0.0),
        hints=FeedHints(
            ttl_s=value.get("ttl_s", 0.0),
            skip_hours=frozenset(value.get("skip_hours", ())),
            skip_days=frozenset(value.get("skip_days", ())),
        ),
    )
