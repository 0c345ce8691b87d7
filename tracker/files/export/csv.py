"""Streams CSV that the database formats from a query, in constant memory."""

import csv
import io
from collections.abc import Iterator, Sequence
from typing import Literal

from django.db.models import QuerySet

from tracker.files.export.copying import CompiledQuery, compiled, copied, printed
from tracker.files.export.expressions import may_need_quotes
from tracker.files.export.profiles import MARK, PLAIN, CsvProfile


def stream_csv(header: Sequence[str], rows: QuerySet, profile: CsvProfile = PLAIN) -> Iterator[bytes]:
    r"""Yield a CSV file in UTF-8 with "\n" line ends: `header`, then one line for each of `rows`, in their order.

    `rows` is a `values_list()` with one column or expression of `tracker.files.export.expressions` for each name of
    `header`; instants, booleans and texts that can be empty need such an expression. `profile` decides on the BOM and
    the quotes; guards and labels are expressions. A column that may need quotes is quoted in every line, which is
    faster than checking. The output is a consistent snapshot, with the same bytes on SQLite and PostgreSQL. Closing
    the iterator early frees the connection.
    """
    yield head(header, profile)
    if query := compiled(rows):
        quoted = [profile.quotes_all or may_need_quotes(expression) for expression in query.expressions]
        lines = _copied if query.connection.vendor == "postgresql" else _printed
        yield from lines(query, quoted)


def head(header: Sequence[str], profile: CsvProfile) -> bytes:
    """The first line of a file."""
    line = io.StringIO()
    csv.writer(line, lineterminator="\n", quoting=quoting(profile)).writerow(header)
    return (MARK if profile.has_mark else b"") + line.getvalue().encode()


def quoting(profile: CsvProfile) -> Literal[0, 1]:
    """The quoting mode of Python's csv.writer for `profile`."""
    return csv.QUOTE_ALL if profile.quotes_all else csv.QUOTE_MINIMAL


def _copied(query: CompiledQuery, quoted: list[bool]) -> Iterator[bytes]:
    names = [f"cell{number}" for number in range(len(quoted))]
    forced = [name for name, is_quoted in zip(names, quoted, strict=True) if is_quoted]
    if not forced:
        return copied(query, query.sql, "FORMAT csv")
    # NULL is never quoted, but an empty text is.
    cells = [f"coalesce({name}::text, '') AS {name}" if name in forced else name for name in names]
    sql = f"SELECT {', '.join(cells)} FROM ({query.sql}) AS line({', '.join(names)})"
    return copied(query, sql, f"FORMAT csv, FORCE_QUOTE ({', '.join(forced)})")


def _printed(query: CompiledQuery, quoted: list[bool]) -> Iterator[bytes]:
    # %w doubles quotation marks.
    pattern = ",".join('"%w"' if is_quoted else "%s" for is_quoted in quoted)
    cells = [
        f"coalesce(cell{number}, '')" if is_quoted else f"cell{number}"
        for number, is_quoted in enumerate(quoted)
    ]
    return printed(query, f"{pattern}\n", cells)
