"""Queries that are put together once and asked again and again: to put one together takes longer than to ask it."""

import datetime as dt
import json
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any

from django.db import connection
from django.db.models import BigIntegerField, DateTimeField, Func, QuerySet

from tracker.clocks import Clocks


@dataclass(frozen=True)
class _Parameter:
    """Stands among the parameters of a query for numbers, or an instant, that are given when it is asked."""

    name: str


class Given(Func):
    """Numbers called `name` that are given when the query is asked, as a column, for `__in`."""

    output_field = BigIntegerField()

    def __init__(self, name: str):
        super().__init__()
        self.name = name

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, tuple]:
        return "(SELECT value FROM json_each(%s))", (_Parameter(self.name),)

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, tuple]:
        return "(SELECT unnest(%s::bigint[]))", (_Parameter(self.name),)


class GivenInstant(Func):
    """The instant of knowledge, which is given as `known` when the query is asked."""

    output_field = DateTimeField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, tuple]:
        return "%s", (_Parameter("known"),)

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, tuple]:
        return "%s::timestamptz", (_Parameter("known"),)


def at_any_instant(clocks: Clocks) -> Clocks:
    """`clocks` for a query that is asked for one instant of knowledge after the other; as they are without one."""
    given: Any = GivenInstant()
    return replace(clocks, known=given) if clocks.known else clocks


class Prepared:
    """The SQL of `rows`, a queryset of values with Given, or GivenInstant, in its conditions."""

    def __init__(self, rows: QuerySet):
        self.sql, self.params = rows.query.get_compiler(connection=connection).as_sql()

    def ask(self, known: dt.datetime | None = None, **given: Collection[int]) -> list[tuple]:
        """The rows, as the database has them, for the instant `known` and the numbers `given` by name."""
        as_parameter = list if connection.vendor == "postgresql" else lambda numbers: json.dumps([*numbers])
        values: dict[str, Any] = {name: as_parameter(numbers) for name, numbers in given.items()}
        values["known"] = connection.ops.adapt_datetimefield_value(known)
        params = [values[param.name] if isinstance(param, _Parameter) else param for param in self.params]
        with connection.cursor() as cursor:
            cursor.execute(self.sql, params)
            return cursor.fetchall()
