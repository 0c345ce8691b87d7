"""Streams lines that the database formats from a query: a single statement, so a consistent snapshot."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass

from django.core.exceptions import EmptyResultSet
from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import QuerySet
from django.db.models.expressions import BaseExpression

from tracker.models.past import at_instant

CHUNK_BYTES = 64 * 1024
CHUNK_ROWS = 250


@dataclass(frozen=True)
class CompiledQuery:
    """The SQL of a queryset."""

    connection: BaseDatabaseWrapper
    sql: str
    params: Sequence
    expressions: list[BaseExpression]
    """The selected expressions."""


def compiled(rows: QuerySet) -> CompiledQuery | None:
    """The compiled query of `rows`; None if it cannot match any row."""
    connection = connections[rows.db]
    compiler = rows.query.get_compiler(connection=connection)
    try:
        sql, params = compiler.as_sql()
    except EmptyResultSet:
        return None
    # COPY goes past what watches the statements of the connection.
    return CompiledQuery(
        connection, at_instant(sql), params, [expression for expression, _, _ in compiler.select]
    )


def copied(query: CompiledQuery, sql: str, options: str) -> Iterator[bytes]:
    """Yield the output of PostgreSQL's COPY of `sql`, with the parameters of `query`, in chunks of whole lines."""
    connection = query.connection
    with transaction.atomic(connection.alias), connection.cursor() as cursor:
        # With parallel workers the first byte would only arrive after the last row.
        cursor.execute("SET LOCAL max_parallel_workers_per_gather = 0")
        cursor.execute("SET LOCAL datestyle = ISO")
        # Use the driver's cursor: Django's debug cursor does not accept parameters here.
        with cursor.cursor.copy(f"COPY ({sql}) TO STDOUT ({options})", query.params) as copy:
            chunk = bytearray()
            for piece in copy:
                chunk += piece
                if len(chunk) >= CHUNK_BYTES:
                    yield bytes(chunk)
                    chunk.clear()
            yield bytes(chunk)


def printed(query: CompiledQuery, pattern: str, cells: list[str]) -> Iterator[bytes]:
    """Yield each row of `query` formatted by SQLite's printf, in chunks of whole lines.

    `pattern` is filled with `cells`, SQL that refers to the columns of the query as `cell0`, `cell1` and so on.
    """
    names = ", ".join(f"cell{number}" for number in range(len(cells)))
    # The offset keeps SQLite from flattening the subquery, which would compute each cell once for every reference.
    sql = (
        f"WITH line({names}) AS (SELECT * FROM ({query.sql}) LIMIT -1 OFFSET 0) "
        f"SELECT CAST(printf(%s, {', '.join(cells)}) AS BLOB) FROM line"
    )
    with closing(query.connection.cursor()) as cursor:
        cursor.execute(sql, (*query.params, pattern))
        while lines := cursor.fetchmany(CHUNK_ROWS):
            yield b"".join(line for (line,) in lines)
