"""Scoring the matcher over pairs: what counts as a hit, and what others would do."""

from __future__ import annotations

import pytest

from pipeline.errors import ConfigError
from pipeline.evaluate.matching import evaluate_matching
from pipeline.wiring import opened_analyzer

PAIRS = """term\tform\tmatch
لقاء\tللقاء\t1
لقاء\tلقاء\t1
لبنان\tلبن\t0
طالبان\tطالب\t0
"""  # meeting: to the meeting, a meeting; Lebanon: milk; Taliban: student


@pytest.fixture
def pairs(tmp_path):
    """Two forms to be found and two not to be."""
    file = tmp_path / "pairs.tsv"
    file.write_text(PAIRS, encoding="utf-8")
    return file


def test_hits_are_counted_of_what_must_match_and_must_not(pairs):
    """
    All of the first, none of the second; a word boundary misses every clitic.
    """
    scored = evaluate_matching(pairs)

    assert [2, 2] == scored["must_match"]
    assert [0, 2] == scored["must_not_match"]
    assert {"must_match": [1, 2], "must_not_match": [0, 2]} == scored["compared"]["word boundary"]
    assert [] == scored["mistakes"]


@pytest.mark.elasticsearch
def test_the_arabic_analyzer_stands_beside_it(pairs, elasticsearch_url):
    """
    On the same pairs: it takes an ending off a name, and so meets another word.
    """
    with opened_analyzer(elasticsearch_url, "arabic") as analyse:
        scored = evaluate_matching(pairs, analyzers={"elasticsearch arabic": analyse})

    assert [1, 2] == scored["compared"]["elasticsearch arabic"]["must_match"]
    assert [2, 2] == scored["compared"]["elasticsearch arabic"]["must_not_match"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("term\tform\nأ\tب\n", ":1: no column match"),
        ("term\tform\tmatch\nأ\tب\tyes\n", ":2: match is 'yes'; write 1 or 0"),
    ],
)
def test_a_broken_table_says_where(tmp_path, text, reason):
    """
    File and line are named, and what to write.
    """
    file = tmp_path / "pairs.tsv"
    file.write_text(text, encoding="utf-8")

    with pytest.raises(ConfigError, match=reason):
        evaluate_matching(file)


@pytest.mark.shared
def test_every_pair_of_the_shared_table_is_right(shared_data):
    """
    All that must match does, and nothing that must not.
    """
    scored = evaluate_matching(shared_data / "matching" / "token_pairs.tsv")

    assert [] == scored["mistakes"]
