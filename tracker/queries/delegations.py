"""The changes of delegations between two talks."""

from dataclasses import dataclass, field

from django.db.models import QuerySet

from tracker.clocks import Clocks
from tracker.domain.standing import stand
from tracker.models import Delegation, Party, Process, Talk
from tracker.models.dates import Span, held
from tracker.models.vocabularies import TableRole, TalkStatus
from tracker.queries.talk_detail import delegations_of, heads_of

TOOK_PLACE = (TalkStatus.UNDER_WAY, TalkStatus.HELD, TalkStatus.BROKEN_OFF)
"""The statuses of a talk that was held, at least in part."""


@dataclass(frozen=True)
class HeldTalk:
    """A talk that took place, with its date."""

    talk: Talk
    span: Span

    @property
    def clocks(self) -> Clocks:
        """The day from which it counts, read to its end."""
        return Clocks(on=self.span.counts_from)


def talks_held(process: Process, clocks: Clocks) -> list[HeldTalk]:
    """The talks of `process` that had taken place by `clocks`, in order of time. One query."""
    talks: QuerySet = stand(Talk.objects.filter(process=process), clocks).filter(status__in=TOOK_PLACE)
    held_talks = [HeldTalk(talk, held(talk, "status")) for talk in talks]
    return sorted(held_talks, key=lambda row: (*row.span.latest_place, row.talk.pk))


@dataclass(frozen=True)
class SeatChange:
    """One party's delegations to two talks."""

    party: Party
    before: Delegation | None
    after: Delegation | None
    joined: list[str] = field(default_factory=list)
    """The names of delegates at the second talk only."""
    left: list[str] = field(default_factory=list)
    """The names of delegates at the first talk only."""

    @property
    def head_names(self) -> tuple[str, str]:
        """The names of the heads at the first and the second talk; empty if not named."""
        before, after = ([row.person.name for row in heads_of(side)] for side in (self.before, self.after))
        return ", ".join(before), ", ".join(after)

    @property
    def differs(self) -> bool:
        """Whether roles, heads or delegates differ between the two talks."""
        roles = [row.role if row else None for row in (self.before, self.after)]
        return (
            roles[0] != roles[1] or bool(self.joined or self.left) or self.head_names[0] != self.head_names[1]
        )


def changed_seats(first: Talk, second: Talk, clocks: Clocks) -> list[SeatChange]:
    """The parties whose roles, heads or delegates changed from `first` to `second`. Two queries."""
    sides = {first.pk: {}, second.pk: {}}
    for row in delegations_of([first, second], clocks):
        sides[row.talk_id][row.party] = row
    before, after = sides[first.pk], sides[second.pk]
    parties = sorted({*before, *after}, key=lambda party: (_role(after.get(party)), party.sort_key))
    seats = [_seat(party, before.get(party), after.get(party)) for party in parties]
    return [seat for seat in seats if seat.differs]


def _seat(party: Party, before: Delegation | None, after: Delegation | None) -> SeatChange:
    came, comes = ([row.person.name for row in side.people] if side else [] for side in (before, after))
    return SeatChange(
        party,
        before,
        after,
        joined=[name for name in comes if name not in came],
        left=[name for name in came if name not in comes],
    )


def _role(delegation: Delegation | None) -> int:
    return delegation.roles.rank if delegation else len(TableRole.values)
