"""The one door for writes: record, correct, withdraw, save, delete; each atomic, and each with who and why."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from tracker.models import (
    Change,
    Citation,
    Development,
    Effect,
    Item,
    ItemStance,
    Process,
    Record,
    Source,
    User,
)
from tracker.models.base import door, new_ref
from tracker.models.changes import snapshot
from tracker.models.evidence import stands_in
from tracker.models.vocabularies import CorrectionReason, EndedAs
from tracker.standing import PRESENT, VALUES, derive, latest_stance

REVIEW_AFTER = dt.timedelta(days=30)
"""When a due phrase without a date, such as "as soon as possible", is looked at again if nobody says otherwise."""

Related = Mapping[str, Iterable]
"""Many-valued relations to set on a record: {field name: related records}."""


class Outdated(Exception):
    """The version that somebody meant to correct or withdraw is no longer the current one."""

    def __init__(self, current: Development | None):
        super().__init__("This development has been corrected or withdrawn in the meantime.")
        self.current = current


@transaction.atomic
def record(
    by: User,
    development: Development,
    effects: Sequence[Effect] = (),
    citations: Sequence[Citation] = (),
    items: Sequence[tuple[Item, Related]] = (),
) -> Development:
    """Record an unsaved `development` with its unsaved effects and citations, and the unsaved `items` that it raises.

    An effect may point at one of `items`; all items are of the development's process. Returns the saved development.
    Raises ValidationError, and writes nothing, when a rule is broken or one of `items` is touched by no effect.
    """
    with door():
        now = _lock(development.process)
        untouched = [item for item, _ in items if not any(effect.item is item for effect in effects)]
        if untouched:
            raise ValidationError(f"“{untouched[0]}” needs an effect: an item is recorded with what raised it.")
        for item, related in items:
            item.process = development.process
            _save(by, item, related, now)
        development.ref = development.ref or new_ref(Development.prefix)
        development.version = 1
        development.first_recorded_at = now
        _insert(by, development, effects, citations, now)
        _restand({effect.item_id for effect in effects})
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
    items: Sequence[tuple[Item, Related]] = (),
) -> Development:
    """Let the unsaved `new`, with all its effects and citations, take the place of `old`, which is kept.

    `reason` is a code of CorrectionReason. Returns the version now in force, which is `old` when nothing differs.
    Raises Outdated when `old` is not the current version, ValidationError when a rule is broken.
    """
    if reason not in CorrectionReason.values:
        raise ValidationError({"reason": f"“{reason}” is not a reason; choose from {', '.join(CorrectionReason.values)}."})
    if new.process_id != old.process_id:
        raise ValidationError({"process": "A development stays in its process; withdraw it here and record it there."})
    with door():
        now = _lock(old.process)
        _require_current(old)
        for effect in effects:
            _complete(effect, new)
        before = _content(old, old.effects.all(), old.citations.all())
        if not items and before == _content(new, effects, citations):
            return old
        for item, related in items:
            item.process = old.process
            _save(by, item, related, now)
        _end(old, by, now, EndedAs.CORRECTED, reason, note)
        new.ref, new.version, new.first_recorded_at = old.ref, old.version + 1, old.first_recorded_at
        _insert(by, new, effects, citations, now)
        _restand({effect.item_id for effect in [*old.effects.all(), *effects]})
    return new


@transaction.atomic
def withdraw(by: User, development: Development, note: str) -> None:
    """Take `development` back, with the reason in `note`; it is kept, and no longer counts from now on.

    Raises Outdated when it is not the current version, ValidationError when no reason is given.
    """
    if not note.strip():
        raise ValidationError({"note": "Say why it is withdrawn."})
    with door():
        now = _lock(development.process)
        _require_current(development)
        _end(development, by, now, EndedAs.WITHDRAWN, "", note)
        _restand({effect.item_id for effect in development.effects.all()})


@transaction.atomic
def save(by: User, instance: Record, related: Related | None = None, note: str = "") -> bool:
    """Save any record but a development and its parts, with its many-valued relations and an entry in the audit trail.

    Returns whether anything differed; where nothing did, nothing is written. A new item is refused here: it is recorded
    together with the development that raises it. Raises ValidationError when a rule is broken.
    """
    if isinstance(instance, Development | Effect | Citation):
        raise ValidationError("A development, with its effects and citations, is recorded, corrected or withdrawn.")
    if isinstance(instance, Item) and instance._state.adding:
        raise ValidationError("An item is recorded together with the development that raises it.")
    with door():
        return _save(by, instance, related or {}, timezone.now(), note)


@transaction.atomic
def delete(by: User, instance: Record, note: str = "") -> None:
    """Delete a record that nothing refers to, leaving its last words in the audit trail.

    Raises django.db.models.ProtectedError when other records rest on it, ValidationError for a development.
    """
    if isinstance(instance, Development | Effect | Citation):
        raise ValidationError("A recorded development is withdrawn, never deleted.")
    words = snapshot(instance)
    lost = [{"field": name, "label": label, "old": text, "new": ""} for name, (label, text) in words.items() if text]
    with door():
        _log(by, instance, Change.Action.DELETED, lost, timezone.now(), note)
        instance.delete()


def _lock(process: Process) -> dt.datetime:
    """Hold the process for this transaction and return the instant of recording, later than all before it in the process.

    Writers of one process thus follow one another, and what was recorded at an instant is complete once a later one exists.
    """
    last = Process.objects.select_for_update(no_key=True).values_list("last_recorded_at", flat=True).get(pk=process.pk)
    now = timezone.now()
    if last is not None and now <= last:
        now = last + dt.timedelta(microseconds=1)
    Process.objects.filter(pk=process.pk).update(last_recorded_at=now)
    return now


def _require_current(development: Development) -> None:
    current = Development.objects.filter(ref=development.ref, ended_at__isnull=True).first()
    if current is None or current.pk != development.pk:
        raise Outdated(current)


def _end(development: Development, by: User, now: dt.datetime, ended_as: str, reason: str, note: str) -> None:
    end = {"ended_at": now, "ended_by": by, "ended_as": ended_as, "ended_reason": reason, "ended_note": note}
    Development.objects.filter(pk=development.pk).update(**end)
    Effect.objects.filter(development=development).update(ended_at=now)
    for name, value in end.items():
        setattr(development, name, value)


def _insert(by: User, development: Development, effects, citations, now: dt.datetime) -> None:
    development.talk = development.talk  # a new talk has its key only now that it is saved
    development.recorded_at = now
    development.recorded_on = timezone.localdate(now)
    development.recorded_by = by
    development.happened_key = development.occurred.key if development.occurred else 0
    development.sourced = bool(citations)
    development.full_clean()
    development.save()
    for number, effect in enumerate(effects, start=1):
        _complete(effect, development)
        effect.development = development
        for name in ("occurred_on", "occurred_precision", "happened_key", "first_recorded_at", "recorded_at"):
            setattr(effect, name, getattr(development, name))
        _insert_part(effect, f"Effect {number}, on “{effect.item}”")
    for number, citation in enumerate(citations, start=1):
        citation.development = development
        citation.recorded_at = now
        citation.found = stands_in(citation.quote, citation.source.text)
        _insert_part(citation, f"Citation {number}")


def _insert_part(part: Effect | Citation, name: str) -> None:
    part.ref = part.ref or new_ref(part.prefix)
    try:
        part.full_clean()
    except ValidationError as error:
        raise ValidationError([f"{name}: {message}" for message in error.messages]) from error
    part.save()


def _complete(effect: Effect, development: Development) -> None:
    """Fill in what an effect may leave to be understood."""
    for name in ("status", "stance", "firmness", "outcome", "wording"):
        setattr(effect, name, getattr(effect, name) or None)
    if effect.item.process_id != development.process_id:
        raise ValidationError(f"“{effect.item}” belongs to another process.")
    effect.item = effect.item  # a new item has its key only now that it is saved
    effect.item_kind = effect.item.item_kind
    if effect.stance and effect.party is None:
        effect.party = development.party
    if effect.due_phrase and not effect.due_on and not effect.review_on:
        effect.review_on = development.occurred_on + REVIEW_AFTER


def _content(development: Development, effects, citations) -> tuple:
    def read(row, names):
        return tuple(getattr(row, row._meta.get_field(name).attname) for name in names)

    return (
        read(development, Development.CONTENT),
        sorted(map(repr, (read(effect, Effect.CONTENT) for effect in effects))),
        [read(citation, Citation.CONTENT) for citation in citations],
    )


def _restand(item_ids: set[int]) -> None:
    """Store the standing that the rule now gives for the items, in the transaction that changed it."""
    missing = (
        Effect.objects.filter(item__in=item_ids, stance__isnull=False).values_list("item_id", "party_id").distinct()
    )
    ItemStance.objects.bulk_create(
        [ItemStance(item_id=item, party_id=party) for item, party in missing.order_by()], ignore_conflicts=True
    )
    for row in derive(Item.objects.filter(pk__in=item_ids), PRESENT).values("pk", *VALUES):
        Item.objects.filter(pk=row["pk"]).update(**{f"current_{name}": row[name] for name in VALUES})
    ItemStance.objects.filter(item__in=item_ids).update(current_stance=latest_stance(PRESENT, "stance"))


def _save(by: User, instance: Record, related: Related, now: dt.datetime, note: str = "") -> bool:
    adding = instance._state.adding
    before = {} if adding else snapshot(type(instance)._base_manager.get(pk=instance.pk))
    if adding:
        instance.ref = instance.ref or new_ref(instance.prefix)
        instance.recorded_at = now
        if isinstance(instance, Item):
            instance.item_kind = instance.kind_code
    instance.full_clean()
    instance.save()
    for name, values in related.items():
        getattr(instance, name).set(values)
    changes = [
        {"field": name, "label": label, "old": before.get(name, ("", ""))[1], "new": text}
        for name, (label, text) in snapshot(instance).items()
        if text != before.get(name, ("", ""))[1]
    ]
    if not adding and not changes:
        return False
    _log(by, instance, Change.Action.CREATED if adding else Change.Action.CHANGED, changes, now, note)
    if isinstance(instance, Source) and any(change["field"] == "text" for change in changes):
        _find_quotes(instance)
    return True


def _find_quotes(source: Source) -> None:
    for citation in source.citations.exclude(quote=""):
        citation.found = stands_in(citation.quote, source.text)
        citation.save(update_fields=["found"])


def _log(by: User, instance: Record, action: str, changes: list[dict], now: dt.datetime, note: str) -> None:
    Change(
        at=now,
        by=by,
        action=action,
        record_type=instance._meta.model_name,
        record_ref=instance.ref,
        record_name=str(instance)[:500],
        subject_ref=instance.subject_ref,
        process=instance.of_process,
        changes=changes,
        note=note,
    ).save()
