"""The items of a chart, in order and by issue."""

from typing import NamedTuple

from django.db.models import Case, Exists, F, IntegerField, OuterRef, Q, QuerySet, When

from tracker.clocks import Clocks
from tracker.models import Effect, Issue, Party
from tracker.models.vocabularies import ItemKind

KINDS = (ItemKind.PRINCIPLE, ItemKind.DEMAND, ItemKind.FOLLOW_UP, ItemKind.TALK)
"""The kinds of item in the order in which they are drawn."""


class PathKey(NamedTuple):
    """One place of an item: under one of its issues, or under none, where the reference is empty."""

    issue_ref: str
    issue: str
    item: int


def concerning(items: QuerySet, party: Party, clocks: Clocks) -> QuerySet:
    """Those of `items` that `party` demands or owes, or on which it had taken a stance by `clocks`."""
    stances = Effect.objects.at(clocks).filter(item=OuterRef("pk"), party=party, stance__isnull=False)
    return items.filter(Exists(stances) | Q(as_demand__party=party) | Q(as_follow_up__owner=party))


def keys_of(items: QuerySet, clocks: Clocks, issue: Issue | None = None) -> list[PathKey]:
    """The places of those of `items` that were raised by `clocks`, by issue, kind, number and title.

    An item on several issues has a place under each, and those on no issue come last; with `issue`, only its own
    places count. One query, which fetches keys alone.
    """
    rank = Case(
        *(When(item_kind=kind, then=place) for place, kind in enumerate(KINDS)), output_field=IntegerField()
    )
    raised = items.at(clocks).filter(Exists(Effect.objects.at(clocks).filter(item=OuterRef("pk"))))
    raised = raised.order_by(rank, F("as_principle__number").asc(nulls_last=True), "sort_key", "pk")
    # An issue that came to the record later is none.
    there = {"issues__recorded_at__lte": clocks.known} if clocks.known else {"issues__isnull": False}
    place = Case(When(**there, then=F("issues__ref")))
    on: dict[int, list[tuple[str, str]]] = {}
    for item, ref, name in raised.values_list("pk", place, "issues__name"):
        places = on.setdefault(item, [])
        if ref and (issue is None or ref == issue.ref):
            places.append((ref, name))
    nowhere = [("", "")] if issue is None else []
    keys = [PathKey(*place, item) for item, places in on.items() for place in places or nowhere]
    return sorted(keys, key=lambda key: (not key.issue_ref, key.issue))
