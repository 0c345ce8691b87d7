"""How many rows fit on a page: up to the budget and not one more, never none, and every row on one page."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.clocks import BadQuery
from tracker.pages.numbered import page_of
from tracker.queries.fitting import fitting, fitting_together

COSTS = st.lists(st.integers(1, 9), max_size=30)


def numbered(costs):
    return dict(enumerate(costs))


def pages_of(costs, size, budget):
    """The rows of every page, turned by the links, each as it is written."""
    pages, number = [], ""
    while number is not None:
        rows, pager = page_of(
            list(range(len(costs))), size, number, lambda page: str(page), costs.__getitem__, budget
        )
        pages.append((rows, pager))
        number = pager["next_url"] or None
    return pages


@pytest.mark.parametrize(
    ("budget", "fit"), [(6, [0, 1, 2]), (7, [0, 1, 2]), (5, [0, 1]), (3, [0, 1]), (2, [0]), (0, [0])]
)
def test_as_many_fit_as_cost_no_more_than_the_budget(budget, fit):
    assert fitting(numbered([1, 2, 3, 4]), budget) == fit


def test_the_first_fits_always_and_of_nothing_nothing():
    assert fitting({"one": 100}, 1) == ["one"] and fitting({}, 5) == []


def test_what_comes_after_one_that_does_not_fit_is_left_out_even_if_it_would():
    assert fitting(numbered([2, 9, 1]), 5) == [0]


def test_short_lists_leave_their_share_to_the_long_ones():
    lists = {"short": numbered([1, 1]), "long": numbered([1] * 20), "longer": numbered([1] * 30)}
    assert {name: len(keys) for name, keys in fitting_together(lists, 20).items()} == {
        "short": 2, "long": 9, "longer": 9,
    }  # fmt: skip
    everything = fitting_together(lists, 52)
    assert {name: len(keys) for name, keys in everything.items()} == {"short": 2, "long": 20, "longer": 30}
    assert len(fitting_together(lists, 51)["longer"]) == 29


@given(st.dictionaries(st.sampled_from("abcd"), COSTS, min_size=1), st.integers(36, 200))
def test_lists_together_cost_no_more_than_the_budget(lists, budget):
    fit = fitting_together({name: numbered(costs) for name, costs in lists.items()}, budget)
    spent = sum(lists[name][key] for name, keys in fit.items() for key in keys)
    assert spent <= budget
    if sum(map(sum, lists.values())) <= budget:
        assert {name: len(keys) for name, keys in fit.items()} == {
            name: len(costs) for name, costs in lists.items()
        }


@given(COSTS, st.integers(1, 6), st.integers(1, 20))
def test_every_row_is_on_one_page_and_no_page_is_fuller_than_it_may_be(costs, size, budget):
    pages = pages_of(costs, size, budget)
    assert [row for rows, _ in pages for row in rows] == list(range(len(costs)))
    for rows, pager in pages:
        assert len(rows) <= size and (len(rows) <= 1 or sum(costs[row] for row in rows) <= budget)
        assert not rows or (pager["first"], pager["last"]) == (rows[0] + 1, rows[-1] + 1)
    for (rows, _), (following, _) in zip(pages, pages[1:], strict=False):
        assert len(rows) == size or sum(costs[row] for row in [*rows, following[0]]) > budget
    assert pages[0][1]["is_needed"] == (len(pages) > 1) and not pages[0][1]["first_url"]


def test_a_page_beyond_the_last_is_the_last_and_no_number_is_refused():
    rows, pager = page_of(list("abcde"), 2, "9", lambda page: str(page))
    assert rows == ["e"] and pager["previous_url"] == "2" and not pager["next_url"]
    with pytest.raises(BadQuery, match="there are 3"):
        page_of(list("abcde"), 2, "two", str)
