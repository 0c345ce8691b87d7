"""The one door for writes: record, correct, withdraw, save, delete, repair; each atomic, and each with who and why."""

import datetime as dt
from collections.abc import Collection, Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from tracker import trail
from tracker.drafts import begin, complete, named, parts, raise_items, require_agreement, stamp
from tracker.instants import Instants
from tracker.models import (
    Change,
    Citation,
    Delegation,
    Development,
    Effect,
    Item,
    Process,
    Record,
    User,
)
from tracker.models.base import door
from tracker.models.changes import snapshot
from tracker.models.vocabularies import CorrectionReason, EndedAs
from tracker.stored import restand, rewrite, unsaid
from tracker.trail import Outdated


@transaction.atomic
def record(
    by: User,
    development: Development,
    effects: Sequence[Effect] = (),
    citations: Sequence[Citation] = (),
    items: Sequence[tuple[Item, trail.Related]] = (),
) -> Development:
    """Record an unsaved `development` with its unsaved effects and citations, and the unsaved `items` that it raises.

    An effect may point at one of `items`; all items are of the development's process. Returns the saved development.
    Raises ValidationError, and writes nothing, when a rule is broken or one of `items` is touched by no effect.
    """
    with door():
        now = _lock(development)
        raise_items(by, items, development, effects, now)
        begin(development, now)
        _insert(by, development, effects, citations, now)
        restand({effect.item_id for effect in effects})
    return development


@transaction.atomic
def correct(
    by: User,
    old: Development,
    new: Development,
    effects: Sequence[Effect],
    citations: Sequence[Citation],
    reason: str,
    note: str = "",
    items: Sequence[tuple[Item, trail.Related]] = (),
) -> Development:
    """Let the unsaved `new`, with all its effects and citations, take the place of `old`, which is kept.

    `reason` is a code of CorrectionReason. Returns the version now in force, which is `old` when nothing differs.
    Raises Outdated when `old` is not the current version, ValidationError when a rule is broken.
    """
    if reason not in CorrectionReason.values:
        raise ValidationError(
            {"reason": f"“{reason}” is not a reason; choose from {', '.join(CorrectionReason.values)}."}
        )
    with door():
        now = _lock(old)
        current = _require_current(old)
        if new.process_id != current.process_id:
            raise ValidationError(
                {"process": "A development stays in its process; withdraw it here and record it there."}
            )
        raise_items(by, items, new, effects, now)
        new.clean_fields(exclude=[field.name for field in new._meta.fields if field.name not in new.CONTENT])
        for effect in effects:
            complete(effect, new)
        replaced = list(current.effects.all())
        if not items and _content(current, replaced, current.citations.all()) == _content(
            new, effects, citations
        ):
            return old
        _end(old, by, now, EndedAs.CORRECTED, reason, note)
        new.ref, new.version, new.first_recorded_at = (
            current.ref,
            current.version + 1,
            current.first_recorded_at,
        )
        _insert(by, new, effects, citations, now)
        restand({effect.item_id for effect in [*replaced, *effects]})
    return new


@transaction.atomic
def withdraw(by: User, development: Development, note: str) -> None:
    """Take `development` back, with the reason in `note`; it is kept, and no longer counts from now on.

    Raises Outdated when it is not the current version, ValidationError when no reason is given.
    """
    if not note.strip():
        raise ValidationError({"note": "Say why it is withdrawn."})
    with door():
        now = _lock(development)
        _require_current(development)
        _end(development, by, now, EndedAs.WITHDRAWN, "", note)
        restand({effect.item_id for effect in development.effects.all()})


@transaction.atomic
def save(
    by: User,
    instance: Record,
    related: trail.Related | None = None,
    note: str = "",
    version: int | None = None,
) -> bool:
    """Save any record but a development and its parts, with its many-valued relations and an entry in the audit trail.

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
    with door():
        if isinstance(instance, Item):
            # One after the other, or two edits at once could close a circle of items that wait for each other.
            Process.objects.select_for_update(no_key=True).get(pk=instance.process_id)
        return trail.save(by, instance, related or {}, timezone.now(), note, version)


@transaction.atomic
def delete(by: User, instance: Record, note: str = "", version: int | None = None) -> None:
    """Delete a record that nothing refers to, leaving its last words in the audit trail.

    Raises django.db.models.ProtectedError when other records rest on it, ValidationError for a development or process,
    Outdated when the record is no longer at `version`.
    """
    if isinstance(instance, Development | Effect | Citation):
        raise ValidationError("A recorded development is withdrawn, never deleted.")
    if isinstance(instance, Process):
        raise ValidationError("A process is never deleted: the history of all that it held rests on it.")
    trail.lock(instance, version)
    for delegate in instance.delegates.all() if isinstance(instance, Delegation) else ():
        delete(by, delegate, note)
    words = snapshot(instance)
    lost = [
        {"field": name, "label": label, "old": text, "new": ""}
        for name, (label, text) in words.items()
        if text
    ]
    with door():
        now = timezone.now()
        trail.log(by, instance, Change.Action.DELETED, lost, now, note)
        trail.keep_private(instance, now)
        instance.delete()


@transaction.atomic
def repair(developments: Collection[int] = (), items: Collection[int] = ()) -> None:
    """Work out anew what is stored for the rule's sake on `developments`, their effects, and `items` (primary keys)."""
    with door():
        touched = Q(developments__in=developments) | Q(items__in=items)
        processes = Process.objects.filter(pk__in=Process.objects.filter(touched).values("pk")).order_by("pk")
        list(processes.select_for_update(no_key=True).values("pk"))
        rewrite(developments)
        unsaid(items).delete()
        restand(items)


def _lock(development: Development) -> dt.datetime:
    """Hold its process for this transaction; return the instant of recording, later than all before it there.

    Writers of one process thus follow one another: what was recorded at an instant is whole once a later one exists.
    """
    instants = Instants()
    instants.lock({development.process_id})
    now = instants.next(development)
    instants.keep()
    return now


def _require_current(development: Development) -> Development:
    """The row of `development` as it is recorded, whatever the caller did with its copy."""
    current = Development.objects.filter(ref=development.ref, ended_at__isnull=True).first()
    if current is None or current.pk != development.pk:
        raise Outdated(current, "This development has been corrected or withdrawn in the meantime.")
    return current


def _end(development: Development, by: User, now: dt.datetime, ended_as: str, reason: str, note: str) -> None:
    Development.objects.filter(pk=development.pk).update(
        ended_at=now, ended_by=by, ended_as=ended_as, ended_reason=reason, ended_note=note
    )
    Effect.objects.filter(development=development).update(ended_at=now)


def _insert(by: User, development: Development, effects, citations, now: dt.datetime) -> None:
    stamp(by, development, citations, now)
    development.full_clean()
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


def _content(development: Development, effects, citations) -> tuple:
    def read(row, names):
        return tuple(getattr(row, row._meta.get_field(name).attname) for name in names)

    return (
        read(development, Development.CONTENT),
        sorted(map(repr, (read(effect, Effect.CONTENT) for effect in effects))),
        [read(citation, Citation.CONTENT) for citation in citations],
    )
