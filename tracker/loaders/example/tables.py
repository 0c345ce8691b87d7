"""The tables and columns of an example file, derived from the models."""

import datetime as dt
import graphlib

from django.db import models

from tracker.models import Development, Item, ProcessLink
from tracker.models.dates import Span, last_of, precision_of
from tracker.models.fields import CodeListField
from tracker.models.vocabularies import DatePrecision
from tracker.register import ALL_TYPES
from tracker.register.types import RecordType
from tracker.text.folding import nearest_code
from tracker.text.times import read_time


def _in_order() -> list[RecordType]:
    """The record types, each after those that its relations refer to."""
    graph = {}
    for record_type in ALL_TYPES:
        targets = _targets(record_type.model)
        graph[record_type] = [
            other
            for other in ALL_TYPES
            if other is not record_type and targets & {other.model, *other.model._meta.parents}
        ]
    return list(graphlib.TopologicalSorter(graph).static_order())


def _targets(model: type[models.Model]) -> set[type[models.Model]]:
    """The models that `model` refers to."""
    meta = model._meta
    fields = set(meta.concrete_fields) - set(meta.parents.values()) | set(meta.many_to_many)
    return {field.related_model for field in fields if field.is_relation and field.editable}


def _table_of(record_type: RecordType) -> str:
    return record_type.url_name.replace("-", "_")


def _is_nested(record_type: RecordType) -> bool:
    """Whether its rows are nested in those of their parent; links are not, since they belong to two processes."""
    return bool(record_type.model.part_of) and record_type.model is not ProcessLink


TABLES = {_table_of(each): each.model for each in _in_order() if not _is_nested(each)}
ITEMS = [table for table, model in TABLES.items() if issubclass(model, Item)]


def _around_items() -> tuple[list[str], list[str]]:
    """The other tables except developments: those that do not refer to items, and those that do."""
    before, after, leading = [], [], {Item, Development, *(TABLES[table] for table in ITEMS)}
    for table, model in TABLES.items():
        if model in leading:
            continue
        if _targets(model) & leading:
            after.append(table)
            leading.add(model)
        else:
            before.append(table)
    return before, after


BEFORE_ITEMS, AFTER_ITEMS = _around_items()
PARTS = {
    _table_of(whole): {
        _table_of(part): part.model
        for part in ALL_TYPES
        if _is_nested(part) and part.model._meta.get_field(part.model.part_of).related_model is whole.model
    }
    for whole in ALL_TYPES
}
NAMED_BY_THEIR_WHOLE = tuple(
    each.model for each in ALL_TYPES if _is_nested(each) and not each.model._meta.related_objects
)
"""Parts without an id in the file, since nothing refers to them."""
OF_THE_INSTALLATION = {"members", "text"}
"""Fields that a file cannot set: the members of a process, and a source's private text."""


class Wrong(ValueError):
    """Raised for an invalid value; the message says what is valid."""


def fields_of(model, whole: str = "") -> dict[str, models.Field]:
    """{name: field} of the possible columns of `model`; `whole` is the parent table, if any.

    The precision of a date is part of the date, not a column.
    """
    fields = {
        field.name: field
        for field in [*model._meta.concrete_fields, *model._meta.many_to_many]
        if field.editable and not field.primary_key and not getattr(field.remote_field, "parent_link", False)
    }
    precisions = set(filter(None, (precision_of(model, name) for name in fields)))
    recorded_elsewhere = OF_THE_INSTALLATION | {whole} | precisions | set(map(last_of, precisions))
    return {name: field for name, field in fields.items() if name not in recorded_elsewhere}


def required(field) -> bool:
    """Whether a row must have `field`."""
    return not (field.blank or field.null or field.has_default())


def model_of(ref: str):
    """The model of a reference, by its prefix, or None."""
    models = (each.model for each in ALL_TYPES)
    return next((model for model in models if ref.startswith(f"{model.prefix}-")), None)


def fits(field, ref: str) -> bool:
    """Whether the relation `field` may refer to the record `ref`."""
    model = model_of(ref)
    return model is not None and issubclass(model, field.related_model)


def plain_values(model, field, value) -> dict:
    """{column: value} for `value`, a date with its precision; raises Wrong."""
    if isinstance(field, models.DateField):
        return _date(model, field, value)
    if isinstance(field, models.BooleanField):
        return {field.name: _of_type(value, bool, "true or false, without quotes")}
    if isinstance(field, models.IntegerField):
        return {field.name: _of_type(value, int, "a whole number, without quotes")}
    if isinstance(field, models.JSONField):
        return {field.name: texts(value)}
    text = _of_type(value, str, "a text in quotes").strip()
    if isinstance(field, models.TimeField):
        return {field.name: _time(text)}
    if isinstance(field, CodeListField):
        text = field.joined(choose(code.strip(), field.vocabulary.values) for code in text.split(";"))
    if field.choices:
        choose(text, [code for code, _ in field.flatchoices])
    return {field.name: text}


def texts(value) -> list[str]:
    """`value`, a list of texts; raises Wrong if it is not."""
    if not isinstance(value, list) or not all(isinstance(text, str) and text.strip() for text in value):
        raise Wrong('a list of texts must stand here, such as ["one", "two"]')
    return value


def choose(value: str, possible) -> str:
    """`value`, one of `possible`; raises Wrong with the nearest of them, or all."""
    possible = [str(code) for code in possible]
    if value in possible:
        return value
    near = nearest_code(value, possible)
    raise Wrong(f"the nearest that is: “{near}”" if near else f"possible are: {', '.join(possible)}")


def _time(text: str) -> dt.time:
    try:
        return read_time(text)
    except ValueError as error:
        raise Wrong(str(error)) from None


def _date(model, field, value) -> dict:
    precision = precision_of(model, field.name)
    text = value.isoformat() if isinstance(value, dt.date) else _of_type(value, str, "a date in quotes")
    try:
        date = Span.parse(text)
    except ValueError as error:
        raise Wrong(str(error)) from None
    if precision is None:
        if date.precision != DatePrecision.DAY:
            raise Wrong("a whole day must stand here, such as 2025-02-18")
        return {field.name: date.day}
    return {field.name: date.day, precision: date.precision, last_of(precision): date.end}


def _of_type(value, wanted: type, called: str):
    if not isinstance(value, wanted) or (wanted is int and isinstance(value, bool)):
        raise Wrong(f"{called} must stand here")
    return value
