"""XLSX on its way in: the first sheet, read in a stream once the archive is known to be no bomb."""

import datetime as dt
import re
import zipfile
from collections.abc import Iterator
from typing import BinaryIO

from openpyxl.cell.text import Text
from openpyxl.reader.excel import ExcelReader
from openpyxl.xml.constants import SHARED_STRINGS, SHEET_MAIN_NS
from openpyxl.xml.functions import iterparse

from tracker.exchange.reading.rows import LONGEST_CELL, WIDEST, Row, Unreadable, require_text

MOST_PARTS = 1000
CHUNK = 256 * 1024
_DECLARED = re.compile(rb"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)
_CELL = re.compile(rb'<c\s[^>]*?\br="([A-Z]+)(\d+)"')
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
"""How the format writes what XML cannot hold (ECMA-376, part 1, 22.9.2.19)."""


def read_xlsx(file: BinaryIO, limit: int) -> Iterator[Row]:
    """Yield the rows of the first sheet of `file`, the header first; wholly empty ones keep their numbers.

    `limit`: how many bytes the archive may unpack to. Raises Unreadable for an archive that is broken, larger than
    that, or declares entities.
    """
    try:
        _require_harmless(file, limit)
        # Formulas are asked for as such: what a spreadsheet last made of them is nobody's word.
        reader = _Reader(file, read_only=True, keep_links=False)
        reader.read()
        book = reader.wb
        if not book.worksheets:
            raise Unreadable("The workbook has no sheet.")
        sheet = book.worksheets[0]
        # What a sheet says of its own size need not be true.
        sheet.reset_dimensions()
        for number, cells in enumerate(sheet.iter_rows(), start=1):
            row = _row(number, cells)
            if any(row.cells) or row.wrong:
                yield row
    except Unreadable:
        raise
    # What is damaged breaks the library wherever the damage is.
    except Exception as error:
        raise Unreadable(f"This is no XLSX workbook, or a broken one: {error}") from error


class _Reader(ExcelReader):
    """The library's reader, but for texts that stand apart from their cells: it would take an escape out of those."""

    def read_strings(self):
        part = self.package.find(SHARED_STRINGS)
        if part is None:
            return
        with self.archive.open(part.PartName[1:]) as stream:
            for _, node in iterparse(stream):
                if node.tag == f"{{{SHEET_MAIN_NS}}}si":
                    self.shared_strings.append(Text.from_tree(node).content)
                    node.clear()


def _row(number, cells) -> Row:
    while cells and cells[-1].value is None:
        cells = cells[:-1]
    if len(cells) > WIDEST:
        raise Unreadable(f"Row {number} has {len(cells):,} cells; none may have more than {WIDEST:,}.")
    row = Row(number, [])
    for place, cell in enumerate(cells):
        try:
            row.cells.append(_text(cell))
        except ValueError as error:
            row.cells.append(str(cell.value))
            row.wrong.append((place, str(error)))
    require_text(number, row.cells)
    return row


def _text(cell) -> str:
    """The text of a cell as a file of text has it; raises ValueError for what has none."""
    value = cell.value
    if value is None:
        return ""
    if cell.data_type == "f":
        raise ValueError("This cell is a formula: put what it gives in its place.")
    if cell.data_type == "e":
        raise ValueError("This cell is an error of a formula.")
    if isinstance(value, str):
        return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), value)
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dt.datetime):
        return value.isoformat() if value.time() != dt.time() else value.date().isoformat()
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, int | float):
        return str(value)
    raise ValueError("This cell is a time of day or a length of time: write it as text.")


def _require_harmless(file: BinaryIO, limit: int) -> None:
    """Unpack all parts in a stream, and raise Unreadable for what would not fit, or is not what it seems."""
    archive = zipfile.ZipFile(file)
    parts = archive.infolist()
    if len(parts) > MOST_PARTS:
        raise Unreadable(f"The workbook has {len(parts):,} parts; none has more than {MOST_PARTS:,}.")
    left = limit
    for part in parts:
        left = _unpacked(archive, part, left, limit)
    file.seek(0)


def _unpacked(archive, part, left: int, limit: int) -> int:
    """How many bytes may still be unpacked once `part` is."""
    tail, last, run = b"", None, 0
    with archive.open(part) as stream:
        while chunk := stream.read(CHUNK):
            left -= len(chunk)
            if left < 0:
                raise Unreadable(f"The workbook unpacks to more than {limit // 1024**2:,} MB.")
            data = tail + chunk
            if _DECLARED.search(data) or data.startswith((b"\xff\xfe", b"\xfe\xff")):
                raise Unreadable(f"{part.filename} declares entities, which no workbook needs.")
            for found in _CELL.finditer(data):
                last = found
            # Between two tags stands the text of one cell, and is held whole by whoever reads it.
            run = run + len(chunk) if b"<" not in chunk else len(chunk) - chunk.rfind(b"<")
            if run > 4 * LONGEST_CELL:
                at = f"Row {last[2].decode()}, column {last[1].decode()}" if last else part.filename
                raise Unreadable(f"{at}: a cell is longer than {LONGEST_CELL:,} characters.")
            tail = data[-200:]
    return left
