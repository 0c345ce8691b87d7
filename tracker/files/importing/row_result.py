"""The outcome of one row of a file: what it would create or change, or why it cannot."""

from dataclasses import dataclass, field

from tracker.files.spreadsheet.rows import SpreadsheetRow
from tracker.models import Citation, Development, Effect, ImportRow, ImportRun, Record

Outcome = ImportRow.Outcome
WRITTEN = (Outcome.CREATED, Outcome.CHANGED)
"""The outcomes of rows that are written."""
NOT_TAKEN = (Outcome.WRONG, Outcome.CONFLICTING)
"""The outcomes of rows that cannot be imported."""


@dataclass
class RowResult:
    """The intermediate or final result of one row."""

    row: SpreadsheetRow
    cells: dict[str, str]
    """What is not empty, by header, as text without guards."""
    is_shifted: bool = False
    """Whether its cells are not in the columns that they were written for, so that none of them is read."""
    labels: dict[str, str] = field(default_factory=dict)
    """The codes of labels that differ from the code beside them, by the column of codes."""
    outcome: str = Outcome.UNCHANGED
    ref: str = ""
    present: dict[str, str] | None = None
    """The cells that an export of the record has now, by header; None for a new one."""
    given: dict[str, str] = field(default_factory=dict)
    """The cells that set something: of an existing record, those that differ from it."""
    messages: list[dict[str, str]] = field(default_factory=list)
    """What is wrong with it, as ImportRow.messages holds it."""
    notices: list[dict[str, str]] = field(default_factory=list)
    """What somebody should know of a row that can be imported, in the same form."""
    changes: list[dict[str, str]] = field(default_factory=list)
    repeats: bool = False
    """Whether an earlier row is about the same record."""
    record: Record | None = None
    """What is to be saved, with the new values on it."""
    values: dict = field(default_factory=dict)
    """The values of its fields, by name."""
    related: dict[str, list] = field(default_factory=dict)
    """The values of its many-valued relations, by name."""
    kept: dict | None = None
    version: int | None = None
    """The version of the development that it corrects."""
    whole: str = ""
    """The development that its record is part of, or is raised by."""
    development: Development | None = None
    """The new development that raises a new item."""
    effects: list[Effect] = field(default_factory=list)
    citations: list[Citation] = field(default_factory=list)
    predecessor: "RowResult | None" = None
    """The row whose new development the new one comes after, if it is named by its headline."""
    joined_with: "RowResult | None" = None
    """The row of the same new development to which it adds a text of the wording."""
    process_id: int | None = None
    reason: str = ""
    reason_note: str = ""
    """Of a correction."""

    def refuse(self, column: str, rule: str, outcome: str = Outcome.WRONG, value: str | None = None) -> None:
        """Add an error for `column`; the row will not be written."""
        value = self.cells.get(column, "") if value is None else value
        self.messages.append({"column": column, "value": value[:500], "rule": rule})
        if self.outcome != Outcome.WRONG:
            self.outcome = outcome

    def note(self, notice: str) -> None:
        """Add a notice; the row can still be imported."""
        self.notices.append({"column": "", "value": "", "rule": notice})

    def ask(self, column: str, question: str) -> None:
        """Add a question about `column`; the row can be imported by somebody who answers it."""
        value = self.cells.get(column, "")[:500]
        self.notices.append({"column": column, "value": value, "rule": question, "asks": "dates"})

    @property
    def asks(self) -> bool:
        """Whether it has a question to answer."""
        return any("asks" in notice for notice in self.notices)


def import_rows(run: ImportRun, results: list[RowResult]) -> list[ImportRow]:
    """`results` as unsaved rows of `run`."""
    return [
        ImportRow(
            run=run,
            number=result.row.number,
            cells=result.row.cells,
            outcome=result.outcome,
            ref=result.ref,
            whole=result.whole,
            version=result.version,
            changes=result.changes,
            messages=result.messages or result.notices,
            kept=result.kept,
        )
        for result in results
    ]
