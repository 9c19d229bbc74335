"""Judgements: what people say of articles and topics."""

from __future__ import annotations

from tests.ledger.desk import HOUR, NOON, entry, key


def test_a_judgement_is_kept_with_its_reason(desk):
    """
    Who said what of which article, when and why, is there to be read.
    """
    desk.list(entry("dam"))

    said = desk.ledger.judge(
        key("dam"), "water", belongs=True, why="the dam is the subject", judged_by="nour", now=NOON
    )

    assert [said] == desk.ledger.judgements(topic_id="water")
    assert [said] == desk.ledger.judgements(article_id=key("dam"))
    assert (True, "the dam is the subject", "nour") == (said.belongs, said.why, said.judged_by)


def test_the_latest_word_counts(desk):
    """
    A second judgement of the same article and topic replaces the first, also by its address.
    """
    desk.list(entry("dam"))
    desk.ledger.judge(key("dam"), "water", belongs=True, why="", judged_by="nour", now=NOON)

    desk.ledger.judge(
        "http://daily.example/dam", "water", belongs=False, why="a film", judged_by="sami", now=NOON + HOUR
    )

    (kept,) = desk.ledger.judgements()
    assert (False, "a film", "sami", NOON + HOUR) == (
        kept.belongs, kept.why, kept.judged_by, kept.judged_at,
    )  # fmt: skip


def test_a_judgement_can_be_taken_back(desk):
    """
    Taken back once it is gone, and a second time there is nothing to take back.
    """
    desk.list(entry("dam"))
    desk.ledger.judge(key("dam"), "water", belongs=True, why="", judged_by="nour", now=NOON)

    assert desk.ledger.take_back(key("dam"), "water")
    assert not desk.ledger.take_back(key("dam"), "water")
    assert [] == desk.ledger.judgements()


def test_what_nobody_listed_cannot_be_judged(desk):
    """
    A judgement needs an entry; without one nothing is kept.
    """
    assert (
        desk.ledger.judge("http://x.example/", "water", belongs=True, why="", judged_by="", now=NOON) is None
    )
    assert [] == desk.ledger.judgements()
