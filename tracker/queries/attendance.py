"""Attendance: the talks of a process in order, and the part of each party in them."""

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from tracker.clocks import Clocks
from tracker.domain.standing import latest_stance, stand
from tracker.models import Delegation, Effect, Party, Process, Talk
from tracker.models.dates import PartialDate, partial
from tracker.models.talks import IN_ROOM
from tracker.models.vocabularies import Capacity, TableRole, TalkFormat, TalkLevel, TalkStatus
from tracker.queries.delegations import TOOK_PLACE
from tracker.queries.evidence import described
from tracker.queries.talk_detail import delegations_of

ROUND = (
    "pk", "ref", "title", "form", "level", "place", "status", "status_on", "status_precision", "due_on",
    "due_precision", "due_phrase", "changed_key",
)  # fmt: skip
"""What is read of a talk, as it stands, to put it in its place in time."""


@dataclass(frozen=True)
class TalkInOrder:
    """One talk in its place in time."""

    pk: int
    ref: str
    title: str
    form: str
    level: str
    place: str
    status: TalkStatus | None
    on: PartialDate | None
    """When it took place or was called off; of what is still to come, when it is planned for."""
    phrase: str
    """The plan in words, where there is no more."""

    @property
    def took_place(self) -> bool:
        """Whether somebody has sat at it."""
        return self.status in TOOK_PLACE

    @property
    def form_label(self) -> str:
        """In what manner the parties meet, in words; empty while nobody has said."""
        return TalkFormat(self.form).label if self.form else ""

    @property
    def level_label(self) -> str:
        """The rank of the highest who spoke, in words; empty while nobody has said."""
        return TalkLevel(self.level).label if self.level else ""


@dataclass(frozen=True)
class PartyPresence:
    """One party's part in one talk: its delegation, and where it stands on the talk itself; at least one of them."""

    party: Party
    delegation: Delegation | None
    """With `people`, the head first; None where only a stance is on record."""
    stance: Effect | None
    earlier_role: TableRole | None = None
    """Its role at the talk before, where it was another."""

    @property
    def head(self):
        """The delegate who headed it, None where nobody is known to have."""
        people = self.delegation.people if self.delegation else []
        return people[0] if people and people[0].capacity == Capacity.HEAD else None


@dataclass
class Presence:
    """How often a party sat at the table of the talks that took place."""

    party: Party
    rounds: list[TalkInOrder] = field(default_factory=list)
    """Those it sat at, in order of time."""
    absent: int = 0
    """At how many more it is on record as not in the room."""


@dataclass(frozen=True)
class Seating:
    """The talks of a process in order of time, and every party's role at each."""

    rounds: list[TalkInOrder]
    """Those that took place first, by when; then those to come, by when they are planned; then those called off."""
    roles: dict[tuple[int, int], TableRole]
    """By the primary keys of talk and party."""
    parties: dict[int, Party]

    @property
    def talks_held(self) -> int:
        """How many of the talks took place."""
        return sum(talk.took_place for talk in self.rounds)

    @cached_property
    def presences(self) -> list[Presence]:
        """How often each party sat, those first who sat most often, and then those who are on record most often."""
        presences = {key: Presence(party) for key, party in self.parties.items()}
        for talk in self.rounds:
            for key in self.parties if talk.took_place else ():
                role = self.roles.get((talk.pk, key))
                if role in IN_ROOM:
                    presences[key].rounds.append(talk)
                elif role:
                    presences[key].absent += 1
        named = Counter(party for _, party in self.roles)
        return sorted(
            presences.values(), key=lambda row: (-len(row.rounds), -named[row.party.pk], row.party.name)
        )

    @cached_property
    def earlier_roles(self) -> dict[tuple[int, int], TableRole]:
        """The role of a party at the talk before, where it was another, by the keys of talk and party."""
        last, changed = {}, {}
        for talk in self.rounds:
            for key in self.parties:
                role = self.roles.get((talk.pk, key))
                if role and last.setdefault(key, role) != role:
                    changed[talk.pk, key] = last[key]
                    last[key] = role
        return changed

    @cached_property
    def earlier_levels(self) -> dict[int, TalkLevel]:
        """The level of the last talk that took place before each, where both are known and differ, by its key."""
        last, changed = None, {}
        for talk in self.rounds:
            if talk.level and last and talk.level != last:
                changed[talk.pk] = TalkLevel(last)
            last = talk.level if talk.level and talk.took_place else last
        return changed


def presence_label(talk: TalkInOrder, role: str) -> str:
    """Where a party of `role` was during a talk, or would be, in words."""
    return _WHERE[talk.took_place, role in IN_ROOM]


_WHERE = {
    (True, True): "in the room",
    (True, False): "not in the room",
    (False, True): "would be in the room",
    (False, False): "no seat so far",
}


def seating(process: Process, clocks: Clocks) -> Seating:
    """Who sat where in `process`, in short. Two queries, whatever the number of talks."""
    rows = stand(Talk.objects.filter(process=process), clocks).order_by().values(*ROUND)
    rounds = [round_of(row) for row in sorted(rows, key=in_time)]
    delegations = (
        Delegation.objects.filter(talk__process=process).at(clocks).order_by().select_related("party")
    )
    roles, parties, raised = {}, {}, {talk.pk for talk in rounds}
    for row in delegations.only("talk", "role", "party__ref", "party__name", "party__short_name"):
        if row.talk_id in raised:
            roles[row.talk_id, row.party_id] = TableRole(row.role)
            parties[row.party_id] = row.party
    return Seating(rounds, roles, parties)


def parts(seats: Seating, talks: Collection[int], clocks: Clocks) -> dict[int, dict[int, PartyPresence]]:
    """Every party's part in `talks` (primary keys), by talk and party. Five queries."""
    presences: dict[int, dict[int, PartyPresence]] = {talk: {} for talk in talks}
    delegations = {(row.talk_id, row.party_id): row for row in delegations_of(talks, clocks)}
    latest = Effect.objects.at(clocks).filter(item__in=talks, stance__isnull=False, pk=latest_stance(clocks))
    effects = described(latest.order_by("party__sort_key"))
    stances = {(effect.item_id, effect.party_id): effect for effect in effects}
    for talk, party in [*delegations, *(key for key in stances if key not in delegations)]:
        delegation, stance = delegations.get((talk, party)), stances.get((talk, party))
        presences[talk][party] = PartyPresence(
            (delegation or stance).party, delegation, stance, seats.earlier_roles.get((talk, party))
        )
    return presences


def in_turn(
    seats: Seating, clocks: Clocks, at_once: int = 200
) -> Iterator[tuple[TalkInOrder, list[PartyPresence]]]:
    """Each talk with the parts in it, those in the room first; five queries for `at_once` talks."""
    for begin in range(0, len(seats.rounds), at_once):
        rounds = seats.rounds[begin : begin + at_once]
        presences = parts(seats, [talk.pk for talk in rounds], clocks)
        for talk in rounds:
            yield talk, list(presences[talk.pk].values())


def round_of(row: dict) -> TalkInOrder:
    """The talk of `row`, the values of ROUND."""
    status = TalkStatus(row["status"]) if row["status"] else None
    decided = status in TOOK_PLACE or status == TalkStatus.CANCELLED
    at = "status" if decided else "due"
    return TalkInOrder(
        *(row[name] for name in ("pk", "ref", "title", "form", "level", "place")),
        status,
        partial(row[f"{at}_on"], row[f"{at}_precision"]),
        "" if decided else row["due_phrase"] or "",
    )


_COMING = (TalkStatus.SCHEDULED, TalkStatus.POSTPONED, TalkStatus.PROPOSED, None)


def in_time(row: dict) -> tuple:
    """Where the talk of `row` stands in time: what took place, then what is to come, then what was called off."""
    if row["status"] in _COMING:
        due = partial(row["due_on"], row["due_precision"])
        return (
            1,
            due is None,
            due.last if due else dt.date.min,
            _COMING.index(row["status"]),
            row["title"],
            row["pk"],
        )
    on = PartialDate(row["status_on"], row["status_precision"])
    return 2 * (row["status"] == TalkStatus.CANCELLED), on.key, row["title"], row["pk"]
