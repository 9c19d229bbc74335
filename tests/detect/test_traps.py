"""
Phrases that mislead a reader of words, and what they mean: every kind by its number, in `traps.tsv`.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.config import load_topics
from pipeline.detect.examples import as_article
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


def test_every_kind_of_trap_has_its_english():
    """
    The table says what each number misleads about; no number stands without sentences.
    """
    lines = Path(__file__).with_name("traps.tsv").read_text(encoding="utf-8").splitlines()
    told = [line.split()[1] for line in lines if line.startswith("# ") and line.split()[1].isdigit()]

    assert told == list(dict.fromkeys(kind for kind, *_ in TRAPS))
    assert len(told) >= 60


@pytest.mark.shared
def test_every_trap_that_was_listed_has_sentences_of_our_own(shared_data):
    """
    The list of phrases that mislead, kind by kind: each of its numbers is in our table.
    """
    listed = (shared_data / "matching" / "context_traps.tsv").read_text(encoding="utf-8").splitlines()[1:]

    assert {line.split("\t")[0] for line in listed} <= {kind for kind, *_ in TRAPS}


@pytest.mark.parametrize(("kind", "topic", "expected", "text"), TRAPS)
def test_a_trap_is_read_as_it_is_meant(detector, kind, topic, expected, text):
    """
    A paper, a club, a dish or a dateline is no government; a metonym and a denial are.
    """
    article = as_article(text.replace("|", "\n").replace("\\n", "\n"))

    found = {match.topic_id for match in detector.detect(article).matches}

    assert (expected == "yes") == (topic in found), kind
