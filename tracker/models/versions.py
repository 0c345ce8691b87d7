"""The versions of records: a table beside each table, with all states that its rows have had on record.

`tracker.recording.versions` writes them, and `tracker.models.past` reads them in place of the tables themselves.
"""

from collections.abc import Iterator

from django.conf import settings
from django.db import models

from tracker.models.base import Record
from tracker.models.developments import Development
from tracker.models.fields import concrete_field
from tracker.models.items import ItemStance
from tracker.models.known import OPEN, version_field
from tracker.models.names import RecordName
from tracker.models.processes import Process
from tracker.models.sources import Source


def record_types(model: type[Record] = Record) -> Iterator[type[Record]]:
    """The models below `model` that have a table, each before those that inherit from it."""
    for child in model.__subclasses__():
        if not child._meta.abstract:
            yield child
        yield from record_types(child)


def _is_version(model: type[Record]) -> bool:
    return model is Development or model.part_of == "development"


KEPT: tuple[type[models.Model], ...] = (
    *(model for model in record_types() if not _is_version(model)), ItemStance, RecordName,
)  # fmt: skip
"""What is kept in versions, and the many-valued relations of these: every record type that `tracker.models` names.

Developments, with their effects and citations, are versions already.
"""

NOT_KEPT = {Process: ("last_recorded_at",), Source: ("text",)}
"""{model: columns that change with every recording, or are kept elsewhere}; a view of the past works them out."""


class Version(models.Model):
    """One state of one row, in columns of the same names without their relations: what they name may be gone.

    It was in force from `known_from` until right before `known_until`, both instants.
    """

    version_key = models.BigAutoField(primary_key=True)
    known_from = models.DateTimeField()
    known_until = models.DateTimeField(default=OPEN)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    reason_given = models.TextField(blank=True)
    is_complete = models.BooleanField(default=True)
    """Whether its words are those of its time; if not, later words stand for those that were not kept."""

    class Meta:
        abstract = True
        default_permissions = ()

    def __str__(self):
        return f"{self._meta.model_name} {self.version_key}"


def kept_columns(model: type[models.Model]) -> list[models.Field]:
    """The fields of the table of `model` that its versions have."""
    return [field for field in model._meta.local_concrete_fields if field.name not in NOT_KEPT.get(model, ())]


_PLAIN = (
    models.JSONField, models.TextField, models.BinaryField, models.DateTimeField, models.DateField, models.TimeField,
    models.BooleanField,
)  # fmt: skip


def _plain(field: models.Field) -> models.Field:
    """A field for the values of `field` alone: without default, choices, relation or uniqueness."""
    options = {"null": field.null, "db_column": field.column}
    if field.is_relation:
        return models.BigIntegerField(**options)
    for kind in _PLAIN:
        if isinstance(field, kind):
            return kind(**options)
    if isinstance(field, models.CharField):
        return models.CharField(max_length=field.max_length, **options)
    return models.BigIntegerField(**options)


def _version_of(model: type[models.Model]) -> type[Version]:
    fields = {version_field(field): _plain(field) for field in kept_columns(model)}
    looked_up = [field for field in kept_columns(model) if field.primary_key or field.db_index]
    indexes = [
        models.Index(fields=[version_field(field), "known_until"], name=f"{_short(model)}_{place}")
        for place, field in enumerate(looked_up)
    ]
    if "ref" in fields:
        indexes.append(models.Index(fields=["ref", "known_until"], name=f"{_short(model)}_ref"))
    if model is RecordName:
        # Every save asks for the names of its records.
        fields_of_record = ["record_id", "record_type", "known_until"]
        indexes.append(models.Index(fields=fields_of_record, name=f"{_short(model)}_of_record"))
    indexes += [_index_of(model, index) for index in model._meta.indexes if index.fields]
    meta = {"db_table": f"{model._meta.db_table}_version", "indexes": indexes, "abstract": False}
    name = "".join(word[:1].upper() + word[1:] for word in model.__name__.split("_"))
    attributes = {"__module__": __name__, "Meta": type("Meta", (Version.Meta,), meta), **fields}
    return type(f"{name}Version", (Version,), attributes)


def key_column(model: type[models.Model]) -> str:
    """The field of the versions of `model` with its primary key."""
    return version_field(model._meta.pk)


def _index_of(model: type[models.Model], index: models.Index) -> models.Index:
    """An index of the versions that serves the lists that `index` of `model` serves, at an instant."""
    fields = [
        ("-" if order else "") + version_field(concrete_field(model, name))
        for name, order in index.fields_orders
    ]
    return models.Index(
        fields=[*fields, "known_until", "known_from"], condition=index.condition, name=f"v_{index.name}"[:30]
    )


def _short(model: type[models.Model]) -> str:
    return f"v_{model._meta.model_name}"[:24]


def relation_table(field: models.ManyToManyField) -> type[models.Model]:
    """The model of the table of a many-valued relation."""
    return field.remote_field.through  # type: ignore[return-value]  # never None once the models are loaded


VERSIONS: dict[type[models.Model], type[Version]] = {
    model: _version_of(model)
    for kept in KEPT
    for model in (kept, *map(relation_table, kept._meta.local_many_to_many))
}
"""{model: the model of its versions}, with the tables of many-valued relations."""
