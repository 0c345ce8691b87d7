"""Everything about one talk: attendance, statements about the outcome, demands, follow-ups."""

from collections.abc import Collection
from dataclasses import dataclass, field

from django.db.models import Prefetch, Q, QuerySet

from tracker.clocks import Clocks
from tracker.domain.agreement import word_of
from tracker.domain.alternatives import Alternative
from tracker.domain.deadlines import awaited_status, due_in, place_of_due
from tracker.domain.doubt import doubts_among, own
from tracker.domain.standing import Standing, stand
from tracker.models import (
    Delegate,
    Delegation,
    Demand,
    Development,
    Effect,
    FollowUp,
    Item,
    Party,
    Principle,
    Talk,
)
from tracker.models.order import by_time
from tracker.models.vocabularies import Basis, Capacity, ItemKind
from tracker.queries.agreements import AgreementCount, counting_stances, number_bound, with_binds
from tracker.queries.evidence import (
    DECIDED,
    ItemChange,
    ItemDevelopment,
    deciding_stances,
    standings_of,
    steps,
    with_deciding,
    with_preceding,
)
from tracker.queries.fitting import fitting_together
from tracker.queries.home import CITED

LIMIT = 50
"""How many developments of a talk, and items of each kind, its page shows at most; its lists have them all."""
LINES = 480
"""How many lines these take up at most, all together."""


def delegations_of(talks: Collection[Talk], clocks: Clocks) -> list[Delegation]:
    """The delegations to `talks`, those in the room first, each with its `people`, its heads first. Two queries."""
    people = Delegate.objects.at(clocks).select_related("person", "office")
    rows = (
        Delegation.objects.filter(talk__in=talks)
        .at(clocks)
        .select_related("party", "source")
        .defer("source__text")
        .prefetch_related(Prefetch("delegates", people, to_attr="people"))
    )
    delegations = sorted(rows, key=lambda row: (row.roles.rank, row.party.sort_key))
    for delegation in delegations:
        delegation.people.sort(key=lambda row: (Capacity.values.index(row.capacity), row.person.sort_key))
    return delegations


def heads_of(delegation: Delegation | None) -> list[Delegate]:
    """The delegates who led a delegation of `delegations_of`; none if there is none, or if they are not named."""
    people = delegation.people if delegation else []
    return [row for row in people if row.capacity == Capacity.HEAD]


@dataclass(frozen=True)
class Account:
    """The statements on a talk by one voice: a party, a joint text, or a reporter (nobody's own words)."""

    party: Party | None
    summed_up: bool
    entries: list[ItemDevelopment] = field(default_factory=list)
    """Each with what it set of any item."""


@dataclass
class TalkRecord:
    """Everything that the page of a talk shows, as it stood at the clocks."""

    standing: Standing
    principles: list[Standing]
    demands: list[Standing]
    follow_ups: list[Standing]
    successors: list[Standing]
    developments: list[ItemDevelopment]
    """Those of the talk itself, newest first."""
    history: list[ItemDevelopment]
    """What moved the talk itself, newest first."""
    more: set[str]
    """Of which of the above, by name, there are more than are shown, so that the talk's lists have the rest."""
    agreement_counts: dict[int, AgreementCount]
    """What the words on each of the principles add up to, by primary key."""
    doubt: list[Alternative]
    """What is in doubt of the talk itself, by the LIMIT developments that moved it last."""

    @property
    def quoted(self) -> set[int]:
        """The primary keys of the developments quoted beside a principle, a demand or a follow-up."""
        stances = [effect for row in self.principles for effect in row.stances.values()]
        own = [row.own for row in (*self.demands, *self.follow_ups, *self.successors)]
        return {effect.development_id for effect in (*stances, *own)}

    def accounts(self, seated: set[Party]) -> list[Account]:
        """The developments of the talk by voice: parties `seated` at it, other parties, no party, reporters."""
        voices: dict[tuple, Account] = {}
        for entry in self.developments:
            summed_up = entry.development.basis == Basis.REPORTERS_SUMMARY
            party = None if summed_up else entry.development.party
            key = (summed_up, party is None, party not in seated, party.name if party else "")
            voices.setdefault(key, Account(party, summed_up)).entries.append(entry)
        return [voices[key] for key in sorted(voices)]


def talk_record(talk: Talk, clocks: Clocks) -> TalkRecord | None:
    """The contents of the page of `talk`, the latest of each kind; None if it was not raised by `clocks`.

    At most LIMIT of each kind, and as many as fit on LINES together.
    Five queries.
    """
    items = list(_items_of(talk, clocks))
    if not any(item.pk == talk.pk for item in items):
        return None
    deciding = [key for item in items for aspect in DECIDED if (key := getattr(item, f"{aspect}_effect"))]
    principles = [item.pk for item in items if item.item_kind == ItemKind.PRINCIPLE]
    at_talk = Development.objects.filter(talk=talk).at(clocks).latest_first().values("pk")[: LIMIT + 1]
    wanted = (
        Development.objects.filter(pk__in=at_talk)
        .order_by()
        .values("pk")
        .union(
            Effect.objects.filter(pk__in=deciding).order_by().values("development"),
            Effect.objects.filter(pk__in=deciding_stances([item.pk for item in items], clocks))
            .order_by()
            .values("development"),
            Effect.objects.filter(pk__in=counting_stances(principles, clocks))
            .order_by()
            .values("development"),
            Effect.objects.filter(pk__in=_moving(talk, clocks)).order_by().values("development"),
        )
    )
    effects = with_preceding(Effect.objects.select_related("party", "item").order_by("pk"), clocks)
    effects = with_binds(effects, clocks)
    developments = list(
        Development.objects.filter(pk__in=wanted)
        .latest_first()
        .select_related("party", "speaker")
        .prefetch_related(CITED, Prefetch("effects", effects, to_attr="done"), "speaker__offices")
    )
    done = []
    for development in developments:
        for effect in development.done:
            effect.development = development
            done.append(effect)
    standings = standings_of(items, sorted(done, key=by_time, reverse=True))
    for standing in standings.values():
        item = standing.item
        follow_up = item.as_follow_up if item.item_kind == ItemKind.FOLLOW_UP else None
        item.waits_for = follow_up and follow_up.waits_for
        item.when = due_in(standing, item.waits_for, clocks)
    sections = {
        "principles": _of_kind(standings, ItemKind.PRINCIPLE),
        "demands": _of_kind(standings, ItemKind.DEMAND),
        "follow_ups": _of_kind(standings, ItemKind.FOLLOW_UP),
        "successors": [row for row in _of_kind(standings, ItemKind.TALK) if row.item.pk != talk.pk],
        "developments": [
            # The first wording is shown with the principle itself.
            ItemDevelopment(
                development, [step for step in _steps(development) if step.old or step.aspect != "wording"]
            )
            for development in developments
            if development.talk_id == talk.pk
        ],
        "history": [
            ItemDevelopment(development, moves)
            for development in developments
            if (moves := _steps(development, of=talk.pk))
        ],
    }
    shown = _shown(sections)
    more = {name for name, rows in sections.items() if len(rows) > len(shown[name])}
    return TalkRecord(
        standings[talk.pk],
        **shown,
        more=more,
        doubt=own(
            doubts_among([effect for effect in done if effect.item_id == talk.pk], clocks).get(talk.pk, {})
        ),
        agreement_counts={row.item.pk: _sum(row.item, done) for row in shown["principles"]},
    )


def _shown(sections: dict[str, list]) -> dict[str, list]:
    """Of each of the `sections`, the latest that fit on LINES together, in their order."""
    costs = {
        name: {place: _lines(rows[place]) for place in _latest_first(rows)[:LIMIT]}
        for name, rows in sections.items()
    }
    fit = fitting_together(costs, LINES)
    return {name: [rows[place] for place in sorted(fit[name])] for name, rows in sections.items()}


def _latest_first(rows: list) -> list[int]:
    """The places of `rows`: developments as they come, items by what moved them last."""
    places = list(range(len(rows)))
    if rows and isinstance(rows[0], Standing):
        places.sort(key=lambda place: by_time(rows[place].changed), reverse=True)
    return places


def _lines(row: Standing | ItemDevelopment) -> int:
    """How many lines `row` takes up, about: a quote has two, and each stance on a principle is quoted."""
    if isinstance(row, ItemDevelopment):
        return 4 + len(row.steps) + 2 * len(row.development.citations.all())
    if row.item.item_kind == ItemKind.PRINCIPLE:
        return 4 + 3 * len(row.stances)
    return 6 + len(row.stances)


def _sum(item: Item, effects: list[Effect]) -> AgreementCount:
    """The agreement on the principle `item`, given `effects` that include its counting stances."""
    stances: dict[int, list[Effect]] = {}
    for effect in effects:
        if effect.item_id == item.pk and effect.stance:
            stances.setdefault(effect.party_id, []).append(effect)
    words = {party: word_of(party_effects) for party, party_effects in stances.items()}
    return AgreementCount({party: word.counting for party, word in words.items()}, item.bound)


def _steps(development: Development, of: int | None = None) -> list[ItemChange]:
    """The aspects that `development` set, of all items or of the one with the primary key `of`."""
    effects = [effect for effect in development.done if of in (None, effect.item_id)]
    return [step for effect in effects for step in steps(effect)]


def _moving(talk: Talk, clocks: Clocks) -> QuerySet:
    """The primary keys of the latest effects on `talk` itself, one more than are shown."""
    return Effect.objects.at(clocks).filter(item=talk.pk).latest_first().values("pk")[: LIMIT + 1]


def _items_of(talk: Talk, clocks: Clocks):
    """The talk itself, its principles, demands and follow-ups, and the talks that follow it up.

    Of each kind the most recently changed, one more than are shown.
    """
    wanted = Q(pk=talk.pk)
    for hanging in (
        *(model.objects.filter(talk=talk) for model in (Principle, Demand, FollowUp)),
        Talk.objects.filter(predecessor=talk),
    ):
        latest_moved = stand(hanging, clocks).order_by("-changed_key", "-pk")
        wanted |= Q(pk__in=latest_moved.values("pk")[: LIMIT + 1])
    return (
        with_deciding(Item.objects.filter(wanted, process=talk.process_id).at(clocks), clocks)
        .annotate(awaited_status=awaited_status(clocks), bound=number_bound(clocks))
        .select_related(
            "as_principle", "as_demand__party", "as_follow_up__owner", "as_follow_up__person",
            "as_follow_up__waits_for", "as_talk",
        )
    )  # fmt: skip


def _of_kind(standings: dict[int, Standing], kind: ItemKind) -> list[Standing]:
    rows = [standing for standing in standings.values() if standing.item.item_kind == kind]
    return sorted(rows, key=_ORDER[kind])


_ORDER = {
    ItemKind.TALK: lambda standing: (standing.raised.happened_key, standing.item.title),
    ItemKind.PRINCIPLE: lambda standing: (standing.item.as_principle.number or 1000, standing.item.title),
    ItemKind.DEMAND: lambda standing: (standing.item.as_demand.party.name, standing.item.title),
    ItemKind.FOLLOW_UP: lambda standing: (
        standing.is_closed, place_of_due(standing.item.when.on), standing.item.title,
    ),
}  # fmt: skip
