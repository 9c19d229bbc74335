"""Dates of feeds: a wrong one is worse than none."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from pipeline.records import Feed
from tests.collect.documents import FEED, item, read, rss


class TestDates:
    """A wrong date is worse than none."""

    @pytest.mark.parametrize(
        ("raw", "instant"),
        [
            ("Tue, 24 Nov 2026 09:00:00 +0300", datetime(2026, 11, 24, 6, tzinfo=UTC)),
            ("Tue, 24 Nov 2026 06:00:00 GMT", datetime(2026, 11, 24, 6, tzinfo=UTC)),
            ("Tue, 24 Nov 2026 09:00:00", datetime(2026, 11, 24, 6, tzinfo=UTC)),
            ("2026-11-24 09:00", datetime(2026, 11, 24, 6, tzinfo=UTC)),
            ("2026-11-24T09:00:00+03:00", datetime(2026, 11, 24, 6, tzinfo=UTC)),
            ("Tue, 24 Nov 2026 09:00:00 AST", datetime(2026, 11, 24, 6, tzinfo=UTC)),
            ("الثلاثاء, 24 نوفمبر 2026 09:00:00 +0300", datetime(2026, 11, 24, 6, tzinfo=UTC)),
            ("Tue, 24 Nov 2026 12:09:00 GMT", datetime(2026, 11, 24, 12, 9, tzinfo=UTC)),
            ("Tue, 24 Nov 2026 12:11:00 GMT", None),
            ("Tue, 24 Nov 2026 15:00:00 GMT", None),
            ("Thu, 01 Jan 1970 00:00:00 GMT", None),
            ("0001-01-01T00:00:00", None),
            ("soon", None),
            ("", None),
        ],
    )
    def test_dates_are_read_by_our_own_rules(self, raw, instant):
        """
        A missing zone is the outlet's; the future and the epoch are not believed.
        """
        (entry,) = read(rss(item(more=f"<pubDate>{raw}</pubDate>"))).entries

        assert instant == (entry.date.published_at if entry.date else None)
        assert entry.date is None or ("feed", raw) == (entry.date.source, entry.date.raw)

    def test_a_feed_may_have_a_zone_of_its_own(self):
        """
        The feed's zone goes before the outlet's.
        """
        feed = Feed(url=FEED.url, outlet_id="alnahr", time_zone="Africa/Tunis")

        (entry,) = read(rss(item(more="<pubDate>2026-11-24 07:00</pubDate>")), feed=feed).entries

        assert datetime(2026, 11, 24, 6, tzinfo=UTC) == entry.date.published_at
