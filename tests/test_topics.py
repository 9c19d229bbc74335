"""The topics Rasd ships, held to their own examples."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.config import load_topics
from pipeline.detect.examples import failures

CONFIG = Path(__file__).resolve().parent.parent / "config"
TOPICS = load_topics(CONFIG)

#: The labels articles were judged by; the files' stems are the same.
GUIDELINE = {
    "gaza_israel_ceasefire_talks",
    "iran_nuclear_talks",
    "normalization_with_israel",
    "opec_oil_policy",
    "russia_ukraine_war",
    "sudan_war",
    "syria_transition_or_conflict_diplomacy",
    "us_china_relations",
    "us_russia_diplomacy",
    "yemen_red_sea",
}


def test_the_guidelines_topics_are_there_and_three_more():
    """
    What articles were labelled for is followed, and what a newsroom would miss.
    """
    assert {"lebanon_israel_front", "renaissance_dam", "sahel_security"} == set(TOPICS) - GUIDELINE
    assert GUIDELINE <= set(TOPICS)


@pytest.mark.parametrize("topic_id", TOPICS)
def test_examples_of_a_topic_hold(topic_id):
    """
    What a topic's file says must match does, and what must not does not.
    """
    failed = failures({topic_id: TOPICS[topic_id]})

    assert [] == [str(failure) for failure in failed]


@pytest.mark.parametrize("topic_id", TOPICS)
def test_a_topic_explains_itself(topic_id):
    """
    Every topic has titles in both languages, a description, and fifteen examples of each kind.
    """
    topic = TOPICS[topic_id]

    assert topic.title
    assert topic.title_en
    assert topic.description
    assert len([example for example in topic.examples if example.matches]) >= 15
    assert len([example for example in topic.examples if not example.matches]) >= 15
