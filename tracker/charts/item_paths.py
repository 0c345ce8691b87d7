"""The items of a chart, in order and by issue."""

from typing import NamedTuple

from django.db.models import Case, Exists, F, IntegerField, OuterRef, Q, QuerySet, When

from tracker.clocks import Clocks
from tracker.models import Effect, Issue, Party
from tracker.models.vocabularies import ItemKind
from tracker.queries.fitting import number_of_stances

KINDS = (ItemKind.PRINCIPLE, ItemKind.DEMAND, ItemKind.FOLLOW_UP, ItemKind.TALK)
"""The item kinds in drawing order."""


class PathKey(NamedTuple):
    """One position of an item in the chart: under one of its issues, or under none (empty reference)."""

    issue_ref: str
    issue: str
    item: int
    stances: int = 0
    """How many parties have a stance on the item."""


def concerning(items: QuerySet, party: Party, clocks: Clocks) -> QuerySet:
    """The `items` that `party` demands or owes, or on which it had a stance by `clocks`."""
    stances = Effect.objects.at(clocks).filter(item=OuterRef("pk"), party=party, stance__isnull=False)
    return items.filter(Exists(stances) | Q(as_demand__party=party) | Q(as_follow_up__owner=party))


def keys_of(items: QuerySet, clocks: Clocks, issue: Issue | None = None) -> list[PathKey]:
    """The `items` raised by `clocks`, by issue, kind, number and title.

    An item with several issues appears under each, one without an issue comes last; with `issue`, only under that.
    One query, for keys only.
    """
    rank = Case(
        *(When(item_kind=kind, then=place) for place, kind in enumerate(KINDS)), output_field=IntegerField()
    )
    raised = items.at(clocks).filter(Exists(Effect.objects.at(clocks).filter(item=OuterRef("pk"))))
    raised = raised.order_by(rank, F("as_principle__number").asc(nulls_last=True), "sort_key", "pk")
    on: dict[int, list[tuple[str, str]]] = {}
    stances: dict[int, int] = {}
    raised = raised.annotate(stances_number=number_of_stances(clocks))
    for item, ref, name, number in raised.values_list("pk", "issues__ref", "issues__name", "stances_number"):
        places, stances[item] = on.setdefault(item, []), number
        if ref and (issue is None or ref == issue.ref):
            places.append((ref, name))
    nowhere = [("", "")] if issue is None else []
    keys = [
        PathKey(*place, item, stances[item]) for item, places in on.items() for place in places or nowhere
    ]
    return sorted(keys, key=lambda key: (not key.issue_ref, key.issue))
