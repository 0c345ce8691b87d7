"""Times of day and time zones as people write them, and what is answered where a text is none."""

import datetime as dt
import re
from zoneinfo import ZoneInfo

import pytest

from tracker.text.times import read_time, shown, zone_named


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("14:30", "14:30"),
        (" 14.30 ", "14:30"),
        ("14h30", "14:30"),
        ("2:30 p.m.", "14:30"),
        ("12 am", "00:00"),
        ("12pm", "12:00"),
        ("noon", "12:00"),
        ("14:30:00", "14:30"),
        ("１４：３０", "14:30"),
        ("١٤:٣٠", "14:30"),
    ],
)
def test_a_time_as_people_write_it(text, time):
    assert f"{read_time(text):%H:%M}" == time


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("1430", "Nearest: 14:30."),
        ("9", "Nearest: 09:00."),
        ("14:30:15", "Nearest: 14:30."),
        ("14:30Z", "Nearest: 14:30; a zone goes beside it."),
        ("14:30+03:00", "Nearest: 14:30; a zone goes beside it."),
        ("24:00", "Write 00:00 with the date of the next day."),
        ("midnight", "Write 00:00 for the start of the day"),
        ("25:10", "Nearest: 23:10."),
        ("morning", "Write hours and minutes, such as 14:30."),
        ("2460", "Write hours and minutes, such as 14:30."),
        ("²:30", "Write hours and minutes, such as 14:30."),
        ("", "Write hours and minutes, such as 14:30."),
    ],
)
def test_what_is_no_time_is_answered_with_the_nearest(text, said):
    with pytest.raises(ValueError, match=f"is not a time of day. {re.escape(said)}"):
        read_time(text)


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("asia/RIYADH", "Asia/Riyadh"),
        ("Riyadh time", "Asia/Riyadh"),
        ("New York", "America/New_York"),
        ("São Paulo", "America/Sao_Paulo"),
        ("Geneva", "Europe/Zurich"),
        ("Washington", "America/New_York"),
        ("MSK", "Europe/Moscow"),
        ("Z", "UTC"),
        ("UTC+0", "UTC"),
        ("Etc/GMT+3", "Etc/GMT+3"),
    ],
)
def test_a_zone_by_its_name_or_its_city(text, zone):
    assert zone_named(text) == zone


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("GMT+3", 3),
        ("UTC+3", 3),
        ("utc −5", -5),
        ("+03:00", 3),
        ("-0500", -5),
        ("GMT-3", -3),
        ("UTC+14:00", 14),
    ],
)
def test_whole_hours_are_ahead_of_utc_with_a_plus_and_behind_with_a_minus(text, hours):
    at = dt.datetime(2025, 2, 18, 12, tzinfo=ZoneInfo(zone_named(text)))
    assert at.utcoffset() == dt.timedelta(hours=hours)
    assert shown(at.time(), zone_named(text)) == f"12:00 (UTC{hours:+})"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Asia/Riad", "Nearest: Asia/Riyadh."),
        ("Teheran", "Nearest: Asia/Tehran."),
        ("UTC+5:30", "Nearest: Asia/Kolkata."),
        ("UTC+15", "Write the name of a time zone, such as Asia/Riyadh."),
        ("local", "Write the name of a time zone, such as Asia/Riyadh."),
    ],
)
def test_what_is_no_zone_is_answered_with_the_nearest(text, said):
    with pytest.raises(ValueError, match=f"is not a time zone. {re.escape(said)}"):
        zone_named(text)
