"""Reading the record as it was on record at an instant: the same queries, on the versions of that instant."""

import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, nullcontext

from django.db import connection

from tracker.clocks import READ_AT
from tracker.models.versions import NOT_KEPT, VERSIONS

_TABLES = {model._meta.db_table: model for model in VERSIONS}
# A table that is read, as Django writes it, and its alias where it has one.
_READ = re.compile(
    r'\b(FROM|JOIN) "(' + "|".join(_TABLES) + r')"'
    r"(?: (?!(?:ON|WHERE|INNER|LEFT|CROSS|GROUP|ORDER|HAVING|LIMIT|UNION|EXCEPT|INTERSECT|FOR|WINDOW)\b)(\"?\w+\"?))?"
)
_READS = re.compile(r"\s*\(*(SELECT|WITH|EXPLAIN|DECLARE|COPY \()", re.IGNORECASE)


class PastIsFixed(Exception):
    """Raised for a write while the past is read."""


@contextmanager
def reading(instant: dt.datetime | None) -> Iterator[None]:
    """Read the record as it was on record at the aware `instant` inside the block; in the present if it is None."""
    token = READ_AT.set(instant)
    try:
        with connection.execute_wrapper(_execute) if instant else nullcontext():
            yield
    finally:
        READ_AT.reset(token)


def read_within(content: Iterable[bytes], instant: dt.datetime | None) -> Iterator[bytes]:
    """`content`, made while the record is read at `instant`."""
    pieces = iter(content)
    while True:
        with reading(instant):
            piece = next(pieces, None)
        if piece is None:
            return
        yield piece


def at_instant(sql: str) -> str:
    """The query `sql` on the versions of the instant at which the record is read."""
    instant = READ_AT.get()
    if instant is None:
        return sql
    return _READ.sub(lambda match: _versions(match, _literal(instant)), sql)


def _versions(match: re.Match, instant: str) -> str:
    verb, table, alias = match.groups()
    lost = "".join(f', NULL AS "{name}"' for name in NOT_KEPT.get(_TABLES[table], ()))
    alias = alias or f'"{table}"'
    return (
        f'{verb} (SELECT *{lost} FROM "{table}_version"'  # noqa: S608
        f' WHERE "known_from" <= {instant} AND "known_until" > {instant}) {alias}'
    )


def _literal(instant: dt.datetime) -> str:
    text = connection.ops.adapt_datetimefield_value(instant)
    return f"'{text}'::timestamptz" if connection.vendor == "postgresql" else f"'{text}'"


def _execute(execute: Callable, sql: str, params: object, many: bool, context: dict) -> object:
    if READ_AT.get() is None:
        return execute(sql, params, many, context)
    if not _READS.match(sql) and any(f'"{table}"' in sql for table in _TABLES):
        raise PastIsFixed(f"A view of the past cannot write: {sql[:80]}")
    return execute(at_instant(sql), params, many, context)
