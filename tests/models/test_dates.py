"""Dates as precisely as they are known: written, read, ordered and shown as what they are."""

import calendar
import contextlib
import datetime as dt
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.models.dates import PartialDate, last_key, partial


@pytest.mark.parametrize(
    ("typed", "first", "last", "shown"),
    [
        ("2025-02-18", "2025-02-18", "2025-02-18", "18 Feb 2025"),
        ("2025-02", "2025-02-01", "2025-02-28", "Feb 2025"),
        ("2024-02", "2024-02-01", "2024-02-29", "Feb 2024"),
        ("2025", "2025-01-01", "2025-12-31", "2025"),
        ("before 2025-02-18", "2025-02-18", "2025-02-17", "before 18 Feb 2025"),
        ("9999-12", "9999-12-01", "9999-12-31", "Dec 9999"),
        ("0001", "0001-01-01", "0001-12-31", "0001"),
    ],
)
def test_a_date_is_shown_as_what_it_is(typed, first, last, shown):
    date = PartialDate.parse(typed)
    assert (date.first.isoformat(), date.last.isoformat(), str(date), date.typed) == (
        first,
        last,
        shown,
        typed,
    )


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("18 Feb 2025", "2025-02-18"),
        ("  18  FEBRUARY\u00a02025 ", "2025-02-18"),
        ("February 18, 2025", "2025-02-18"),
        ("feb. 18 2025", "2025-02-18"),
        ("18th of February, 2025", "2025-02-18"),
        ("1 Sept 2025", "2025-09-01"),
        ("18-Feb-2025", "2025-02-18"),
        ("2025-2-8", "2025-02-08"),
        ("2025/02/18", "2025-02-18"),
        ("18/02/2025", "2025-02-18"),
        ("02/18/2025", "2025-02-18"),
        ("18.2.2025", "2025-02-18"),
        ("3.3.2025", "2025-03-03"),
        ("2025‑02–18", "2025-02-18"),
        ("٢٠٢٥-٠٢-١٨", "2025-02-18"),
        ("２０２５年"[:4], "2025"),
        ("29 Feb 2024", "2024-02-29"),
        ("Feb 2025", "2025-02"),
        ("february, 2025", "2025-02"),
        ("02/2025", "2025-02"),
        ("May 2025", "2025-05"),
        ("before 2025-02", "before 2025-02-01"),
        ("BEFORE Feb 2025", "before 2025-02-01"),
        ("before 2025", "before 2025-01-01"),
        ("before  18 Feb 2025", "before 2025-02-18"),
        ("today", "2025-03-01"),
        ("Yesterday", "2025-02-28"),
        ("before today", "before 2025-03-01"),
    ],
)
def test_a_date_as_people_write_it(text, typed, clock):
    clock("2025-03-01T12:00+00:00")
    assert PartialDate.parse(text).typed == typed


@pytest.mark.parametrize(
    "text",
    ["", "February", "18 February", "We", "18 2025", "after 2025-02-18", "before", "before before 2025", "2025-W08",
     "25", "18/02/25", "18.2/2025", "20250218", "2025-02-18T10:00", "18 Febr 2025", "Februar 2025", "tomorrow",
     "2025 2026", "-2025", "12025", "18 Feb 2025 2026", "²025", "x" * 1000],
)  # fmt: skip
def test_what_is_no_date_is_refused_with_a_hint(text):
    with pytest.raises(
        ValueError, match="is not a date. Write 18 Feb 2025, 2025-02-18, Feb 2025, 2025, or before"
    ):
        PartialDate.parse(text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("30 Feb 2025", "February 2025 has 28 days. Nearest: 28 Feb 2025, or 2025-02-28."),
        ("2024-02-30", "Nearest: 29 Feb 2024, or 2024-02-29."),
        ("31/04/2025", "Nearest: 30 Apr 2025, or 2025-04-30."),
        ("2025-01-00", "Nearest: 1 Jan 2025, or 2025-01-01."),
        ("2025-13", "there is no month 13. Nearest: 2025-12."),
        ("13/14/2025", "there is no month 14. Nearest: 2025-12."),
        ("0000-01-01", "begins with the year 0001"),
        ("before 0001-01-01", "No day of the calendar lies before"),
        ("before 1", "is not a date"),
        ("03/04/2025", "3 Apr 2025 or 4 Mar 2025? Write it as 2025-04-03 or 2025-03-04."),
        ("before 3.4.2025", "3 Apr 2025 or 4 Mar 2025? Write it as 2025-04-03 or 2025-03-04."),
    ],
)
def test_what_is_nearly_a_date_is_answered_with_what_it_may_be(text, said):
    with pytest.raises(ValueError, match=re.escape(said)):
        PartialDate.parse(text)


def test_one_day_is_no_month():
    assert PartialDate.parse_day("18 Feb 2025") == dt.date(2025, 2, 18)
    for text in ("Feb 2025", "before 1 Mar 2025"):
        with pytest.raises(
            ValueError, match="is not one day. Write a whole day, such as 28 Feb 2025 or 2025-02-28."
        ):
            PartialDate.parse_day(text)


def written(day):
    """Ways to write `day` that leave no doubt, by Python's own formatting."""
    year = f"{day.year:04}"
    yield from (f"{day:%d %b} {year}", f"{day.day} {day:%B} {year}", f"{day:%B} {day.day}, {year}")
    yield from (
        f"{year}-{day.month}-{day.day}",
        f"{year}/{day:%m/%d}",
        f"  {day.day} {day:%B} {year} ".upper(),
    )
    if day.day > 12 or day.day == day.month:
        yield from (f"{day:%d/%m}/{year}", f"{day:%m/%d}/{year}", f"{day.day}.{day.month}.{year}")


@given(st.dates(min_value=dt.date(1, 1, 2)))
def test_every_day_is_read_however_it_is_written(day):
    for text in written(day):
        assert PartialDate.parse(text) == PartialDate(day), text
        assert PartialDate.parse(f"before {text.strip()}") == PartialDate(day, "before"), text


MONTH_NAMES = [(calendar.month_name[number], calendar.month_abbr[number]) for number in range(13)]


def told(text):
    """The numbers that stand in `text`, a month's name as its number; the year last."""
    months = {name.lower(): f"{number}" for number in range(1, 13) for name in MONTH_NAMES[number]}
    numbers = [months.get(word, word) for word in re.findall(r"[a-z]+|[0-9]+", text.lower())]
    numbers = [number for number in numbers if number not in ("th", "of")]
    return sorted((int(number) for number in numbers if len(number) < 4), key=int), [
        n for n in numbers if len(n) >= 4
    ]


PIECES = st.sampled_from(
    [
        "2025",
        "0999",
        "18",
        "3",
        "03",
        "12",
        "31",
        "0",
        "Feb",
        "February",
        "may",
        " ",
        "-",
        "/",
        ".",
        ", ",
        "th",
        "of",
    ]
)


@given(st.lists(PIECES, max_size=7).map("".join))
def test_no_text_is_read_as_a_date_that_is_none(text):
    try:
        date = PartialDate.parse(text)
    except ValueError:
        return
    numbers, years = told(text)
    parts = {"year": [], "month": [date.first.month], "day": [date.first.month, date.first.day]}[
        date.precision
    ]
    assert (numbers, years) == (sorted(parts), [f"{date.first.year:04}"]), (text, date)


@given(st.text(max_size=12))
def test_any_text_is_read_or_refused(text):
    with contextlib.suppress(ValueError):
        assert re.search(r"\d{4}|today|yesterday", text, re.IGNORECASE), PartialDate.parse(text)


def test_there_may_be_no_date():
    assert partial(None, "") is partial(None, None) is None


dates = st.builds(
    lambda day, precision: PartialDate(
        {"month": day.replace(day=1), "year": day.replace(day=1, month=1)}.get(precision, day), precision
    ),
    st.dates(min_value=dt.date(1, 1, 2)),
    st.sampled_from(["day", "month", "year", "before"]),
)


@given(dates)
def test_what_is_typed_is_what_is_read(date):
    assert PartialDate.parse(date.typed) == date
    assert date.typed.endswith(date.iso)
    assert date.last >= date.first or date.precision == "before"


@given(dates, dates)
def test_order_is_by_first_day_and_before_comes_first(one, other):
    assert (one.key < other.key) == (
        (one.first, one.precision != "before") < (other.first, other.precision != "before")
    )


@given(dates, st.dates())
def test_a_date_counts_from_its_first_day(date, day):
    assert (date.key <= last_key(day)) == (date.first <= day)
