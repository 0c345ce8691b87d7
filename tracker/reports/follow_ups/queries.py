"""The rows of the ledger: who promised what to whom, what it waits for, and each slip."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from django.db.models import F, Prefetch, Q
from django.db.models.expressions import RawSQL

from tracker.clocks import Clocks
from tracker.domain.deadlines import ENDED, FULFILLED, Due, due_of
from tracker.domain.movement import Deadline, moved, slipped_days, value_of
from tracker.domain.standing import ASPECTS, latest
from tracker.models import Development, Effect, FollowUp, Item, Party, Person
from tracker.models.base import on_record
from tracker.models.developments import LATEST_FIRST, in_force
from tracker.models.vocabularies import LADDERS, FollowUpStatus, Movement
from tracker.queries.home import CITED
from tracker.queries.ledger import by_urgency

LONGEST_CHAIN = 20
"""How many steps of what waits for what are told."""


def in_days(number: int) -> str:
    """So many days, in words."""
    return f"{number:,} {'day' if number == 1 else 'days'}"


@dataclass(frozen=True)
class Slip:
    """One time that a due date moved on, or was given up for a phrase, and the development that moved it."""

    old: Deadline
    new: Deadline
    days: int | None
    """By how many days; None where a phrase has no day."""
    development: Development

    @property
    def days_text(self) -> str:
        """By how much, in words; empty where nobody can say."""
        return in_days(self.days) if self.days is not None else ""


@dataclass(frozen=True)
class Awaited:
    """One step of what a follow-up waits for, and how it stands."""

    item: Item
    status: str | None

    @property
    def status_label(self) -> str:
        """Its status in words; empty where nothing is on record."""
        return LADDERS[self.item.item_kind](self.status).label if self.status else ""

    @property
    def is_settled(self) -> bool:
        """Whether nothing beyond it matters: it has come about, or never will."""
        return self.status in FULFILLED or self.status in ENDED


@dataclass(frozen=True)
class Owed:
    """One follow-up, as a line of the ledger."""

    item: FollowUp
    """A row of `tracker.queries.ledger.by_urgency`."""
    due: Due
    owner: Party | None
    promised_to: list[Party]
    person: Person | None
    raised: Development
    """What raised it: whose word it is."""
    chain: list[Awaited]
    """What it waits for, the nearest first, up to the first that is settled; empty where nothing is owed any more."""
    chain_phrase: str
    """What the last of the chain, or it itself, waits for in words, where no item stands for that."""
    slips: list[Slip]

    @property
    def status_label(self) -> str:
        """Its status in words; empty where none is on record."""
        return FollowUpStatus(self.item.status).label if self.item.status else ""

    @property
    def late_text(self) -> str:
        """By how much it is overdue, in words."""
        return in_days(self.item.overdue_days)

    @property
    def slips_text(self) -> str:
        """How often it slipped, and by how much in all, in words."""
        often = f"{self.item.slips} {'time' if self.item.slips == 1 else 'times'}"
        return often if self.item.slipped_days is None else f"{often}, {in_days(self.item.slipped_days)}"

    @property
    def words(self) -> str:
        """Its wording as it stands, where it says more than the title."""
        wording = self.item.wording or ""
        return "" if wording == self.item.title else wording


def ledger_rows(keys: Sequence[int], clocks: Clocks) -> list[Owed]:
    """The follow-ups with the primary keys `keys`, raised by `clocks` and readable by whoever asks, in that order.

    Five queries, however many they are, however long the chains and however often they slipped.
    """
    by_key = (
        by_urgency(FollowUp.objects.filter(pk__in=keys), clocks)
        .annotate(raised_effect=latest(clocks, "raised"))
        .select_related("process", "owner", "person")
        .prefetch_related("promised_to")
        .in_bulk()
    )
    items = [by_key[key] for key in keys if key in by_key]
    awaited = _awaited(items, clocks)
    effects = _effects(items, clocks)
    return [_owed(item, awaited, effects.get(item.pk, []), clocks) for item in items]


def _owed(item: FollowUp, awaited: dict[int, Item], effects: list[Effect], clocks: Clocks) -> Owed:
    due = due_of(item, clocks, item.waits_for_id in awaited, item.awaited_status)
    chain = list(_chain(item.waits_for_id, awaited)) if due.open else []
    last = chain[-1].item if chain else item
    waits_in_words = due.open and not (chain and chain[-1].is_settled)
    return Owed(
        item=item,
        due=due,
        owner=on_record(item.owner, clocks),
        promised_to=[party for party in item.promised_to.all() if on_record(party, clocks)],
        person=on_record(item.person, clocks),
        raised=next(effect for effect in effects if effect.pk == item.raised_effect).development,
        chain=chain,
        chain_phrase=(last.waits_for_phrase or "") if waits_in_words else "",
        slips=list(_slips(effects)),
    )


def _chain(step: int | None, awaited: dict[int, Item]) -> Iterator[Awaited]:
    for _ in range(LONGEST_CHAIN):
        if step not in awaited:
            return
        awaited_item = Awaited(awaited[step], awaited[step].status)
        yield awaited_item
        if awaited_item.is_settled:
            return
        step = awaited_item.item.next_id


def _awaited(items: Iterable[FollowUp], clocks: Clocks) -> dict[int, Item]:
    """All that `items` wait for, directly or in the end, by primary key: `status`, and what each waits for itself."""
    keys = [item.pk for item in items if item.waits_for_id]
    if not keys:
        return {}
    table = FollowUp._meta.db_table
    # Going up the chains in the database takes one query, whatever their length.
    ahead = RawSQL(  # noqa: S611
        f"WITH RECURSIVE ahead(item, step) AS ("
        f"SELECT waits_for_id, 1 FROM {table} WHERE item_id IN ({', '.join(['%s'] * len(keys))})"
        f" UNION SELECT {table}.waits_for_id, step + 1 FROM ahead JOIN {table} ON {table}.item_id = ahead.item"
        f" WHERE {table}.waits_for_id IS NOT NULL AND step < %s) SELECT item FROM ahead",
        [*keys, LONGEST_CHAIN],
    )
    status = F("current_status") if clocks.is_present else latest(clocks, "status", "status")
    rows = Item.objects.at(clocks).filter(pk__in=ahead)
    return rows.annotate(
        status=status,
        next_id=F("as_follow_up__waits_for"),
        waits_for_phrase=F("as_follow_up__waits_for_phrase"),
    ).in_bulk()


def _effects(items: Iterable[FollowUp], clocks: Clocks) -> dict[int, list[Effect]]:
    """The effects in force that raised each of `items` or set when it is due, the earliest first, by primary key."""
    # What raised an item is asked for by its key: it may have been corrected since the item was read.
    wanted = in_force(clocks) & ASPECTS["due"] | Q(pk__in=[item.raised_effect for item in items])
    rows = (
        Effect.objects.filter(wanted, item__in=[item.pk for item in items])
        .select_related("development__party", "development__speaker", "development__talk")
        .prefetch_related(Prefetch("development__citations", CITED.queryset))
        .order_by(*(name.removeprefix("-") for name in LATEST_FIRST))
    )
    effects: dict[int, list[Effect]] = {}
    for effect in rows:
        effects.setdefault(effect.item_id, []).append(effect)
    return effects


def _slips(effects: Iterable[Effect]) -> Iterator[Slip]:
    dues = [effect for effect in effects if effect.due_on or effect.review_on]
    for before, after in pairwise(dues):
        old, new = value_of(before, "due"), value_of(after, "due")
        if moved("due", old, new) == Movement.SLIPPED:
            yield Slip(old, new, slipped_days(old, new), after.development)
