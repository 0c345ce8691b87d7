"""CSV out of a query, written by the database itself and handed on as it comes, in constant memory."""

import csv
import io
from collections.abc import Iterator, Sequence

from django.db.models import QuerySet

from tracker.exchange.copying import compiled, copied, printed
from tracker.exchange.expressions import may_need_quotes
from tracker.exchange.profiles import MARK, PLAIN, Profile


def stream_csv(header: Sequence[str], rows: QuerySet, profile: Profile = PLAIN) -> Iterator[bytes]:
    r"""Yield a CSV file in UTF-8 with "\n" line ends: `header`, then one line for each of `rows`, in their order.

    `rows` is a `values_list()` of columns and of the cells of `tracker.exchange.expressions`, one for each name of
    `header`; an instant, a boolean or a text that can be empty needs its cell, all else reads the same without. Of the
    `profile` it takes the mark and the quotes; guards and labels are cells. What is yielded is one state of the
    database, the same bytes on SQLite and on PostgreSQL. Closing the iterator early frees the connection.
    """
    yield head(header, profile)
    if found := compiled(rows):
        connection, sql, params, expressions = found
        if connection.vendor == "postgresql":
            yield from _copied(connection, sql, params, len(expressions), profile)
        else:
            quotable = [may_need_quotes(expression) for expression in expressions]
            yield from _printed(connection, sql, params, quotable, profile)


def head(header: Sequence[str], profile: Profile) -> bytes:
    """The first line of a file."""
    line = io.StringIO()
    csv.writer(line, lineterminator="\n", quoting=quoting(profile)).writerow(header)
    return (MARK if profile.has_mark else b"") + line.getvalue().encode()


def quoting(profile: Profile) -> int:
    """How Python's own writer quotes in `profile`."""
    return csv.QUOTE_ALL if profile.quotes_all else csv.QUOTE_MINIMAL


def _copied(connection, sql, params, width, profile):
    if not profile.quotes_all:
        return copied(connection, sql, params, "FORMAT csv")
    # What is absent is never quoted, but an empty text is.
    names = [f"cell{number}" for number in range(width)]
    texts = ", ".join(f"coalesce({name}::text, '')" for name in names)
    sql = f"SELECT {texts} FROM ({sql}) AS line({', '.join(names)})"
    return copied(connection, sql, params, "FORMAT csv, FORCE_QUOTE *")


def _printed(connection, sql, params, quotable, profile):
    quoted = _always_quoted if profile.quotes_all else _quoted
    cells = [
        quoted(f"cell{number}") if needed or profile.quotes_all else f"cell{number}"
        for number, needed in enumerate(quotable)
    ]
    return printed(connection, sql, params, ",".join(["%s"] * len(cells)) + "\n", cells)


def _quoted(name):
    special = " OR ".join(f"instr({name}, {sign})" for sign in ("','", "'\"'", "char(10)", "char(13)"))
    return f"CASE WHEN {special} THEN {_always_quoted(name)} ELSE {name} END"


def _always_quoted(name):
    return f"""'"' || replace(coalesce({name}, ''), '"', '""') || '"'"""
