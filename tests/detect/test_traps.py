"""Phrases that mislead a reader of words, and what they mean."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.config import load_topics
from pipeline.detect.examples import article_of
from pipeline.detect.match import Detector

ROOT = Path(__file__).resolve().parent.parent.parent
TRAPS = [
    line.split("\t")
    for line in Path(__file__).with_name("traps.tsv").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]


@pytest.fixture(scope="module")
def detector():
    return Detector(load_topics(ROOT / "config"))


@pytest.mark.parametrize(("topic", "expected", "text"), TRAPS)
def test_a_trap_is_read_as_it_is_meant(detector, topic, expected, text):
    """
    A paper, a club, a dish or a dateline is no government; a metonym and a denial are.
    """
    article = article_of(text.replace("|", "\n").replace("\\n", "\n"))

    found = {match.topic_id for match in detector.detect(article).matches}

    assert (expected == "yes") == (topic in found)
