"""What a feed says about being asked."""

from __future__ import annotations

import pytest

from pipeline.collect.hints import feed_hints

NONE = frozenset()


@pytest.mark.parametrize(
    ("told", "seconds"),
    [
        ({"ttl": "30"}, 1800.0),
        ({"ttl": " 0 "}, 0.0),
        ({"ttl": "soon"}, 0.0),
        ({"ttl": "-5"}, 0.0),
        ({"period": " hourly ", "frequency": "2"}, 1800.0),
        ({"period": "Daily"}, 86400.0),
        ({"period": "dayly", "frequency": "0"}, 86400.0),
        ({"period": "hourly", "frequency": "0.1"}, 36000.0),
        ({"period": "always"}, 0.0),
        ({"ttl": "90", "period": "hourly"}, 5400.0),
    ],
)
def test_how_long_is_said_in_two_ways(told, seconds):
    """
    `ttl` in minutes and `sy:*` as so many times a period, misspelled or not; the longer counts.
    """
    assert seconds == feed_hints("", **told).ttl_s


@pytest.mark.parametrize(
    ("channel", "hours", "days"),
    [
        ("<skipHours><hour>1</hour><hour> 2 </hour></skipHours>", {1, 2}, NONE),
        ("<skiphours><Hour>24</Hour></skiphours>", {0}, NONE),
        ("<skipDays><day>Friday</day><day>sat</day><day>Someday</day></skipDays>", NONE, {4, 5}),
        ("<item><hour>1</hour><day>Friday</day></item>", NONE, NONE),
        ("<skipDays>" + "<day>Monday</day>" * 3 + "</skipDays>", NONE, {0}),
        ("<skipHours>" + "".join(f"<hour>{hour}</hour>" for hour in range(24)) + "</skipHours>", NONE, NONE),
    ],
)
def test_hours_and_days_may_be_skipped(channel, hours, days):
    """
    By number and by English name, as RSS has it; all of them is a mistake.
    """
    hints = feed_hints(f"<rss><channel>{channel}</channel></rss>")

    assert (hours, days) == (hints.skip_hours, hints.skip_days)
