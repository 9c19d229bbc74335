"""Dates as Arabic sites print them."""

from __future__ import annotations

import csv
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.arabic.date_words import words
from pipeline.arabic.dates import AHEAD, parse_date
from pipeline.evaluate.dates import evaluate_dates

NOW = datetime(2025, 5, 2, 12, tzinfo=UTC)

#: raw, zone, expected: an instant with T, a local day without, or none.
TABLE = [
    # machine forms
    ("2025-04-25T14:05:30+03:00", "Asia/Riyadh", "2025-04-25T11:05:30Z"),
    ("2025-04-25T14:05:30.123Z", "Asia/Riyadh", "2025-04-25T14:05:30Z"),
    ("2025-04-25T14:05:30.1234567+03:00", "Asia/Riyadh", "2025-04-25T11:05:30Z"),
    ("2025-04-25T14:05+0300", "Asia/Riyadh", "2025-04-25T11:05Z"),
    ("2025-04-25T14:05:00+03", "Asia/Riyadh", "2025-04-25T11:05Z"),
    ("2025-04-25 14:05:00", "Africa/Cairo", "2025-04-25T11:05Z"),
    ("2020-02-18 T 07:20:50 +0330", "Asia/Riyadh", "2020-02-18T03:50:50Z"),
    ("20250425T140530Z", "Asia/Riyadh", "2025-04-25T14:05:30Z"),
    ("2025-04-25", "Asia/Riyadh", "2025-04-25"),
    ("Fri, 25 Apr 2025 14:05:00 GMT", "Asia/Riyadh", "2025-04-25T14:05Z"),
    ("Fri, 25 Apr 2025 14:05:00 Z", "Asia/Riyadh", "2025-04-25T14:05Z"),
    ("Fri, 25 Apr 2025 14:05:00 GMT+3", "Asia/Riyadh", "2025-04-25T11:05Z"),
    ("Fri, 25 Apr 2025 14:05:00 EEST", "Africa/Cairo", "2025-04-25T11:05Z"),
    ("Fri, 25 Apr 2025 14:05:00 GST", "Asia/Dubai", "2025-04-25T10:05Z"),
    ("Fri, 25 Apr 2025 14:05:00 -0400", "Asia/Dubai", "2025-04-25T18:05Z"),
    ("Fri Apr 25 14:05:00 +0300 2025", "Asia/Riyadh", "2025-04-25T11:05Z"),
    ("Fri Apr 25 2025 14:05:00 GMT+0300 (Arabian Standard Time)", "Asia/Dubai", "2025-04-25T11:05Z"),
    ("April 25, 2025 2:05 PM", "Asia/Riyadh", "2025-04-25T11:05Z"),
    ("April 25th, 2025 at 2:05 p.m.", "Asia/Riyadh", "2025-04-25T11:05Z"),
    ("25-Apr-2025", "Asia/Riyadh", "2025-04-25"),
    ("25 février 2021", "Africa/Algiers", "2021-02-25"),
    # a name of a zone that several use is settled by the outlet's own
    ("25/04/2025 10:30 AST", "America/Halifax", "none"),
    ("25/01/2025 10:30 AST", "America/Halifax", "2025-01-25T14:30Z"),
    ("25/01/2025 10:30 IST", "Asia/Kolkata", "2025-01-25T05:00Z"),
    ("25/01/2025 10:30 IST", "Asia/Riyadh", "none"),
    # names of months, from the Gulf to the Maghreb
    ("الأحد 12 كانون الثاني 2025", "Asia/Beirut", "2025-01-12"),
    ("12 كانون ثاني 2025", "Asia/Beirut", "2025-01-12"),
    ("12 ك2 2025", "Asia/Beirut", "2025-01-12"),
    ("12 كانون الأول 2024", "Asia/Beirut", "2024-12-12"),
    ("12 تشرين الثاني/نوفمبر 2024", "Asia/Beirut", "2024-11-12"),
    ("12 نوفمبر/ تشرين الثاني 2024", "Asia/Beirut", "2024-11-12"),
    ("12 نوفمبر (تشرين الثاني) 2024", "Asia/Beirut", "2024-11-12"),
    ("12 أيار - مايو 2024", "Asia/Beirut", "2024-05-12"),
    ("7 جانفي 2025", "Africa/Algiers", "2025-01-07"),
    ("7 جويلية 2024", "Africa/Algiers", "2024-07-07"),
    ("7 جوان 2024 الساعة 18h35", "Africa/Algiers", "2024-06-07T17:35Z"),
    ("7 أوت 2024", "Africa/Tunis", "2024-08-07"),
    ("7 ماي 2024", "Africa/Casablanca", "2024-05-07"),
    ("7 يوليوز 2024", "Africa/Casablanca", "2024-07-07"),
    ("7 نونبر 2024", "Africa/Casablanca", "2024-11-07"),
    ("الجمعة 7 دجنبر 2018 - 18:35", "Africa/Casablanca", "2018-12-07T17:35Z"),
    ("7 أغشت 2024", "Africa/Nouakchott", "2024-08-07"),
    ("7 يونيه 2024", "Africa/Cairo", "2024-06-07"),
    ("إبريل 7, 2025", "Asia/Riyadh", "2025-04-07"),
    ("فبراير 7، 2025 10:30 م", "Asia/Riyadh", "2025-02-07T19:30Z"),
    ("2025 أبريل 7", "Asia/Riyadh", "2025-04-07"),
    ("7/أبريل/2025", "Asia/Riyadh", "2025-04-07"),
    ("7 من أبريل 2025", "Asia/Riyadh", "2025-04-07"),
    ("7 أبريل لعام 2025", "Asia/Riyadh", "2025-04-07"),
    ("7 أبريل عام 2025", "Asia/Riyadh", "2025-04-07"),
    ("٧ نيسان ٢٠٢٥", "Asia/Amman", "2025-04-07"),
    ("۷ نيسان ۲۰۲۵", "Asia/Amman", "2025-04-07"),
    ("7أبريل2025", "Asia/Riyadh", "2025-04-07"),
    ("7 أبـــريل 2025م", "Asia/Riyadh", "2025-04-07"),
    ("\u200f7 أَبريل\u00a02025\u200f", "Asia/Riyadh", "2025-04-07"),
    ("7 أبريل/آذار 2025", "Asia/Riyadh", "none"),
    # times of day and their words
    ("25 أبريل 2025 12:00 م", "Asia/Riyadh", "2025-04-25T09:00Z"),
    ("25 أبريل 2025م 10:30 م", "Asia/Riyadh", "2025-04-25T19:30Z"),
    ("25 أبريل 2025 م 10:30", "Asia/Riyadh", "2025-04-25T07:30Z"),
    ("25 أبريل 2025 | 9:15 صباحاً", "Asia/Riyadh", "2025-04-25T06:15Z"),
    ("25 أبريل 2025 الساعة 5 مساءً", "Asia/Riyadh", "2025-04-25T14:00Z"),
    ("25 أبريل 2025 الساعة 1:10 ظهراً", "Asia/Riyadh", "2025-04-25T10:10Z"),
    ("25 أبريل 2025 الساعة 11:10 ليلا", "Asia/Riyadh", "2025-04-25T20:10Z"),
    ("25 أبريل 2025 الساعة 2:10 ليلا", "Asia/Riyadh", "2025-04-24T23:10Z"),
    ("25 أبريل 2025 الساعة 3:10 بعد الظهر", "Asia/Riyadh", "2025-04-25T12:10Z"),
    ("25 أبريل 2025 الساعة 3.10 عصراً", "Asia/Riyadh", "2025-04-25T12:10Z"),
    ("25 أبريل 2025 الساعة 18.10", "Asia/Riyadh", "2025-04-25T15:10Z"),
    ("10:30 25/04/2025", "Asia/Riyadh", "2025-04-25T07:30Z"),
    ("الساعة 10:30 يوم الجمعة 25 أبريل 2025", "Asia/Riyadh", "2025-04-25T07:30Z"),
    ("GMT 17:27 17.03.2020 (محدثة GMT 17:49 17.03.2020)", "Europe/Moscow", "2020-03-17T17:27Z"),
    ("25 أبريل 2025 18:45 م", "Asia/Riyadh", "2025-04-25T15:45Z"),
    ("25 أبريل 2025 18:45 ص", "Asia/Riyadh", "none"),
    ("25 أبريل 2025 25:10", "Asia/Riyadh", "none"),
    ("25 أبريل 2025 10:61", "Asia/Riyadh", "none"),
    # zones by name
    ("25 أبريل 2025 10:30 بتوقيت غرينتش", "Asia/Riyadh", "2025-04-25T10:30Z"),
    ("25 أبريل 2025 10:30 (ت.غ)", "Asia/Riyadh", "2025-04-25T10:30Z"),
    ("25 أبريل 2025 10:30 بتوقيت مكة المكرمة", "Europe/London", "2025-04-25T07:30Z"),
    ("25 أبريل 2025 10:30 بتوقيت أبوظبي", "Europe/London", "2025-04-25T06:30Z"),
    ("25 أبريل 2025 10:30 بالتوقيت المحلي", "Africa/Cairo", "2025-04-25T07:30Z"),
    ("25 أبريل 2025 10:30 بتوقيت هونولولو", "Africa/Cairo", "none"),
    ("الجمعة، 25 نيسان/أبريل 2025، آخر تحديث 10:00 (GMT+0400)", "Asia/Dubai", "2025-04-25T06:00Z"),
    # daylight saving belongs to the day, not to today
    ("25/01/2025 10:30", "Africa/Cairo", "2025-01-25T08:30Z"),
    ("25/07/2024 10:30", "Africa/Cairo", "2024-07-25T07:30Z"),
    # numbers
    ("11/09/2024", "Asia/Riyadh", "2024-09-11"),
    ("الاثنين 09/11/2024", "Asia/Riyadh", "none"),
    ("الأربعاء 09/11/2024", "Asia/Riyadh", "2024-09-11"),
    ("السبت 09/11/2024", "Asia/Riyadh", "2024-11-09"),
    ("04/25/2025", "Asia/Riyadh", "2025-04-25"),
    ("25.4.2025", "Asia/Riyadh", "2025-04-25"),
    ("2025/4/25", "Asia/Riyadh", "2025-04-25"),
    ("25 / 4 / 2025", "Asia/Riyadh", "2025-04-25"),
    ("25/04/25", "Asia/Riyadh", "none"),
    ("10:30 - 25/04/2025", "Asia/Riyadh", "2025-04-25T07:30Z"),
    ("10:30-25/04/2025", "Asia/Riyadh", "2025-04-25T07:30Z"),
    # Hijri
    ("27 شوال 1446", "Asia/Riyadh", "2025-04-25"),
    ("27 شوال 1446هـ الموافق 25 أبريل 2025م", "Asia/Riyadh", "2025-04-25"),
    ("الجمعة 25 أبريل 2025م - 27 شوال 1446هـ 10:30 ص", "Asia/Riyadh", "2025-04-25T07:30Z"),
    ("21 جمادى الأولى 1351هـ، والذي يوافق يوم 23 سبتمبر 1932م", "Asia/Riyadh", "1932-09-23"),
    ("1446/10/27 هـ", "Asia/Riyadh", "2025-04-25"),
    ("27-10-1446", "Asia/Riyadh", "2025-04-25"),
    ("الخميس 27 شوال 1446", "Asia/Riyadh", "2025-04-24"),
    ("1 ربيع الثاني 1446 هـ", "Asia/Riyadh", "2024-10-04"),
    ("31 شوال 1446", "Asia/Riyadh", "none"),
    ("۱۳۹۹/۰۲/۲۱ - ۱۸:۵۹", "Asia/Tehran", "none"),
    # relative
    ("منذ ساعتين", "Asia/Riyadh", "2025-05-02T10:00Z"),
    ("قبل 53 دقيقة", "Asia/Riyadh", "2025-05-02T11:07Z"),
    ("قبل ساعة واحدة", "Asia/Riyadh", "2025-05-02T11:00Z"),
    ("منذ ساعة و 20 دقيقة", "Asia/Riyadh", "2025-05-02T10:40Z"),
    ("منذ ساعة ونصف", "Asia/Riyadh", "2025-05-02T10:30Z"),
    ("منذ نصف ساعة", "Asia/Riyadh", "2025-05-02T11:30Z"),
    ("منذ ثلاث ساعات", "Asia/Riyadh", "2025-05-02T09:00Z"),
    ("منذ ٣ أيام", "Asia/Riyadh", "2025-04-29"),
    ("منذ يومين", "Asia/Riyadh", "2025-04-30"),
    ("قبل يوم", "Asia/Riyadh", "2025-05-01"),
    ("نشر قبل أسبوع", "Asia/Riyadh", "2025-04-25"),
    ("5 ساعات ago", "Asia/Riyadh", "2025-05-02T07:00Z"),
    ("3 hours ago", "Asia/Riyadh", "2025-05-02T09:00Z"),
    ("an hour ago", "Asia/Riyadh", "2025-05-02T11:00Z"),
    ("أمس", "Asia/Riyadh", "2025-05-01"),
    ("أول أمس الساعة 9:15 مساءً", "Asia/Riyadh", "2025-04-30T18:15Z"),
    ("اليوم، 10:30 ص", "Asia/Riyadh", "2025-05-02T07:30Z"),
    ("اليوم، 10:30 م", "Asia/Riyadh", "none"),
    ("Yesterday at 9:15 PM", "Asia/Riyadh", "2025-05-01T18:15Z"),
    ("اليوم السابع", "Africa/Cairo", "none"),
    ("25 أبريل 2025 (منذ 7 أيام)", "Asia/Riyadh", "2025-04-25"),
    # around the date
    ("نُشر في: 25/04/2025 - 10:00 آخر تحديث: 26/04/2025 - 11:00", "Asia/Riyadh", "2025-04-25T07:00Z"),
    ("آخر تحديث: 26/04/2025 - 11:00 | تاريخ النشر: 25/04/2025 - 10:00", "Asia/Riyadh", "2025-04-25T07:00Z"),
    ("كتب: سمير الخالد | الجمعة 25 أبريل 2025 - 10:00 ص", "Asia/Riyadh", "2025-04-25T07:00Z"),
    ("عمّان - 25 نيسان 2025", "Asia/Amman", "2025-04-25"),
    ("من 20 أبريل 2025 إلى 25 أبريل 2025", "Asia/Amman", "none"),
    ("© جميع الحقوق محفوظة 25/04/2025", "Asia/Amman", "none"),
    ("وقال الوزير إن الاتفاق الذي وقع في 7 أكتوبر 2023 سيدخل حيز التنفيذ قريبا", "Asia/Amman", "none"),
    # no date at all
    ("2025", "Asia/Riyadh", "none"),
    ("14:05", "Asia/Riyadh", "none"),
    ("الجمعة 14:05", "Asia/Riyadh", "none"),
    ("25 أبريل", "Asia/Riyadh", "none"),
    ("0000-00-00 00:00:00", "Asia/Riyadh", "none"),
    ("1970-01-01T00:00:00Z", "Asia/Riyadh", "none"),
    ("0001-01-01T00:00:00", "Asia/Riyadh", "none"),
    ("30 شباط 2025", "Asia/Riyadh", "none"),
    ("29 فبراير 2025", "Asia/Riyadh", "none"),
    ("29 فبراير 2024", "Asia/Riyadh", "2024-02-29"),
    ("العدد 12345", "Asia/Riyadh", "none"),
    ("قبل قليل", "Asia/Riyadh", "2025-05-02T12:00Z"),
    ("192.168.10.2024", "Asia/Riyadh", "none"),
    ("3 مايو 2025", "Asia/Riyadh", "none"),
    ("2 مايو 2025 15:08", "Asia/Riyadh", "2025-05-02T12:08Z"),
    ("2 مايو 2025 15:11", "Asia/Riyadh", "none"),
]


@pytest.mark.parametrize(("raw", "zone", "expected"), TABLE)
def test_date_is_read_as_its_readers_read_it(raw, zone, expected):
    """
    Every form has one meaning, or none is given.
    """
    read = parse_date(raw, zone=zone, now=NOW)

    assert expected == _shown(read, zone, expected)


def _shown(read, zone, like):
    if read is None:
        return "none"
    if "T" in like:
        shown = read.instant.isoformat().replace("+00:00", "Z")
        return shown if len(shown) == len(like) else shown.replace(":00Z", "Z")
    return read.instant.astimezone(ZoneInfo(zone)).date().isoformat()


def test_more_dates_are_all_right():
    """
    `dates.tsv` holds further forms, in the layout of the shared table: none is read wrongly or missed.
    """
    scored = evaluate_dates(Path(__file__).with_name("dates.tsv"))

    assert [] == scored["mistakes"]
    assert scored["total"] == scored["right"]


@pytest.mark.shared
def test_shared_dates_are_all_right(shared_data):
    """
    Of the dates collected from real sites each is right, and none is read that is not one.
    """
    with (shared_data / "dates" / "dates.tsv").open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))

    wrong = [row for row in rows if not _is_right(row)]

    assert [] == wrong


def _is_right(row):
    read = parse_date(row["raw"], zone=row["zone"], now=datetime.fromisoformat(row["now"]))
    if read is None or row["expected"] == "none":
        return read is None and row["expected"] == "none"
    if "T" in row["expected"]:
        return read.instant.replace(second=0) == datetime.fromisoformat(row["expected"])
    return read.instant.astimezone(ZoneInfo(row["zone"])).date().isoformat() == row["expected"]


@pytest.mark.parametrize(
    ("raw", "precision", "rule"),
    [
        ("2025-04-25T14:05:30+03:00", "second", "numeric year first, zone stated"),
        ("25 أبريل 2025 14:05", "minute", "named month, outlet zone assumed"),
        ("25 نيسان/أبريل 2025", "day", "double month"),
        ("27 شوال 1446", "day", "hijri month"),
        ("منذ 3 ساعات", "hour", "relative"),
        ("منذ 3 أسابيع", "week", "relative"),
        ("أمس", "day", "relative day"),
    ],
)
def test_date_says_how_it_was_read(raw, precision, rule):
    """
    Precision is what was stated, and the rule can be shown to whoever asks why.
    """
    read = parse_date(raw, zone="Asia/Riyadh", now=NOW)

    assert (precision, rule) == (read.precision, read.rule)


def test_day_without_time_is_that_day_in_most_zones():
    """
    A day stands for its noon, so that neither Rabat nor Muscat shows the day before.
    """
    read = parse_date("25 أبريل 2025", zone="Asia/Muscat", now=NOW)

    assert datetime(2025, 4, 25, 8, tzinfo=UTC) == read.instant


def test_today_without_time_is_not_in_the_future():
    """
    Where noon is yet to come, a day that has begun stands for now.
    """
    now = datetime(2025, 4, 25, 5, tzinfo=UTC)

    assert now == parse_date("25 أبريل 2025", zone="Asia/Muscat", now=now).instant


@given(
    instant=st.dates(min_value=date(2001, 1, 1), max_value=date(2024, 12, 31)),
    name=st.sampled_from(sorted(words().months)),
    zone=st.sampled_from(["Asia/Riyadh", "Asia/Beirut", "Africa/Casablanca", "Africa/Algiers"]),
)
def test_every_name_of_a_month_is_read(instant, name, zone):
    """
    Day, name and year give that day, whatever the month's name and the outlet's zone.
    """
    read = parse_date(f"{instant.day} {name} {instant.year}", zone=zone, now=NOW)

    month = words().months[name]
    if read is None:
        assert instant.day > 28
    else:
        assert (instant.year, month, instant.day) == read.instant.astimezone(ZoneInfo(zone)).timetuple()[:3]


@given(raw=st.text(max_size=60))
def test_anything_is_read_without_harm(raw):
    """
    Whatever a page prints gives an instant not later than now and ten minutes, or none.
    """
    read = parse_date(raw, zone="Africa/Cairo", now=NOW)

    assert read is None or read.instant <= NOW + AHEAD


@given(raw=st.text(alphabet="0123456789٠١٢٣/-:., TZصمهـ+", min_size=4, max_size=40))
def test_digits_in_any_order_do_no_harm(raw):
    """
    Lines of digits and separators give an instant not later than now and ten minutes, or none.
    """
    read = parse_date(raw, zone="Africa/Cairo", now=NOW)

    assert read is None or read.instant - NOW <= timedelta(minutes=10)
