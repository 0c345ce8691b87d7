"""The party columns of the position matrix, those at the table first."""

from dataclasses import dataclass

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from tracker.clocks import Clocks
from tracker.domain.standing import latest, stand
from tracker.models import Delegation, Effect, ItemStance, Party, Process, Talk
from tracker.models.talks import Roles
from tracker.models.vocabularies import TableRole
from tracker.queries.delegations import TOOK_PLACE


@dataclass(frozen=True)
class PartyHeading:
    """One party, and its roles at the latest talk held."""

    party: Party
    roles: Roles | None
    """None if it is not recorded whether the party was there."""
    speaks: bool = True
    """Whether it has any position, and therefore a column."""

    @property
    def is_absent(self) -> bool:
        """Whether it is recorded as not at the table."""
        return self.roles is not None and not self.roles.in_room

    @property
    def place(self) -> tuple:
        """A sort key: parties at the table, then those recorded as absent, then all others."""
        rank = len(TableRole.values) if self.roles is None else self.roles.rank
        return rank, self.party.name


@dataclass(frozen=True)
class PartyHeadings:
    """The parties with a position, and those that were not at the table."""

    talk: Talk | None
    """The latest talk held that has delegations."""
    speaking: list[PartyHeading]
    absent: list[PartyHeading]


def party_headings(
    process: Process, items: QuerySet, clocks: Clocks, since: Clocks | None = None, only: Party | None = None
) -> PartyHeadings:
    """The parties that had a stance on, demand or owe any of `items` of `process` by `clocks` or by `since`.

    With `only`, just that party. Two queries.
    """
    # Find the parties of the process first, to avoid scanning the stances of all others.
    of_process = ItemStance.objects.filter(item__process=process).order_by().values("party")
    spoke = Q()
    for moment in filter(None, (clocks, since)):
        raised = stand(items, moment).order_by()
        spoke |= Q(_took_stance(items, moment)) & Q(pk__in=of_process)
        spoke |= Q(pk__in=raised.values("as_demand__party")) | Q(pk__in=raised.values("as_follow_up__owner"))
    parties = Party.objects.at(clocks).filter(spoke)
    if only is not None:
        parties = parties.filter(pk=only.pk)
    seats = list(_seats(process, clocks))
    roles = {seat.party_id: seat.roles for seat in seats}
    speaking = [PartyHeading(party, roles.get(party.pk)) for party in parties]
    there = {head.party for head in speaking}
    silent = [] if only else [PartyHeading(seat.party, seat.roles, False) for seat in seats]
    away = [*speaking, *(head for head in silent if head.party not in there)]
    return PartyHeadings(
        seats[0].talk if seats else None,
        sorted(speaking, key=lambda head: head.place),
        sorted((head for head in away if head.is_absent), key=lambda head: head.place),
    )


def _took_stance(items: QuerySet, clocks: Clocks) -> Exists:
    """Whether the party of the outer query had a stance on any of `items` at `clocks`."""
    stances = Effect.objects.at(clocks).filter(
        item=OuterRef("item"), party=OuterRef("party"), stance__isnull=False
    )
    taken = ItemStance.objects.filter(party=OuterRef("pk"), item__in=items.order_by().values("pk"))
    return Exists(taken.filter(Exists(stances)))


def _seats(process: Process, clocks: Clocks) -> QuerySet:
    """The delegations to the latest talk of `process` that was held and has any."""
    seats = Delegation.objects.at(clocks)
    talks = Talk.objects.filter(Exists(seats.filter(talk=OuterRef("pk"))), process=process).annotate(
        status=latest(clocks, "status", "status"), happened=latest(clocks, "status", "happened_key")
    )
    held_talks = talks.filter(status__in=TOOK_PLACE).order_by(F("happened").desc(), "-pk")
    return seats.filter(talk__in=held_talks.values("pk")[:1]).select_related("party", "talk")
