"""The outlets Rasd ships: what an operator relies on before the first poll."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest

from pipeline.config import load_outlets
from pipeline.importing import outlet_id_of

CONFIG = Path(__file__).resolve().parent.parent / "config"
OUTLETS = load_outlets(CONFIG)
FILES = sorted((CONFIG / "outlets").glob("*.yml"))

#: Their robots.txt forbids it, or says nothing but no.
LEFT_ALONE = ("petra.gov.jo", "alyaoum24.com")

#: Where the zone is that of the newsroom, not of the owner's country.
NEWSROOM_ELSEWHERE = {"cnn-arabic"}

#: Zones of the countries the starters come from.
ZONES = {
    "ae": {"Asia/Dubai"},
    "de": {"Europe/Berlin"},
    "dz": {"Africa/Algiers"},
    "eg": {"Africa/Cairo"},
    "fr": {"Europe/Paris"},
    "gb": {"Europe/London"},
    "iq": {"Asia/Baghdad"},
    "jo": {"Asia/Amman"},
    "lb": {"Asia/Beirut"},
    "ma": {"Africa/Casablanca"},
    "mr": {"Africa/Nouakchott"},
    "ps": {"Asia/Hebron", "Asia/Gaza"},
    "qa": {"Asia/Qatar"},
    "ru": {"Europe/Moscow"},
    "sa": {"Asia/Riyadh"},
    "sd": {"Africa/Khartoum"},
    "sy": {"Asia/Damascus"},
    "tn": {"Africa/Tunis"},
    "tr": {"Europe/Istanbul"},
    "un": {"America/New_York"},
    "us": {"America/New_York"},
    "ye": {"Asia/Aden"},
}


def test_there_are_forty_starters():
    """
    The unattended system begins with forty outlets, each with a feed.
    """
    assert 40 == len(OUTLETS)
    assert all(outlet.feeds for outlet in OUTLETS.values())


def test_no_feed_stands_twice():
    """
    One feed belongs to one outlet: two would fight over its entries.
    """
    urls = Counter(feed.url for outlet in OUTLETS.values() for feed in outlet.feeds)

    assert [] == [url for url, times in urls.items() if times > 1]


@pytest.mark.parametrize("outlet", OUTLETS.values(), ids=lambda outlet: outlet.outlet_id)
class TestEachOutlet:
    """What holds for every shipped file."""

    def test_zone_is_that_of_its_country(self, outlet):
        """
        Dates without a zone are read by the clock of the outlet's own country or newsroom.
        """
        assert ZoneInfo(outlet.time_zone).key == outlet.time_zone
        assert outlet.outlet_id in NEWSROOM_ELSEWHERE or outlet.time_zone in ZONES[outlet.country]

    def test_addresses_are_https_and_allowed(self, outlet):
        """
        Home and feeds are on the open web, encrypted, and not at a publisher who said no.
        """
        addresses = [urlsplit(url) for url in (outlet.home, *(feed.url for feed in outlet.feeds))]

        assert {"https"} == {address.scheme for address in addresses}
        assert not [address for address in addresses if (address.hostname or "").endswith(LEFT_ALONE)]

    def test_polls_no_feed_more_often_than_every_ten_minutes(self, outlet):
        """
        The schedule adapts upwards from a courteous floor.
        """
        assert all(feed.poll_at_most_s >= 600 for feed in outlet.feeds)

    def test_says_what_to_expect(self, outlet):
        """
        Without a range housekeeping could not notice that the outlet fell silent.
        """
        assert outlet.entries_per_day is not None
        low, high = outlet.entries_per_day
        assert 1 <= low < high

    def test_is_found_by_its_english_name(self, outlet):
        """
        An imported article that names the outlet in English lands with the outlet's own.
        """
        assert outlet.outlet_id == outlet_id_of(outlet.title_en)

    def test_has_arabic_and_english_names(self, outlet):
        """
        Analysts read the one, log lines the other.
        """
        assert re.search(r"[\u0621-\u064a]", outlet.title)
        assert outlet.title_en.isascii()


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_file_opens_with_words_for_its_reader(file):
    """
    Who it is and what to expect of it stands first, in a comment.
    """
    first = file.read_text(encoding="utf-8").splitlines()[0]

    assert re.match(r"# \w.{15,}", first)


def test_a_crawl_delay_seen_in_robots_is_the_pause():
    """
    Two minutes between requests, as the publisher asks.
    """
    assert 120 == OUTLETS["al-quds-al-arabi"].pause_s
