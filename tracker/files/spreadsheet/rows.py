"""The common result of all readers: rows of text with their errors, or one error for the file."""

from dataclasses import dataclass, field

LONGEST_CELL = 1_000_000
"""The maximum length of a cell in characters, more than any recorded text; limits memory use."""
WIDEST = 1000
"""The maximum number of cells in a row, more than any record type has columns."""


class UnreadableSpreadsheet(Exception):
    """Raised if a file cannot be read at all; the message names the row and, if possible, the column."""


@dataclass
class SpreadsheetRow:
    """One row: its `number` as in a spreadsheet (the header is row 1), and its `cells` as text."""

    number: int
    cells: list[str]
    wrong: list[tuple[int, str]] = field(default_factory=list)
    """(index, reason) of cells without a text value, such as a formula or a time of day."""


def require_text(number: int, cells: list[str]) -> None:
    """Raise UnreadableSpreadsheet for a null character, which databases cannot store."""
    for place, cell in enumerate(cells, start=1):
        if "\x00" in cell:
            raise UnreadableSpreadsheet(
                f"Row {number}, column {place} holds a null character, which no text can have."
            )
