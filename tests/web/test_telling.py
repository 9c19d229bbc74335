"""What the pages say and draw: phrases, counts, dates, charts, marks."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pipeline.answers import Bucket
from pipeline.records import EVIDENCE
from pipeline.reports import Revision, StepRun
from pipeline.search.query import read_query
from pipeline.web import charts, speech
from pipeline.web.marking import Mark, pieces
from pipeline.web.pages.guide import examples
from pipeline.web.revisions import change
from pipeline.web.sources import lapses_between
from pipeline.web.speech import LANGUAGES, Speech, phrases
from pipeline.web.state import SearchState, state_in

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
TEMPLATES = sorted((Path(speech.__file__).parent / "templates").glob("*.html"))


def said(language="ar"):
    return Speech(language=language, zone="Asia/Amman", now=NOON)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_every_phrase_a_template_says_is_there(template):
    """
    In both languages, and none is empty.
    """
    asked = set(re.findall(r"""\bt\(["'](\w+)["'][,)]""", template.read_text("utf-8")))
    asked |= set(re.findall(r"""\bt\.count\(["'](\w+)["']""", template.read_text("utf-8")))

    for phrase in asked:
        for language in LANGUAGES:
            assert phrases()[phrase][language], phrase


def test_every_kind_of_evidence_has_a_name():
    """
    An analyst is never shown a word of the program's.
    """
    assert [] == [name for name in EVIDENCE if f"evidence_{name}" not in phrases()]


@pytest.mark.parametrize("example", examples(), ids=lambda example: example["en"])
def test_every_example_of_the_help_page_is_read(example):
    """
    What is shown to be copied works.
    """
    assert read_query(example["query"], zone="UTC", now=NOON).tree is not None


@pytest.mark.parametrize(
    ("span", "arabic", "english"),
    [
        (timedelta(seconds=20), "الآن", "just now"),
        (timedelta(minutes=3), "قبل 3 دقائق", "3 minutes ago"),
        (timedelta(hours=2), "قبل ساعتين", "2 hours ago"),
        (timedelta(hours=11), "قبل 11 ساعة", "11 hours ago"),
        (timedelta(days=4), "قبل 4 أيام", "4 days ago"),
        (timedelta(days=40), "20 يناير 2026", "20 January 2026"),
    ],
)
def test_times_are_said_as_people_say_them(span, arabic, english):
    """
    Arabic counts in its six forms; what is long ago has a date.
    """
    assert arabic == said().ago(NOON - span)
    assert english == said("en").ago(NOON - span)


def test_a_timeline_fills_the_times_between_and_runs_as_the_page_is_read():
    """
    Every bar has its place, the newest at the left where one reads from the right.
    """
    found = [Bucket(start=NOON, count=2, coverage=4), Bucket(start=NOON + 3 * HOUR, count=1, coverage=10)]

    line = charts.timeline(found, "hour", mirrored=False)
    mirrored = charts.timeline(found, "hour", mirrored=True)

    assert [2, 0, 0, 1] == [bar.count for bar in line.bars[-4:]]
    assert list(range(charts.MIN_BARS)) == [bar.x for bar in line.bars]
    assert 0 == mirrored.bars[-1].x
    assert (100, 50) == (line.bars[-4].height, line.bars[-1].height)
    assert (100, 20) == (line.bars[-4].share, line.bars[-1].share)
    assert charts.timeline([], "day", mirrored=False) is None


def test_a_feed_s_silence_is_a_gap_only_when_it_is_longer_than_its_rhythm_explains():
    """
    Drawn by the hour; before anybody looked nothing was missed.
    """
    since = NOON - 48 * HOUR
    entries = {NOON - hour * HOUR: 1 for hour in (47, 46, 45, 20, 19, 18)}

    drawn = charts.stripes(
        entries, since=since, watched_since=since, now=NOON, usual=20 * HOUR, mirrored=False
    )

    silent = {stripe.start for stripe in drawn if stripe.gap}
    assert {NOON - hour * HOUR for hour in range(21, 45)} == silent
    unwatched = charts.stripes(
        {}, since=since, watched_since=NOON - HOUR, now=NOON, usual=20 * HOUR, mirrored=False
    )
    assert not any(stripe.gap for stripe in unwatched)


def test_times_in_which_nobody_looked_are_named():
    """
    Runs every ten minutes, then three hours without one.
    """
    runs = [
        StepRun(step="poll", worker="0", started_at=at, ended_at=at + timedelta(minutes=1))
        for at in (NOON, NOON + timedelta(minutes=10), NOON + 3 * HOUR)
    ]

    (lapse,) = lapses_between(runs, now=NOON + 3 * HOUR + timedelta(minutes=5))

    assert (NOON + timedelta(minutes=11), 169 * 60) == (lapse.start, lapse.seconds)


def test_marks_may_overlap_and_reach_beyond_the_piece():
    """
    The text comes out whole, whatever is marked in it.
    """
    marks = [Mark(2, 6, "a"), Mark(4, 99, "b"), Mark(0, 1, "c")]

    found = pieces("0123456789", marks, start=1, end=8)

    assert "1234567" == "".join(piece.text for piece in found)
    assert [("1", ()), ("23", ("a",)), ("45", ("a", "b")), ("67", ("b",))] == [
        (piece.text, piece.marks) for piece in found
    ]


def test_a_change_is_shown_on_both_sides():
    """
    The words taken out on one, the words put in on the other, each text whole.
    """
    old = Revision(revision=1, title="t", body="four dead\nsame", replaced_at=NOON)
    new = Revision(revision=2, title="t", body="five dead\nsame", replaced_at=None)

    shown = change(old, new)

    assert (["four "], ["five "]) == (shown.taken_out, shown.put_in)
    assert ["t", "four dead", "same"] == ["".join(p.text for p in paragraph) for paragraph in shown.before]
    assert ["five "] == [p.text for paragraph in shown.after for p in paragraph if p.marks]


def test_the_address_is_the_state():
    """
    What was asked survives being a link, and nothing else gets into it.
    """
    state = SearchState(q='"قمة"', topic=("a", "b"), since="7d", collapse=True, page=3)  # "summit"

    assert state == state_in(state.query())
    assert state.first_page() == state_in(f"{state.first_page().query()}&evil=1&page=abc")
    assert ("a",) == state.toggled("topic", "b").topic
    assert ("a", "b", "c") == state.toggled("topic", "c").topic
