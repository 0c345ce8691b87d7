"""The rows of the ledger: promise, waiting chain and slips of each follow-up."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from django.db import connection
from django.db.models import F, Prefetch, Q
from django.db.models.expressions import RawSQL

from tracker.clocks import Clocks
from tracker.domain.deadlines import ENDED, FULFILLED, Due, due_of
from tracker.domain.movement import Deadline, moved, sets, slipped_days, value_of
from tracker.domain.standing import ASPECTS, latest
from tracker.models import Development, Effect, FollowUp, Item, Party, Person
from tracker.models.developments import in_force
from tracker.models.order import LATEST_FIRST
from tracker.models.vocabularies import LADDERS, FollowUpStatus, Movement
from tracker.models.wordings import Text, texts_of
from tracker.queries.home import CITED
from tracker.queries.ledger import by_urgency

SLIPS = 200
"""How many slips a page lists at most; all follow-ups that slipped share them evenly."""
LONGEST_CHAIN = 20
"""The longest waiting chain that is shown."""


def in_days(number: int) -> str:
    """`number` days in words."""
    return f"{number:,} {'day' if number == 1 else 'days'}"


@dataclass(frozen=True)
class Slip:
    """One move of a due date to a later day or to a phrase, and the development that moved it."""

    old: Deadline
    new: Deadline
    days: int | None
    """By how many days; None if it moved to a phrase without a date."""
    development: Development

    @property
    def days_text(self) -> str:
        """`days` in words; empty if None."""
        return in_days(self.days) if self.days is not None else ""


@dataclass(frozen=True)
class Awaited:
    """One item in a waiting chain, with its status."""

    item: Item
    status: str | None

    @property
    def status_label(self) -> str:
        """The label of its status; empty if none is recorded."""
        return LADDERS[self.item.item_kind](self.status).label if self.status else ""

    @property
    def is_settled(self) -> bool:
        """Whether it has come about or never will, so that the rest of the chain does not matter."""
        return self.status in FULFILLED or self.status in ENDED


@dataclass(frozen=True)
class Owed:
    """One follow-up, as a row of the ledger."""

    item: FollowUp
    """A row of `tracker.queries.ledger.by_urgency`."""
    due: Due
    owner: Party | None
    promised_to: list[Party]
    person: Person | None
    raised: Development
    """The development that raised it."""
    chain: list[Awaited]
    """The items it waits for, nearest first, up to the first settled one; empty once it has a final status."""
    chain_phrase: str
    """The condition, as phrased, that the end of the chain waits for, if it is not an item."""
    slips: list[Slip]
    """The latest of them, oldest first; `item.slips` counts all."""

    @property
    def status_label(self) -> str:
        """The label of its status; empty if none is recorded."""
        return FollowUpStatus(self.item.status).label if self.item.status else ""

    @property
    def late_text(self) -> str:
        """How long it has been overdue, in words."""
        return in_days(self.item.overdue_days)

    @property
    def slips_text(self) -> str:
        """How often it slipped, and by how much in all, in words."""
        often = f"{self.item.slips} {'time' if self.item.slips == 1 else 'times'}"
        return often if self.item.slipped_days is None else f"{often}, {in_days(self.item.slipped_days)}"

    @property
    def texts(self) -> list[Text]:
        """The texts of its current wording, if that says more than the title."""
        item = self.item
        return texts_of(item.wording, item.wording_language, item.other_texts, item.title)


def ledger_rows(keys: Sequence[int], clocks: Clocks) -> list[Owed]:
    """The ledger rows of the follow-ups `keys` (primary keys), in that order; all raised by `clocks` and readable.

    Five queries.
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
    rows = [_owed(item, awaited, effects.get(item.pk, []), clocks) for item in items]
    most = max(1, SLIPS // max(1, sum(bool(row.slips) for row in rows)))
    return [replace(row, slips=row.slips[-most:]) for row in rows]


def _owed(item: FollowUp, awaited: dict[int, Item], effects: list[Effect], clocks: Clocks) -> Owed:
    due = due_of(item, clocks, item.waits_for_id in awaited, item.awaited_status)
    chain = list(_chain(item.waits_for_id, awaited)) if due.open else []
    last = chain[-1].item if chain else item
    waits_in_words = due.open and not (chain and chain[-1].is_settled)
    return Owed(
        item=item,
        due=due,
        owner=item.owner,
        promised_to=list(item.promised_to.all()),
        person=item.person,
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
    """{pk: item} of everything that `items` wait for, directly or indirectly, annotated with `status`."""
    keys = [item.pk for item in items if item.waits_for_id]
    if not keys:
        return {}
    table = connection.ops.quote_name(FollowUp._meta.db_table)
    # A recursive query follows chains of any length.
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
    """{item pk: the effects in force that raised it or set its due date, oldest first}"""
    # Look up the raising effect by key, since it may have been corrected after the item was loaded.
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
    dues = [effect for effect in effects if sets(effect, "due")]
    for before, after in pairwise(dues):
        old, new = value_of(before, "due"), value_of(after, "due")
        if moved("due", before, after) == Movement.SLIPPED:
            yield Slip(old, new, slipped_days(old, new), after.development)
