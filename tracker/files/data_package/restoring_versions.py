"""Restores the versions of records, also of those that are gone by now."""

from collections.abc import Callable

from django.db import connection
from django.db.models import Field

from tracker.files.data_package.cells import NULL, reader_of
from tracker.files.data_package.contents import PackageColumn
from tracker.files.data_package.version_tables import VersionTable
from tracker.models import VERSIONS, RecordName, User
from tracker.models.fields import related_model
from tracker.models.known import OPEN
from tracker.models.names import root_of
from tracker.models.versions import kept_columns
from tracker.recording.versions import key_of, table_of, versions_of

Keys = dict[type, dict[tuple[str, ...], int]]
"""{model: {natural key: primary key}}."""


def read_version(
    table: VersionTable, columns: list[PackageColumn], keys: Keys
) -> Callable[[list[str]], dict]:
    """A function from the cells of a row of `table`, in `columns`, to the values of a version by attribute name.

    It raises ValueError with the rule that a cell breaks. A record that is gone gets a negative primary key.
    """
    readers = [
        (place, column.name, column.field.attname, _reader(column.field, keys))
        for place, column in enumerate(columns)
        if column.field is not None
    ]

    def read(cells: list[str]) -> dict:
        row = {}
        for place, name, attname, read_cell in readers:
            try:
                row[attname] = read_cell(cells[place])
            except ValueError as error:
                raise ValueError(f"{name}: “{cells[place]}”: {error}") from None
        if "ref" in row:
            row["row_id"] = _key(keys, table.of, str(row["ref"]))
        return row

    return read


def _reader(field: Field, keys: Keys) -> Callable[[str], object]:
    if field.name == "known_until":
        read = reader_of(field)
        return lambda cell: f"{OPEN:%Y-%m-%d %H:%M:%S}" if cell == NULL else read(cell)
    if not field.is_relation:
        return reader_of(field)
    target = related_model(field)
    if target is User:
        return lambda cell: None if cell == NULL else _account(keys, cell)
    return lambda cell: None if cell == NULL else _key(keys, target, cell)


def _account(keys: Keys, name: str) -> int:
    if (name,) not in keys.get(User, {}):
        raise ValueError("there is no such row in users.csv")
    return keys[User][name,]


def _key(keys: Keys, model: type, ref: str) -> int:
    known = keys.setdefault(root_of(model), {})
    return known.setdefault((ref,), -1 - len(known))


def settle_keys() -> None:
    """Give the restored versions of rows that have no reference of their own the primary keys of these rows."""
    with connection.cursor() as cursor:
        for model in VERSIONS:
            columns = [field.column for field in kept_columns(model)]
            if "ref" in columns or model is RecordName or key_of(model) != "id":
                continue
            relations = [field.column for field in kept_columns(model) if field.is_relation]
            same = " AND ".join(f't."{column}" = v."{column}"' for column in relations)
            cursor.execute(
                f'UPDATE {versions_of(model)} AS v SET "id" = coalesce((SELECT t."id" FROM'  # noqa: S608
                f" {table_of(model)} AS t WHERE {same}), -v.version_key)"
            )
