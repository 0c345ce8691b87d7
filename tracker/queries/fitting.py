"""How much of a long list a page shows: as many rows as fit, at a cost for each."""

from collections.abc import Hashable, Mapping
from typing import TypeVar

from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from tracker.clocks import Clocks
from tracker.models import Effect, ItemStance, Process

Name, Key = TypeVar("Name", bound=Hashable), TypeVar("Key", bound=Hashable)


def fitting(costs: Mapping[Key, int], budget: int) -> list[Key]:
    """The first keys of `costs` that together cost at most `budget`; the first of all even if it costs more."""
    fit, left = [], budget
    for key, cost in costs.items():
        left -= cost
        if left < 0 and fit:
            break
        fit.append(key)
    return fit


def fitting_together(lists: Mapping[Name, Mapping[Key, int]], budget: int) -> dict[Name, list[Key]]:
    """Of each of the `lists`, the first keys that fit if all share `budget` evenly.

    What a short list leaves over, the longer ones share.
    """
    needs = {name: sum(costs.values()) for name, costs in lists.items()}
    fit, left = {}, budget
    for place, name in enumerate(sorted(needs, key=needs.__getitem__)):
        share = left // (len(needs) - place)
        fit[name] = fitting(lists[name], share)
        left -= min(share, needs[name])
    return fit


def stances_by_item(process: Process, clocks: Clocks) -> dict[int, int]:
    """{item pk: how many parties have a stance on it at `clocks`}, for the items of `process` with any. One query."""
    pairs = _taken(ItemStance.objects.filter(item__process=process), clocks)
    return dict(pairs.values_list("item").annotate(Count("pk")))


def number_of_stances(clocks: Clocks) -> Coalesce:
    """An expression: how many parties have a stance on the item of the outer query at `clocks`."""
    pairs = _taken(ItemStance.objects.filter(item=OuterRef("pk")), clocks).values("item")
    return Coalesce(Subquery(pairs.annotate(number=Count("pk")).values("number")), 0)


def _taken(pairs: QuerySet, clocks: Clocks) -> QuerySet:
    """Those of `pairs` whose party has a stance on the item at `clocks`."""
    if clocks.is_present:
        return pairs.filter(current_stance__isnull=False).order_by()
    taken = Effect.objects.at(clocks).filter(stance__isnull=False)
    return pairs.filter(Exists(taken.filter(item=OuterRef("item"), party=OuterRef("party")))).order_by()
