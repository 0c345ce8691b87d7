"""The order within a day, as far as it is told: by times of day, or by what a development is said to come after.

It is told of two developments also if others of the day come between them. Only whole days have an order.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import lru_cache

from django.db import connection

from tracker.clocks import Clocks
from tracker.domain.prepared import Given, Prepared, at_any_instant
from tracker.models import Development, Effect, Item
from tracker.models.order import instant_of
from tracker.models.vocabularies import DatePrecision


@dataclass(frozen=True)
class Told:
    """What is told of the order of one development."""

    key: int
    """The primary key of the version."""
    ref: str
    follows: str
    at: dt.datetime | None
    """The instant of its time of day."""


class ToldOrder:
    """What is told of the order of developments: of the same process and day, for each such day."""

    def __init__(self, days: Iterable[list[Told]] = ()):
        self._days: dict[int, list[Told]] = {row.key: day for day in days for row in day}
        self._later: dict[int, set[int]] = {}

    def is_after(self, later: Effect, earlier: Effect) -> bool:
        """Whether it is told that the development of `later` comes after that of `earlier`."""
        if earlier.development_id not in self._later:
            self._later[earlier.development_id] = self._after(earlier.development_id)
        return later.development_id in self._later[earlier.development_id]

    def _after(self, key: int) -> set[int]:
        """The developments that are told to come after the one of `key`, directly or by way of others."""
        day = self._days.get(key, [])
        found: set[int] = set()
        waiting = [row for row in day if row.key == key]
        while waiting:
            row = waiting.pop()
            following = [
                other
                for other in day
                if other.key not in found
                and (other.follows == row.ref or (row.at and other.at and other.at > row.at))
            ]
            found |= {other.key for other in following}
            waiting += following
        return found


def told_order(items: Collection[int], days: Collection[int], clocks: Clocks) -> ToldOrder:
    """What is told at `clocks` of the `days` (keys of spans) in the processes of `items` (primary keys). One query."""
    by_day: dict[tuple, list[Told]] = defaultdict(list)
    rows = _told(at_any_instant(clocks), connection.vendor).ask(clocks.known, items=items, days=days)
    for key, ref, follows, process, *when in rows:
        by_day[process, when[0]].append(Told(key, ref, follows, instant_of(*when)))
    return ToldOrder(by_day.values())


@lru_cache(maxsize=64)
def _told(clocks: Clocks, vendor: str) -> Prepared:
    # The processes are distinct, or PostgreSQL would look for them anew for each development of the days.
    rows = Development.objects.at(clocks).filter(
        process__in=Item.objects.filter(pk__in=Given("items")).values("process").distinct(),
        happened_key__in=Given("days"),
        occurred_precision=DatePrecision.DAY,
    )
    time = ("occurred_on", "occurred_time", "occurred_zone")
    return Prepared(rows.order_by().values_list("pk", "ref", "follows", "process", *time))
