"""Tables that are worked out rather than stored, on their way out: rows of Python values as CSV, cell by cell."""

import csv
import datetime as dt
import io
from collections.abc import Iterable, Iterator, Sequence

from tracker.clocks import instant_iso
from tracker.exchange.expressions import FORMULA_STARTS
from tracker.models.dates import PartialDate

CHUNK_ROWS = 250
_STARTS = frozenset(map(chr, map(int, FORMULA_STARTS.strip("()").split(","))))


def guarded(text: str) -> str:
    """`text` with an apostrophe ahead of what a spreadsheet would run as a formula, or of an apostrophe."""
    return f"'{text}" if text[:1] in _STARTS else text


def members(texts: Iterable[str]) -> str:
    r"""Several texts for one cell, by "; ", a semicolon within one of them as "\;", as in all files."""
    return "; ".join(text.replace("\\", "\\\\").replace(";", "\\;") for text in texts)


def cell_text(value) -> str:
    """What a file has for `value`: guarded text, dates as long as they are known, instants in UTC, true and false."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, PartialDate):
        return value.iso
    if isinstance(value, dt.datetime):
        return instant_iso(value)
    if isinstance(value, dt.date | int):
        return str(value)
    return guarded(str(value))


def stream_table(header: Sequence[str], rows: Iterable[Sequence]) -> Iterator[bytes]:
    r"""Yield a CSV file in UTF-8 with "\n" line ends: `header`, then `rows`, in pieces of CHUNK_ROWS lines."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(header)
    for number, row in enumerate(rows, start=1):
        writer.writerow([cell_text(value) for value in row])
        if number % CHUNK_ROWS == 0:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()
