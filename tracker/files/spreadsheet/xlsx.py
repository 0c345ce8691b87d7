"""Reads the first sheet of an XLSX workbook as a stream, after checking that it is not a zip bomb."""

import datetime as dt
import re
import zipfile
from collections.abc import Iterator, Sequence
from typing import BinaryIO

from openpyxl.cell.cell import Cell
from openpyxl.cell.text import Text
from openpyxl.reader.excel import ExcelReader
from openpyxl.xml.constants import SHARED_STRINGS, SHEET_MAIN_NS
from openpyxl.xml.functions import iterparse

from tracker.files.spreadsheet.rows import (
    LONGEST_CELL,
    WIDEST,
    SpreadsheetRow,
    UnreadableSpreadsheet,
    require_text,
)

_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
MOST_PARTS = 1000
CHUNK = 256 * 1024
_DECLARED = re.compile(rb"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)
_CELL = re.compile(rb'<c\s[^>]*?\br="([A-Z]+)(\d+)"')
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
"""The format's escape for characters that XML cannot hold (ECMA-376, part 1, 22.9.2.19)."""


def read_xlsx(file: BinaryIO, limit: int) -> Iterator[SpreadsheetRow]:
    """Yield the rows of the first sheet of `file`, the header first; empty rows are skipped but counted.

    `limit`: the maximum unpacked size in bytes. Raises UnreadableSpreadsheet for an archive that is damaged, larger
    than that, or declares entities.
    """
    try:
        require_harmless(file, limit)
        # Read formulas as such, since nobody has entered their cached results.
        reader = _Reader(file, read_only=True, keep_links=False)
        reader.read()
        book = reader.wb
        if not book.worksheets:
            raise UnreadableSpreadsheet("The workbook has no sheet.")
        sheet = book.worksheets[0]
        # The declared dimensions of a sheet may be wrong.
        sheet.reset_dimensions()
        for number, cells in enumerate(sheet.iter_rows(), start=1):
            row = _row(number, cells)
            if any(map(str.strip, row.cells)) or row.wrong:
                yield row
    except UnreadableSpreadsheet:
        raise
    # A damaged file makes the library raise anything.
    except Exception as error:
        raise UnreadableSpreadsheet(f"This is no XLSX workbook, or a broken one: {error}") from error


class _Reader(ExcelReader):
    """The library's reader, except for shared strings, in which it would unescape too much."""

    def read_strings(self) -> None:
        part = self.package.find(SHARED_STRINGS)
        if part is None:
            return
        with self.archive.open(part.PartName[1:]) as stream:
            for _, node in iterparse(stream):
                if node.tag == f"{{{SHEET_MAIN_NS}}}si":
                    self.shared_strings.append(Text.from_tree(node).content)
                    node.clear()


def _row(number: int, cells: Sequence[Cell]) -> SpreadsheetRow:
    while cells and cells[-1].value is None:
        cells = cells[:-1]
    if len(cells) > WIDEST:
        raise UnreadableSpreadsheet(
            f"Row {number} has {len(cells):,} cells; none may have more than {WIDEST:,}."
        )
    row = SpreadsheetRow(number, [])
    for place, cell in enumerate(cells):
        try:
            row.cells.append(_text(cell))
        except ValueError as error:
            row.cells.append(str(cell.value))
            row.wrong.append((place, str(error)))
    require_text(number, row.cells)
    return row


def _text(cell: Cell) -> str:
    """The text of a cell as in a CSV file; raises ValueError if it has none."""
    value = cell.value
    if value is None:
        return ""
    if cell.data_type == "f":
        raise ValueError("This cell is a formula: put what it gives in its place.")
    if cell.data_type == "e":
        raise ValueError("This cell is an error of a formula.")
    if isinstance(value, str):
        return _ESCAPED.sub(lambda code: chr(int(code[1], 16)), value)
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dt.date):
        return _date(value, cell.number_format)
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, dt.time):
        return value.isoformat("auto" if value.second or value.microsecond else "minutes")
    raise ValueError("This cell is a length of time: write it as text.")


def _date(value: dt.date, number_format: str) -> str:
    """The date of a cell, to the precision of its number format; raises ValueError if the format is ambiguous."""
    if isinstance(value, dt.datetime):
        if value.time() != dt.time():
            return value.isoformat()
        value = value.date()
    # The first section applies to positive numbers; quoted, escaped and bracketed parts are literal.
    shown = set(_LITERAL.sub("", number_format).partition(";")[0].lower())
    has_month, has_year = "m" in shown and "h" not in shown, "y" in shown
    iso = value.isoformat()
    if not (has_year or has_month or "d" in shown):
        return iso
    if not has_year:
        raise ValueError(f"This cell shows no year and holds {iso}: write the date with its year, as text.")
    if "d" in shown:
        return iso
    # A typed month is stored as its first day, a year as its first month.
    shorter = iso[:7] if has_month else iso[:4]
    if iso != f"{shorter}-01-01"[:10]:
        raise ValueError(
            f"This cell shows {shorter} and holds {iso}: write which of the two is meant, as text."
        )
    return shorter


def require_harmless(file: BinaryIO, limit: int) -> None:
    """Unpack all parts as a stream; raise UnreadableSpreadsheet if they are too large or invalid."""
    archive = zipfile.ZipFile(file)
    parts = archive.infolist()
    if len(parts) > MOST_PARTS:
        raise UnreadableSpreadsheet(
            f"The workbook has {len(parts):,} parts; none has more than {MOST_PARTS:,}."
        )
    left = limit
    for part in parts:
        left = _unpacked(archive, part, left, limit)
    file.seek(0)


def _unpacked(archive: zipfile.ZipFile, part: zipfile.ZipInfo, left: int, limit: int) -> int:
    """The number of bytes that may still be unpacked after `part`."""
    tail, last, run = b"", None, 0
    with archive.open(part) as stream:
        while chunk := stream.read(CHUNK):
            left -= len(chunk)
            if left < 0:
                raise UnreadableSpreadsheet(f"The workbook unpacks to more than {limit // 1024**2:,} MB.")
            data = tail + chunk
            if _DECLARED.search(data) or data.startswith((b"\xff\xfe", b"\xfe\xff")):
                raise UnreadableSpreadsheet(f"{part.filename} declares entities, which no workbook needs.")
            for cell in _CELL.finditer(data):
                last = cell
            # The text between two tags is one cell, which the parser holds in memory.
            run = run + len(chunk) if b"<" not in chunk else len(chunk) - chunk.rfind(b"<")
            if run > 4 * LONGEST_CELL:
                at = f"Row {last[2].decode()}, column {last[1].decode()}" if last else part.filename
                raise UnreadableSpreadsheet(f"{at}: a cell is longer than {LONGEST_CELL:,} characters.")
            tail = data[-200:]
    return left
