"""What the words of an entry mean: the values of fields, private texts, and the records that names stood for."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Field

from tracker.models import Change, Delegation, EarlierText, Record
from tracker.models.changes import digest
from tracker.models.fields import related_model
from tracker.models.names import root_of
from tracker.recording.audit import text_of
from tracker.recording.trail.names import OWNERS, Names, naming
from tracker.recording.trail.walk import Values
from tracker.recording.trail.words import LOST, empty, value_of

Texts = dict[tuple[str, str, dt.datetime], list[str]]
"""{(reference, field, instant of the entry): the private texts before it}."""

NARROWED_BY = {"process_id": "process", "person_id": "person"}
"""{column of a record: the field of those that name it which has the same value}."""


def earlier_texts(model: type[Record], refs: Iterable[str]) -> Texts:
    """The private texts that records of `model` had before their entries."""
    found: Texts = defaultdict(list)
    if model.private_fields:
        rows = EarlierText.objects.filter(record_ref__in=list(refs)).order_by("pk")
        for ref, field, until, text in rows.values_list("record_ref", "field", "until", "text"):
            found[ref, field, until].append(text)
    return found


def editable_fields(model: type[Record]) -> dict[str, Field]:
    """The fields of which the trail has the words, by name."""
    fields = [field for field in model._meta.concrete_fields if field.editable and not field.primary_key]
    return {field.name: field for field in (*fields, *model._meta.many_to_many)}


class TrailReader:
    """Reads the entries of records of one model."""

    def __init__(self, model: type[Record], names: Names, texts: Texts):
        self.model, self.names, self.texts = model, names, texts

    def agrees(self, field: Field, value: object, text: str, entry: Change) -> bool:
        """Whether `text` are the words of `value` right after `entry`."""
        if field.many_to_many:
            return self.names.are(related_model(field), value, text, entry.at)  # type: ignore[arg-type]  # a set
        if field.is_relation:
            return self._names(field, value, text, entry)  # type: ignore[arg-type]  # a primary key
        if field.name in self.model.private_fields:
            return digest(str(value)) == digest(text)
        return text_of(field, value) == text

    def value(self, field: Field, text: str, entry: Change, before: Change | None, values: Values) -> object:
        """The value of `field` with the words `text` right before `entry`, which followed `before`; else LOST."""
        if not text:
            return frozenset() if field.many_to_many else empty(field)
        if field.many_to_many:
            return self.names.all_meant(related_model(field), text, entry.at)
        if field.is_relation:
            return self._record(field, text, entry, before, values)
        if field.name in self.model.private_fields:
            if digest(text) != text:
                # Packages of early releases have the text itself in the trail.
                return text
            kept = self.texts.get((entry.record_ref, field.name, entry.at), ())
            return next((one for one in kept if digest(one) == text), LOST)
        return value_of(field, text, values.get(field.name))

    def _names(self, field: Field, key: int | None, text: str, entry: Change) -> bool:
        if key is None:
            return not text
        model = related_model(field)
        if field.name == self.model.part_of and entry.subject_ref:
            # The reference of the parent is surer than its name.
            return self.names.key_of(model, entry.subject_ref) == key
        return bool(naming(model)) and self.names.are(model, [key], text, entry.at)

    def _record(
        self, field: Field, text: str, entry: Change, before: Change | None, values: Values
    ) -> object:
        """The primary key of the record that a relation led to."""
        model = related_model(field)
        if before is not None and field.name == self.model.part_of and before.subject_ref:
            return self.names.key_of(model, before.subject_ref) or LOST
        if before is not None and field.name == self.model.process_path and before.process_id:
            return before.process_id
        if model is Delegation:
            return LOST
        owner = None
        if column := OWNERS.get(root_of(model)):
            # The rules let a record name items of its own process only, and offices of its own person.
            owner = values.get(NARROWED_BY[column]) or (entry.process_id if column == "process_id" else None)
        found = self.names.meant(model, text, entry.at, owner)  # type: ignore[arg-type]  # a primary key
        return found.pop() if len(found) == 1 else LOST
