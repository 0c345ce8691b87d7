"""Long lists taken a part at a time, since a query takes only so many parameters."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

T = TypeVar("T")

BATCH = 500


def in_batches(values: Iterable[T]) -> Iterator[list[T]]:
    """`values` in lists of at most BATCH, in their order; a generator is consumed as far as it is asked for."""
    remaining = iter(values)
    while batch := list(islice(remaining, BATCH)):
        yield batch
