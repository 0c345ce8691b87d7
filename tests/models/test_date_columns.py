"""The conditions on the columns of a date hold for what the date can mean."""

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from tests.models.test_dates import spans
from tracker.models.date_columns import on_or_after, on_or_before


@given(spans(), st.integers(-800, 800))
def test_a_range_of_days_keeps_what_can_fall_in_it(date, offset):
    edge = date.day + dt.timedelta(days=offset) if 800 < date.day.toordinal() < 3_600_000 else date.day
    values = {"on": date.day, "on_precision": date.precision, "on_last": date.end}
    assert holds(on_or_after(edge, "on", "on_precision"), values) == (
        date.latest is None or date.latest >= edge
    )
    assert holds(on_or_before(edge, "on", "on_precision"), values) == (
        date.earliest is None or date.earliest <= edge
    )


def holds(condition, values):
    """Whether `condition` holds for a row of `values`, of Q objects joined by OR and AND and plain comparisons."""
    results = []
    for child in condition.children:
        if not isinstance(child, tuple):
            results.append(holds(child, values))
            continue
        name, _, lookup = child[0].partition("__")
        value = values[name]
        compare = {
            "": value.__eq__,
            "in": lambda wanted, value=value: value in wanted,
            "gte": getattr(value, "__ge__", None),
            "lte": getattr(value, "__le__", None),
        }
        results.append(value is not None and compare[lookup](child[1]) is True)
    return all(results) if condition.connector == "AND" else any(results)


@given(spans(), st.integers(-800, 800), st.integers(0, 800))
def test_what_happened_ends_when_it_was_recorded(date, offset, late):
    if not 800 < date.day.toordinal() < 3_600_000:
        return
    # A whole day may be one of a place where it is tomorrow already; all else has begun.
    ends = (date.end or date.day) + dt.timedelta(days=late)
    edge = date.day + dt.timedelta(days=offset)
    values = {"on": date.day, "on_precision": date.precision, "on_last": date.end, "ends": ends}
    expected = min(date.latest or ends, ends) >= edge
    assert holds(on_or_after(edge, "on", "on_precision", "ends"), values) == expected
    assert holds(on_or_after(edge, "on", "on_precision", ends), values) == expected
