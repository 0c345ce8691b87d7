"""Dates as precisely as they are known: written, read, ordered and shown as what they are."""

import calendar
import contextlib
import datetime as dt
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.models.dates import ABOUT, Span, span


@pytest.mark.parametrize(
    ("typed", "edtf", "first", "last", "shown"),
    [
        ("2025-02-18", "2025-02-18", "2025-02-18", "2025-02-18", "18 Feb 2025"),
        ("2025-02", "2025-02", "2025-02-01", "2025-02-28", "Feb 2025"),
        ("2024-02", "2024-02", "2024-02-01", "2024-02-29", "Feb 2024"),
        ("2025", "2025", "2025-01-01", "2025-12-31", "2025"),
        ("before 2025-02-18", "[..2025-02-17]", None, "2025-02-17", "before 18 Feb 2025"),
        ("after 2025-02-18", "[2025-02-19..]", "2025-02-19", None, "after 18 Feb 2025"),
        (
            "between 2025-02-12 and 2025-02-14", "[2025-02-12..2025-02-14]", "2025-02-12", "2025-02-14",
            "between 12 and 14 Feb 2025",
        ),
        (
            "between 2025-01-28 and 2025-02-03", "[2025-01-28..2025-02-03]", "2025-01-28", "2025-02-03",
            "between 28 Jan and 3 Feb 2025",
        ),
        (
            "between 2024-12-28 and 2025-01-03", "[2024-12-28..2025-01-03]", "2024-12-28", "2025-01-03",
            "between 28 Dec 2024 and 3 Jan 2025",
        ),
        ("about 2025-02-18", "2025-02-18~", "2025-02-18", "2025-02-18", "about 18 Feb 2025"),
        ("about 2025-02", "2025-02~", "2025-02-01", "2025-02-28", "about Feb 2025"),
        ("about 2025", "2025~", "2025-01-01", "2025-12-31", "about 2025"),
        ("2026-12-15 to 2026-12-17", "2026-12-15/2026-12-17", "2026-12-15", "2026-12-17", "15–17 Dec 2026"),
        ("2026-11-30 to 2026-12-02", "2026-11-30/2026-12-02", "2026-11-30", "2026-12-02", "30 Nov – 2 Dec 2026"),
        ("9999-12", "9999-12", "9999-12-01", "9999-12-31", "Dec 9999"),
        ("0001", "0001", "0001-01-01", "0001-12-31", "0001"),
    ],
)  # fmt: skip
def test_a_date_is_shown_as_what_it_is(typed, edtf, first, last, shown):
    date = Span.parse(typed)
    days = [day and day.isoformat() for day in (date.first, date.last)]
    assert (date.edtf, *days, str(date), date.typed) == (edtf, first, last, shown, typed)
    assert Span.parse(edtf) == Span.parse(shown) == date


def test_one_day_is_no_month():
    assert Span.parse_day("18 Feb 2025") == dt.date(2025, 2, 18)
    for text in ("Feb 2025", "before 1 Mar 2025", "about Feb 2025", "15 to 28 Feb 2025"):
        with pytest.raises(
            ValueError, match="is not one day. Write a whole day, such as 28 Feb 2025 or 2025-02-28."
        ):
            Span.parse_day(text)


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
        assert Span.parse(text) == Span(day), text
        assert Span.parse(f"before {text.strip()}") == Span(day, "before"), text


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
        date = Span.parse(text)
    except ValueError:
        return
    numbers, years = told(text)
    if date.precision == "lasted":
        assert {date.day.day, date.end.day} <= set(numbers) and set(years) <= {
            f"{day.year:04}" for day in (date.day, date.end)
        }
        return
    parts = {"year": [], "month": [date.day.month], "day": [date.day.month, date.day.day]}[date.precision]
    assert (numbers, years) == (sorted(parts), [f"{date.day.year:04}"]), (text, date)


@given(st.text(max_size=12))
def test_any_text_is_read_or_refused(text):
    with contextlib.suppress(ValueError):
        assert re.search(r"\d{4}|today|yesterday", text, re.IGNORECASE), Span.parse(text)


def test_there_may_be_no_date():
    assert span(None, "") is span(None, None) is None


@st.composite
def spans(draw):
    day = draw(st.dates(min_value=dt.date(1, 2, 2), max_value=dt.date(9999, 11, 1)))
    precision = draw(
        st.sampled_from(["day", "month", "year", "before", "after", "between", "lasted", *map(str, ABOUT)])
    )
    if precision.endswith("month"):
        return Span(day.replace(day=1), precision)
    if precision.endswith("year"):
        return Span(day.replace(day=1, month=1), precision)
    if precision in ("between", "lasted"):
        return Span(day, precision, day + dt.timedelta(days=draw(st.integers(1, 50))))
    return Span(day, precision)


@given(spans())
def test_what_is_typed_is_what_is_read(date):
    assert Span.parse(date.typed) == Span.parse(date.edtf) == Span.parse(str(date)) == date
    assert date.first is None or date.last is None or date.first <= date.last
    assert re.fullmatch(r"[0-9.~/\[\]-]+", date.edtf)


@given(spans(), spans())
def test_order_is_by_first_day_and_what_has_none_comes_last(one, other):
    def place(date):
        return (1, date.first) if date.first else (0, date.last)

    assert (one.key < other.key) == (place(one) < place(other))
    assert one.counts_from == (one.first or one.last)


ABOUT_A_UNIT = {
    "2025-02-18~": ("2025-02-17", "2025-02-19"),
    "2025-02~": ("2025-01-01", "2025-03-31"),
    "2025-01~": ("2024-12-01", "2025-02-28"),
    "2025~": ("2024-01-01", "2026-12-31"),
    "2025-02": ("2025-02-01", "2025-02-28"),
    "[..2025-02-17]": (None, "2025-02-17"),
    "[2025-02-19..]": ("2025-02-19", None),
}


@pytest.mark.parametrize("edtf", ABOUT_A_UNIT)
def test_about_a_date_reaches_one_unit_to_either_side(edtf):
    date = Span.parse(edtf)
    assert tuple(day and day.isoformat() for day in (date.earliest, date.latest)) == ABOUT_A_UNIT[edtf]


@pytest.mark.parametrize(
    "text", ["2025-02-18", "2025-02", "2025", "about 2025-02", "before 2025-02", "2025-02-18 to 2025-02-19"]
)
def test_programs_are_told_days_months_and_years_alone(text):
    assert Span.parse(text).machine == (text if " " not in text else "")


def test_in_a_list_by_time_what_lies_before_a_day_comes_behind_the_last_of_its_days():
    texts = ["2025-02-17", "after 2025-02-17", "before 2025-02-19", "2025-02-19"]
    assert sorted(map(Span.parse, texts), key=lambda date: date.latest_place) == [*map(Span.parse, texts)]
