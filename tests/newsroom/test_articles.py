"""The articles of the make-believe press: enough of them, on every topic, with the traps."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from tests.newsroom.articles import Kind, load_articles

#: The ten topics Rasd ships.
TOPICS = {
    "us_russia_diplomacy",
    "russia_ukraine_war",
    "gaza_israel_ceasefire_talks",
    "iran_nuclear_talks",
    "sudan_war",
    "syria_transition_or_conflict_diplomacy",
    "yemen_red_sea",
    "opec_oil_policy",
    "us_china_relations",
    "normalization_with_israel",
}

ARTICLES = load_articles()


class TestArticles:
    """What was written for this project."""

    def test_there_are_enough_of_them(self):
        """
        Sixty articles in six outlets are the least a demo needs.
        """
        written = [article for article in ARTICLES.values() if article.kind is Kind.ARTICLE]

        assert len(written) >= 60
        assert len({article.outlet_id for article in written}) >= 6

    def test_topics_are_ones_rasd_ships(self):
        """
        A misspelt topic would never be found.
        """
        assert set() == {topic for article in ARTICLES.values() for topic in article.topics} - TOPICS

    @pytest.mark.parametrize("topic", sorted(TOPICS))
    def test_each_topic_is_covered(self, topic):
        """
        Every topic has something to find, the flagship most.
        """
        covering = [article for article in ARTICLES.values() if topic in article.topics]

        assert len(covering) >= (8 if topic == "us_russia_diplomacy" else 3)

    def test_most_traps_are_set(self):
        """
        The mentions that mislead stand in articles without a topic.
        """
        bait = ("روسيا البيضاء", "بوروسيا", "واشنطن بوست", "روسيا اليوم", "تطبيع الحياة")
        # Belarus, Borussia, The Washington Post, RT, life going back to normal
        plain = ["\n".join(article.paragraphs) for article in ARTICLES.values() if not article.topics]

        assert [] == [words for words in bait if not any(words in text for text in plain)]
        assert any("بوتين" in "".join(one.read_also) for one in ARTICLES.values() if not one.topics)  # Putin

    def test_copies_are_of_both_kinds(self):
        """
        One wire story is told by two outlets, one story twice by the same.
        """
        copies = [article for article in ARTICLES.values() if article.republishes]
        same_outlet = {ARTICLES[copy.republishes].outlet_id == copy.outlet_id for copy in copies}

        assert {True, False} == same_outlet

    def test_no_article_repeats_another_unless_meant(self):
        """
        A paragraph stands in one article, or in declared copies.
        """
        seen = Counter(
            text
            for article in ARTICLES.values()
            if not article.republishes
            for text in {" ".join(line.split()) for line in article.paragraphs}
        )

        assert {} == {text: times for text, times in seen.items() if times > 1}

    @pytest.mark.parametrize("slug", [slug for slug, one in ARTICLES.items() if one.kind is Kind.ARTICLE])
    def test_article_is_one(self, slug):
        """
        It has a title, a lead short enough for a feed, and some paragraphs; Arabic unless it says otherwise.
        """
        article = ARTICLES[slug]
        body = " ".join(article.paragraphs)
        arabic = len(re.findall("[\u0621-\u064a]", body)) / len(body)

        assert article.title
        assert article.title not in body
        assert 20 <= len(article.summary) <= 300
        assert 20 <= len(body.split()) <= 300
        assert (article.language == "ar") == (arabic > 0.5)

    def test_windows_1256_can_write_what_its_outlet_writes(self):
        """
        Its articles hold no character the old encoding lacks.
        """
        for article in ARTICLES.values():
            if article.outlet_id == "nile-lantern":
                "\n".join([article.title, article.summary, *article.paragraphs]).encode("windows-1256")
