"""Dates in audit entries, which store each column of a date as a text of its own, as pages write them."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping

from django.apps import apps
from django.db import models

from tracker.models import Change
from tracker.models.dates import Span, last_of, precision_of
from tracker.models.vocabularies import DatePrecision

_PRECISIONS = {str(label): code for code, label in DatePrecision.choices}

Texts = Mapping[str, str]
"""The stored texts of a record, by field."""


def with_dates(newest_first: Iterable[Change]) -> list[Change]:
    """The entries, with one change for each date in place of those of its columns; they are changed in memory alone.

    A date whose precision no entry tells is left as it is stored.
    """
    entries = list(newest_first)
    stood: dict[str, dict[str, str]] = defaultdict(dict)
    for entry in reversed(entries):
        texts = stood[entry.record_ref]
        before = texts | {change["field"]: change["old"] for change in entry.changes}
        texts |= {change["field"]: change["new"] for change in entry.changes}
        model = apps.get_model("tracker", entry.record_type)
        for name in _date_fields(model):
            _join(entry, model, name, before, texts)
    return entries


def _join(entry: Change, model: type[models.Model], name: str, before: Texts, after: Texts) -> None:
    """Put one change in place of those of the columns of the date in the field `name` of `model`."""
    precision = precision_of(model, name)
    columns = {name, precision, last_of(precision)} if precision else {name}
    changed = [change for change in entry.changes if change["field"] in columns]
    dates = [_text(name, precision, texts) for texts in (before, after)]
    if not changed or None in dates:
        return
    label = str(model._meta.get_field(name).verbose_name)
    joined = {"field": name, "label": label, "old": dates[0], "new": dates[1]}
    place = entry.changes.index(changed[0])
    others = [change for change in entry.changes if change not in changed]
    entry.changes = [*others[:place], joined, *others[place:]]


def _text(name: str, precision: str | None, texts: Texts) -> str | None:
    """The date as pages write it; empty without one, None if its precision is not known."""
    day = texts.get(name, "")
    if not day:
        return ""
    if precision is None:
        return str(Span(dt.date.fromisoformat(day)))
    code = _PRECISIONS.get(texts.get(precision, ""))
    end = texts.get(last_of(precision), "")
    if code is None:
        return None
    return str(
        Span(dt.date.fromisoformat(day), DatePrecision(code), dt.date.fromisoformat(end) if end else None)
    )


def _date_fields(model: type[models.Model]) -> list[str]:
    """The names of the fields of `model` that hold a date, without those beside them that complete it."""
    return [
        field.name
        for field in model._meta.concrete_fields
        if type(field) is models.DateField and field.editable and not field.name.endswith("_last")
    ]
