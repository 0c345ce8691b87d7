"""The values that stood before the deciding statements."""

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce

from tracker.clocks import Clocks
from tracker.domain.standing import ASPECTS, latest, latest_stance
from tracker.models import Effect, ItemStance, Party
from tracker.models.vocabularies import ItemKind

OWN = {ItemKind.DEMAND: "firmness", ItemKind.FOLLOW_UP: "status"}
"""What moves of an item that one party stands behind: how firm a demand is, how far what is owed has come."""


def stance_before(clocks: Clocks, column: str = "pk"):
    """A column of the stance ahead of the one that decides the ItemStance of the outer query, as an expression."""
    effects = Effect.objects.at(clocks).filter(
        item=OuterRef("item_id"), party=OuterRef("party_id"), stance__isnull=False
    )
    return Subquery(effects.latest_first().values(column)[1:2])


def own(clocks: Clocks):
    """The effect that decides what is OWN of the item of the outer query; where none does, the one that raised it."""
    raised = latest(clocks, "raised")
    return _by_kind(lambda aspect: Coalesce(latest(clocks, aspect), raised))


def own_before(clocks: Clocks):
    """The effect ahead of the one that decides what is OWN of the item of the outer query."""
    return _by_kind(lambda aspect: _before(clocks, aspect, "pk"))


def moved_items(
    items: QuerySet, clocks: Clocks, since: Clocks | None, party: Party | None = None
) -> QuerySet:
    """Those of `items` on which a stance, or what is OWN, stands otherwise at `clocks` than at `since`.

    Without `since`: otherwise than before the statement that decides it. With `party`, what is that party's alone.
    """
    stances = ItemStance.objects.filter(item=OuterRef("pk")).annotate(
        now=latest_stance(clocks, "stance"),
        then=latest_stance(since, "stance") if since else stance_before(clocks, "stance"),
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


def _differs(since: Clocks | None) -> Q:
    """Whether `now` is not `then`; without `since` something must have stood before."""
    differs = Q(now__isnull=False, then__isnull=False) & ~Q(now=F("then"))
    if since:
        differs |= Q(now__isnull=False, then__isnull=True) | Q(now__isnull=True, then__isnull=False)
    return differs


def _before(clocks: Clocks, aspect: str, column: str):
    """A column of the second to last effect that sets `aspect`; what one development sets twice counts once."""
    effects = Effect.objects.at(clocks).filter(ASPECTS[aspect])
    again = effects.filter(development=OuterRef("development"), item=OuterRef("item"), pk__gt=OuterRef("pk"))
    changes = effects.filter(~Exists(again), item=OuterRef("pk")).latest_first()
    return Subquery(changes.values(column)[1:2])


def _by_kind(expression):
    return Case(*(When(item_kind=kind, then=expression(aspect)) for kind, aspect in OWN.items()))
