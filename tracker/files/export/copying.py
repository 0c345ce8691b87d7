"""Lines that a database makes out of a query, handed on as it makes them: one statement, so one state of it."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass

from django.core.exceptions import EmptyResultSet
from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import QuerySet
from django.db.models.expressions import BaseExpression

CHUNK_BYTES = 64 * 1024
CHUNK_ROWS = 250


@dataclass(frozen=True)
class CompiledQuery:
    """The SQL of a queryset."""

    connection: BaseDatabaseWrapper
    sql: str
    params: Sequence
    expressions: list[BaseExpression]
    """Those that are selected."""


def compiled(rows: QuerySet) -> CompiledQuery | None:
    """The query of `rows`; None if it cannot find anything."""
    connection = connections[rows.db]
    compiler = rows.query.get_compiler(connection=connection)
    try:
        sql, params = compiler.as_sql()
    except EmptyResultSet:
        return None
    return CompiledQuery(connection, sql, params, [expression for expression, _, _ in compiler.select])


def copied(query: CompiledQuery, sql: str, options: str) -> Iterator[bytes]:
    """What PostgreSQL's COPY writes of `sql`, which has the parameters of `query`, in pieces of whole lines."""
    connection = query.connection
    with transaction.atomic(connection.alias), connection.cursor() as cursor:
        # Parallel workers would gather all rows before the first byte.
        cursor.execute("SET LOCAL max_parallel_workers_per_gather = 0")
        cursor.execute("SET LOCAL datestyle = ISO")
        # The driver's own cursor: the one that counts queries takes no parameters here.
        with cursor.cursor.copy(f"COPY ({sql}) TO STDOUT ({options})", query.params) as copy:
            chunk = bytearray()
            for piece in copy:
                chunk += piece
                if len(chunk) >= CHUNK_BYTES:
                    yield bytes(chunk)
                    chunk.clear()
            yield bytes(chunk)


def printed(query: CompiledQuery, pattern: str, cells: list[str]) -> Iterator[bytes]:
    """What SQLite's printf makes of each row of `query`, in pieces of whole lines.

    `pattern` takes `cells`, which are SQL that names the columns of the query `cell0`, `cell1` and so on.
    """
    names = ", ".join(f"cell{number}" for number in range(len(cells)))
    # With an offset the inner query stays a query of its own: merged into the outer one, each cell would be worked out
    # again for each time that it is named.
    sql = (
        f"WITH line({names}) AS (SELECT * FROM ({query.sql}) LIMIT -1 OFFSET 0) "
        f"SELECT CAST(printf(%s, {', '.join(cells)}) AS BLOB) FROM line"
    )
    with closing(query.connection.cursor()) as cursor:
        cursor.execute(sql, (*query.params, pattern))
        while lines := cursor.fetchmany(CHUNK_ROWS):
            yield b"".join(line for (line,) in lines)
