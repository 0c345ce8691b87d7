"""The talks, across processes, at which a party or a person was present."""

from collections.abc import Collection
from dataclasses import dataclass, field

from tracker.clocks import Clocks
from tracker.domain.standing import stand
from tracker.models import Delegate, Delegation, Party, Person, Talk
from tracker.models.talks import Roles, roles_of
from tracker.models.vocabularies import Capacity
from tracker.queries.attendance import ROUND, TalkInOrder, in_time, presence_label, round_of


@dataclass(frozen=True)
class DelegateAtTalk:
    """A delegate with the office held that day, as plain values."""

    person_ref: str
    name: str
    capacity: Capacity
    office: str


@dataclass(frozen=True)
class PartyAtTalk:
    """One party's delegation to one talk, as plain values."""

    delegation_ref: str
    party_ref: str
    party: str
    roles: Roles
    seats: list[DelegateAtTalk] = field(default_factory=list)

    @property
    def in_room(self) -> bool:
        """Whether one of its roles puts it in the room."""
        return self.roles.in_room


@dataclass(frozen=True)
class TalkAttended:
    """One talk that a party or a person attended, and the other parties in it."""

    round: TalkInOrder
    process_ref: str
    process: str
    own: PartyAtTalk
    others: list[PartyAtTalk]
    """Those in the room first."""
    seat: DelegateAtTalk | None = None
    """The seat, if this is about a person."""

    @property
    def in_room(self) -> list[PartyAtTalk]:
        """The other parties that were, or are to be, in the room."""
        return [side for side in self.others if side.in_room]

    @property
    def where(self) -> str:
        """Where the party was, or would be, in words."""
        return presence_label(self.round, self.own.roles)


def talks_attended(user, clocks: Clocks, limit: int, whose: Party | Person) -> list[TalkAttended]:
    """The `limit` most recently changed talks of `whose` that `user` may see, in order of time.

    Two queries.
    """
    if isinstance(whose, Party):
        own = Delegation.objects.at(clocks).filter(party=whose)
    else:
        own = Delegation.objects.at(clocks).filter(
            pk__in=Delegate.objects.at(clocks).filter(person=whose).values("delegation")
        )
    talks = stand(Talk.objects.visible_to(user).filter(pk__in=own.values("talk")), clocks)
    latest = talks.order_by("-changed_key", "-pk").values(*ROUND, "process__ref", "process__title")[:limit]
    rows = sorted(latest, key=in_time)
    sides = _sides([row["pk"] for row in rows], clocks)
    attended_talks = []
    for row in rows:
        mine = next(side for side in sides[row["pk"]] if _is_of(side, whose))
        others = [side for side in sides[row["pk"]] if side is not mine]
        seat = next((seat for seat in mine.seats if seat.person_ref == whose.ref), None)
        attended_talks.append(
            TalkAttended(round_of(row), row["process__ref"], row["process__title"], mine, others, seat)
        )
    return attended_talks


def _is_of(side: PartyAtTalk, whose: Party | Person) -> bool:
    if isinstance(whose, Party):
        return side.party_ref == whose.ref
    return any(seat.person_ref == whose.ref for seat in side.seats)


def _sides(talks: Collection[int], clocks: Clocks) -> dict[int, list[PartyAtTalk]]:
    """{talk pk: its parties, those in the room first}, each with its delegates, its heads first. One query."""
    rows = (
        Delegation.objects.filter(talk__in=talks)
        .at(clocks)
        .order_by("party__sort_key", "delegates__person__sort_key")
        .values_list(
            "talk", "ref", "party__ref", "party__name", "role", "delegates__person__ref", "delegates__person__name",
            "delegates__capacity", "delegates__office__title", "delegates__recorded_at",
        )
    )  # fmt: skip
    by_talk: dict[int, dict[str, PartyAtTalk]] = {}
    for talk, ref, party_ref, party, role, person_ref, person, capacity, office, recorded_at in rows:
        side = by_talk.setdefault(talk, {}).setdefault(
            ref, PartyAtTalk(ref, party_ref, party, roles_of(role))
        )
        if person_ref and not (clocks.known and recorded_at > clocks.known):
            side.seats.append(DelegateAtTalk(person_ref, person, Capacity(capacity), office or ""))
    for sides in by_talk.values():
        for side in sides.values():
            side.seats.sort(key=lambda seat: Capacity.values.index(seat.capacity))
    return {talk: sorted(sides.values(), key=lambda side: side.roles.rank) for talk, sides in by_talk.items()}
