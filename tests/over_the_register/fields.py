"""The fields that people fill in, of any record type, and a record with something recognizable in each of them."""

import datetime as dt

from django.db import models

from tests import factories as make
from tests.over_the_register.makers import MAKERS
from tracker.loaders.example.tables import precision_of
from tracker.models import Demand, Item, Process, Record
from tracker.models.dates import last_of
from tracker.models.fields import CodeListField
from tracker.models.vocabularies import DatePrecision
from tracker.register import BY_MODEL, BY_URL_NAME

EDITS = 50
"""From this number on, `something` gives other values than those that a record is made with."""

UNLIKE = {
    "assessment": lambda process, values: {"author_name": ""},
    "delegate": lambda process, values: {"office": make.OfficeFactory(person=values["person"])},
    "development": lambda process, values: {
        "occurred_zone": "Asia/Riyadh",
        "follows": make.DevelopmentFactory(process=process, occurred_on=values["occurred_on"]).ref,
    },
    "effect": lambda process, values: {
        "item": make.TalkFactory(process=process), "status": "postponed", "firmness": None,
    },
    "follow-up": lambda process, values: {"kind": "appointment"},
    "party": lambda process, values: {"iso_code": "ZZ"},
}  # fmt: skip
"""url_name -> (process, values) -> what replaces those of `values` that break a rule of the type together."""


def editable_fields(model: type[Record]) -> list[models.Field]:
    """The fields that people fill in; the precision of a date and its last day are written with the date."""
    fields = (*model._meta.concrete_fields, *model._meta.many_to_many)
    precisions = {field.name for field in fields if field.choices == DatePrecision.choices}
    beside = precisions | set(map(last_of, precisions))
    return [
        field for field in fields if field.editable and not field.primary_key and field.name not in beside
    ]


def filled(url_name: str) -> tuple[Record, dict[str, set[str]]]:
    """A record with something recognizable in each field, and what tells on a page that a field is shown."""
    model, process = BY_URL_NAME[url_name].model, make.ProcessFactory()
    fields = [field for field in editable_fields(model) if field.name not in ("process", model.part_of)]
    values = {field.name: something(field, process, number) for number, field in enumerate(fields)}
    values |= UNLIKE.get(url_name, lambda process, values: {})(process, values)
    precisions = {
        precision_of(model, field.name): "day"
        for field in fields
        if isinstance(field, models.DateField) and precision_of(model, field.name)
    }
    record = MAKERS[url_name](process, **values | precisions)
    return record, {field.name: _shown_as(field, values[field.name]) for field in fields}


def something(field: models.Field, process: Process, number: int):
    """A value for `field`, other values for other numbers; below EDITS, that of the field of that number."""
    if field.is_relation:
        record = _related(Demand if field.related_model is Item else field.related_model, process)
        return [record] if field.many_to_many else record
    if isinstance(field, CodeListField):
        return field.joined(field.vocabulary.values[-2 - number // EDITS :])
    if field.choices:
        return field.choices[-1 - number // EDITS][0]
    match field:
        case models.DateField():
            return dt.date(2024, 3, 1) + dt.timedelta(number)
        case models.TimeField():
            return dt.time(14, number % 60)
        case models.BooleanField():
            return True
        case models.IntegerField():
            return 4700 + number
        case models.JSONField():
            return [f"Words {number} of {field.name}"]
        case models.URLField():
            return f"https://{field.name.replace('_', '-')}.example/{number}"
    if field.name.endswith("language"):
        return f"en-x-{number}"
    return f"Words {number} of {field.name}"


def _related(model: type[models.Model], process: Process) -> models.Model:
    if model is Process:
        return make.ProcessFactory()
    return MAKERS[BY_MODEL[model].url_name](process) if model in BY_MODEL else make.UserFactory()


def _shown_as(field: models.Field, value) -> set[str]:
    """What tells on a page that `value` is shown, each of it alone; a flag is recognized by the end of its name."""
    if isinstance(value, list):
        value = value[0]
    if isinstance(value, models.Model):
        return {str(value), getattr(value, "ref", str(value))}
    if isinstance(value, dt.date):
        return {f"{value.day} {value:%b %Y}"}
    if isinstance(value, dt.time):
        return {f"{value:%H:%M}"}
    if isinstance(field, models.BooleanField):
        return {field.name.split("_")[-1]}
    if isinstance(field, CodeListField):
        return {*field.labels(value).split("; ")}
    return {str(dict(field.flatchoices).get(value, value) if field.choices and value else value or "")}
