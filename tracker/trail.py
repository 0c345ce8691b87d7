"""The audit trail: every save of a record but a development, with who, when, and from which words to which."""

from collections.abc import Iterable, Mapping

from tracker.instants import PENDING, Pending
from tracker.models import Change, Citation, Item, Record, Source, User
from tracker.models.base import new_ref
from tracker.models.changes import snapshot
from tracker.models.evidence import stands_in

Related = Mapping[str, Iterable]
"""Many-valued relations to set on a record: {field name: related records}."""


def save(by: User, instance: Record, related: Related, pending: Pending, note: str = "") -> bool:
    """Save `instance` with its many-valued relations and an entry in the trail; whether anything differed.

    Nothing is written where nothing differed. Raises ValidationError when a rule is broken.
    """
    adding = instance._state.adding
    related = {name: list(values) for name, values in related.items()}
    if adding:
        instance.ref = instance.ref or new_ref(instance.prefix)
        instance.recorded_at = PENDING
        if isinstance(instance, Item):
            instance.item_kind = instance.kind_code
    instance.full_clean()
    values = _values(instance) | {name: {row.pk for row in rows} for name, rows in related.items()}
    before = {}
    if not adding:
        stored = type(instance)._base_manager.select_for_update(no_key=True).get(pk=instance.pk)
        kept = _values(stored) | {name: {row.pk for row in getattr(stored, name).all()} for name in related}
        values = {name: value for name, value in values.items() if value != kept[name]}
        if not values:
            return False
        before = snapshot(stored)
        instance.version = stored.version + 1
    instance.save()
    if adding:
        pending.recorded([instance])
    for name, rows in related.items():
        getattr(instance, name).set(rows)
    changes = [
        {"field": name, "label": label, "old": before.get(name, ("", ""))[1], "new": text}
        for name, (label, text) in snapshot(instance).items()
        if name in values and (before or text)
    ]
    log(by, instance, Change.Action.CREATED if adding else Change.Action.CHANGED, changes, pending, note)
    if isinstance(instance, Source) and "text" in values:
        _find_quotes(instance)
    return True


def _values(record: Record) -> dict[str, object]:
    """The raw values of all fields that an analyst can set, which tell records of one name apart."""
    fields = record._meta.concrete_fields
    return {
        field.name: getattr(record, field.attname)
        for field in fields
        if field.editable and not field.primary_key
    }


def _find_quotes(source: Source) -> None:
    for citation in source.citations.exclude(quote=""):
        Citation.objects.filter(pk=citation.pk).update(found=stands_in(citation.quote, source.text))


def log(by: User, instance: Record, action: str, changes: list[dict], pending: Pending, note: str) -> None:
    """Enter `changes` to `instance`, as Change.changes holds them, in the trail."""
    change = Change(
        at=PENDING,
        by=by,
        action=action,
        record_type=instance._meta.model_name,
        record_ref=instance.ref,
        record_name=str(instance)[:500],
        subject_ref=instance.subject_ref,
        process=instance.of_process,
        changes=changes,
        note=note,
    )
    change.save()
    pending.recorded([change])
