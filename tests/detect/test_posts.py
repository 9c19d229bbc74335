"""Short posts, in which every word is in the headline, and what they are about."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.config import load_topics
from pipeline.detect.examples import as_article
from pipeline.detect.match import POST_CHARS, Detector

ROOT = Path(__file__).resolve().parent.parent.parent
POSTS = [
    line.split("\t")
    for line in Path(__file__).with_name("posts.tsv").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]


@pytest.fixture(scope="module")
def detector():
    return Detector(load_topics(ROOT / "config"))


@pytest.mark.parametrize(("topic", "expected", "text"), POSTS)
def test_a_post_is_read_as_it_is_meant(detector, topic, expected, text):
    """
    A line with hashtags tells as much as an article; sides named in passing tell nothing.
    """
    found = {match.topic_id for match in detector.detect(as_article(text)).matches}

    assert len(text) <= POST_CHARS
    assert (expected == "yes") == (topic in found)
