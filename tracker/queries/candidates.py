"""The items that can come first in a list sorted by what the rule gives, so that the rule is not asked of all items.

An item is sorted by one of its effects. So those that come first are among those that have one of the first effects in
the order of the list, whether that effect still counts or not; and an index has effects in that order.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from tracker.clocks import READ_AT, Clocks
from tracker.models import Development, Effect, Item, Process
from tracker.models.past import reading
from tracker.queries.sql import Keys

WINDOWS = (1_000, 4_000, 16_000)
"""How many developments, or effects, are looked at before the rule is asked of all items."""
ITEMS_EACH = 2
"""A list has more items than so many for each of these, or the rule would sooner be asked of all."""


@dataclass(frozen=True)
class Candidates:
    """Items, by primary key: at least all of those that are sorted ahead of `bound`."""

    keys: Sequence[int]
    bound: Any
    """A value of what the list is sorted by; None where there are no others."""

    def decide(self, values: Sequence[Any], number: int, ascending: bool) -> bool:
        """Whether the first `number` items of the list are those with these `values`, in the order of the list."""
        if self.bound is None:
            return True
        if len(values) < number or (last := values[number - 1]) is None:
            return False
        return last < self.bound if ascending else last > self.bound


def by_change(
    clocks: Clocks,
    item_kind: str = "",
    process: Process | None = None,
    ascending: bool = False,
    start: int | None = None,
) -> Iterator[Candidates]:
    """Candidates for a list of items sorted by `changed_key`, from the value `start` on; more and more of them.

    The items are those of one `item_kind`, or of one `process`. Three queries for each.
    """
    developments, effects = Development.objects.at(clocks).latest_first(), Effect.objects.order_by()
    items = (
        Item.everything.filter(process=process) if process else Item.everything.filter(item_kind=item_kind)
    )
    if process is not None:
        developments = developments.filter(process=process)
    if item_kind:
        effects = effects.filter(item_kind=item_kind)
    if start is not None:
        developments = developments.filter(**{f"happened_key__{'gte' if ascending else 'lte'}": start})
    if ascending:
        developments = developments.reverse()
    for size in _windows(items):
        # Whether they were public is not asked here: that takes longer, and the rule asks it of what it needs.
        with reading(READ_AT.get()):
            rows = list(developments.values_list("pk", "happened_key")[:size])
            touched = effects.filter(development__in=Keys([key for key, _ in rows]))
            keys = list(touched.values_list("item", flat=True).distinct())
        yield Candidates(keys, rows[-1][1] if len(rows) == size else None)


def by_due(
    clocks: Clocks, item_kind: str, ascending: bool = True, start: dt.date | None = None
) -> Iterator[Candidates]:
    """The same for items of one `item_kind` sorted by `due_on`, where those without a date come last.

    Two queries for each.
    """
    effects = Effect.objects.at(clocks).filter(item_kind=item_kind, due_on__isnull=False)
    if start is not None:
        effects = effects.filter(**{f"due_on__{'gte' if ascending else 'lte'}": start})
    effects = effects.order_by("due_on" if ascending else "-due_on")
    for size in _windows(Item.everything.filter(item_kind=item_kind)):
        with reading(READ_AT.get()):
            rows = list(effects.values_list("item", "due_on")[:size])
        no_others = dt.date.max if ascending else dt.date.min
        yield Candidates([*{key for key, _ in rows}], rows[-1][1] if len(rows) == size else no_others)


def _windows(items: QuerySet) -> Iterator[int]:
    """Those of WINDOWS that take less time than to ask the rule of all `items`. A query for each."""
    for size in WINDOWS:
        with reading(None):
            if not items.order_by().values("pk")[size * ITEMS_EACH :][:1]:
                return
        yield size
