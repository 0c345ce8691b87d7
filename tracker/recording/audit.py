"""The audit log: every save of a record except a development, with who, when, and the old and new text."""

import datetime as dt
from collections.abc import Container, Iterable, Mapping

from django.db.models import Field

from tracker.models import Change, Item, Record, Source, User
from tracker.models.base import new_ref
from tracker.models.changes import digest
from tracker.models.fields import CodeListField
from tracker.models.names import require_legible
from tracker.recording import source_texts
from tracker.recording.timestamps import PENDING, Pending

Related = Mapping[str, Iterable]
"""Many-valued relations to set on a record: {field name: related records}."""


class Outdated(Exception):
    """The version to be changed is no longer the current one, which is `current`, or None if the record was deleted."""

    def __init__(
        self,
        current: Record | None,
        message: str = "This record has been changed or deleted in the meantime.",
    ):
        super().__init__(message)
        self.current = current


def save(
    by: User, instance: Record, related: Related, pending: Pending, note: str = "", version: int | None = None
) -> bool:
    """Save `instance` with its many-valued relations and an audit entry; return whether anything differed.

    Nothing is written where nothing differed. Raises ValidationError when a rule is broken, Outdated when the record
    is no longer at `version`.
    """
    stored = lock(instance, version)
    if getattr(stored, "merged_into_id", None):
        raise Outdated(stored)
    adding = stored is None
    related = {name: list(values) for name, values in related.items()}
    if adding:
        instance.ref = instance.ref or new_ref(instance.prefix)
        instance.recorded_at = PENDING
        if isinstance(instance, Item):
            instance.item_kind = instance.kind_code
    instance.full_clean()
    # What is in ASCII can be read.
    if unread := [name for name in instance.name_fields if not (getattr(instance, name) or "").isascii()]:
        require_legible(instance, unread)
    values = _values(instance) | {name: {row.pk for row in rows} for name, rows in related.items()}
    before = {}
    if stored is not None:
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
    changes = changes_from(before, instance, values)
    action = Change.Action.CREATED if adding else Change.Action.CHANGED
    log(by, instance, action, changes, pending, note, stored)
    if isinstance(instance, Source) and stored and "process" in values and instance.process_id:
        pending.kept.add(instance.pk)
    if isinstance(instance, Source) and "text" in values and (instance.text or stored):
        source_texts.keep(by, instance, pending)
    return True


def delete(by: User, instance: Record, pending: Pending, note: str = "") -> None:
    """Delete `instance`; its last values stay in its audit entry."""
    lost = [
        {"field": name, "label": label, "old": text, "new": ""}
        for name, (label, text) in snapshot(instance).items()
        if text
    ]
    log(by, instance, Change.Action.DELETED, lost, pending, note)
    instance.delete()


def changes_from(
    before: Mapping[str, tuple[str, str]], instance: Record, fields: Container[str]
) -> list[dict]:
    """The `fields` of `instance`, each with its text now and that in the snapshot `before`, as in Change.changes."""
    return [
        {"field": name, "label": label, "old": before.get(name, ("", ""))[1], "new": text}
        for name, (label, text) in snapshot(instance).items()
        if name in fields and (before or text)
    ]


def lock(instance: Record, version: int | None) -> Record | None:
    """Lock the row of `instance` for this transaction and return the stored record, or None for a new one.

    Raises Outdated unless it is stored at `version`, or at any where that is None.
    """
    if instance._state.adding:
        return None
    stored = type(instance)._base_manager.select_for_update(no_key=True).filter(pk=instance.pk).first()
    if stored is None or version not in (None, stored.version):
        raise Outdated(stored)
    return stored


def _values(record: Record) -> dict[str, object]:
    """The raw values of all fields that an analyst can set; unlike names, these are unambiguous for relations."""
    fields = record._meta.concrete_fields
    return {
        field.name: getattr(record, field.attname)
        for field in fields
        if field.editable and not field.primary_key
    }


def log(
    by: User,
    instance: Record,
    action: str,
    changes: list[dict],
    pending: Pending,
    note: str,
    stored: Record | None = None,
) -> None:
    """Add an audit entry with `changes` to `instance`, in the format of Change.changes, for readers of its process.

    `stored`: the record before the changes, if there was one.
    """
    # Of a source that is opened to all, the entry stays with those who see the process that it was kept to.
    process = instance.of_process or (stored.of_process if stored else None)
    change = Change(
        at=PENDING,
        by=by,
        action=action,
        record_type=instance._meta.model_name,  # type: ignore[misc]  # None only for abstract models
        record_ref=instance.ref,
        record_name=str(instance)[:500],
        subject_ref=instance.subject_ref,
        process=process,
        changes=changes,
        note=note,
    )
    change.save()
    pending.recorded([change])
    pending.saved(instance, by, note)


def snapshot(record: Record) -> dict[str, tuple[str, str]]:
    """{field name: (label, text)} for every field of `record` that an analyst can set.

    Related records are given by name, choices by label, and private texts by digest; many-valued relations by sorted
    names, which a record that is not saved yet does not have.
    """
    words = {}
    for field in record._meta.concrete_fields:
        if field.editable and not field.primary_key:
            words[field.name] = (str(field.verbose_name), _text(record, field))
    for field in record._meta.many_to_many:
        names = [str(related) for related in getattr(record, field.name).all()] if record.pk else []
        words[field.name] = (str(field.verbose_name), "; ".join(sorted(names)))
    return words


def _text(record: Record, field: Field) -> str:
    if field.name in record.private_fields:
        return digest(getattr(record, field.name))
    if field.is_relation:
        return str(getattr(record, field.name) or "")
    return text_of(field, getattr(record, field.attname))


def text_of(field: Field, value: object) -> str:
    """The words of the `value` of a field that is neither private nor a relation."""
    if isinstance(field, CodeListField):
        return field.labels(str(value or ""))
    if field.choices:
        return str(dict(field.flatchoices).get(value, value) or "")
    if isinstance(value, list):
        return "; ".join(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dt.time):
        return f"{value:%H:%M}"
    return "" if value is None else str(value)
