"""Moves an item, with all developments that touch it, to another process at one instant.

What is of a process is seen by its members alone, in the past as well. So the item's row stays where it was, with the
words of then, and leads to a new one in the other process, as a merged record leads to its survivor.
"""

from collections import defaultdict
from collections.abc import Iterator
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
from tracker.recording.merging import HandOver, told, touch
from tracker.recording.references import Reference, references
from tracker.recording.renewal import Tell, locked, renew, saying_so, told_batches, untold
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


def move(by: User, item: Item, process: Process, note: str, tell: Tell = untold) -> Item:
    """Move `item`, which must still be at its version, to `process`; returns it as it stands there.

    `tell` hears how many developments have moved. Raises ValidationError with all that stands in the way, Outdated when
    the item was changed.
    """
    with one_instant() as pending, writes_allowed():
        pending.by = by.pk
        both = Process.objects.filter(pk__in=(item.process_id, process.pk)).order_by("pk")
        list(both.select_for_update(no_key=True).values("pk"))
        stored = cast(Item | None, audit.lock(item, item.version))
        if stored is None or stored.merged_into_id:
            raise audit.Outdated(stored)
        if Process.objects.visible_to(by).filter(pk__in=both.values("pk")).count() < 2:
            raise ValidationError("You can only move it between processes that you may see.")
        if found := list(hindrances(stored, process)):
            raise ValidationError([f"{hindrance}." for hindrance in found])
        there = _begun_in(process, stored, pending)
        # Why is kept with what is in the other process alone, so that only those who may see that can read it.
        moving = _Moving(by, stored, there, "", {}, pending)
        moving.process, moving.why = process, note
        # What was merged into it goes on leading to it, and by way of it to where it is now.
        moving.references = [reference for reference in moving.references if not reference.is_lead]
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


def hindrances(item: Item, process: Process) -> Iterator[Hindrance]:
    """What stands in the way of moving `item` to `process`, all of the process that it is of."""
    if process.pk == item.process_id:
        yield Hindrance("It is of this process already")
        return
    developments = moved_with(item)
    refs = developments.order_by().values("ref")
    for why, rows in (
        ("Developments that touch it also touch another item", _touching_others(item, developments)),
        ("Developments that touch it belong to a talk", _talks(item, developments)),
        ("It refers to another item of its process", _named_by(item)),
        ("It is cited from a source that is kept to its process", _kept(item, developments, process)),
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


def _begun_in(process: Process, item: Item, pending: Pending) -> Item:
    """A new row of `process` with the words of `item`."""
    values = {
        field.attname: getattr(item, field.attname)
        for field in item._meta.concrete_fields
        if (field.editable or field.name == "item_kind")
        and not field.primary_key
        and not isinstance(field, CollationKey)
    }
    there = type(item)(**values | {"process_id": process.pk}, ref=new_ref(item.prefix), recorded_at=PENDING)
    there.full_clean()
    there.save()
    pending.recorded([there])
    return there


class _Moving(HandOver):
    """One move, by one user, with one note: as a merge, but into what is of another process."""

    process: Process
    why: str

    def _hand_on(self, reference: Reference, other: Record, own: Record) -> None:
        """Let the rows of `reference` that name `other` name `own`."""
        if not reference.is_lead:
            super()._hand_on(reference, other, own)

    def log(self, record: Record, lines: list[dict]) -> None:
        """Say of `record` that it was moved."""
        note = self.why if record is self.survivor else ""
        audit.log(self.by, record, Change.Action.MOVED, lines, self.pending, note)

    def renew(self, tell: Tell) -> None:
        """Give the developments new versions in the other process, in their order."""
        developments = moved_with(cast(Item, self.merged))
        keys = [
            *developments.order_by("happened_key", "placed_at", "place", "pk").values_list("pk", flat=True)
        ]
        for some in told_batches(keys, tell):
            if locked(Development.objects.filter(pk__in=some, ended_at=None)) < len(some):
                raise audit.Outdated(self.merged)
            renewed = {old.pk: (old, self._renewed(old, new)) for old, new in saying_so(some)}
            for _, new in renewed.values():
                new.development.process_id = self.process.pk
            ordered = [renewed[key] for key in some]
            renew(self.by, ordered, self.why, self.pending, CorrectionReason.WRONG_PROCESS)
