"""The order in which new developments of one day are placed: what times and predecessors tell of them."""

import datetime as dt
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from itertools import groupby, pairwise
from operator import attrgetter

from django.core.exceptions import ValidationError

from tracker.models import Development
from tracker.models.vocabularies import DatePrecision

Key = tuple[dt.datetime, str]
"""`placed_at` and `place`."""

SHOWN = 6
"""How many developments of a day a message names."""


@dataclass(eq=False)
class Placed:
    """A development of the day with its place, and the row of the file if it is new."""

    development: Development
    key: Key
    at: dt.datetime | None
    """The instant of its time of day."""
    row: int | None = None
    earlier: Key | None = None
    """The place that it had once, and gets again if that may be."""

    @classmethod
    def of(cls, development: Development, row: int | None = None) -> "Placed":
        key = (development.placed_at, development.place)
        return cls(development, key, development.occurred_at, row, development.earlier_place)

    @property
    def is_whole_day(self) -> bool:
        """Whether its date is one day, within which it can come before or after another."""
        return self.development.occurred_precision == DatePrecision.DAY

    def is_after(self, other: "Placed") -> bool:
        """Whether it is told that it comes after `other`: by name, or by both times."""
        if not (self.is_whole_day and other.is_whole_day):
            return False
        return self.development.follows == other.development.ref or self.is_later(other)

    def is_later(self, other: "Placed") -> bool:
        """Whether both times are known, and this one is later."""
        return self.at is not None and other.at is not None and self.at > other.at

    def __str__(self) -> str:
        at = self.development.occurred_time
        name = self.development.ref if self.row is None else f"row {self.row}"
        return f"“{self.development}”{f', {at:%H:%M}' if at else ''} [{name}]"


def predecessors_of(new: list[Placed]) -> dict[Placed, list[Placed]]:
    """{each of `new`: those of `new` that come before it: the one it names, and those of the time before its own}."""
    whole = [row for row in new if row.is_whole_day]
    by_ref = {row.development.ref: row for row in whole}
    found: dict[Placed, list[Placed]] = {row: [] for row in new}
    timed = sorted((row for row in whole if row.at), key=attrgetter("at"))
    before: list[Placed] = []
    for _, same in groupby(timed, key=attrgetter("at")):
        now = list(same)
        for row in now:
            found[row] += before
        before = now
    for row in whole:
        named = by_ref.get(row.development.follows, row)
        if named is not row and named not in found[row]:
            found[row].append(named)
    return found


def break_circles(predecessors: dict[Placed, list[Placed]]) -> dict[Placed, ValidationError]:
    """Remove the predecessors that make a circle, and return what is wrong with those that name them."""
    errors = {}
    while circle := _circle(predecessors):
        rows = circle[:-1]
        for place, (earlier, later) in enumerate(pairwise(circle)):
            if later.is_later(earlier):
                continue
            predecessors[later].remove(earlier)
            between = (rows + rows)[place + 2 : place + len(rows)]
            way = f", by way of {', '.join(map(str, between[:SHOWN]))}" if between else ""
            errors[later] = ValidationError(
                {"follows": f"It cannot come after {earlier}, which comes after this one{way}."}
            )
    return errors


def _circle(predecessors: dict[Placed, list[Placed]]) -> list[Placed]:
    """Some developments each of which comes before the next one, and the first one again; empty if there are none."""
    try:
        TopologicalSorter(predecessors).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def in_told_order(predecessors: dict[Placed, list[Placed]]) -> list[Placed]:
    """The keys of `predecessors` in their order, save that each comes after its predecessors."""
    order: dict[Placed, None] = {}
    for first in predecessors:
        waiting = [(first, iter(predecessors[first]))]
        while waiting:
            row, remaining = waiting[-1]
            earlier = next((other for other in remaining if other not in order), None)
            if earlier is not None:
                waiting.append((earlier, iter(predecessors[earlier])))
            else:
                order[row] = None
                waiting.pop()
    return list(order)
