"""All writes: record, correct, withdraw, save, delete and repair. Each is atomic, and audited with user and reason."""

from collections.abc import Collection, Sequence

from django.core.exceptions import ValidationError
from django.db.models import Q

from tracker.models import (
    Assessment,
    Citation,
    Claim,
    Delegation,
    Development,
    Effect,
    Item,
    Process,
    Record,
    Source,
    User,
    derived,
)
from tracker.models.base import writes_allowed
from tracker.models.chains import chain
from tracker.models.vocabularies import CorrectionReason, EndedAs
from tracker.recording import audit, place, source_texts
from tracker.recording.audit import Outdated
from tracker.recording.denormalized import (
    orphan_stances,
    refresh_assessments,
    refresh_developments,
)
from tracker.recording.merged_rows import release
from tracker.recording.prepare import (
    begin,
    complete,
    content_of,
    fill_zone,
    named,
    parts,
    raise_items,
    require_agreement,
    stamp,
)
from tracker.recording.timestamps import PENDING, Pending, next_instant, one_instant
from tracker.recording.versions import keep_all


def record(
    by: User,
    development: Development,
    effects: Sequence[Effect] = (),
    citations: Sequence[Citation] = (),
    items: Sequence[tuple[Item, audit.Related]] = (),
) -> Development:
    """Record an unsaved `development` with its unsaved effects and citations, and the unsaved `items` that it raises.

    An effect may point at one of `items`; all items are of the development's process. Returns the saved development.
    Raises ValidationError, and writes nothing, when a rule is broken or one of `items` is touched by no effect.
    """
    with one_instant() as pending, writes_allowed():
        pending.by = by.pk
        begin(development, pending)
        raise_items(by, items, development, effects, pending)
        _insert(by, development, effects, citations, pending, moved=False)
    return development


def correct(
    by: User,
    old: Development,
    new: Development,
    effects: Sequence[Effect],
    citations: Sequence[Citation],
    reason: str,
    note: str = "",
    items: Sequence[tuple[Item, audit.Related]] = (),
) -> Development:
    """Replace `old` by the unsaved `new`, with all its effects and citations; `old` is kept as a version.

    `reason` is a code of CorrectionReason; with one of them `new` may be of another process. Returns the version now in
    force, which is `old` when nothing differs. Raises Outdated when `old` is not the current version, ValidationError
    when a rule is broken.
    """
    if reason not in CorrectionReason.values:
        raise ValidationError(
            {"reason": f"“{reason}” is not a reason; choose from {', '.join(CorrectionReason.values)}."}
        )
    with one_instant() as pending, writes_allowed():
        pending.by = by.pk
        current = _require_current(old)
        _require_movable(by, current, new, reason)
        raise_items(by, items, new, effects, pending)
        fill_zone(new)
        new.clean_fields(exclude=[field.name for field in new._meta.fields if field.name not in new.CONTENT])
        for effect in effects:
            complete(effect, new)
        if not items and content_of(current) == content_of(new, effects, citations):
            return old
        source_texts.keep_proofs(current.citations.all(), citations)
        _end(old, by, EndedAs.CORRECTED, reason, note, pending)
        new.ref, new.version = current.ref, current.version + 1
        new.first_recorded_at, new.sequence = current.first_recorded_at, current.sequence
        _insert(by, new, effects, citations, pending, moved=not place.keep(new, current))
    return new


def withdraw(by: User, development: Development, note: str) -> None:
    """Withdraw `development`, with the reason in `note`; it is kept, but no longer counts.

    Raises Outdated when it is not the current version, ValidationError when no reason is given.
    """
    if not note.strip():
        raise ValidationError({"note": "Say why it is withdrawn."})
    with one_instant() as pending, writes_allowed():
        pending.by = by.pk
        _require_current(development)
        _end(development, by, EndedAs.WITHDRAWN, "", note, pending)


def save(
    by: User,
    instance: Record,
    related: audit.Related | None = None,
    note: str = "",
    version: int | None = None,
) -> bool:
    """Save any record except a development or its parts, with its many-valued relations and an audit entry.

    Returns whether anything differed; where nothing did, nothing is written. A new item is refused here: it is recorded
    together with the development that raises it. Raises ValidationError when a rule is broken, Outdated when the record
    is no longer at `version`.
    """
    if isinstance(instance, Development | Effect | Citation):
        raise ValidationError(
            "A development, with its effects and citations, is recorded, corrected or withdrawn."
        )
    if isinstance(instance, Item) and instance._state.adding:
        raise ValidationError("An item is recorded together with the development that raises it.")
    with one_instant() as pending, writes_allowed():
        if isinstance(instance, Item):
            # Serialise edits, or two concurrent ones could create a cycle of items that wait for each other.
            Process.objects.select_for_update(no_key=True).get(pk=instance.process_id)
        elif isinstance(instance, Source) and instance.pk and instance.taken_from_id:
            # Likewise, of sources that are taken from each other.
            keys = {instance.pk, *(step.pk for step in chain(instance, "taken_from"))}
            rows = Source.everything.filter(pk__in=keys).order_by("pk")
            list(rows.select_for_update(no_key=True).values("pk"))
        return audit.save(by, instance, related or {}, pending, note, version)


def delete(by: User, instance: Record, note: str = "", version: int | None = None) -> None:
    """Delete a record that nothing refers to; its last values stay in the audit log.

    Raises django.db.models.ProtectedError when other records refer to it, ValidationError for a development or process,
    Outdated when the record is no longer at `version`.
    """
    if isinstance(instance, Development | Effect | Citation):
        raise ValidationError("A recorded development is withdrawn, never deleted.")
    if isinstance(instance, Process):
        raise ValidationError("A process is never deleted: the history of all that it held rests on it.")
    with one_instant() as pending, writes_allowed():
        audit.lock(instance, version)
        for delegate in instance.delegates.all() if isinstance(instance, Delegation) else ():
            delete(by, delegate, note)
        release(by, instance, note, pending)
        audit.delete(by, instance, pending, note)


def repair(
    developments: Collection[int] = (), items: Collection[int] = (), assessments: Collection[int] = ()
) -> None:
    """Recompute what is stored of `developments`, their effects, `items` and `assessments` (primary keys).

    What was stored until now stays in their versions.
    """
    with one_instant() as pending, writes_allowed():
        touched = Q(developments__in=developments) | Q(items__in=items)
        processes = Process.objects.filter(pk__in=Process.objects.filter(touched).values("pk")).order_by("pk")
        list(processes.select_for_update(no_key=True).values("pk"))
        refresh_developments(developments)
        orphan_stances(items).delete()
        pending.items.update(items)
        refresh_assessments(assessments)
        pending.recomputed(Assessment, assessments)


def repair_versions() -> None:
    """Make the versions in force equal to what is stored; those that are not end now. What is searched follows them."""
    with one_instant() as pending:
        instant = next_instant(pending.begun)
        keep_all(instant)
        with writes_allowed():
            source_texts.keep_all(instant)
        derived.rebuild("names", "words")


def _require_current(development: Development) -> Development:
    """The stored row of `development`, locked until the transaction ends."""
    versions = Development.objects.filter(ref=development.ref, ended_at__isnull=True)
    current = versions.filter(pk=development.pk).select_for_update(no_key=True).first()
    if current is None:
        raise Outdated(versions.first(), "This development has been corrected or withdrawn in the meantime.")
    return current


def _require_movable(by: User, old: Development, new: Development, reason: str) -> None:
    """Raise ValidationError unless `by` may correct `old` to `new` for `reason` as far as its process is concerned."""
    label, is_reason = CorrectionReason.WRONG_PROCESS.label, reason == CorrectionReason.WRONG_PROCESS
    if new.process_id == old.process_id:
        if is_reason:
            rule = f"“{label}” is the reason to move it to another process; it stays in this one."
            raise ValidationError({"reason": rule})
        return
    both = Process.objects.visible_to(by).filter(pk__in=[old.process_id, new.process_id])
    if not is_reason:
        rule = f"To move it to another process, give the reason “{label}”."
    elif Claim.objects.filter(development_ref=old.ref).exists():
        rule = "It follows a row of a dataset, which belongs to its process."
    elif both.count() < 2:
        rule = "You can only move it between processes that you may see."
    else:
        return
    raise ValidationError({"process": rule})


def _end(development: Development, by: User, ended_as: str, reason: str, note: str, pending: Pending) -> None:
    Development.objects.filter(pk=development.pk).update(
        ended_at=PENDING, ended_by=by, ended_as=ended_as, ended_reason=reason, ended_note=note
    )
    effects = Effect.objects.filter(development=development)
    effects.update(ended_at=PENDING)
    items = effects.order_by().values_list("item", flat=True)
    pending.developed(development.process_id, items, ended=development.pk)


def _insert(
    by: User,
    development: Development,
    effects: Sequence[Effect],
    citations: Sequence[Citation],
    pending: Pending,
    moved: bool,
) -> None:
    stamp(by, development, citations)
    development.full_clean()
    if moved or (development.version == 1 and development.is_told_order):
        for error in place.arrange([development], moved).values():
            raise error
    development.save()
    for effect in effects:
        complete(effect, development)
    require_agreement(effects)
    for part, name in parts(development, effects, citations):
        try:
            part.full_clean()
        except ValidationError as error:
            raise named(name, error) from error
        part.save()
    pending.recorded([development, *effects, *citations])
    pending.developed(development.process_id, {effect.item_id for effect in effects})
