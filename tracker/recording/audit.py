"""The audit log: every save of a record except a development, with who, when, and the old and new text."""

import datetime as dt
from collections.abc import Iterable, Mapping

from django.apps import apps
from django.db.models import Field

from tracker.models import Change, Citation, EarlierText, Item, Record, Source, User
from tracker.models.base import new_ref
from tracker.models.changes import digest
from tracker.models.evidence import stands_in
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
    adding = stored is None
    related = {name: list(values) for name, values in related.items()}
    if adding:
        instance.ref = instance.ref or new_ref(instance.prefix)
        instance.recorded_at = PENDING
        if isinstance(instance, Item):
            instance.item_kind = instance.kind_code
    instance.full_clean()
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
    changes = [
        {"field": name, "label": label, "old": before.get(name, ("", ""))[1], "new": text}
        for name, (label, text) in snapshot(instance).items()
        if name in values and (before or text)
    ]
    log(by, instance, Change.Action.CREATED if adding else Change.Action.CHANGED, changes, pending, note)
    if stored is not None:
        keep_private(stored, pending, values)
    if isinstance(instance, Source) and "text" in values:
        _find_quotes(instance, pending)
    return True


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


def keep_private(stored: Record, pending: Pending, changed: Iterable[str] | None = None) -> None:
    """Keep the values of the private fields of `stored` (all, or those `changed`), which the audit log omits."""
    for name in stored.private_fields:
        if (changed is None or name in changed) and (text := getattr(stored, name)):
            kept = EarlierText(
                record_ref=stored.ref, field=name, until=PENDING, text=text, process=stored.of_process
            )
            kept.save()
            pending.recorded([kept])


def withhold() -> int:
    """Move texts of private fields out of the audit entries that still have them; return the number of entries.

    Releases before 0011 logged them in full, so packages written by those contain them.
    """
    mended = 0
    for model in apps.get_app_config("tracker").get_models():
        private = getattr(model, "private_fields", ())
        entries = (
            Change.objects.filter(record_type=model._meta.model_name) if private else Change.objects.none()
        )
        for entry in entries.order_by("pk").iterator(chunk_size=100):
            changes = [change for change in entry.changes if change["field"] in private]
            bare = [
                (change, key)
                for change in changes
                for key in ("old", "new")
                if change[key] != digest(change[key])
            ]
            for change, key in bare:
                if key == "old":
                    earlier = {"record_ref": entry.record_ref, "field": change["field"], "until": entry.at}
                    EarlierText(**earlier, text=change["old"], process_id=entry.process_id).save()
                change[key] = digest(change[key])
            if bare:
                mended += 1
                Change.objects.filter(pk=entry.pk).update(changes=entry.changes)
    return mended


def _find_quotes(source: Source, pending: Pending) -> None:
    """Look the quotes of `source` up in its new text; those found in an earlier one stay found."""
    for citation in source.citations.exclude(quote="").exclude(found=True):
        found = stands_in(citation.quote, source.text)
        if found is None or found == citation.found:
            continue
        at: dict[str, dt.datetime] = {} if citation.found is False else {"looked_up_at": PENDING}
        if found:
            at["found_at"] = PENDING
        Citation.objects.filter(pk=citation.pk).update(found=found, **at)
        pending.looked_up.add(citation.pk)


def log(by: User, instance: Record, action: str, changes: list[dict], pending: Pending, note: str) -> None:
    """Add an audit entry with `changes` to `instance`, in the format of Change.changes."""
    change = Change(
        at=PENDING,
        by=by,
        action=action,
        record_type=instance._meta.model_name,  # type: ignore[misc]  # None only for abstract models
        record_ref=instance.ref,
        record_name=str(instance)[:500],
        subject_ref=instance.subject_ref,
        process=instance.of_process,
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
    if field.choices:
        return str(dict(field.flatchoices).get(value, value) or "")
    if isinstance(value, list):
        return "; ".join(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dt.time):
        return f"{value:%H:%M}"
    return "" if value is None else str(value)
