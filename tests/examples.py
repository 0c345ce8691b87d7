"""How much of what there is to try is tried: examples of a property, pairs of a matrix, and record types."""

import pytest
from hypothesis import settings


def is_thorough():
    """Whether everything is tried, as `make prove` does."""
    return settings.default.max_examples >= 100


def part(share, **options):
    """A decorator of a property test that tries `share` (0 to 1) of the examples that others try, but at least one.

    `options` are other settings of hypothesis.
    """
    return settings(max_examples=max(1, int(settings.default.max_examples * share)), **options)


def pairs(names, first, second):
    """Parametrize by each of `first` with each of `second`; all pairs are for `make prove`.

    Enough of them for each value to be tried with some other are left to every run. Values may be tuples, for several
    of the `names`.
    """
    first, second = list(first), list(second)
    width = min(len(first), len(second))
    return pytest.mark.parametrize(
        names,
        [
            pytest.param(
                *_values(one), *_values(other), marks=[] if (row - column) % width == 0 else pytest.mark.prove
            )
            for row, one in enumerate(first)
            for column, other in enumerate(second)
        ],
    )


KINDS = {"party", "talk", "delegation", "development", "effect"}
"""A type of each kind: shared, an item, of an item, what is corrected and not edited, and a part of it."""


def of_each_kind(url_names):
    """Parametrize `url_name`: by a type of each kind in every run, and by all of `url_names` in `make prove`."""
    return pytest.mark.parametrize("url_name", daily(url_names, KINDS.__contains__))


def daily(values, is_daily):
    """`values` for `parametrize`: those that are not `is_daily` are left to `make prove`."""
    return [value if is_daily(value) else pytest.param(value, marks=pytest.mark.prove) for value in values]


def _values(value):
    return value if isinstance(value, tuple) else (value,)
