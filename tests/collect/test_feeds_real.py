"""Real feeds, whole and damaged, where they lie beside the checkout."""

from __future__ import annotations

import pytest

from tests.collect.documents import read


@pytest.mark.shared
def test_damaged_copies_of_a_real_feed_are_read(shared_data):
    """
    At least nine of ten titles are right in each variant; eight of eight in the one cut off.
    """
    folder = shared_data / "feeds" / "damaged"
    right = [entry.title for entry in read((folder / "utf8_ok.xml").read_bytes()).entries]
    assert 10 == len(right)

    for path in sorted(folder.glob("*.xml")):
        if path.name == "html_error_page.xml":
            continue
        titles = [entry.title for entry in read(path.read_bytes()).entries]
        wanted = 8 if path.name == "truncated.xml" else 9
        # Some variants are damaged in the titles themselves.
        meant = [title.removesuffix("AT&T &").replace("\ufffd", "").strip() for title in titles]
        assert wanted <= sum(title in right for title in meant), path.name


@pytest.mark.shared
def test_real_feeds_give_all_their_entries(shared_data):
    """
    1,163 items are listed; 1,063 distinct links are entries, every one with a title and a date.
    """
    paths = sorted([*(shared_data / "feeds").glob("*.xml"), *(shared_data / "feeds").glob("*.rss")])
    found = [read(path.read_bytes()) for path in paths]

    entries = {entry.entry_id: entry for feed in found for entry in feed.entries}
    assert (20, 1163, 1063) == (len(found), sum(feed.listed for feed in found), len(entries))
    assert all(entry.title and entry.date for entry in entries.values())
