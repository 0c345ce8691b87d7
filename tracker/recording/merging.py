"""Merges a record into another one of its type, which takes over all that refers to it from one instant on.

What is kept in versions is changed where it stands. Developments, with their effects and citations, get new versions.
The merged record stays, hidden and without names, since versions that have ended go on naming it.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import cast

from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from tracker.models import (
    Change,
    Citation,
    Development,
    Effect,
    FollowUp,
    Item,
    Process,
    Record,
    Source,
    Talk,
    User,
)
from tracker.models.base import writes_allowed
from tracker.models.chains import chain
from tracker.models.collation import with_key_fields
from tracker.models.mergeable import Mergeable
from tracker.models.names import NameRank
from tracker.models.vocabularies import CorrectionReason
from tracker.recording import audit, source_texts
from tracker.recording.bulk import NewDevelopment
from tracker.recording.denormalized import clear_standing
from tracker.recording.joint_effects import settle, unite
from tracker.recording.merged_rows import touch
from tracker.recording.references import Reference, own_relations, references, take, taken_over, united
from tracker.recording.renewal import Renewed, Tell, locked, renew, saying_so, told_batches, untold
from tracker.recording.renewed_ahead import Renewal, RenewedAhead
from tracker.recording.timestamps import Pending, one_instant
from tracker.text.folding import key

CIRCLES: Mapping[type[Record], tuple[str, str]] = {
    FollowUp: (
        "waits_for",
        "“{}” would wait, in the end, for itself: change first what “{}” waits for.",
    ),
    Talk: ("predecessor", "“{}” would follow itself in the end: change first what “{}” follows."),
    Source: (
        "taken_from",
        "“{}” would be taken, in the end, from itself: change first what “{}” is taken from.",
    ),
}
"""The fields by which a record must not come back to itself, with what to say if it did."""

Choices = Mapping[str, bool]
"""{reference of a part of the merged record: whether its words are kept, rather than those of the survivor's part}."""


def merge(
    by: User,
    merged: Mergeable,
    survivor: Mergeable,
    note: str,
    choices: Choices = MappingProxyType({}),
    tell: Tell = untold,
    ahead: RenewedAhead | None = None,
) -> None:
    """Merge `merged` into `survivor`; both must still be at their versions.

    Where both have a part of which only one can stand, such as a stance in one development, the survivor's stays unless
    `choices` has the other's. `ahead` has new versions of developments that were made ready for it; `tell` hears how
    many others are renewed. Raises ValidationError when a rule is broken, Outdated when one of them was changed.
    """
    require_alike(merged, survivor)
    with one_instant() as pending, writes_allowed():
        pending.by = by.pk
        if ahead:
            ahead.record(pending)
        if isinstance(merged, Item):
            # As whoever edits an item does, or the two could make a circle of items that wait for each other.
            Process.objects.select_for_update(no_key=True).get(pk=merged.process_id)
        for record in sorted((merged, survivor), key=lambda record: record.pk):
            stored = cast(Mergeable, audit.lock(record, record.version))
            if stored.merged_into_id:
                raise audit.Outdated(stored)
        hand_over = HandOver(by, merged, survivor, note, choices, pending)
        hand_over.hide()
        hand_over.log(merged, [told("merged_into", "merged into", new=called(survivor))])
        hand_over.fill()
        hand_over.move(merged, survivor)
        hand_over.require_no_circle()
        hand_over.renew(tell)
        pending.require_moved = hand_over.require_moved


def renewal_of_merge(
    by: User, merged: Mergeable, survivor: Mergeable, note: str, choices: Choices
) -> Renewal:
    """What `merge`, with the same arguments, gives new versions."""
    return HandOver(by, merged, survivor, note, choices, Pending(0))


def require_alike(merged: Record, survivor: Record) -> None:
    """Raise ValidationError unless the one can be merged into the other."""
    noun = merged._meta.verbose_name
    if type(merged) is not type(survivor):
        raise ValidationError(f"Only a {noun} can take in a {noun}.")
    if merged.pk == survivor.pk:
        raise ValidationError(f"“{survivor}” cannot be merged into itself.")
    if merged.whole != survivor.whole:
        raise ValidationError(f"“{survivor}” is of {survivor.whole}, not of {merged.whole}.")
    if isinstance(survivor, Item) and merged.of_process != survivor.of_process:
        raise ValidationError(
            f"“{survivor}” is of “{survivor.of_process}”, not of “{merged.of_process}”: move one of the two first."
        )
    if isinstance(survivor, Source) and merged.of_process != survivor.of_process:
        raise ValidationError("Open both to all, or keep both to one process, before they are merged.")


def new_names(merged: Record, survivor: Record) -> list[str]:
    """The names of `merged`, but for surnames, that `survivor` does not have."""
    known = {key(name) for _, name in survivor.names()}
    names = (name for rank, name in merged.names() if rank != NameRank.SURNAME)
    found = {key(name): name for name in names if key(name) not in known}
    return list(found.values())


def told(field: str, label: str, old: str = "", new: str = "") -> dict[str, str]:
    """A line of an audit entry, in the format of Change.changes."""
    return {"field": field, "label": label, "old": old, "new": new}


def called(record: Record) -> str:
    """The name of `record` with its reference, for the trail."""
    return f"{record} [{record.ref}]"


class HandOver:
    """One merge, by one user, with one note."""

    reason: str = CorrectionReason.RECODED

    def __init__(
        self, by: User, merged: Mergeable, survivor: Mergeable, note: str, choices: Choices, pending: Pending
    ):
        self.by, self.merged, self.survivor, self.note = by, merged, survivor, note
        self.why = note
        self.choices, self.pending = choices, pending
        self.references = references(type(merged))
        self.takes_text = isinstance(survivor, Source) and "text" in taken_over(survivor, merged)

    def hide(self) -> None:
        """Let the merged record lead to the survivor, and name nothing else that could be deleted if it did not."""
        rows: QuerySet = type(self.merged)._base_manager.filter(pk=self.merged.pk)
        values = {
            # What it has to name is what the survivor names.
            field.name: None if field.null else getattr(self.survivor, field.attname)
            for field in self.merged._meta.concrete_fields
            if field.is_relation and field.editable and not field.primary_key
            if field.related_model is not Process
        }
        rows.update(**values | {"merged_into": self.survivor})
        if isinstance(self.merged, Item):
            clear_standing(self.merged.pk)
            self.pending.items.add(self.merged.pk)
        touch(type(self.merged), [self.merged.pk], self.by, self.note, self.pending)

    def fill(self) -> None:
        """Give the survivor the names of the merged record, and what it lacks itself."""
        survivor, before = self.survivor, audit.snapshot(self.survivor)
        values = taken_over(survivor, self.merged)
        take(survivor, values)
        self.relate()
        survivor.aliases = [*survivor.aliases, *new_names(self.merged, survivor)]
        survivor.version += 1
        survivor.full_clean()
        # Aliases are not always a field that people set.
        survivor.save(update_fields=with_key_fields([survivor], [*values, "aliases", "version"]))
        named = {field.name for field in survivor._meta.many_to_many}
        changes = audit.changes_from(before, survivor, {*values, "aliases", *named})
        lines = [told("merged", "merged with", new=called(self.merged))]
        lines += [change for change in changes if change["old"] != change["new"]]
        self.log(survivor, lines)
        if isinstance(survivor, Source) and "text" in values:
            source_texts.keep(self.by, survivor, self.pending)

    def relate(self) -> None:
        """Let the survivor be related to all that the merged record is related to, which is so to nothing then."""
        for relation in own_relations(type(self.survivor)):
            self._hand_on(relation, self.merged, self.survivor)

    def log(self, record: Record, lines: list[dict]) -> None:
        """Say of `record` what was done to it, in the trail."""
        audit.log(self.by, record, Change.Action.MERGED, lines, self.pending, self.note)

    def move(self, other: Record, own: Record, prefers_other: bool = False) -> None:
        """Let `own` have all that refers to `other`, except developments."""
        for reference in references(type(other)):
            if reference.is_recorded:
                continue
            self._unite_twins(reference, other, own, prefers_other)
            self._hand_on(reference, other, own)

    def _hand_on(self, reference: Reference, other: Record, own: Record) -> None:
        """Let the rows of `reference` that name `other` name `own`, but for what `own` has already."""
        for row in reference.twins(other, own) if reference.table is not reference.owner else ():
            touch(reference.owner, [getattr(row, reference.key)], self.by, self.note, self.pending)
            row.delete()
        rows = reference.rows_of(other)
        owners = list(rows.order_by().values_list(reference.key, flat=True))
        rows.update(**{reference.column: own.pk})
        touch(reference.owner, owners, self.by, self.note, self.pending)

    def _unite_twins(self, reference: Reference, other: Record, own: Record, prefers_other: bool) -> None:
        if reference.table is not reference.owner:
            return
        for row in reference.twins(other, own):
            twin = reference.table._base_manager.get(pk=row.twin)
            prefers = self.choices.get(row.ref, prefers_other)
            values = united(twin, row, prefers, reference.column)
            self.move(row, twin, prefers)
            audit.delete(self.by, row, self.pending, self.note)
            take(twin, values)
            audit.save(self.by, twin, {}, self.pending, self.note)

    def require_no_circle(self) -> None:
        """Raise ValidationError if the survivor waits for itself, follows itself or is taken from itself by now."""
        name, rule = CIRCLES.get(type(self.survivor), ("", ""))
        if name:
            survivor = type(self.survivor)._base_manager.get(pk=self.survivor.pk)
            steps = list(chain(survivor, name))
            if any(step.pk == survivor.pk for step in steps):
                raise ValidationError(rule.format(survivor, steps[0]))

    def developments(self) -> list[int]:
        """The versions in force that name the merged record (primary keys)."""
        keys: set[int] = set()
        for reference in self.references:
            if reference.is_recorded:
                development = "pk" if reference.owner is Development else "development"
                keys.update(reference.rows_of(self.merged).order_by().values_list(development, flat=True))
        return sorted(keys)

    def renewed(self, keys: Sequence[int]) -> list[Renewed]:
        """Those of `keys`, each with what is to stand in its place, which names the survivor."""
        return [(old, self._renewed(old, new)) for old, new in saying_so(keys)]

    def is_settled(self, new: NewDevelopment) -> bool:
        """Whether none of its quotes is to be looked up in a text that the survivor takes over only now."""
        return not self.takes_text or all(
            citation.found or not citation.quote or citation.source_id != self.survivor.pk
            for citation in new.citations
        )

    def renew(self, tell: Tell) -> None:
        """Give the developments new versions that name the survivor."""
        for some in told_batches(self.developments(), tell):
            if locked(Development.objects.filter(pk__in=some, ended_at=None)) < len(some):
                raise audit.Outdated(self.merged)
            renew(self.by, self.renewed(some), self.why, self.pending, self.reason)

    def require_moved(self) -> None:
        """Raise Outdated if a row names the merged record that was recorded since the others were looked for."""
        if any(reference.rows_of(self.merged).exists() for reference in self.references):
            raise audit.Outdated(self.merged)

    def _renewed(self, old: Development, new: NewDevelopment) -> NewDevelopment:
        """What `new`, a copy of `old`, says of the survivor."""
        moved = {row.ref: copy for row, copy in zip(old.effects.all(), new.effects, strict=True)}
        own: dict[tuple, list[Effect]] = defaultdict(list)
        for copy in new.effects:
            own[copy.item_id, copy.party_id].append(copy)
        if isinstance(self.merged, Item):
            refs = {id(copy): ref for ref, copy in moved.items()}
            mine, theirs = (
                [copy for copy in new.effects if copy.item_id == item.pk]
                for item in (self.survivor, self.merged)
            )
            settle(mine, theirs, lambda effect: self.choices.get(refs[id(effect)], False))
        for row in (new.development, *new.effects, *new.citations):
            self._rename(row)
        effects = [*new.effects]
        for ref, copy in moved.items():
            twins = own.get((copy.item_id, copy.party_id), [copy])
            if copy not in twins and unite(twins, copy, self.choices.get(ref, False)):
                effects.remove(copy)
        return NewDevelopment(new.development, effects, new.citations)

    def _rename(self, row: Record) -> None:
        """Let `row` name the survivor where it names the merged record."""
        for reference in self.references:
            if reference.owner is type(row) and getattr(row, f"{reference.name}_id") == self.merged.pk:
                setattr(row, reference.name, self.survivor)
                if isinstance(row, Citation):
                    source_texts.look_up(row, self.by)
