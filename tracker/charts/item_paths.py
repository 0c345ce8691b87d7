"""Which items' paths are drawn, in which order and under which issue, and the reading of them."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from django.db.models import Case, Exists, F, IntegerField, OuterRef, Q, QuerySet, When

from tracker.charts.lanes import READ, Path, path_from
from tracker.clocks import Clocks
from tracker.models import Effect, Issue, Item, Party
from tracker.models.dates import last_key
from tracker.models.vocabularies import ItemKind

KINDS = (ItemKind.PRINCIPLE, ItemKind.DEMAND, ItemKind.FOLLOW_UP, ItemKind.TALK)
"""The kinds of item in the order in which they are drawn."""

DESCRIBED = {
    "number": "as_principle__number",
    "demander": "as_demand__party__name",
    "owner": "as_follow_up__owner__name",
}

_ONLY_STANCE = Q(
    status__isnull=True, firmness__isnull=True, outcome__isnull=True, wording__isnull=True, due_on__isnull=True,
    due_phrase="",
)  # fmt: skip


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
    raised = raised.order_by(rank, F("as_principle__number").asc(nulls_last=True), "title", "pk")
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


def paths_of(
    items: Sequence[int], clocks: Clocks, stances: bool = True, party: Party | None = None
) -> dict[int, Path]:
    """The paths of `items` (primary keys) at `clocks`, by primary key.

    `stances` are left out where False, and are those of `party` alone where one is given. Two queries.
    """
    described = Item.objects.filter(pk__in=items).annotate(
        **{name: F(path) for name, path in DESCRIBED.items()}
    )
    rows = _rows(items, clocks, stances)
    return {
        item["pk"]: path_from(
            item | {"party": item["demander"] or item["owner"] or ""},
            rows[item["pk"]],
            clocks,
            lambda row: stances and (party is None or row["party_ref"] == party.ref),
        )
        for item in described.values("pk", "ref", "item_kind", "title", *DESCRIBED)
    }


def path_of(item: Item, clocks: Clocks) -> Path:
    """The path of `item` at `clocks`. One query."""
    described = {name: getattr(item, name) for name in ("pk", "ref", "item_kind", "title")}
    return path_from(described, _rows([item.pk], clocks, True)[item.pk], clocks, lambda row: True)


def days_of(paths: Iterable[Path]) -> list[tuple[dt.date, dt.date]]:
    """The first and the last day that each version on `paths` can have happened on, in order.

    What is known only to lie before a day counts with that day.
    """
    whens = [said.when for path in paths for said in path.versions]
    return sorted((when.first, max(when.first, when.last)) for when in whens)


def _rows(items: Sequence[int], clocks: Clocks, stances: bool) -> dict[int, list[dict]]:
    """What is READ of the effects on each of `items`, in the order of standing; those of a stance alone, if wanted."""
    effects = _recorded(clocks).filter(item__in=items)
    if not stances:
        effects = effects.exclude(_ONLY_STANCE)
    rows: dict[int, list[dict]] = {item: [] for item in items}
    for values in effects.values_list(*READ.values()):
        row = dict(zip(READ, values, strict=True))
        rows[row["item_id"]].append(row)
    return rows


def _recorded(clocks: Clocks) -> QuerySet:
    """The effects of all versions that were on record at `clocks`, in force or struck, in the order of standing."""
    rows = Effect.objects.order_by("happened_key", "first_recorded_at", "sequence", "pk")
    if clocks.on is not None:
        rows = rows.filter(happened_key__lte=last_key(clocks.on, clocks.before))
    return rows if clocks.known is None else rows.filter(recorded_at__lte=clocks.known)
