"""Reading the record as it was on record at an instant, or was public by a day: the same queries, on fewer rows."""

import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from functools import cache

from django.db import connection, models

from tracker.clocks import READ_AT
from tracker.models.changes import Change
from tracker.models.citations import Citation
from tracker.models.claims import Claim
from tracker.models.developments import Development
from tracker.models.effects import Effect
from tracker.models.known import OPEN, literal
from tracker.models.processes import Process
from tracker.models.public import public_tables
from tracker.models.source_texts import SourceText
from tracker.models.sources import Source
from tracker.models.versions import VERSIONS

RECORDED = {
    Development: "recorded_at",
    Effect: "recorded_at",
    Citation: "recorded_at",
    Claim: "recorded_at",
    Change: "at",
    SourceText: "recorded_at",
}
"""What is never changed once it is recorded, except that it ends; its rows carry the instant of that themselves."""

_is_whole: ContextVar[bool] = ContextVar("is_whole", default=False)
_public_by: ContextVar[dt.date | None] = ContextVar("public_by", default=None)

# A table that is read, as Django writes it, and its alias where it has one.
_READ = re.compile(
    r'\b(FROM|JOIN) "(tracker_\w+)"'
    r"(?: (?!(?:ON|WHERE|INNER|LEFT|CROSS|GROUP|ORDER|HAVING|LIMIT|UNION|EXCEPT|INTERSECT|FOR|WINDOW)\b)(\"?\w+\"?))?"
)
_READS = re.compile(r"\s*\(*(SELECT|WITH|EXPLAIN|DECLARE|COPY \()", re.IGNORECASE)


class PastIsFixed(Exception):
    """Raised for a write while the past is read."""


@contextmanager
def reading(
    instant: dt.datetime | None, public: dt.date | None = None, is_whole: bool = False
) -> Iterator[None]:
    """Read the record as it was on record at the aware `instant` inside the block; in the present if it is None.

    With `public`, only what rests on a source that was surely published by the end of that day is read. Pages ask for
    developments in force at their clocks, which are found by the instants of their rows. With `is_whole` these tables,
    and those of the versions, are read as they were as well: without what was recorded or ended since.
    """
    values = {READ_AT: instant, _public_by: public, _is_whole: is_whole}
    # A reading within another one has the wrapper of that.
    is_first = (instant or public) and _execute not in connection.execute_wrappers
    tokens = [(variable, variable.set(value)) for variable, value in values.items()]  # type: ignore[attr-defined]
    try:
        with connection.execute_wrapper(_execute) if is_first else nullcontext():
            yield
    finally:
        for variable, token in tokens:
            variable.reset(token)


def read_within(content: Iterable[bytes], *moment: object, is_whole: bool) -> Iterator[bytes]:
    """`content`, made while the record is read at `moment`, what `reading` takes."""
    pieces = iter(content)
    while True:
        with reading(*moment, is_whole=is_whole):  # type: ignore[arg-type]
            piece = next(pieces, None)
        if piece is None:
            return
        yield piece


def at_instant(sql: str) -> str:
    """The query `sql` on the versions of the instant at which the record is read, where nothing else rewrites it."""
    return _rewritten(sql)


def _execute(execute: Callable, sql: str, params: object, many: bool, context: dict) -> object:
    """Stand between Django and the database while the past is read."""
    if READ_AT.get() is None and _public_by.get() is None:
        return execute(sql, params, many, context)
    if not _READS.match(sql) and any(f'"{table}"' in sql for table in _tables()):
        raise PastIsFixed(f"A view of the past cannot write: {sql[:80]}")
    return execute(_rewritten(sql), params, many, context)


def _rewritten(sql: str) -> str:
    day, instant = _public_by.get(), READ_AT.get()
    if day is not None:
        sql = _replaced(sql, public_tables(day))
    if instant is not None:
        tables = _tables() | _whole_tables() if _is_whole.get() else _tables()
        sql = _replaced(sql, tables, literal(instant))
    return sql


def _replaced(sql: str, tables: dict[str, str], known: str = "") -> str:
    """`sql` with a query of its rows in place of each of `tables` that it reads."""

    def read(match: re.Match) -> str:
        verb, table, alias = match.groups()
        if table not in tables:
            return match[0]
        rows = tables[table].replace("{known}", known)
        return f"{verb} ({rows}) {alias or connection.ops.quote_name(table)}"

    return _READ.sub(read, sql)


@cache
def _tables() -> dict[str, str]:
    """{table: the query of its rows at the instant {known}}, of everything that is kept in versions."""
    tables = {}
    worked_out = {Process: _last_recorded(), Source: _text_stored()}
    for model in VERSIONS:
        more = f", {worked_out[model]}" if model in worked_out else ""
        tables[model._meta.db_table] = (
            f'SELECT v.*{more} FROM "{model._meta.db_table}_version" AS v'  # noqa: S608
            ' WHERE v."known_from" <= {known} AND v."known_until" > {known}'
        )
    return tables | {
        Citation._meta.db_table: _rows_as_they_were(Citation),
        SourceText._meta.db_table: _rows_recorded(SourceText, "recorded_at"),
    }


@cache
def _whole_tables() -> dict[str, str]:
    """{table: the query of its rows at the instant {known}}, of what is never changed, and of the versions."""
    began = {**RECORDED, **dict.fromkeys(VERSIONS.values(), "known_from")}
    return {model._meta.db_table: _rows_recorded(model, name) for model, name in began.items()}


def _rows_recorded(model: type[models.Model], instant: str) -> str:
    """The query of the rows of `model` recorded by the instant {known}, as they were then."""
    return f'{_rows_as_they_were(model)} WHERE "{instant}" <= {{known}}'


def _rows_as_they_were(model: type[models.Model]) -> str:
    """The query of all rows of `model`, with what they had at the instant {known}."""
    columns = ", ".join(map(_as_it_was, model._meta.local_concrete_fields))
    return f'SELECT {columns} FROM "{model._meta.db_table}"'  # noqa: S608


def _as_it_was(field: models.Field) -> str:
    """The column of `field`, with what it had before the row ended, or words were found, where it tells of that."""
    column = f'"{field.column}"'
    if field.name in ("looked_up_at", "found_at"):
        return f"CASE WHEN {column} <= {{known}} THEN {column} END AS {column}"
    if field.name == "found_in":
        return f'CASE WHEN "found_at" > {{known}} THEN NULL ELSE {column} END AS {column}'
    if field.name == "found":
        # It was unknown until a text was stored, and then false until one with the words was.
        return (
            'CASE WHEN "looked_up_at" > {known} THEN NULL'
            f' WHEN "found_at" > {{known}} THEN false ELSE {column} END AS {column}'
        )
    if field.name == "known_until":
        return f"CASE WHEN {column} <= {{known}} THEN {column} ELSE {literal(OPEN)} END AS {column}"
    if not field.name.startswith("ended_"):
        return column
    otherwise = "NULL" if field.null else "''"
    return f'CASE WHEN "ended_at" <= {{known}} THEN {column} ELSE {otherwise} END AS {column}'


def _last_recorded() -> str:
    """The instant of the last recording in a process, which changes with each and is not kept in versions."""
    # The index begins with a sum, so that it misleads no other query on a process.
    lasts = (
        f'SELECT max("{name}") AS at FROM "tracker_development" AS d'  # noqa: S608
        f' WHERE d."process_id" + 0 = v."id" + 0 AND d."{name}" <= {{known}}'
        for name in ("recorded_at", "ended_at")
    )
    return f'(SELECT max(at) FROM ({" UNION ALL ".join(lasts)}) AS lasts) AS "last_recorded_at"'  # noqa: S608


def _text_stored() -> str:
    """The text of a source that was the newest."""
    newest = (
        'SELECT stored."text" FROM "tracker_sourcetext" AS stored'
        ' WHERE stored."source_ref" = v."ref" AND stored."recorded_at" <= {known}'
        ' ORDER BY stored."number" DESC LIMIT 1'
    )
    return f"coalesce(({newest}), '') AS \"text\""
