"""What a page's answer means, and what becomes of its entry."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from pipeline.collect.answer import Answer
from pipeline.collect.fetched import (
    RETRY_AFTER_S,
    StoredPage,
    UnchangedPage,
    after_fetch,
    complaint,
    is_page_type,
    is_unchanged,
    next_look_at,
)
from pipeline.errors import (
    BlockedError,
    DisallowedError,
    GoneError,
    HostDownError,
    UnreachableError,
    UnusableError,
)
from pipeline.records import Outcome, PageRef, Stage
from pipeline.work import MIN_FEED_LETTERS, PendingPage

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
URL = "https://alnahr.example/1"
PENDING = PendingPage(
    entry_id="e", outlet_id="alnahr", url=URL, tries=0, first_seen_at=NOON, feed_letters=0, has_article=False
)
RICH = replace(PENDING, feed_letters=MIN_FEED_LETTERS)
URDU = (
    "شہر کی نئی لائبریری اگلے ہفتے کھول دی جائے گی\n"  # the town's new library opens next week
    "میئر نے بتایا کہ عمارت میں بچوں کے لیے ایک بڑا کمرہ بھی ہے اور داخلہ سب کے لیے مفت ہو گا۔"  # free to all
)
SECOND_LOOK = replace(RICH, has_article=True)
LAST_TRY = {"tries": len(RETRY_AFTER_S)}


def answer(status, body=b"<p>x", **headers):
    pairs = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return Answer(requested_url=URL, final_url=URL, status=status, headers=pairs, body=body)


@pytest.mark.parametrize(
    ("given", "outcome"),
    [
        (answer(200), None),
        (answer(203), None),
        (answer(404), Outcome.GONE),
        (answer(410), Outcome.GONE),
        (answer(401), Outcome.BLOCKED),
        (answer(402), Outcome.BLOCKED),
        (answer(403), Outcome.BLOCKED),
        (answer(406), Outcome.BLOCKED),
        (answer(451), Outcome.BLOCKED),
        (answer(200, b"<title>Just a moment...</title>"), Outcome.BLOCKED),
        (answer(202, b"", x_amzn_waf_action="challenge"), Outcome.BLOCKED),
        (answer(503, b"<title>Just a moment...</title>"), Outcome.BLOCKED),
        (answer(408), Outcome.UNREACHABLE),
        (answer(425), Outcome.UNREACHABLE),
        (answer(429), Outcome.UNREACHABLE),
        (answer(500), Outcome.UNREACHABLE),
        (answer(503), Outcome.UNREACHABLE),
        (answer(522), Outcome.UNREACHABLE),
        (answer(202), Outcome.UNREACHABLE),
        (answer(204, b""), Outcome.UNREACHABLE),
        (answer(302), Outcome.UNREACHABLE),
        (answer(413), Outcome.UNUSABLE),
    ],
)
def test_a_status_has_one_meaning(given, outcome):
    """
    The table of outcomes, status by status.
    """
    error = complaint(given, NOON)

    assert outcome == (error.outcome if error else None)


def test_what_a_server_asks_is_told():
    """
    Retry-After travels with the error.
    """
    assert 60.0 == complaint(answer(429, retry_after="60"), NOON).retry_after_s


@pytest.mark.parametrize(
    ("media_type", "expected"),
    [
        ("text/html", True),
        ("", True),
        ("application/xhtml+xml", True),
        ("image/jpeg", False),
        ("application/pdf", False),
    ],
)
def test_only_pages_are_pages(media_type, expected):
    """
    A server that names no type means HTML.
    """
    assert expected == is_page_type(media_type)


def test_a_page_goes_on_to_extraction():
    """
    With its place in the archive, where it was found, and when.
    """
    page = PageRef(file="f", offset=1, length_bytes=2)

    settled = after_fetch(PENDING, StoredPage(page=page, final_url="u", fetched_at=NOON), NOON)

    assert (Stage.EXTRACT, page, "u", NOON) == (
        settled.next_stage, settled.page, settled.final_url, settled.fetched_at,
    )  # fmt: skip


@pytest.mark.parametrize("tries", range(len(RETRY_AFTER_S)))
@pytest.mark.parametrize("pending", [PENDING, RICH, SECOND_LOOK])
def test_what_may_work_later_is_tried_again(pending, tries):
    """
    After five minutes, thirty, two hours, with some jitter, the reason kept.
    """
    settled = after_fetch(replace(pending, tries=tries), UnreachableError(URL, "503"), NOON)

    wait_s = (settled.retry_at - NOON).total_seconds()
    assert (Stage.FETCH, "503", None) == (settled.next_stage, settled.reason, settled.outcome)
    assert RETRY_AFTER_S[tries] <= wait_s <= RETRY_AFTER_S[tries] * 1.1


def test_a_server_may_ask_for_more_time():
    """
    Up to a day.
    """
    patient = UnreachableError(URL, "429", retry_after_s=7000.0)
    endless = UnreachableError(URL, "429", retry_after_s=1e9)

    assert NOON + timedelta(seconds=7000) == after_fetch(PENDING, patient, NOON).retry_at
    assert NOON + timedelta(days=1) == after_fetch(PENDING, endless, NOON).retry_at


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (HostDownError(URL, "x"), Outcome.UNREACHABLE),
        (GoneError(URL, "x"), Outcome.GONE),
        (BlockedError(URL, "x"), Outcome.BLOCKED),
        (DisallowedError(URL, "x"), Outcome.DISALLOWED),
        (UnusableError(URL, "x"), Outcome.UNUSABLE),
    ],
)
def test_without_text_of_the_feed_an_entry_ends(error, outcome):
    """
    In exactly one outcome, with its reason.
    """
    settled = after_fetch(replace(PENDING, **LAST_TRY), error, NOON)

    assert (None, outcome, "x") == (settled.next_stage, settled.outcome, settled.reason)


@pytest.mark.parametrize(
    ("error", "serves"),
    [
        (UnreachableError(URL, "503"), True),
        (BlockedError(URL, "403"), True),
        (UnusableError(URL, "is 'image/jpeg'"), True),
        (GoneError(URL, "410"), False),
        (DisallowedError(URL, "robots"), False),
    ],
)
def test_the_feeds_own_text_may_serve(error, serves):
    """
    Where the page cannot be had; not where it was taken back, or where we may not ask.
    """
    settled = after_fetch(replace(RICH, **LAST_TRY), error, NOON)

    if serves:
        assert (Stage.EXTRACT, None) == (settled.next_stage, settled.page)
        assert f"{error.outcome}: {error.reason}" == settled.page_outcome
    else:
        assert (None, error.outcome) == (settled.next_stage, settled.outcome)


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (UnreachableError(URL, "503"), Outcome.NOT_ARABIC),
        (BlockedError(URL, "403"), Outcome.NOT_ARABIC),
        (UnusableError(URL, "is 'image/jpeg'"), Outcome.NOT_ARABIC),
        (GoneError(URL, "410"), Outcome.GONE),
        (DisallowedError(URL, "robots"), Outcome.DISALLOWED),
    ],
)
def test_an_entry_in_another_language_is_told_by_its_feed(error, outcome):
    """
    A page that cannot be had would not have made it Arabic, however little the feed carries.
    """
    settled = after_fetch(replace(PENDING, feed_text=URDU, **LAST_TRY), error, NOON)

    assert (None, outcome) == (settled.next_stage, settled.outcome)
    assert error.reason in settled.reason


def test_the_page_of_an_entry_in_another_language_is_tried_first():
    """
    The language of the feed decides only when every try is used up.
    """
    settled = after_fetch(replace(PENDING, feed_text=URDU), UnreachableError(URL, "503"), NOON)

    assert Stage.FETCH is settled.next_stage


@pytest.mark.parametrize("error", [UnreachableError(URL, "x"), BlockedError(URL, "x"), GoneError(URL, "x")])
def test_a_failing_second_look_ends_quietly(error):
    """
    The article stays what it is, withdrawn at most; the feed's text never takes its place.
    """
    settled = after_fetch(replace(SECOND_LOOK, feed_text=URDU, **LAST_TRY), error, NOON)

    assert (None, error.outcome, "") == (settled.next_stage, settled.outcome, settled.page_outcome)


HOUR = timedelta(hours=1)
LOOKS_S = (3600.0, 6 * 3600.0, 24 * 3600.0)


class TestFurtherLooks:
    """While an article is young."""

    @pytest.mark.parametrize(
        ("age_h", "next_h"), [(0, 1), (0.9, 1), (1, 6), (3, 6), (6, 24), (23.9, 24), (24, None), (99, None)]
    )
    def test_they_come_at_set_ages(self, age_h, next_h):
        """
        After one, six and twenty-four hours; a look that was missed is not made up for.
        """
        expected = None if next_h is None else NOON + next_h * HOUR

        assert expected == next_look_at(PENDING, LOOKS_S, NOON + age_h * HOUR)

    def test_age_counts_from_publication(self):
        """
        What was old when it was first seen is not young; a date to come is no birthday.
        """
        old = replace(PENDING, published_at=NOON - 99 * HOUR)
        fresh = replace(PENDING, published_at=NOON - HOUR / 2)
        labelled_wrongly = replace(PENDING, published_at=NOON + 3 * HOUR)

        assert next_look_at(old, LOOKS_S, NOON) is None
        assert NOON + HOUR / 2 == next_look_at(fresh, LOOKS_S, NOON)
        assert NOON + HOUR == next_look_at(labelled_wrongly, LOOKS_S, NOON)

    def test_validators_are_kept_with_the_page(self):
        """
        Byte for byte, with the time of the next look.
        """
        page = PageRef(file="a", offset=1, length_bytes=2)
        stored = StoredPage(page=page, final_url="u", fetched_at=NOON, etag='W/"a"', last_modified="Mon")
        settled = after_fetch(PENDING, stored, NOON, looks_s=LOOKS_S)

        assert ('W/"a"', "Mon", NOON + HOUR) == (settled.etag, settled.last_modified, settled.look_at)

    def test_unchanged_pages_end_the_look(self):
        """
        304 counts as an answer only where validators were sent.
        """
        settled = after_fetch(SECOND_LOOK, UnchangedPage(), NOON + HOUR, looks_s=LOOKS_S)

        assert is_unchanged(replace(SECOND_LOOK, etag='"a"'), answer(304))
        assert not is_unchanged(SECOND_LOOK, answer(304))
        assert (None, None, NOON + 6 * HOUR) == (settled.next_stage, settled.outcome, settled.look_at)

    def test_a_page_out_of_reach_is_looked_at_later(self):
        """
        One that is gone or forbidden is not.
        """
        late = replace(SECOND_LOOK, **LAST_TRY)
        down, gone, forbidden = (
            after_fetch(late, error(URL, "x"), NOON, looks_s=LOOKS_S).look_at
            for error in (UnreachableError, GoneError, BlockedError)
        )

        assert (NOON + HOUR, None, None) == (down, gone, forbidden)
