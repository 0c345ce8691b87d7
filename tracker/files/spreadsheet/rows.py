"""What every reader of files gives: rows of text with what is wrong in them, or one reason why there are none."""

from dataclasses import dataclass, field

LONGEST_CELL = 1_000_000
"""Characters: more than any text on record, and as much as is ever held of a file that is all one cell."""
WIDEST = 1000
"""Cells of a row, more than any record type has columns."""


class UnreadableSpreadsheet(Exception):
    """Why a file cannot be read at all; names the row, and the column where one is to blame."""


@dataclass
class SpreadsheetRow:
    """One row: its `number` as a spreadsheet counts (the header is row 1), and its `cells` as text."""

    number: int
    cells: list[str]
    wrong: list[tuple[int, str]] = field(default_factory=list)
    """Cells that have no text, by place: a formula, a time of day; and why."""


def require_text(number: int, cells: list[str]) -> None:
    """Raise UnreadableSpreadsheet for a null character, which no database keeps."""
    for place, cell in enumerate(cells, start=1):
        if "\x00" in cell:
            raise UnreadableSpreadsheet(
                f"Row {number}, column {place} holds a null character, which no text can have."
            )
