"""Reads CSV in UTF-8, separated by comma, semicolon or tab, line by line."""

import codecs
import csv
import io
import re
from collections.abc import Iterator
from typing import BinaryIO, Self, TextIO

from tracker.files.spreadsheet.rows import (
    LONGEST_CELL,
    WIDEST,
    SpreadsheetRow,
    UnreadableSpreadsheet,
    require_text,
)

LONGEST_LINE = 4 * LONGEST_CELL
DELIMITERS = ",;\t"
_DECLARED = re.compile(r"[\"']?sep=(?P<inner>[^\r\n\"'])[\"']?(?P<outer>[,;\t]?)[,;\t]*\r?\n?", re.I)
"""A first line with Excel's separator declaration, also if another program has saved it with its own separators."""
_OTHER_MARKS = {codecs.BOM_UTF16_LE: "UTF-16", codecs.BOM_UTF16_BE: "UTF-16"}
SAVE_AS = "Save it as “CSV UTF-8”."


def read_csv(file: BinaryIO) -> Iterator[SpreadsheetRow]:
    """Yield the rows of `file`, the header first; blank rows are skipped but counted.

    A first line `sep=;` is not counted, as in a spreadsheet. Raises UnreadableSpreadsheet for another encoding, a
    stray quotation mark, a null character, or a cell longer than LONGEST_CELL.
    """
    mark = file.read(2)
    if mark in _OTHER_MARKS:
        raise UnreadableSpreadsheet(f"The file is in {_OTHER_MARKS[mark]}, not UTF-8. {SAVE_AS}")
    file.seek(0)
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
    try:
        yield from _rows(text)
    except UnicodeDecodeError:
        raise UnreadableSpreadsheet(_wrong_byte(file)) from None
    finally:
        # The caller closes the file, and may already have done so if the header was refused.
        if not file.closed:
            text.detach()


def _rows(text: TextIO) -> Iterator[SpreadsheetRow]:
    csv.field_size_limit(LONGEST_CELL)
    head = text.readline(LONGEST_LINE)
    if declared := _DECLARED.fullmatch(head):
        head = text.readline(LONGEST_LINE)
        delimiter = declared["outer"] or declared["inner"]
    else:
        delimiter = max(DELIMITERS, key=head.count)
    lines = _Lines(head, text)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    number = 0
    while True:
        number += 1
        lines.kept.clear()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except (csv.Error, _TooLong) as error:
            place = _place("".join(lines.kept), delimiter)
            raise UnreadableSpreadsheet(f"Row {number}, column {place}: {_why(error)}") from None
        if len(cells) > WIDEST:
            raise UnreadableSpreadsheet(
                f"Row {number} has {len(cells):,} cells; none may have more than {WIDEST:,}."
            )
        if "\x00" in "".join(lines.kept):
            require_text(number, cells)
        if any(map(str.strip, cells)):
            yield SpreadsheetRow(number, cells)


class _TooLong(Exception):
    """Raised for a line that is too long."""


class _Lines:
    """Iterates over the lines of a text, and keeps those of the current row for error messages."""

    def __init__(self, first: str, text: TextIO):
        self.first, self.text = first, text
        self.kept: list[str] = []

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> str:
        line, self.first = self.first or self.text.readline(LONGEST_LINE), ""
        if not line:
            raise StopIteration
        self.kept.append(line)
        if len(line) >= LONGEST_LINE:
            raise _TooLong
        return line


def _why(error: Exception) -> str:
    if isinstance(error, _TooLong) or "field limit" in str(error):
        return f"a cell is longer than {LONGEST_CELL:,} characters."
    if "unexpected end" in str(error):
        return "a quotation mark is opened and never closed."
    return f"the quotation marks cannot be read ({error})."


def _place(text: str, delimiter: str) -> int:
    """The column of the cell that is still open at the end of `text`."""
    quoted, place = False, 1
    for sign in text:
        if sign == '"':
            quoted = not quoted
        elif sign == delimiter and not quoted:
            place += 1
    return place


def _wrong_byte(file: BinaryIO) -> str:
    file.seek(0)
    decoder, before, line = codecs.getincrementaldecoder("utf-8")(), 0, 1
    while chunk := file.read(64 * 1024):
        pending = decoder.getstate()[0]
        try:
            decoder.decode(chunk)
        except UnicodeDecodeError as error:
            data, start = pending + chunk, error.start
            place, line = before - len(pending) + start + 1, line + data[:start].count(b"\n")
            return f"Byte {place:,} (line {line:,}) is 0x{data[start]:02X}, which is not UTF-8. {SAVE_AS}"
        before, line = before + len(chunk), line + chunk.count(b"\n")
    return f"The file ends in the middle of a letter, which is not UTF-8. {SAVE_AS}"
