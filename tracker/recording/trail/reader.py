"""What the words of an entry mean: the values of fields, and the records that names stood for."""

from django.db.models import Field

from tracker.models import Change, Delegation, Record
from tracker.models.fields import related_model
from tracker.models.names import root_of
from tracker.recording.audit import text_of
from tracker.recording.trail.names import OWNERS, Names, naming
from tracker.recording.trail.walk import Values
from tracker.recording.trail.words import LOST, empty, value_of

NARROWED_BY = {"process_id": "process", "person_id": "person"}
"""{column of a record: the field of those that name it which has the same value}."""


def editable_fields(model: type[Record]) -> dict[str, Field]:
    """The fields of which the trail has the words, by name; of private texts it has digests alone."""
    fields = [
        field
        for field in model._meta.concrete_fields
        if field.editable and not field.primary_key and field.name not in model.private_fields
    ]
    return {field.name: field for field in (*fields, *model._meta.many_to_many)}


class TrailReader:
    """Reads the entries of records of one model."""

    def __init__(self, model: type[Record], names: Names):
        self.model, self.names = model, names

    def agrees(self, field: Field, value: object, text: str, entry: Change) -> bool:
        """Whether `text` are the words of `value` right after `entry`."""
        if field.many_to_many:
            return self.names.are(related_model(field), value, text, entry.at)  # type: ignore[arg-type]  # a set
        if field.is_relation:
            return self._names(field, value, text, entry)  # type: ignore[arg-type]  # a primary key
        return text_of(field, value) == text

    def value(self, field: Field, text: str, entry: Change, before: Change | None, values: Values) -> object:
        """The value of `field` with the words `text` right before `entry`, which followed `before`; else LOST."""
        if not text:
            return frozenset() if field.many_to_many else empty(field)
        if field.many_to_many:
            return self.names.all_meant(related_model(field), text, entry.at)
        if field.is_relation:
            return self._record(field, text, entry, before, values)
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
