"""Moves an item, with all developments that touch it, to another process at one instant.

What is of a process is seen by its members alone, in the past as well. So the item's row stays where it was, with the
words of then, and leads to a new one in the other process, as a merged record leads to its survivor.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import cast

from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q, QuerySet

from tracker.models import (
    Change,
    Citation,
    Claim,
    Delegate,
    Delegation,
    Development,
    Effect,
    Item,
    Process,
    Record,
    Source,
    Talk,
    User,
)
from tracker.models.base import new_ref, writes_allowed
from tracker.models.collation import CollationKey
from tracker.models.fields import related_model
from tracker.models.vocabularies import CorrectionReason
from tracker.recording import audit
from tracker.recording.merged_rows import touch
from tracker.recording.merging import HandOver, told
from tracker.recording.references import Reference, references
from tracker.recording.renewal import Renewed, Tell, untold
from tracker.recording.renewed_ahead import Renewal, RenewedAhead
from tracker.recording.staged_table import book_keys
from tracker.recording.timestamps import PENDING, Pending, one_instant

SHOWN = 5
"""How many records that stand in the way are named of each sort."""


@dataclass(frozen=True)
class Hindrance:
    """Why an item cannot be moved as a whole, and the records that stand in the way."""

    why: str
    records: tuple[Record, ...] = ()

    def __str__(self) -> str:
        names = [f"“{record}”" for record in self.records[:SHOWN]] + ["others"] * (len(self.records) > SHOWN)
        return f"{self.why}: {'; '.join(names)}" if names else self.why


def move(
    by: User,
    item: Item,
    process: Process,
    note: str,
    tell: Tell = untold,
    ahead: RenewedAhead | None = None,
) -> Item:
    """Move `item`, which must still be at its version, to `process`; returns it as it stands there.

    `ahead` has new versions of developments that were made ready for it; `tell` hears how many others have moved.
    Raises ValidationError with all that stands in the way, Outdated when the item was changed.
    """
    with one_instant() as pending, writes_allowed():
        pending.by = by.pk
        there = cast(Item, cast(_Moving, ahead.renewal).survivor) if ahead else None
        if ahead and there:
            _begin(there, pending)
            ahead.record(pending)
        both = Process.objects.filter(pk__in=(item.process_id, process.pk)).order_by("pk")
        list(both.select_for_update(no_key=True).values("pk"))
        stored = cast(Item | None, audit.lock(item, item.version))
        if stored is None or stored.merged_into_id:
            raise audit.Outdated(stored)
        if Process.objects.visible_to(by).filter(pk__in=both.values("pk")).count() < 2:
            raise ValidationError("You can only move it between processes that you may see.")
        _require_unhindered(stored, process, there)
        if there is None:
            there = _there(process, stored)
            _begin(there, pending)
        moving = _Moving(by, stored, there, note, pending)
        moving.hide()
        moving.log(stored, [told("process", "process", old=str(stored.process))])
        moving.relate()
        words = audit.changes_from({}, there, audit.snapshot(there))
        moving.log(there, words)
        moving.move(stored, there)
        # Who may not see the other process reads what its delegates were until now.
        delegates = Delegate.objects.filter(delegation__talk=there.pk)
        touch(Delegate, delegates.values_list("pk", flat=True), by, "", pending)
        moving.renew(tell)
        pending.require_moved = moving.require_moved
    return there


def moved_with(item: Item) -> QuerySet:
    """The developments in force that touch `item` or belong to it, which move with it."""
    touching = Effect.objects.filter(item=item.pk, ended_at=None).order_by().values("development")
    own = Q(talk=item.pk) if isinstance(item, Talk) else Q()
    return Development.objects.filter(Q(pk__in=touching) | own, ended_at=None).order_by("pk")


def renewal_of_move(by: User, item: Item, process: Process, note: str) -> Renewal:
    """What `move`, with the same arguments, gives new versions; raises ValidationError for what stands in the way."""
    _require_unhindered(item, process)
    there = _there(process, item)
    # Its key as a row of its own type, and as one of all items.
    there.pk = there.id = book_keys(Item, 1)[0]
    return _Moving(by, item, there, note, Pending(0))


def _require_unhindered(item: Item, process: Process, there: Item | None = None) -> None:
    """Raise ValidationError for `hindrances`."""
    if found := list(hindrances(item, process, there)):
        raise ValidationError([f"{hindrance}." for hindrance in found])


def hindrances(item: Item, process: Process, there: Item | None = None) -> Iterator[Hindrance]:
    """What stands in the way of moving `item` to `process`, all of the process that it is of.

    `there`: what it becomes, if developments have been moved to that already.
    """
    if process.pk == item.process_id:
        yield Hindrance("It is of this process already")
        return
    developments = moved_with(item)
    moving = Q(pk__in=developments.order_by().values("pk"))
    if there is not None:
        moving |= Q(pk__in=moved_with(there).order_by().values("pk"))
    moving_all = Development.objects.filter(moving)
    refs = moving_all.order_by().values("ref")
    for why, rows in (
        ("Developments that touch it also touch another item", _touching_others(item, developments)),
        ("Developments that touch it belong to a talk", _talks(item, developments)),
        ("It refers to another item of its process", _named_by(item)),
        ("It is cited from a source that is kept to its process", _kept(item, moving_all, process)),
        (
            "A development that touches it comes after another one of its day",
            developments.exclude(follows="").exclude(follows__in=refs),
        ),
        (
            "Another development comes after one that touches it",
            Development.objects.filter(ended_at=None, process=item.process_id, follows__in=refs).exclude(
                ref__in=refs
            ),
        ),
    ):
        if records := tuple(rows[: SHOWN + 1]):
            yield Hindrance(why, records)
    for owner, rows in _naming(item).items():
        if records := tuple(rows[: SHOWN + 1]):
            yield Hindrance(f"{str(owner._meta.verbose_name_plural).capitalize()} refer to it", records)
    seats = Delegation.objects.filter(talk=item.pk).values("ref")
    if Claim.objects.filter(
        Q(record_ref=item.ref) | Q(record_ref__in=seats) | Q(development_ref__in=refs)
    ).exists():
        yield Hindrance("It follows a row of a dataset, which belongs to its process")


def _touching_others(item: Item, developments: QuerySet) -> QuerySet:
    others = Effect.objects.filter(development=OuterRef("pk")).exclude(item=item.pk)
    return developments.filter(Exists(others))


def _talks(item: Item, developments: QuerySet) -> QuerySet:
    return Talk.objects.filter(pk__in=developments.order_by().values("talk")).exclude(pk=item.pk)


def _named_by(item: Item) -> list[Record]:
    fields = [field for field in item._meta.concrete_fields if field.is_relation and not field.primary_key]
    named = (getattr(item, field.name) for field in fields if issubclass(related_model(field), Item))
    return [record for record in named if record is not None]


def _kept(item: Item, developments: QuerySet, process: Process) -> QuerySet:
    cited = Citation.objects.filter(development__in=developments.order_by().values("pk"))
    seats = Delegation.objects.filter(talk=item.pk)
    named = Q(pk__in=cited.order_by().values("source")) | Q(pk__in=seats.order_by().values("source"))
    return Source.objects.filter(named).exclude(process=None).exclude(process=process)


def _naming(item: Item) -> dict[type[Record], QuerySet]:
    """The records by their type that name `item`, other than what moves with it."""
    found: dict[type[Record], Q] = defaultdict(Q)
    for reference in references(type(item)):
        if not (reference.is_recorded or reference.is_lead or reference.owner is Delegation):
            found[reference.owner] |= Q(**{reference.name: item.pk})
    return {owner: owner.objects.filter(condition) for owner, condition in found.items()}


def _there(process: Process, item: Item) -> Item:
    """An unsaved row of `process` with the words of `item`."""
    values = {
        field.attname: getattr(item, field.attname)
        for field in item._meta.concrete_fields
        if (field.editable or field.name == "item_kind")
        and not field.primary_key
        and not isinstance(field, CollationKey)
    }
    return type(item)(**values | {"process_id": process.pk}, ref=new_ref(item.prefix), recorded_at=PENDING)


def _begin(there: Item, pending: Pending) -> None:
    there.full_clean()
    there.save()
    pending.recorded([there])


class _Moving(HandOver):
    """One move, by one user, with one note: as a merge, but into what is of another process."""

    reason: str = CorrectionReason.WRONG_PROCESS

    def __init__(self, by: User, item: Item, there: Item, note: str, pending: Pending):
        # Why is kept with what is in the other process alone, so that only those who may see that can read it.
        super().__init__(by, item, there, "", {}, pending)
        self.why = note
        # What was merged into it goes on leading to it, and by way of it to where it is now.
        self.references = [reference for reference in self.references if not reference.is_lead]

    def _hand_on(self, reference: Reference, other: Record, own: Record) -> None:
        """Let the rows of `reference` that name `other` name `own`."""
        if not reference.is_lead:
            super()._hand_on(reference, other, own)

    def log(self, record: Record, lines: list[dict]) -> None:
        """Say of `record` that it was moved."""
        note = self.why if record is self.survivor else ""
        audit.log(self.by, record, Change.Action.MOVED, lines, self.pending, note)

    def developments(self) -> list[int]:
        """The versions in force that move, in their order within each day (primary keys)."""
        rows = moved_with(cast(Item, self.merged)).order_by("happened_key", "placed_at", "place", "pk")
        return list(rows.values_list("pk", flat=True))

    def renewed(self, keys: Sequence[int]) -> list[Renewed]:
        """Those of `keys`, each with what is to stand in its place in the other process."""
        found = {old.pk: (old, new) for old, new in super().renewed(keys)}
        for _, new in found.values():
            new.development.process_id = cast(Item, self.survivor).process_id
        return [found[key] for key in keys]
