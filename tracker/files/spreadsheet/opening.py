"""Opens CSV or XLSX files as a header and rows."""

import zipfile
from collections.abc import Iterator
from pathlib import PurePath
from typing import BinaryIO

from tracker.files.spreadsheet.csv import read_csv
from tracker.files.spreadsheet.rows import SpreadsheetRow, UnreadableSpreadsheet
from tracker.files.spreadsheet.xlsx import read_xlsx

SPREADSHEETS = (".xlsx", ".xlsm")
UNPACKED = 5
"""The maximum unpacked size of a workbook, as a multiple of the size limit."""


def is_workbook(file_name: str) -> bool:
    """Whether `file_name` is that of an XLSX workbook."""
    return PurePath(file_name).suffix.lower() in SPREADSHEETS


def read_table(file: BinaryIO, file_name: str, limit: int) -> tuple[list[str], Iterator[SpreadsheetRow]]:
    """The header of `file`, and an iterator over its rows. `limit`: the maximum size of a file, in bytes.

    Raises UnreadableSpreadsheet, also during iteration, with the row and column.
    """
    file.seek(0, 2)
    if file.tell() > limit:
        raise UnreadableSpreadsheet(f"The file is larger than {limit // 1024**2:,} MB.")
    file.seek(0)
    if is_workbook(file_name):
        rows = read_xlsx(file, limit * UNPACKED)
    elif zipfile.is_zipfile(file):
        raise UnreadableSpreadsheet("This is an archive and no CSV; the name of a workbook ends with .xlsx.")
    else:
        file.seek(0)
        rows = read_csv(file)
    head = next(rows, None)
    if head is None:
        raise UnreadableSpreadsheet("The file is empty: its first row names the columns.")
    return [name.strip() for name in head.cells], rows
