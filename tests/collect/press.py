"""A feed on a fake clock, and the ways outlets write the time."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from pipeline.collect.date_rules import first_sights, learnt_rule, with_newer
from pipeline.records import FeedEntry

WINTER = datetime(2026, 1, 12, 6, tzinfo=UTC)
SUMMER = datetime(2026, 7, 13, 6, tzinfo=UTC)
HOUR = timedelta(hours=1)


class Press:
    """A feed on a fake clock: what it publishes, how it dates that, and what is learnt of it."""

    def __init__(self, zone, label, *, every_s=600, delay=timedelta(minutes=1), seed=7):
        self.zone, self.label, self.every, self.delay = zone, label, timedelta(seconds=every_s), delay
        self.chance = random.Random(seed)
        self.evidence = ()
        self.published = {}
        self.count = 0

    def poll(self, now, entries=2):
        """One poll; each entry came out at some moment since the one before."""
        listed = [self._entry(now) for _ in range(entries)]
        newer = first_sights(listed, zone=self.zone, seen_at=now)
        self.evidence = with_newer(self.evidence, newer)
        return self.rule

    def polls(self, begin, number):
        rules = [self.poll(begin + turn * self.every) for turn in range(number)]
        return rules[-1]

    @property
    def rule(self):
        return learnt_rule(self.evidence, zone=self.zone)

    def _entry(self, now):
        self.count += 1
        at = now - self.delay - self.every * self.chance.random()
        raw = self.label(at, ZoneInfo(self.zone))
        key = str(self.count)
        self.published[key] = at
        return FeedEntry(entry_id=key, outlet_id="x", feed_url="u", url=key, canonical_url=key, raw_date=raw)


def local_as_utc(at, zone):
    return at.astimezone(zone).strftime("%a, %d %b %Y %H:%M:%S GMT")


def true_utc(at, zone):
    return at.strftime("%a, %d %b %Y %H:%M:%S GMT")


def true_local(at, zone):
    return at.astimezone(zone).isoformat(timespec="seconds")


def winter_offset_all_year(at, zone):
    return at.astimezone(zone).strftime("%Y-%m-%dT%H:%M:%S+02:00")


def without_zone(at, zone):
    return at.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")
