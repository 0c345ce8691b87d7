"""Streams reports, rows of Python values, as CSV and JSON."""

import csv
import datetime as dt
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from tracker.clocks import instant_iso
from tracker.files.export.csv import head, quoting
from tracker.files.export.expressions import FORMULA_STARTS
from tracker.files.export.json import in_array
from tracker.files.export.profiles import PLAIN, CsvProfile
from tracker.files.export.report_columns import ReportColumn
from tracker.models.dates import Span
from tracker.models.fields import BETWEEN_CODES
from tracker.register.types import Kind

CHUNK_ROWS = 250
STARTS = frozenset(map(chr, map(int, FORMULA_STARTS.strip("()").split(","))))
"""The first characters of texts that need a guard."""


class Members(tuple):
    """Several texts of one cell."""

    def __str__(self) -> str:
        r"""The texts separated by "; ", with semicolons escaped, as in all files."""
        return "; ".join(text.replace("\\", "\\\\").replace(";", "\\;") for text in self)


def guarded(text: str) -> str:
    """`text` with an apostrophe before it if a spreadsheet would run it as a formula, or if it starts with one."""
    return f"'{text}" if text[:1] in STARTS else text


def cell_text(value: object, profile: CsvProfile = PLAIN) -> str:
    """`value` as text for CSV: dates to their precision, instants in UTC, true and false."""
    value = typed(value)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    return guarded(str(value)) if profile.is_guarded else str(value)


def typed(value: object) -> object:
    """`value` for JSON, except Members: null if empty, dates and instants as texts."""
    if value is None or value == "":
        return None
    if isinstance(value, Span):
        return value.edtf
    if isinstance(value, dt.datetime):
        return instant_iso(value)
    if isinstance(value, dt.date):
        return str(value)
    return value if isinstance(value, bool | int | Members) else str(value)


def stream_table(
    columns: Sequence[ReportColumn], rows: Iterable[Sequence], profile: CsvProfile = PLAIN
) -> Iterator[bytes]:
    r"""Yield a CSV file in UTF-8 with "\n" line ends: names of `columns`, then `rows`, in pieces of CHUNK_ROWS."""
    coded = {column for column in columns if profile.has_labels and column.kind in (Kind.CODE, Kind.CODES)}
    names = [
        [column.name, f"{column.name}_label"] if column in coded else [column.name] for column in columns
    ]
    yield head([name for pair in names for name in pair], profile)
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n", quoting=quoting(profile))
    for number, row in enumerate(rows, start=1):
        if coded:
            row = _with_labels(columns, row, coded)
        writer.writerow([cell_text(value, profile) for value in row])
        if number % CHUNK_ROWS == 0:
            yield _taken(buffer)
    yield _taken(buffer)


def stream_objects(columns: Sequence[ReportColumn], rows: Iterable[Sequence]) -> Iterator[bytes]:
    """Yield a JSON array with an object for each of `rows`; a cell of several texts is a list, if an empty one."""
    return in_array(_objects(columns, rows))


def _objects(columns: Sequence[ReportColumn], rows: Iterable[Sequence]) -> Iterator[bytes]:
    buffer = io.StringIO()
    for number, row in enumerate(rows, start=1):
        members = {column.name: _member(column, value) for column, value in zip(columns, row, strict=True)}
        buffer.write(json.dumps(members, ensure_ascii=False, separators=(",", ":")) + "\n")
        if number % CHUNK_ROWS == 0:
            yield _taken(buffer)
    yield _taken(buffer)


def _member(column: ReportColumn, value: Any) -> object:
    if column.kind is Kind.CODES:
        return value.split(BETWEEN_CODES) if value else []
    return list(value or ()) if column.kind is Kind.MANY else typed(value)


def _with_labels(columns: Sequence[ReportColumn], row: Sequence, coded: set[ReportColumn]) -> list:
    named = dict(zip([column.name for column in columns], row, strict=True))
    cells = []
    for column, value in zip(columns, row, strict=True):
        cells.append(value)
        if column in coded:
            cells.append(column.label_of(named))
    return cells


def _taken(buffer: io.StringIO) -> bytes:
    chunk = buffer.getvalue().encode()
    buffer.seek(0)
    buffer.truncate()
    return chunk
