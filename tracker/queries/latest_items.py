"""The items of a process that changed last."""

from collections.abc import Mapping

from django.db.models import Q

from tracker.clocks import Clocks
from tracker.domain.standing import stand
from tracker.models import Process
from tracker.models.vocabularies import ItemKind
from tracker.queries.candidates import by_change
from tracker.queries.sql import Keys

LATEST_FIRST = ("-changed_key", "-pk")


def latest_of_each_kind(process: Process, clocks: Clocks, totals: Mapping[str, int], limit: int) -> Q:
    """The condition on the most recently changed items of `process`, at most `limit` of each kind.

    `totals`: how many of each kind there are. No query of its own, but where `clocks` ask the rule: three, or few more.
    """
    for candidates in by_change(clocks, process=process) if clocks.asks_the_rule else ():
        rows = stand(process.items.filter(pk__in=Keys(candidates.keys)), clocks).order_by(*LATEST_FIRST)
        found: dict[str, list[tuple[int, int]]] = {kind: [] for kind in totals}
        for kind, changed, key in rows.values_list("item_kind", "changed_key", "pk"):
            found[kind].append((changed, key))
        if all(
            candidates.decide([changed for changed, _ in found[kind]], min(total, limit), ascending=False)
            for kind, total in totals.items()
        ):
            return Q(pk__in=[key for of_kind in found.values() for _, key in of_kind[:limit]])
    picked = Q()
    for kind in ItemKind:
        of_kind = stand(process.items.filter(item_kind=kind), clocks)
        picked |= Q(pk__in=of_kind.order_by(*LATEST_FIRST).values("pk")[:limit])
    return picked
