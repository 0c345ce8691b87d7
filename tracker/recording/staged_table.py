"""Temporary tables of one connection, in which rows wait to be inserted all at once."""

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from django.db import connection, models, transaction
from django.db.models.expressions import RawSQL

from tracker.models import SearchEntry
from tracker.models.batches import in_batches
from tracker.models.known import EVER, OPEN
from tracker.models.search_entries import entry_types
from tracker.models.search_storage import tsvector
from tracker.recording.bulk_insert import fill
from tracker.recording.timestamps import PENDING


def book_keys(model: type[models.Model], number: int) -> list[int]:
    """So many new primary keys of `model`, which nobody else is given, in ascending order."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            sequence = "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)"
            cursor.execute(sequence, [table, number])
            return sorted(key for (key,) in cursor.fetchall())
        with transaction.atomic():
            update = "UPDATE sqlite_sequence SET seq = seq + %s WHERE name = %s RETURNING seq"
            row = cursor.execute(update, [number, table]).fetchone()
            if row is None:
                cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, number])
        last = row[0] if row else number
    return list(range(last - number + 1, last + 1))


class StagedTable:
    """Rows of `model`, with keys that are booked where it is `keyed`; instants that are PENDING are still to come."""

    def __init__(self, model: type[models.Model], keyed: bool = True):
        self.model = model
        fields = model._meta.local_concrete_fields
        self.fields = [field for field in fields if not field.generated and (keyed or not field.primary_key)]
        columns = ", ".join(_quoted(field.column) for field in self.fields)
        self.name, self.columns = f"staged_{model._meta.db_table}", columns
        _create(self.name, f"AS SELECT {columns} FROM {_quoted(model._meta.db_table)} WHERE 1 = 0")  # noqa: S608

    def add(self, rows: Iterable[models.Model]) -> None:
        """Add unsaved `rows`, which have their keys."""
        _fill(
            self.name,
            self.columns,
            [tuple(map(_adapted, self.fields, [row] * len(self.fields))) for row in rows],
        )

    def index(self, *columns: str) -> None:
        """Let rows be found by these columns."""
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE INDEX {self.name}_found ON {self.name} ({', '.join(columns)})")

    def having(
        self, columns: Sequence[str], given: Sequence[str], values: Collection[tuple]
    ) -> Iterable[Any]:
        """Rows, with these `columns` alone, in which those that are `given` have one of `values`."""
        marks = f"({', '.join(['%s'] * len(given))})"
        return self.model._base_manager.raw(
            f"SELECT {', '.join(columns)} FROM {self.name} WHERE ({', '.join(given)})"  # noqa: S608
            f" IN (VALUES {', '.join([marks] * len(values))})",
            [value for some in values for value in some],
        )

    def keys(self, column: str, values: Collection[int]) -> list[int]:
        """The primary keys of the rows that have one of `values` in `column`."""
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT id FROM {self.name} WHERE {_among(column, values)}", [*values])  # noqa: S608
            return [key for (key,) in cursor.fetchall()]

    def delete(self, column: str, values: Collection[int]) -> None:
        """Take out the rows that have one of `values` in `column`."""
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {self.name} WHERE {_among(column, values)}", [*values])  # noqa: S608

    def insert(self, instant: dt.datetime) -> None:
        """Insert all rows into the table of the model, recorded at `instant`."""
        values, params = [], []
        for field in self.fields:
            column = _quoted(field.column)
            if isinstance(field, models.DateTimeField):
                values.append(f"CASE WHEN {column} = %s THEN %s ELSE {column} END")
                params += [
                    field.get_db_prep_save(PENDING, connection),
                    field.get_db_prep_save(instant, connection),
                ]
            else:
                values.append(column)
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {_quoted(self.model._meta.db_table)} ({self.columns})"  # noqa: S608
                f" SELECT {', '.join(values)} FROM {self.name}",
                params,
            )


class StagedWords:
    """The entries of staged records in the search index."""

    name = "staged_words"

    def __init__(self) -> None:
        kept = "record_type varchar(20), record_id bigint"
        if connection.vendor == "postgresql":
            self.columns = "record_type, record_id, words"
            _create(self.name, f"({kept}, words text)")
        else:
            self.columns = "id, record_type, record_id, title, body"
            _create(self.name, f"(id integer PRIMARY KEY, {kept}, title text, body text)")

    def add(self, records: Sequence[models.Model]) -> None:
        """Add the entries of `records`, all of one model, which have their keys."""
        for kind in entry_types(type(records[0])) if records else ():
            fields = (*kind.names, *kind.texts)
            words = [kind.words([getattr(row, name) for name in fields]) for row in records]
            if connection.vendor == "postgresql":
                rows = [
                    (kind.code, row.pk, tsvector(*said)) for row, said in zip(records, words, strict=True)
                ]
            else:
                keys = book_keys(SearchEntry, len(records))
                rows = [
                    (key, kind.code, row.pk, *map(" ".join, said))
                    for key, row, said in zip(keys, records, words, strict=True)
                ]
            _fill(self.name, self.columns, rows)

    def delete(self, code: str, records: Collection[int]) -> None:
        """Take out the entries that records have under `code` (primary keys)."""
        with connection.cursor() as cursor:
            for keys in in_batches(records):
                among = f"record_type = %s AND {_among('record_id', keys)}"
                cursor.execute(f"DELETE FROM {self.name} WHERE {among}", [code, *keys])  # noqa: S608

    def insert(self) -> None:
        """Insert all entries."""
        ever, opened = (connection.ops.adapt_datetimefield_value(instant) for instant in (EVER, OPEN))
        if connection.vendor == "postgresql":
            own, values = ("words", "words::tsvector")
        else:
            own, values = ("id", "id")
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO tracker_searchentry (record_type, record_id, known_from, known_until, {own})"  # noqa: S608
                f" SELECT record_type, record_id, %s, %s, {values} FROM {self.name}",
                [ever, opened],
            )
            if connection.vendor == "sqlite":
                cursor.execute(
                    "INSERT INTO tracker_searchindex (rowid, title, body)"
                    f" SELECT id, title, body FROM {self.name} ORDER BY id"  # noqa: S608
                )


class StagedPairs:
    """Versions in force, each with the staged one that is to take its place (primary keys)."""

    name = "staged_pairs"

    def __init__(self) -> None:
        _create(self.name, "(old_id bigint, new_id bigint)")

    def add(self, pairs: Sequence[tuple[int, int]]) -> None:
        """Add `pairs` of an old and a new version."""
        _fill(self.name, "old_id, new_id", pairs)

    def all(self) -> dict[int, int]:
        """{old version: new version}"""
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT old_id, new_id FROM {self.name}")  # noqa: S608
            return dict(cursor.fetchall())

    def delete(self, old: Collection[int]) -> None:
        """Take out the pairs of the versions `old`."""
        with connection.cursor() as cursor:
            for keys in in_batches(old):
                cursor.execute(f"DELETE FROM {self.name} WHERE {_among('old_id', keys)}", keys)  # noqa: S608

    @property
    def old(self) -> RawSQL:
        """The old versions, for a query to ask for."""
        return RawSQL(f"SELECT old_id FROM {self.name}", ())  # noqa: S608


def _among(column: str, values: Collection[int]) -> str:
    return f"{column} IN ({', '.join(['%s'] * len(values))})"


def _create(name: str, definition: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {name}")
        cursor.execute(f"CREATE TEMPORARY TABLE {name} {definition}")


def _fill(name: str, columns: str, rows: Sequence[tuple]) -> None:
    with connection.cursor() as cursor:
        # One transaction for all of them, which locks nobody out as long as it only writes to a temporary table.
        if connection.vendor == "sqlite":
            cursor.execute("SAVEPOINT staging")
        fill(f"{name} ({columns})", rows)
        if connection.vendor == "sqlite":
            cursor.execute("RELEASE staging")


def _adapted(field: models.Field, row: models.Model) -> object:
    return field.get_db_prep_save(field.pre_save(row, add=True), connection)


def _quoted(name: str | None) -> str:
    return connection.ops.quote_name(str(name))
