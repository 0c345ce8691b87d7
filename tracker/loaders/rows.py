"""Reads the rows of a dataset from CSV or XLSX."""

import csv
import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import openpyxl
from django.conf import settings

from tracker.files.spreadsheet.opening import UNPACKED
from tracker.files.spreadsheet.xlsx import require_harmless
from tracker.text.folding import nearest_code

LONGEST_CELL = 5_000_000
"""The maximum length of a cell; the longest in a known dataset has 28,000 characters."""

KNOWN_BY = {"MEND": "med_event_ID", "PA-X": "AgtId"}
"""{dataset: a column that identifies it}"""
SOME_MISSING = 5
"""A file that lacks more columns than this is considered the wrong file, rather than misspelt."""

COMMANDS = {"MEND": "load_mend", "PA-X": "load_pax"}


class UnreadableDataset(Exception):
    """Raised for a file that cannot be loaded; nothing has been recorded."""


@dataclass(frozen=True)
class DatasetRow:
    """One row as read: its number in the file (the header is 1), and the text of each cell by column.

    `fault` says why the row cannot be read; it is usually empty.
    """

    number: int
    cells: dict[str, str]
    fault: str = ""

    @property
    def filled(self) -> dict[str, str]:
        """The cells that are not empty."""
        return {name: text for name, text in self.cells.items() if text}

    def hash(self, without: str) -> str:
        """SHA-256, in hex, of the non-empty cells, except the column `without`."""
        cells = {name: text for name, text in self.filled.items() if name != without}
        return hashlib.sha256(json.dumps(cells, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def read(path: Path, dataset: str, required: Sequence[str], file_name: str) -> Iterator[DatasetRow]:
    """The rows of the CSV (UTF-8, with or without BOM) or XLSX file at `path`, called `file_name`, in order.

    The header is checked at once. Raises OSError, or UnreadableDataset for a wrong encoding, a missing column (with the
    nearest one), a duplicate column, or another dataset.
    """
    lines = _sheet(path) if file_name.lower().endswith(".xlsx") else _csv(path)
    header = [name.strip() for name in next(lines, [])]
    _check(path, dataset, header, required)
    return _rows(lines, header)


def _rows(lines: Iterator[Sequence[str]], header: list[str]) -> Iterator[DatasetRow]:
    for number, line in enumerate(lines, start=2):
        fault = ""
        if len(line) != len(header) and any(line):
            fault = f"it has {len(line)} cells, the header {len(header)}"
        elif any("\0" in text for text in line):
            column = next(name for name, text in zip(header, line, strict=True) if "\0" in text)
            fault = f"{column} holds a NUL character, which no database keeps"
            line = [text.replace("\0", "\ufffd") for text in line]
        yield DatasetRow(number, dict(zip(header, line, strict=False)), fault)


def _csv(path: Path) -> Iterator[list[str]]:
    csv.field_size_limit(LONGEST_CELL)
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file)
        try:
            yield from reader
        except UnicodeDecodeError as error:
            raise UnreadableDataset(
                f"it is not UTF-8: after line {reader.line_num} comes the byte {error.object[error.start]:#04x}; "
                "save it as “CSV UTF-8”"
            ) from None
        except csv.Error as error:
            raise UnreadableDataset(f"it is not CSV: line {reader.line_num}, {error}") from None


def _sheet(path: Path) -> Iterator[list[str]]:
    # Of a path, openpyxl would ask how it ends.
    with path.open("rb") as file:
        try:
            require_harmless(file, settings.IMPORT_LIMIT_MB * 1024**2 * UNPACKED)
            book = openpyxl.load_workbook(file, read_only=True, data_only=True)
            for line in book.worksheets[0].iter_rows(values_only=True):
                yield [_text(value) for value in line]
        # A damaged file makes the library raise anything.
        except Exception as error:
            raise UnreadableDataset(f"it is not an XLSX file, or a broken one: {error}") from None


def _text(value) -> str:
    """The text of a typed cell: dates in ISO form, whole numbers without a point."""
    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _check(path: Path, dataset: str, header: list[str], required: Iterable[str]) -> None:
    missing = [name for name in required if name not in header]
    for other, column in KNOWN_BY.items():
        if other != dataset and column in header:
            raise UnreadableDataset(f"it holds {other}, which manage.py {COMMANDS[other]} reads")
    if len(missing) > SOME_MISSING:
        raise UnreadableDataset(
            f"it does not hold {dataset}: {len(missing)} columns are missing, {missing[0]} among them"
        )
    if missing:
        raise UnreadableDataset("; ".join(_missing(name, header) for name in missing))
    twice = sorted({name for name in header if name and header.count(name) > 1})
    if twice:
        raise UnreadableDataset(f"the column {twice[0]} is there twice")


def _missing(name: str, header: list[str]) -> str:
    near = nearest_code(name, filter(None, header))
    return f"the column {name} is missing" + (f" (the nearest is {near})" if near else "")
