"""Attendance: the talks of a process in order of time, and the roles of each party at each."""

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from tracker.clocks import Clocks
from tracker.domain.deadlines import place_of_due
from tracker.domain.standing import latest_stance, stand
from tracker.models import Delegate, Delegation, Effect, Party, Process, Talk
from tracker.models.dates import Span, held
from tracker.models.effects import due_words
from tracker.models.talks import Roles
from tracker.models.vocabularies import TalkFormat, TalkLevel, TalkStatus
from tracker.queries.delegations import TOOK_PLACE
from tracker.queries.evidence import with_evidence
from tracker.queries.talk_detail import delegations_of, heads_of

ROUND = (
    "pk", "ref", "title", "form", "level", "place", "status", "status_on", "status_precision", "status_last",
    "due_on", "due_precision", "due_last", "due_phrase", "changed_key",
)  # fmt: skip
"""The columns of a talk, as annotated by `stand`, that `round_of` needs."""


@dataclass(frozen=True)
class TalkInOrder:
    """One talk, as plain values."""

    pk: int
    ref: str
    title: str
    form: str
    level: str
    place: str
    status: TalkStatus | None
    on: Span | None
    """When it took place or was called off; when it is planned for, if it is still to come."""
    phrase: str
    """The planned date as phrased, where no date is known."""

    @property
    def planned(self) -> str:
        """The phrase, for people."""
        return due_words(None, self.phrase)

    @property
    def took_place(self) -> bool:
        """Whether it was held, at least in part."""
        return self.status in TOOK_PLACE

    @property
    def form_label(self) -> str:
        """The label of its form; empty while not stated."""
        return TalkFormat(self.form).label if self.form else ""

    @property
    def level_label(self) -> str:
        """The label of its level, the rank of the highest speaker; empty while not stated."""
        return TalkLevel(self.level).label if self.level else ""


@dataclass(frozen=True)
class PartyPresence:
    """One party's delegation to a talk and its stance on the talk itself; at least one of the two is set."""

    party: Party
    delegation: Delegation | None
    """With `people`, its heads first; None where only a stance is on record."""
    stance: Effect | None
    earlier_roles: Roles | None = None
    """Its roles at the previous talk, if those differed."""

    @property
    def heads(self) -> list[Delegate]:
        """The delegates who led the delegation; none if not named."""
        return heads_of(self.delegation)

    @property
    def number_of_others(self) -> int:
        """How many delegates it has besides its heads."""
        return len(self.delegation.people) - len(self.heads) if self.delegation else 0


@dataclass
class Presence:
    """How often a party was in the room at the talks that took place."""

    party: Party
    rounds: list[TalkInOrder] = field(default_factory=list)
    """The talks at which it was in the room, in order of time."""
    absent: int = 0
    """At how many other talks it is recorded as not in the room."""


@dataclass(frozen=True)
class Seating:
    """The talks of a process, and every party's roles at each."""

    rounds: list[TalkInOrder]
    """Held talks by date, then planned talks by date, then cancelled ones."""
    roles: dict[tuple[int, int], Roles]
    """{(talk pk, party pk): roles}"""
    parties: dict[int, Party]

    @property
    def talks_held(self) -> int:
        """How many of the talks took place."""
        return sum(talk.took_place for talk in self.rounds)

    @cached_property
    def presences(self) -> list[Presence]:
        """How often each party was in the room, most often first, then by how often it is recorded at all."""
        presences = {key: Presence(party) for key, party in self.parties.items()}
        for talk in self.rounds:
            for key in self.parties if talk.took_place else ():
                roles = self.roles.get((talk.pk, key))
                if roles and roles.in_room:
                    presences[key].rounds.append(talk)
                elif roles:
                    presences[key].absent += 1
        named = Counter(party for _, party in self.roles)
        return sorted(
            presences.values(), key=lambda row: (-len(row.rounds), -named[row.party.pk], row.party.name)
        )

    @cached_property
    def earlier_roles(self) -> dict[tuple[int, int], Roles]:
        """{(talk pk, party pk): the party's roles at the previous talk}, where these changed."""
        last, changed = {}, {}
        for talk in self.rounds:
            for key in self.parties:
                roles = self.roles.get((talk.pk, key))
                if roles and last.setdefault(key, roles) != roles:
                    changed[talk.pk, key] = last[key]
                    last[key] = roles
        return changed

    @cached_property
    def earlier_levels(self) -> dict[int, TalkLevel]:
        """{talk pk: the level of the last talk held before it}, where both levels are known and differ."""
        last, changed = None, {}
        for talk in self.rounds:
            if talk.level and last and talk.level != last:
                changed[talk.pk] = TalkLevel(last)
            last = talk.level if talk.level and talk.took_place else last
        return changed


def presence_label(talk: TalkInOrder, roles: Roles) -> str:
    """Where a party with `roles` was, or would be, during a talk, in words."""
    return _WHERE[talk.took_place, roles.in_room]


_WHERE = {
    (True, True): "in the room",
    (True, False): "not in the room",
    (False, True): "would be in the room",
    (False, False): "no seat so far",
}


def seating(process: Process, clocks: Clocks) -> Seating:
    """The talks of `process` with every party's roles, without people or stances. Two queries."""
    rows = stand(Talk.objects.filter(process=process), clocks).order_by().values(*ROUND)
    rounds = [round_of(row) for row in sorted(rows, key=in_time)]
    delegations = (
        Delegation.objects.filter(talk__process=process).at(clocks).order_by().select_related("party")
    )
    roles, parties, raised = {}, {}, {talk.pk for talk in rounds}
    for row in delegations.only("talk", "role", "party__ref", "party__name", "party__short_name"):
        if row.talk_id in raised:
            roles[row.talk_id, row.party_id] = row.roles
            parties[row.party_id] = row.party
    return Seating(rounds, roles, parties)


def parts(seats: Seating, talks: Collection[int], clocks: Clocks) -> dict[int, dict[int, PartyPresence]]:
    """{talk pk: {party pk: PartyPresence}} for `talks` (primary keys). Five queries."""
    presences: dict[int, dict[int, PartyPresence]] = {talk: {} for talk in talks}
    delegations = {(row.talk_id, row.party_id): row for row in delegations_of(talks, clocks)}
    latest = Effect.objects.at(clocks).filter(item__in=talks, stance__isnull=False, pk=latest_stance(clocks))
    effects = with_evidence(latest.order_by("party__sort_key"))
    stances = {(effect.item_id, effect.party_id): effect for effect in effects}
    for talk, party in [*delegations, *(key for key in stances if key not in delegations)]:
        delegation, stance = delegations.get((talk, party)), stances.get((talk, party))
        presences[talk][party] = PartyPresence(
            (delegation or stance).party, delegation, stance, seats.earlier_roles.get((talk, party))
        )
    return presences


def iter_talks(
    seats: Seating, clocks: Clocks, at_once: int = 200
) -> Iterator[tuple[TalkInOrder, list[PartyPresence]]]:
    """Yield each talk with its parties, those in the room first; five queries for every `at_once` talks."""
    for begin in range(0, len(seats.rounds), at_once):
        rounds = seats.rounds[begin : begin + at_once]
        presences = parts(seats, [talk.pk for talk in rounds], clocks)
        for talk in rounds:
            yield talk, list(presences[talk.pk].values())


def round_of(row: dict) -> TalkInOrder:
    """The talk of `row`, a dictionary with the columns of ROUND."""
    status = TalkStatus(row["status"]) if row["status"] else None
    decided = status in TOOK_PLACE or status == TalkStatus.CANCELLED
    at = "status" if decided else "due"
    return TalkInOrder(
        *(row[name] for name in ("pk", "ref", "title", "form", "level", "place")),
        status,
        held(row, at),
        "" if decided else row["due_phrase"] or "",
    )


_COMING = (TalkStatus.SCHEDULED, TalkStatus.POSTPONED, TalkStatus.PROPOSED, None)


def in_time(row: dict) -> tuple:
    """A sort key for rows of ROUND: held talks by date, then planned talks by date, then cancelled ones."""
    if row["status"] in _COMING:
        due = place_of_due(held(row, "due"))
        return 1, *due, _COMING.index(row["status"]), row["title"], row["pk"]
    on = held(row, "status")
    return 2 * (row["status"] == TalkStatus.CANCELLED), *on.latest_place, row["title"], row["pk"]
