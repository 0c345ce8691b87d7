"""What may be written for the two clocks, and how it is read."""

import datetime as dt

import pytest
from django.utils import timezone

from tracker.clocks import PRESENT, Clocks, parse_known, parse_on


@pytest.fixture(autouse=True)
def _noon(clock):
    clock("2025-03-01T12:00+00:00")


def test_a_day_is_read_as_it_is_written():
    assert parse_on("2025-02-18") == {"on": dt.date(2025, 2, 18)}
    assert parse_on("2025-03-01") == {"on": dt.date(2025, 3, 1)}


def test_what_lies_before_a_day_can_be_asked_for():
    assert parse_on("before 2025-02-18") == parse_on("2025-02-17")
    clocks = Clocks(**parse_on("Before 2025-02-18"))
    assert clocks.query == {"on": "2025-02-17"}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2025-02-30",
        "2025-02",
        "Feb 2025",
        "2025",
        "before",
        "after 2025-02-18",
        "Monday",
    ],
)
def test_anything_else_is_no_day(text):
    with pytest.raises(ValueError, match="Write a day: 18 Feb 2025 or 2025-02-18|Nearest: 28 Feb 2025"):
        parse_on(text)


@pytest.mark.parametrize("parse", [parse_on, parse_known])
@pytest.mark.parametrize("text", ["20250218", "2025-W08-2"])
def test_what_means_a_day_in_another_form_is_answered_with_the_form_that_is_read(parse, text):
    with pytest.raises(ValueError, match="is not a date. Write 2025-02-18"):
        parse(text)


@pytest.mark.parametrize(
    "text", ["18 Feb 2025", "18.02.2025", "February 18, 2025", "02/18/2025", "2025-2-18"]
)
def test_a_day_as_people_write_it(text):
    assert Clocks(**parse_on(text)).query == {"on": "2025-02-18"}
    assert Clocks(**parse_on(f"Before {text}")).query == {"on": "2025-02-17"}
    assert parse_known(text) == parse_known("2025-02-18")


def test_a_day_with_two_readings_is_asked_about():
    for parse in (parse_on, parse_known):
        with pytest.raises(
            ValueError, match="2 Jan 2025 or 1 Feb 2025[?] Write it as 2025-01-02 or 2025-02-01"
        ):
            parse("02/01/2025")


def test_yesterday_and_today():
    assert parse_on("yesterday") == {"on": dt.date(2025, 2, 28)} and parse_on("Today") == {
        "on": dt.date(2025, 3, 1)
    }
    assert parse_on("before Feb 2025") == {"on": dt.date(2025, 1, 31)}
    assert parse_known("today") == parse_known("2025-03-01")


def test_a_day_to_come_is_refused():
    with pytest.raises(ValueError, match="lies in the future"):
        parse_on("2025-03-02")


def test_today_is_that_of_the_installation():
    with timezone.override("Pacific/Auckland"):
        assert parse_on("2025-03-02") == {"on": dt.date(2025, 3, 2)}


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2025-02-20T17:30:00Z", "2025-02-20T17:30+00:00"),
        ("2025-02-20T17:30:00+03:00", "2025-02-20T14:30+00:00"),
        ("2025-02-20T17:30:00 03:00", "2025-02-20T14:30+00:00"),
        ("2025-02-20T17:30", "2025-02-20T17:30+00:00"),
        ("2025-02-20 17:30", "2025-02-20T17:30+00:00"),
        ("2025-02-20T17:30:00.123456Z", "2025-02-20T17:30:00.123456+00:00"),
        ("2025-02-20", "2025-02-20T23:59:59.999999+00:00"),
        ("2025-03-01", "2025-03-01T23:59:59.999999+00:00"),
    ],
)
def test_an_instant_has_a_zone_and_a_day_means_its_end(text, instant):
    assert parse_known(text) == {"known": dt.datetime.fromisoformat(instant)}


def test_a_day_and_an_instant_without_zone_are_those_of_the_installation():
    with timezone.override("Asia/Riyadh"):
        evening = dt.datetime(2025, 2, 20, 20, 59, 59, 999999, dt.UTC)
        assert parse_known("2025-02-20") == {"known": evening}
        assert parse_known("2025-02-20T17:30") == {"known": dt.datetime(2025, 2, 20, 14, 30, tzinfo=dt.UTC)}


@pytest.mark.parametrize(
    "text",
    [
        "", "2025-02", "2025-02-30", "2025-02-20T25:00Z", "2025-02-20T", "20250220T1730", "2025-02-20x17:30",
        "0001-01-01T00:00+10:00", "17:30",
    ],
)  # fmt: skip
def test_anything_else_is_no_instant(text):
    with pytest.raises(ValueError, match="Write a day .20 Feb 2025|Nearest: 28 Feb 2025"):
        parse_known(text)


def test_clocks_travel_in_a_query_string():
    clocks = Clocks(dt.date(2025, 2, 18), **parse_known("2025-02-20T17:30:00.5+03:00"))
    assert clocks.query == {"on": "2025-02-18", "known": "2025-02-20T14:30:00.500000Z"}
    assert Clocks(**parse_on(clocks.query["on"]), **parse_known(clocks.query["known"])) == clocks
    assert (PRESENT.query, PRESENT.is_present, clocks.is_present) == ({}, True, False)
