"""The values before the deciding statements."""

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce, Replace

from tracker.clocks import Clocks
from tracker.domain.standing import ASPECTS, latest, latest_stance
from tracker.models import Effect, ItemStance, Party
from tracker.models.vocabularies import ItemKind, Stance

OWN = {ItemKind.DEMAND: "firmness", ItemKind.FOLLOW_UP: "status"}
"""{item kind: the aspect shown for the party that demands or owes it}"""


def stance_before(clocks: Clocks, column: str = "pk"):
    """An expression: `column` of the stance before the one that decides the outer query's ItemStance."""
    effects = Effect.objects.at(clocks).filter(
        item=OuterRef("item_id"), party=OuterRef("party_id"), stance__isnull=False
    )
    return Subquery(effects.latest_first().values(column)[1:2])


def own(clocks: Clocks):
    """The effect that decides the OWN aspect of the outer query's item, or else the one that raised it."""
    raised = latest(clocks, "raised")
    return _by_kind(lambda aspect: Coalesce(latest(clocks, aspect), raised))


def own_before(clocks: Clocks):
    """The effect before the one that decides the OWN aspect of the outer query's item."""
    return _by_kind(lambda aspect: _before(clocks, aspect, "pk"))


def moved_items(
    items: QuerySet, clocks: Clocks, since: Clocks | None, party: Party | None = None
) -> QuerySet:
    """The `items` on which a stance or the OWN aspect differs between `clocks` and `since`.

    Without `since`, between the deciding statement and the previous one. With `party`, for that party only.
    """
    stances = ItemStance.objects.filter(item=OuterRef("pk")).annotate(
        now=_held(latest_stance(clocks, "stance")),
        then=_held(latest_stance(since, "stance") if since else stance_before(clocks, "stance")),
    )
    items = items.annotate(
        now=_by_kind(lambda aspect: latest(clocks, aspect, aspect)),
        then=_by_kind(
            lambda aspect: latest(since, aspect, aspect) if since else _before(clocks, aspect, aspect)
        ),
    )
    differs = _differs(since)
    if since:
        items = items.annotate(raised_then=latest(since, "raised"))
        differs |= Q(raised_then__isnull=True)
    behind = Q(as_demand__isnull=False) | Q(as_follow_up__owner__isnull=False)
    if party is not None:
        stances = stances.filter(party=party)
        behind = Q(as_demand__party=party) | Q(as_follow_up__owner=party)
    return items.filter(Exists(stances.filter(_differs(since))) | behind & differs)


def _held(stance):
    """An expression: `stance`, or an empty text if it was retracted, which is no stance."""
    return Replace(stance, Value(Stance.RETRACTED), Value(""))


def _differs(since: Clocks | None) -> Q:
    """The condition that `now` differs from `then`; without `since`, `then` must not be NULL."""
    differs = Q(now__isnull=False, then__isnull=False) & ~Q(now=F("then"))
    if since:
        differs |= Q(now__gt="", then__isnull=True) | Q(now__isnull=True, then__gt="")
    return differs


def _before(clocks: Clocks, aspect: str, column: str):
    """`column` of the second to last effect that sets `aspect`, counting each development once."""
    effects = Effect.objects.at(clocks).filter(ASPECTS[aspect])
    again = effects.filter(development=OuterRef("development"), item=OuterRef("item"), pk__gt=OuterRef("pk"))
    changes = effects.filter(~Exists(again), item=OuterRef("pk")).latest_first()
    return Subquery(changes.values(column)[1:2])


def _by_kind(expression):
    return Case(*(When(item_kind=kind, then=expression(aspect)) for kind, aspect in OWN.items()))
