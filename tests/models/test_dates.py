"""Dates as precisely as they are known: written, read, ordered and shown as what they are."""

import datetime as dt

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
    "text",
    ["", "2025-2-18", "18.2.2025", "2025-13", "2025-02-30", "before 2025", "before 2025-02", "after 2025-02-18",
     "before 0001-01-01", "2025-W08", "25", "2025-02-18T10:00"],
)  # fmt: skip
def test_another_form_is_refused_with_a_hint(text):
    with pytest.raises(ValueError, match="Write 2025-02-18, 2025-02, 2025, or before 2025-02-18."):
        PartialDate.parse(text)


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
