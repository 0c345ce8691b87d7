"""CSV out of a query, written by the database itself and handed on as it comes, in constant memory."""

import csv
import io
from collections.abc import Iterator, Sequence
from contextlib import closing

from django.core.exceptions import EmptyResultSet
from django.db import connections, transaction
from django.db.models import QuerySet

from tracker.exchange.expressions import may_need_quotes

CHUNK_BYTES = 64 * 1024
CHUNK_ROWS = 250


def stream_csv(header: Sequence[str], rows: QuerySet) -> Iterator[bytes]:
    r"""Yield a CSV file in UTF-8 with "\n" line ends: `header`, then one line for each of `rows`, in their order.

    `rows` is a `values_list()` of columns and of the cells of `tracker.exchange.expressions`, one for each name of
    `header`; an instant, a boolean or a text that can be empty needs its cell, all else reads the same without. What is
    yielded is one state of the database, the same bytes on SQLite and on PostgreSQL. Closing the iterator early frees
    the connection for other work.
    """
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow(header)
    yield line.getvalue().encode()
    connection = connections[rows.db]
    compiler = rows.query.get_compiler(connection=connection)
    try:
        sql, params = compiler.as_sql()
    except EmptyResultSet:
        return
    if connection.vendor == "postgresql":
        yield from _copied(connection, sql, params)
    else:
        quotable = [may_need_quotes(expression) for expression, _, _ in compiler.select]
        yield from _built(connection, sql, params, quotable)


def _copied(connection, sql, params):
    # One statement reads one state of the database, whatever is written meanwhile.
    with transaction.atomic(connection.alias), connection.cursor() as cursor:
        # Parallel workers would gather all rows before the first byte.
        cursor.execute("SET LOCAL max_parallel_workers_per_gather = 0")
        cursor.execute("SET LOCAL datestyle = ISO")
        with cursor.copy(f"COPY ({sql}) TO STDOUT (FORMAT csv)", params) as copy:
            chunk = bytearray()
            for piece in copy:
                chunk += piece
                if len(chunk) >= CHUNK_BYTES:
                    yield bytes(chunk)
                    chunk.clear()
            yield bytes(chunk)


def _built(connection, sql, params, quotable):
    names = [f"cell{number}" for number in range(len(quotable))]
    cells = ", ".join(_quoted(name) if needed else name for name, needed in zip(names, quotable, strict=True))
    # With an offset the inner query stays a query of its own: merged into the outer one, each cell would be worked out
    # again for each time that it is named.
    sql = (
        f"WITH line({', '.join(names)}) AS (SELECT * FROM ({sql}) LIMIT -1 OFFSET 0) "
        f"SELECT CAST(printf(%s, {cells}) AS BLOB) FROM line"
    )
    pattern = ",".join(["%s"] * len(names)) + "\n"
    with closing(connection.cursor()) as cursor:
        cursor.execute(sql, (*params, pattern))
        while lines := cursor.fetchmany(CHUNK_ROWS):
            yield b"".join(line for (line,) in lines)


def _quoted(name):
    special = " OR ".join(f"instr({name}, {sign})" for sign in ("','", "'\"'", "char(10)", "char(13)"))
    return f"""CASE WHEN {special} THEN '"' || replace({name}, '"', '""') || '"' ELSE {name} END"""
