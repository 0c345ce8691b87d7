"""The places of developments within a day: there is always one between two others."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.models.order import after, ahead_of, place_of


@given(st.lists(st.tuples(st.integers(0, 30), st.booleans()), max_size=60), st.integers(1, 12))
def test_there_is_always_a_place_between_two(steps, many):
    line = [place_of(number) for number in range(many)]
    assert line == sorted(line)
    for position, ahead in steps:
        position %= len(line)
        if ahead and position == 0:
            line.insert(0, ahead_of(line[0]))
        else:
            line.insert(position + 1, after(line[position], "".join(line[position + 1 : position + 2])))
    assert line == sorted(set(line))
    assert line == sorted(line, key=str.encode)


@pytest.mark.parametrize("where", ["first", "last"])
def test_a_thousand_in_one_spot_need_no_long_places(where):
    low, high = place_of(4), place_of(5)
    for _ in range(1000):
        between = after(low, high)
        assert low < between < high
        low, high = (between, high) if where == "last" else (low, between)
    assert len(between) < 250
