"""
Search is scored over events: titles as queries, the other reports as answers.
"""

from __future__ import annotations

import json

import pytest

from pipeline.evaluate.coverage import Task
from pipeline.evaluate.search import evaluate_search, score

REPORTS = {
    "a1": ("حريق في سوق بلدة عسقلون القديم", "اندلع حريق كبير في سوق بلدة عسقلون القديم فجر اليوم"),
    "a2": ("النيران تلتهم متاجر عسقلون", "التهمت النيران متاجر في سوق عسقلون ولم يصب أحد في الحريق"),
    "b1": ("افتتاح جسر ديرقانون المعلق", "افتتح جسر ديرقانون المعلق أمام السيارات بعد أعوام من الأشغال"),
    "b2": ("السيارات تعبر جسر ديرقانون", "عبرت أولى السيارات جسر ديرقانون الجديد في حفل بسيط"),
    "c1": ("أسعار الخضار ترتفع", "ارتفعت أسعار الخضار في الأسواق مع موجة البرد"),
}  # fmt: skip


@pytest.fixture
def files(tmp_path):
    corpus, events = tmp_path / "corpus.jsonl", tmp_path / "events.jsonl"
    records = [
        {"id": name, "outlet": name, "title": title, "body": body} for name, (title, body) in REPORTS.items()
    ]
    corpus.write_text("\n".join(json.dumps(record) for record in [*records, records[0]]), "utf-8")
    events.write_text('{"ids": ["a1", "a2"]}\n{"ids": ["b1", "b2", "not there"]}\n', "utf-8")
    return corpus, events


def test_every_report_of_an_event_is_a_query(files):
    """
    Four titled reports of two events are four queries, and each finds the other one.
    """
    corpus, events = files

    figures = evaluate_search([corpus], events, engine="sqlite")

    assert (5, 4) == (figures["articles"], figures["queries"])
    assert (1.0, 1.0) == (figures["mrr"], figures["recall_at_10"])
    assert {"p50_ms", "p95_ms", "interval"} <= figures.keys()


def test_the_queried_article_and_copies_of_an_answer_take_no_place():
    """
    Neither is right, and neither pushes an answer down.
    """
    task = Task("query", "عنوان", frozenset({"answer"}), frozenset({"copy"}))

    figures = score([task, task], lambda _: ["query", "copy", "other", "answer"])

    assert (0.5, 1.0) == (figures["mrr"], figures["recall_at_10"])


@pytest.mark.elasticsearch
def test_the_baseline_is_asked_in_the_same_run(files, elasticsearch_url):
    """
    On Elasticsearch its stock Arabic search is scored beside ours, with the gain and its interval.
    """
    corpus, events = files

    figures = evaluate_search([corpus], events, engine="elasticsearch", url=elasticsearch_url)

    assert 1.0 == figures["recall_at_10"]
    assert {"mrr", "recall_at_10"} <= figures["baseline"].keys()
    assert {"times", "interval"} == figures["gain"]["mrr"].keys()


def test_records_that_are_no_articles_are_counted_with_their_reason(files):
    """
    A date or an address that cannot be believed costs the record only that; a body it cannot do without.
    """
    corpus, events = files
    broken = [
        {"id": "d1", "outlet": "d", "title": "بلا تاريخ", "body": "خبر له تاريخ بعيد", "date": "9999-01-01"},
        {"id": "d2", "outlet": "d", "title": "بلا نص"},  # without a text
    ]
    corpus.write_text(corpus.read_text("utf-8") + "\n" + "\n".join(map(json.dumps, broken)), "utf-8")

    figures = evaluate_search([corpus], events, engine="sqlite")

    assert 6 == figures["articles"]
    assert {"date": 1} == figures["read_without"]
    assert [1] == list(figures["skipped"].values())
    assert "no body" in next(iter(figures["skipped"]))


def test_an_event_may_name_its_only_query_and_what_counts_for_neither(files, tmp_path):
    """
    Judged lists ask one title each; more files of events are scored each for itself.
    """
    corpus, events = files
    judged = tmp_path / "judged.jsonl"
    judged.write_text('{"query": "a1", "ids": ["a1", "a2"], "neither": ["c1"]}', "utf-8")

    figures = evaluate_search([corpus], events, engine="sqlite", also=[judged])

    assert 4 == figures["queries"]
    assert 1 == figures["also"]["judged"]["queries"]
    assert 1.0 == figures["also"]["judged"]["mrr"]


def test_queries_may_be_timed_several_at_a_time(files):
    """
    Once more than they are scored, and for all the lists together.
    """
    corpus, events = files

    figures = evaluate_search([corpus], events, engine="sqlite", also=[events], at_once=4)

    assert 8 == figures["at_once"]["queries"]
    assert {"queries", "p50_ms", "p95_ms"} == figures["at_once"].keys()
