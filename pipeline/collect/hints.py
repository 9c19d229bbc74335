"""
What a feed says about being asked: `ttl`, `skipHours`, `skipDays`, `sy:updatePeriod`. Pure.
"""

from __future__ import annotations

import re

from pipeline.habits import FeedHints

#: By the first letters, since "dayly" and "houry" are about as common as what was meant.
_PERIODS_S = {
    "hou": 3600.0,
    "dai": 86400.0,
    "day": 86400.0,
    "wee": 7 * 86400.0,
    "mon": 30 * 86400.0,
    "yea": 365 * 86400.0,
}
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_HOUR = re.compile(r"<hour>\s*(\d{1,2})\s*</hour>", re.IGNORECASE)
_DAY = re.compile(r"<day>\s*([a-z]{3})[a-z]*\s*</day>", re.IGNORECASE)
#: The channel's own elements stand before its items.
_LOOKED_AT_CHARS = 20_000


def feed_hints(text: str, *, ttl: str = "", period: str = "", frequency: str = "") -> FeedHints:
    """The hints of a feed.

    Args:
        text: the document, for what parsers lose.
        ttl: minutes, as written.
        period: of `sy:updatePeriod`.
        frequency: of `sy:updateFrequency`: so many times a period.

    >>> feed_hints("<skipHours><hour>24</hour></skipHours>", ttl="30").skip_hours
    frozenset({0})
    """
    period_s = _PERIODS_S.get(period.strip().lower()[:3], 0.0)
    return FeedHints(
        ttl_s=max(_number(ttl) * 60, period_s / (_number(frequency) or 1.0)),
        skip_hours=_unless_all({int(hour) % 24 for hour in _listed(text, "skipHours", _HOUR)}, 24),
        skip_days=_unless_all(
            {_DAYS.index(day.lower()) for day in _listed(text, "skipDays", _DAY) if day.lower() in _DAYS}, 7
        ),
    )


def _listed(text: str, element: str, item: re.Pattern[str]) -> list[str]:
    inside = re.search(
        rf"<{element}>(.{{0,2000}}?)</{element}>", text[:_LOOKED_AT_CHARS], re.DOTALL | re.IGNORECASE
    )
    return item.findall(inside.group(1)) if inside else []


def _unless_all(skipped: set[int], there_are: int) -> frozenset[int]:
    """Who asks never to be asked is not understood rightly."""
    return frozenset(skipped) if len(skipped) < there_are else frozenset()


def _number(text: str) -> float:
    return float(text) if re.fullmatch(r"\s*\d{1,9}(?:\.\d{1,9})?\s*", text) else 0.0
