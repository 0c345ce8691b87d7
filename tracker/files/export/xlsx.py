"""Workbooks with typed cells, written by xlsxwriter row by row, and sent when complete."""

import datetime as dt
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from typing import IO, Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from tracker.files.export.copying import CHUNK_BYTES
from tracker.files.export.progress import counted
from tracker.register.types import Column, Kind

MOST_ROWS = 1_048_575
"""The maximum number of rows below the header."""

LONGEST = 32_767
"""The maximum length of a cell in UTF-16 code units."""

_FIRST_DAY = dt.date(1900, 3, 1)
"""Before this day, the day numbers of spreadsheets do not match the calendar."""

_WIDTHS = {Kind.DATE: 12, Kind.INSTANT: 22, Kind.NUMBER: 10, Kind.FLAG: 8, Kind.CODE: 16}


class CannotHold(Exception):
    """Raised if the rows do not fit a sheet; the message is for users."""


def stream_workbook(title: str, columns: Sequence[Column], rows: Iterable[Sequence]) -> Iterator[bytes]:
    """Yield a workbook with one sheet called `title`: a header with the names of `columns`, then `rows`.

    The first chunk is empty and comes when the workbook is complete. `rows` have the unguarded values of
    `files.export.cells`: texts, dates and instants in ISO format, `true` and `false`, whole numbers. In the sheet days,
    instants (in UTC), numbers and booleans are typed; a date known only to the month or year, or before 1 March 1900,
    is a text. Raises CannotHold for a text that is too long and for too many rows; nothing is ever cut.
    """
    with tempfile.TemporaryFile() as file:
        _write(file, title, columns, rows)
        yield b""
        file.seek(0)
        while piece := file.read(CHUNK_BYTES):
            yield piece


def _write(file: IO[bytes], title: str, columns: Sequence[Column], rows: Iterable[Sequence]) -> None:
    with tempfile.TemporaryDirectory() as room:
        book = xlsxwriter.Workbook(file, {"constant_memory": True, "tmpdir": room})
        # The same rows always give the same bytes.
        book.set_properties({"created": dt.datetime(1980, 1, 1)})
        sheet = book.add_worksheet(title[:31])
        formats = {
            Kind.DATE: book.add_format({"num_format": "yyyy-mm-dd"}),
            Kind.INSTANT: book.add_format({"num_format": 'yyyy-mm-dd"T"hh:mm:ss.000"Z"'}),
        }
        bold = book.add_format({"bold": True})
        sheet.freeze_panes(1, 0)
        for place, column in enumerate(columns):
            sheet.set_column(place, place, _WIDTHS.get(column.kind, 24))
            sheet.write_string(0, place, column.name, bold)
        # In constant-memory mode earlier rows are on disk.
        number = 0
        try:
            for number, row in enumerate(counted(rows), start=1):
                if number > MOST_ROWS:
                    raise CannotHold(f"A sheet holds {MOST_ROWS:,} rows, and there are more. {_INSTEAD}")
                for place, (column, value) in enumerate(zip(columns, row, strict=True)):
                    if value is not None and value != "":
                        _put(sheet, number, place, value, column, formats)
        except BaseException:
            # Discard the output, but close its temporary files.
            book.close()
            raise
        sheet.autofilter(0, 0, number, len(columns) - 1)
        book.close()


def _put(
    sheet: Worksheet, number: int, place: int, value: Any, column: Column, formats: dict[Kind, Format]
) -> None:
    kind = column.kind
    if kind is Kind.NUMBER:
        sheet.write_number(number, place, value)
    elif kind is Kind.FLAG:
        sheet.write_boolean(number, place, value == "true")
    # SQLite's driver converts plain date columns to dates.
    elif (
        kind is Kind.DATE
        and len(str(value)) == 10
        and (day := dt.date.fromisoformat(str(value))) >= _FIRST_DAY
    ):
        sheet.write_datetime(number, place, day, formats[kind])
    elif kind is Kind.INSTANT:
        instant = dt.datetime.fromisoformat(value).replace(tzinfo=None)
        sheet.write_datetime(number, place, instant, formats[kind])
    else:
        value = str(value)
        if len(value) > LONGEST // 2 and (length := len(value.encode("utf-16-le")) // 2) > LONGEST:
            raise CannotHold(
                f"Row {number}, {column.name}: a cell of a spreadsheet holds {LONGEST:,} characters, and this text has "
                f"{length:,}. {_INSTEAD}"
            )
        sheet.write_string(number, place, value)


_INSTEAD = "Take it as CSV or JSON, or filter, or choose columns that leave it out."
