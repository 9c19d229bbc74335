"""Evidence, guards and parts: what makes an article count, and what does not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.config import load_topics
from pipeline.detect.backtest import backtest
from pipeline.detect.examples import as_article
from pipeline.detect.fit import Case, fit
from pipeline.detect.match import Detector
from pipeline.detect.review import precision, review
from pipeline.errors import ConfigError
from pipeline.records import Judgement
from tests.ledger.desk import NOON

#: Two towns that face each other, and a dam between them.
TOPIC = """
title: السد
threshold: 10
required: [upper, lower]
sides: [upper, lower]
points: {title_part: 6, throughout: 6, dealing: 6, opening: 4, others: -10, turned_away: -4, elsewhere: -8}
named: [نزاع السد]
address: [بين, مع, تحذر]
others: [الجبل]
elsewhere: [مباراة]
groups:
  upper: {6: [العليا]}
  lower:
    6: [السفلى]
    البلدتان: {weight: 4, stands_for: [upper, lower]}
guards:
  school: {phrases: [مدرسة], within: 1}
"""
BOTH = "العليا تحذر السفلى"  # Upper warns Lower
#: A text in which one sentence in four is that one: what stands between is of rain and grain.
LONG = "الحقول\n" + "%s. هطل المطر غزيرا على الحقول. نما القمح بعد ذلك سريعا. فرح الناس كثيرا. " * 5
POINTS = "points: {title_part: 7, opening: 4, throughout: 7, dealing: 6}\n"


@pytest.fixture
def topic(tmp_path):
    """Writes a topic's file, with more lines at its end, and reads it."""

    def read(more="", text=TOPIC):
        (tmp_path / "topics").mkdir(exist_ok=True)
        whole = text + more
        (tmp_path / "topics" / "dam.yml").write_text(whole, encoding="utf-8")
        return load_topics(tmp_path)["dam"]

    return read


def evidence(topic, text):
    found = Detector({"dam": topic}).explain(as_article(text))
    return {one.name: one.value for match in found for one in match.evidence}


def test_score_is_the_sum_of_the_evidence(topic):
    """
    A match tells each kind of evidence with its points, and they add up to its score.
    """
    (match,) = Detector({"dam": topic()}).detect(as_article(BOTH)).matches

    assert match.score == pytest.approx(sum(one.points for one in match.evidence), abs=0.01)


def test_who_addresses_whom_is_evidence(topic):
    """
    Speaker, act and addressee in their order speak more strongly than the two names alone.
    """
    turned = evidence(topic(), LONG.replace("%s", BOTH))["dealing"]
    beside = evidence(topic(), LONG.replace("%s", "العليا ثم السفلى"))["dealing"]  # Upper, then Lower

    assert beside == pytest.approx(0.7 * turned, abs=0.05)


def test_third_parties_speak_against(topic):
    """
    Where others are named beside the sides, that is evidence against.
    """
    assert evidence(topic(), "العليا تحذر السفلى من الجبل")["others"] == pytest.approx(1 / 3, abs=0.01)


def test_one_of_a_list_of_states_is_not_one_of_two(topic):
    """
    A third party among the words that name the sides takes half of what they say; one far off nothing.
    """
    among = evidence(topic(), LONG.replace("%s", "السفلى والجبل والعليا"))  # Lower, the Mountain and Upper
    apart = evidence(topic(), LONG.replace("%s", "السفلى والعليا") + " الجبل بعيد.")  # the Mountain is far

    assert among["dealing"] == pytest.approx(apart["dealing"] / 2, abs=0.1)


def test_what_goes_to_third_parties_speaks_against(topic):
    """
    Of all the sides do to anybody, the part that third parties are at the other end of is evidence against.
    """
    away = "العليا تحذر الجبل"  # Upper warns the Mountain

    assert evidence(topic(), f"{BOTH}\n{BOTH}. {away}.")["turned_away"] == pytest.approx(1 / 3, abs=0.01)
    assert "turned_away" not in evidence(topic(), f"{BOTH}\n{BOTH}. الجبل بعيد.")  # the Mountain is far


def test_a_sentence_speaks_of_the_topic_as_strongly_as_it_says_what_is_done(topic):
    """
    A side may stand in the sentence before; the act must be named in the sentence itself.
    """
    acting = TOPIC.replace("required: [upper, lower]", "required: [upper, lower, act]").replace(
        "groups:", "groups:\n  act: {5: [تحذر], 10: [تقاضي]}"
    )
    after = "ثم تقاضي العليا الشركة"  # then Upper sues the company

    rain = "هطل المطر غزيرا على الحقول كلها. " * 8  # rain fell hard on all the fields

    throughout = evidence(topic(text=acting), f"الحقول\n{BOTH}. {after}. {rain}")["throughout"]

    assert throughout == pytest.approx((3 * 0.5 + 4 * 1) / (3 + 4 + 8 * 6) / 0.4, abs=0.01)


def test_a_post_says_no_more_than_its_terms(topic):
    """
    What fills a text of two sentences is everywhere in it, so there the strength of the terms decides.
    """
    weak = topic(text=TOPIC.replace("6: [العليا]", "1: [العليا]").replace("6: [السفلى]", "2: [السفلى]"))

    post, longer = evidence(weak, BOTH), evidence(weak, f"{BOTH}\n{f'{BOTH}. ' * 20}")

    assert (1, 1) == (longer["title_part"], longer["dealing"])
    assert max(post["title_part"], post["throughout"], post["dealing"]) < 0.2


def test_a_topic_without_sides_has_no_evidence_of_sides(topic):
    """
    One weak word is not two sides that meet: it is worth what it weighs, in headline and text.
    """
    bridges = "title: x\nthreshold: 5\nrequired: [bridge]\n" + POINTS + "groups:\n  bridge: {%s: [جسر]}\n"
    text = f"جسر\n{'فوق النهر جسر قديم. ' * 20}"  # an old bridge over the river

    weak, strong = (
        Detector({"dam": topic(text=bridges % weight)}).explain(as_article(text)) for weight in (1, 9)
    )

    assert {"title_part", "opening", "throughout", "dealing"} == {one.name for one in weak[0].evidence}
    assert weak[0].score < 5 < strong[0].score


def test_guard_cancels_the_mention_beside_it(topic):
    """
    A word of the guard beside it cancels a mention, and the hit says which guard it was.
    """
    (match,) = Detector({"dam": topic()}).explain(as_article("مدرسة العليا تحذر السفلى"))

    assert ("upper",) == match.missing
    assert "school" in {hit.cancelled_by for hit in match.hits}


def test_both_count_once_each_was_named(topic):
    """
    "The two towns" counts after both names stood there, and not before.
    """
    said = "وقالت البلدتان إن الماء كاف"  # and both said the water is enough
    after = evidence(topic(), f"{BOTH}\n{said}")
    alone = evidence(topic(), f"الطقس\n{said}")  # under "The weather"

    assert "dealing" in after
    assert {} == alone


def test_another_story_is_scored_apart(topic):
    """
    A text that turns to another story matches by that story alone.
    """
    weather = "الطقس بارد والرياح شديدة والناس في البيوت. " * 3  # cold weather, strong winds
    story = f"على صعيد آخر {BOTH}. " + f"{BOTH} مرة ثانية. " * 6

    (match,) = Detector({"dam": topic()}).explain(as_article(f"الطقس\n{weather}\n{story}"))

    assert {one.name: one.value for one in match.evidence}["throughout"] == 1


def test_evidence_calls_a_list_of_things_by_its_title(topic, tmp_path):
    """
    A lexicon's list of different things is not called by its first one; a name is, by its commonest spelling.
    """
    (tmp_path / "lexicon.yml").write_text(
        "mayors: {title: عمداء, forms: [حمدان, زيدان]}\nmill: [الطاحونة, المطحنة]\n", "utf-8"
    )
    dam = topic(more="terms: {'@mayors': 3, '@mill': 3}\n")

    found = Detector({"dam": dam}).explain(as_article("العليا تحذر السفلى: زيدان يغلق المطحنة"))

    hits = {hit.form: hit.term for match in found for hit in match.hits}
    assert hits["زيدان"] == "عمداء"
    assert hits["المطحنة"] == "الطاحونة"


def test_satire_matches_nothing(topic):
    """
    What an outlet's or an article's genre calls satire is about no topic, and the explanation says why.
    """
    detector = Detector({"dam": topic()}, {"grin": "satire"})
    article = replace(as_article(BOTH), outlet_id="grin")

    assert () == detector.detect(article).matches
    assert ("news (satire)",) == detector.explain(article)[0].missing


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ("colour: red\n", "dam.yml:18: colour: is not a key Rasd knows"),
        ("terms: {'؟': 3}\n", "has no letters, so it can never match"),
        ("terms: {x: {weight: 1, stands_for: [north]}}\n", "there is no such group"),
    ],
)
def test_what_could_never_match_is_an_error_with_its_line(topic, more, told):
    """
    A mistake names the file, the line and what would be right.
    """
    with pytest.raises(ConfigError) as error:
        topic(more)

    assert told in str(error.value)


def test_threshold_nothing_can_reach_is_an_error(topic):
    """
    A topic that asks for more points than there are is refused.
    """
    with pytest.raises(ConfigError, match="nothing can reach it"):
        topic(text=TOPIC.replace("threshold: 10", "threshold: 90"))


def test_backtest_tells_what_is_gained_and_why(topic):
    """
    An article only the new topic finds is gained, with the term that brought it.
    """
    now = topic()
    before = replace(now, terms=tuple(term for term in now.terms if term.group != "lower"))

    (change,) = backtest([(as_article(BOTH), ())], now, before)

    assert change.gained
    assert "+ السفلى" in change.reasons


def test_review_counts_what_people_said(topic):
    """
    A found article judged no is a disagreement, and precision falls with it.
    """
    said = [
        Judgement(
            article_id=str(belongs), topic_id="dam", belongs=belongs, why="", judged_by="n", judged_at=NOON
        )
        for belongs in (True, False)
    ]

    reviewed = review(Detector({"dam": topic()}), [(each, as_article(BOTH)) for each in said])

    assert [False, True] == [one.agrees for one in reviewed]
    assert precision(reviewed)[0] == 0.5


def test_a_threshold_would_rather_miss_than_cry_wolf():
    """
    Of two thresholds that are wrong as often, the one with fewer false alarms is learnt.
    """
    values = {0.5: (True, False), 1.0: (True, True, True)}
    cases = {
        "dam": [Case({"opening": value}, belongs=said) for value, all_ in values.items() for said in all_]
    }

    assert 0.5 * dict(fit(cases).points)["opening"] < fit(cases).thresholds["dam"]


def test_learning_gives_the_same_whole_numbers_every_time():
    """
    What tells the cases apart gets points, and a second run gives the same.
    """
    cases = {"dam": [Case({"opening": float(n % 2)}, belongs=bool(n % 2)) for n in range(40)]}

    learnt = fit(cases)

    assert learnt == fit(cases)
    assert dict(learnt.points)["opening"] == 12
    assert all(points == round(points) for _, points in learnt.points)
