"""Dates of feeds: a wrong one is worse than none."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from pipeline.records import DateRule, Feed
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
            ("Tue, 24 Nov 26 09:00:00 +0300", datetime(2026, 11, 24, 6, tzinfo=UTC)),
            ("1795500000", datetime(2026, 11, 24, 6, tzinfo=UTC)),
            ("1795500000123", datetime(2026, 11, 24, 6, tzinfo=UTC)),
            ("9999999999", None),
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
        assert raw == entry.raw_date
        assert entry.date is None or ("feed", raw) == (entry.date.source, entry.date.raw)

    def test_a_feed_may_have_a_zone_of_its_own(self):
        """
        The feed's zone goes before the outlet's.
        """
        feed = Feed(url=FEED.url, outlet_id="alnahr", time_zone="Africa/Tunis")

        (entry,) = read(rss(item(more="<pubDate>2026-11-24 07:00</pubDate>")), feed=feed).entries

        assert datetime(2026, 11, 24, 6, tzinfo=UTC) == entry.date.published_at

    def test_what_cannot_be_read_lets_the_next_date_speak(self):
        """
        An unreadable publication date gives way to the last update; one in the future does not.
        """
        updated = "<dc:date>2026-11-24T06:00:00Z</dc:date>"
        namespaces = 'xmlns:dc="http://purl.org/dc/elements/1.1/"'

        unread, ahead = (
            read(rss(item(more=f"<pubDate>{raw}</pubDate>{updated}"), namespaces=namespaces)).entries[0]
            for raw in ("today, at noon sharp", "Wed, 25 Nov 2026 06:00:00 GMT")
        )

        assert datetime(2026, 11, 24, 6, tzinfo=UTC) == unread.date.published_at
        assert (None, "Wed, 25 Nov 2026 06:00:00 GMT") == (ahead.date, ahead.raw_date)

    @pytest.mark.parametrize(
        ("raw", "zone", "precision"),
        [
            ("2026-10-29 23:30:00", "Africa/Cairo", "hour"),  # shown twice
            ("2026-04-24 00:30:00", "Africa/Cairo", "hour"),  # never shown
            ("2026-10-30 00:30:00", "Africa/Cairo", "second"),
            ("2026-04-24 01:30:00", "Africa/Cairo", "second"),
            ("2026-10-29 23:30:00 +0300", "Africa/Cairo", "second"),
            ("2026-02-15 02:30:00", "Africa/Casablanca", "hour"),
            ("2026-03-22 02:30:00", "Africa/Casablanca", "hour"),
            ("2026-10-29 23:30:00", "Asia/Riyadh", "second"),
        ],
    )
    def test_hours_a_clock_change_skips_or_repeats_are_less_precise(self, raw, zone, precision):
        """
        Where the outlet's clocks were changed, a time without zone is true to an hour.
        """
        feed = Feed(url=FEED.url, outlet_id="alnahr", time_zone=zone)

        (entry,) = read(rss(item(more=f"<pubDate>{raw}</pubDate>")), feed=feed).entries

        assert precision == entry.date.precision


class TestRules:
    """What a feed is known to get wrong is set right."""

    @pytest.mark.parametrize(
        ("raw", "instant", "precision"),
        [
            ("Tue, 24 Nov 2026 13:30:00 GMT", datetime(2026, 11, 24, 11, 30, tzinfo=UTC), "second"),
            ("2026-11-24T13:30:00Z", datetime(2026, 11, 24, 11, 30, tzinfo=UTC), "second"),
            ("2026-11-24T13:30:00+00:00", datetime(2026, 11, 24, 11, 30, tzinfo=UTC), "second"),
            ("Mon, 13 Jul 2026 13:30:00 GMT", datetime(2026, 7, 13, 10, 30, tzinfo=UTC), "second"),
            ("Thu, 29 Oct 2026 23:30:00 GMT", datetime(2026, 10, 29, 20, 30, tzinfo=UTC), "hour"),
            ("Tue, 24 Nov 2026 13:30:00 +0200", datetime(2026, 11, 24, 11, 30, tzinfo=UTC), "second"),
            ("Tue, 24 Nov 2026 13:30:00 +0300", datetime(2026, 11, 24, 10, 30, tzinfo=UTC), "second"),
            ("Tue, 24 Nov 2026 13:30:00", datetime(2026, 11, 24, 11, 30, tzinfo=UTC), "second"),
            ("Tue, 24 Nov 2026 15:30:00 GMT", None, None),
        ],
    )
    def test_a_wrong_label_is_corrected_and_no_other(self, raw, instant, precision):
        """
        "UTC" is read as Cairo's clock, winter and summer; other labels keep their meaning.
        """
        rule = DateRule(zone="Africa/Cairo", claimed_s=0)
        feed = Feed(url=FEED.url, outlet_id="alnahr", time_zone="Africa/Cairo")

        (entry,) = read(rss(item(more=f"<pubDate>{raw}</pubDate>")), feed=feed, date_rule=rule).entries

        assert (instant, precision) == (
            (entry.date.published_at, entry.date.precision) if entry.date else (None, None)
        )
        assert entry.date is None or ("labels" in entry.date.rule) == raw.endswith(("GMT", "Z", "00:00"))
