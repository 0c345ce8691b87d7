"""Bulk insert that bypasses the ORM. Only for rows that nobody can have read."""

import json
from collections.abc import Sequence

from django.core.management.color import no_style
from django.db import connection
from django.db.models import AutoField, Field, JSONField, Max, Model

from tracker.models.collation import with_keys

FLUSH_AT = 5_000


class BulkTable:
    """A buffer of rows of one model, each a dictionary of column values by attribute name.

    Dates and instants (UTC, without zone) are ISO texts. Missing columns take the field's default. A model that others
    refer to is `keyed`: its rows include their primary keys, taken from `next_key`.
    """

    def __init__(self, model: type[Model], keyed: bool = False):
        fields = [
            field
            for field in model._meta.local_concrete_fields
            if not field.generated and (keyed or not isinstance(field, AutoField))
        ]
        self.model, self.keyed = model, keyed
        self.rows: list[list] = []
        self.columns = [(field.attname, _default(field)) for field in fields]
        names = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
        self.target = f"{connection.ops.quote_name(model._meta.db_table)} ({names})"
        self.last_key = (model._base_manager.aggregate(last=Max("pk"))["last"] or 0) if keyed else 0

    def next_key(self) -> int:
        """An unused primary key."""
        self.last_key += 1
        return self.last_key

    def add(self, row: dict) -> None:
        """Add `row` to the buffer, which is written when full or by `flush`."""
        row = with_keys(self.model, row)
        self.rows.append([row.get(name, default) for name, default in self.columns])
        if len(self.rows) >= FLUSH_AT:
            self.flush()

    def flush(self) -> None:
        """Write the buffer."""
        fill(self.target, self.rows)
        self.rows = []


def fill(target: str, rows: Sequence[Sequence]) -> None:
    """Insert `rows`, adapted to the database, into `target`: a table with its columns, as SQL."""
    if not rows:
        return
    with connection.wrap_database_errors, connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # Django does not convert the exceptions of this cursor by itself.
            with cursor.copy(f"COPY {target} FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            places = ", ".join(["%s"] * len(rows[0]))
            cursor.executemany(f"INSERT INTO {target} VALUES ({places})", rows)


def _default(field: Field) -> object:
    """The default of `field`, as the database takes it."""
    return json.dumps(field.get_default()) if isinstance(field, JSONField) else field.get_default()


def tidy(models: Sequence[type[Model]]) -> None:
    """Reset sequences, and vacuum and analyze the tables, after they have been filled."""
    vacuum = (
        "VACUUM ANALYZE"
        if connection.vendor == "postgresql" and not connection.in_atomic_block
        else "ANALYZE"
    )
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(statement)
        cursor.execute(vacuum)
