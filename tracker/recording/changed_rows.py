"""What the recordings of one instant changed, by the versions that ended and began at it."""

import datetime as dt
from collections.abc import Iterator
from typing import Any, cast

from django.db import models

from tracker.models import VERSIONS, Item, ItemStance, Record, RecordName
from tracker.models.versions import Version, kept_columns, key_column

WORKED_OUT = (ItemStance, RecordName)
"""The tables of what follows from the rest: standings and names."""

Rows = dict[int, Version]
"""{primary key of the row: its version}"""


def changed_at(instant: dt.datetime) -> Iterator[tuple[type[models.Model], tuple[Rows, Rows]]]:
    """Of each table the versions that ended at `instant`, and those that began."""
    for model, version in VERSIONS.items():
        if model in WORKED_OUT:
            continue
        key = key_column(model)
        rows = version._base_manager.order_by("pk")
        ended = {getattr(row, key): row for row in rows.filter(known_until=instant)}
        begun = {getattr(row, key): row for row in rows.filter(known_from=instant)}
        if model is Item:
            # Most of them stand otherwise, and say the same.
            same = {at for at in ended.keys() & begun if said(model, ended[at]) == said(model, begun[at])}
            ended, begun = (
                {at: row for at, row in side.items() if at not in same} for side in (ended, begun)
            )
        if ended or begun:
            yield model, (ended, begun)


def owner_of(model: type[models.Model], version: Version) -> tuple[type[Record], int]:
    """The model and the primary key of the record that the row of `version` belongs to."""
    if issubclass(model, Record):
        return model, getattr(version, key_column(model))
    # Django stores the declaring model here.
    owner = cast(type[Record], model._meta.auto_created)
    column = next(
        field.m2m_column_name() for field in owner._meta.many_to_many if field.remote_field.through is model
    )
    return owner, getattr(version, column)


def values_of(model: type[models.Model], version: Version) -> dict[str, Any]:
    """{attribute: value} of the row of `version`."""
    return {
        field.attname: getattr(version, key_column(model) if field.primary_key else str(field.column))
        for field in kept_columns(model)
    }


def said(model: type[models.Model], version: Version) -> dict[str, Any]:
    """`values_of` of `version`, without how an item stands, and how often the record was saved."""
    values = values_of(model, version)
    return {name: values[name] for name in values if name != "version" and not name.startswith("current_")}
