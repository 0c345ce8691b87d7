"""Versions of records that were written without any: by an earlier release, by a generator, or from its package.

Their earlier words are read back from the audit trail (`tracker.recording.trail`), as far as it has them; how their
items stood follows from the developments, at every instant.
"""

from django.db import connection, models, transaction

from tracker.models import VERSIONS, Item, RecordName
from tracker.models.known import EVER, OPEN, literal
from tracker.models.names import root_of, type_of
from tracker.models.versions import KEPT, kept_columns, relation_table
from tracker.recording.standing_versions import KINDS, begin_at_each_moment
from tracker.recording.trail.rebuilding import last_versions, rebuild
from tracker.recording.versions import lacks_version, table_of, versions_of


def install(using: str = "default", **signal: object) -> None:
    """Begin the versions where rows of a table have none at all; called at every start, by its migration."""
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
    is_migrated = all(version._meta.db_table in tables for version in VERSIONS.values())
    if using == "default" and is_migrated and any(map(_has_not_begun, VERSIONS)):
        begin_all()


def _has_not_begun(model: type[models.Model]) -> bool:
    """Whether there are rows of `model`, and no version of any of them."""
    return not VERSIONS[model]._base_manager.exists() and model._base_manager.exists()


@transaction.atomic
def begin_all() -> None:
    """Give each row without a version those that it had since its first recording.

    Items, and the stances on them, get one for each instant at which their standing may have changed; all records, one
    for each of their edits that the audit trail leads back to.
    """
    before = last_versions()
    for model in VERSIONS:
        if model in KINDS:
            begin_at_each_moment(model)
        else:
            _begin(model)
    if last_versions() != before:
        rebuild(before)


def _begin(model: type[models.Model]) -> None:
    columns = [str(field.column) for field in kept_columns(model)]
    names = ", ".join(connection.ops.quote_name(column) for column in columns)
    values = ", ".join(f"t.{connection.ops.quote_name(column)}" for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {versions_of(model)} ({names}, known_from, known_until, reason_given, is_complete)"  # noqa: S608
            f" SELECT {values}, {_start(model, columns)}, {literal(OPEN)}, '', true"
            f" FROM {table_of(model)} AS t WHERE {lacks_version(model)}"
        )


def _start(model: type[models.Model], columns: list[str]) -> str:
    """The instant of the first recording of what the row `t` of `model` belongs to, as SQL."""
    if "recorded_at" in columns:
        return "t.recorded_at"
    if issubclass(model, Item):
        return _recorded(Item, "item_id")
    if model is RecordName:
        named = {
            type_of(each): _recorded(each, "record_id") for each in KEPT if getattr(each, "name_fields", ())
        }
        cases = " ".join(f"WHEN '{name}' THEN {recorded}" for name, recorded in named.items())
        return f"COALESCE(CASE t.record_type {cases} END, {literal(EVER)})"
    related = {
        relation_table(field): (each, field.m2m_column_name())
        for each in KEPT
        for field in each._meta.local_many_to_many
    }
    return _recorded(*related[model])


def _recorded(model: type[models.Model], column: str) -> str:
    """When the record of `model` was first recorded whose primary key the row `t` has in `column`, as SQL."""
    return f"(SELECT recorded_at FROM {table_of(root_of(model))} AS whole WHERE whole.id = t.{column})"  # noqa: S608
