"""Keeps the versions of records: each recording ends those that it changed, and begins new ones at its instant."""

import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from functools import cache
from typing import Any, NamedTuple

from django.db import connection, models

from tracker.models import Item, ItemStance, RecordName
from tracker.models.known import OPEN
from tracker.models.names import type_of
from tracker.models.versions import VERSIONS, kept_columns, relation_table

BATCH = 500


class Rows(NamedTuple):
    """The rows of a table that belong to records: those whose `column` has the primary keys of the records."""

    model: type[models.Model]
    column: str
    condition: str = ""
    """What else holds for them, as SQL."""


OF_STANDING = (Rows(Item, "id"), Rows(ItemStance, "item_id"))
"""The rows in which the standing of an item is stored."""


def rows_of(model: type[models.Model]) -> Iterator[Rows]:
    """The rows of all tables that belong to a record of `model`."""
    parents: list[type[models.Model]] = [*model._meta.all_parents]
    for each in (model, *parents):
        yield Rows(each, key_of(each))
        for field in each._meta.local_many_to_many:
            yield Rows(relation_table(field), field.m2m_column_name())
    if issubclass(model, Item):
        yield OF_STANDING[-1]
    if getattr(model, "name_fields", ()):
        yield names_of(model)


def names_of(model: type[models.Model]) -> Rows:
    """The names of records of `model`."""
    return Rows(RecordName, "record_id", f"record_type = '{type_of(model)}'")


def key_of(model: type[models.Model]) -> str:
    """The column of the primary key of `model`."""
    return str(model._meta.pk.column)


def keep(
    rows: Rows, keys: Collection[int], instant: dt.datetime, by: int | None = None, reason: str = ""
) -> None:
    """Make the versions of `rows` of the records with the primary keys `keys` those that stand now.

    What differs ends at `instant`, and begins anew with `by`, the primary key of a user, and the `reason`.
    """
    for some in _batches(keys):
        _end(rows, some, instant)
        _begin(rows, some, instant, by, reason)


def begin_versions(
    model: type[models.Model],
    condition: str,
    instant: dt.datetime,
    by: int | None,
    reason: str = "",
    params: Sequence[Any] = (),
) -> None:
    """Begin, at `instant`, versions of the rows of `model`, called `t`, that meet the SQL `condition` and have none."""
    columns = _columns(model)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {versions_of(model)}"  # noqa: S608
            f' ({columns}, "known_from", "known_until", "changed_by_id", "reason_given", "is_complete")'
            f" SELECT {columns}, %s, %s, %s, %s, true FROM {table_of(model)} AS t WHERE {condition}",
            [_adapted(instant), _adapted(OPEN), by, reason, *params],
        )


def mismatches(model: type[models.Model]) -> int:
    """How many rows of `model` are not as their version in force, or have none, or are gone."""
    with connection.cursor() as cursor:
        cursor.execute(
            f'SELECT count(*) FROM {versions_of(model)} v WHERE "known_until" = %s AND NOT {_stands(model)}',  # noqa: S608
            [_adapted(OPEN)],
        )
        (ended,) = cursor.fetchone()
        cursor.execute(
            f"SELECT count(*) FROM {table_of(model)} t WHERE NOT {_has_version(model)}", [_adapted(OPEN)]
        )  # noqa: S608
        (begun,) = cursor.fetchone()
    return ended + begun


def keep_all(instant: dt.datetime) -> None:
    """Make all versions those that stand now, after rows were written in bulk; what differs ends at `instant`."""
    for model in VERSIONS:
        _end(Rows(model, ""), None, instant)
        _begin(Rows(model, ""), None, instant, None, "")


def _end(rows: Rows, keys: Sequence[int] | None, instant: dt.datetime) -> None:
    condition, params = _among("v", rows, keys)
    with connection.cursor() as cursor:
        cursor.execute(
            f'UPDATE {versions_of(rows.model)} AS v SET "known_until" = %s'  # noqa: S608
            f' WHERE {condition} AND v."known_until" = %s AND NOT {_stands(rows.model)}',
            [_adapted(instant), *params, _adapted(OPEN)],
        )


def _begin(rows: Rows, keys: Sequence[int] | None, instant: dt.datetime, by: int | None, reason: str) -> None:
    condition, params = _among("t", rows, keys)
    condition = f"{condition} AND NOT {_has_version(rows.model)}"
    begin_versions(rows.model, condition, instant, by, reason, [*params, _adapted(OPEN)])


def _among(alias: str, rows: Rows, keys: Sequence[int] | None) -> tuple[str, list]:
    """The condition on the rows of records, and its parameters."""
    if keys is None:
        return "1 = 1", []
    condition = f"{alias}.{_quoted(rows.column)} IN ({', '.join(['%s'] * len(keys))})"
    return (f"{condition} AND {alias}.{rows.condition}" if rows.condition else condition), [*keys]


@cache
def _columns(model: type[models.Model]) -> str:
    """The columns of `model` that its versions have."""
    return ", ".join(_quoted(field.column) for field in kept_columns(model))


@cache
def _stands(model: type[models.Model]) -> str:
    """The condition that the row of version `v` stands with the same values."""
    same = "IS NOT DISTINCT FROM" if connection.vendor == "postgresql" else "IS"
    equal = (
        # Which is never null, and by which PostgreSQL finds the row in the index.
        f"t.{_quoted(field.column)} {'=' if field.primary_key else same} v.{_quoted(field.column)}"
        for field in kept_columns(model)
    )
    return f"EXISTS (SELECT 1 FROM {table_of(model)} AS t WHERE {' AND '.join(equal)})"  # noqa: S608


@cache
def _has_version(model: type[models.Model]) -> str:
    """The condition that there is a version in force of the row `t`; its parameter is OPEN."""
    key = _quoted(key_of(model))
    return (
        f'EXISTS (SELECT 1 FROM {versions_of(model)} AS v WHERE v.{key} = t.{key} AND v."known_until" = %s)'  # noqa: S608
    )


def lacks_version(model: type[models.Model]) -> str:
    """The condition that the row `t` never had a version."""
    key = _quoted(key_of(model))
    return f"NOT EXISTS (SELECT 1 FROM {versions_of(model)} AS v WHERE v.{key} = t.{key})"  # noqa: S608


def table_of(model: type[models.Model]) -> str:
    """The name of the table of `model`, quoted."""
    return _quoted(model._meta.db_table)


def versions_of(model: type[models.Model]) -> str:
    """The name of the table of the versions of `model`, quoted."""
    return _quoted(VERSIONS[model]._meta.db_table)


def _quoted(name: str | None) -> str:
    return connection.ops.quote_name(str(name))


def _adapted(instant: dt.datetime) -> str:
    return str(connection.ops.adapt_datetimefield_value(instant))


def _batches(keys: Collection[int]) -> Iterator[list[int]]:
    ordered = sorted(keys)
    for start in range(0, len(ordered), BATCH):
        yield ordered[start : start + BATCH]
