"""What one row of a file comes to: what it would make or change, or why it cannot."""

from dataclasses import dataclass, field

from django.core.exceptions import ValidationError

from tracker.files.importing.rules import placed
from tracker.files.spreadsheet.rows import SpreadsheetRow
from tracker.models import Citation, Development, Effect, ImportRow, Item, Record

Outcome = ImportRow.Outcome


@dataclass
class RowResult:
    """One row, as far as it has been understood."""

    row: SpreadsheetRow
    cells: dict[str, str]
    """What is not empty, by header, as text without guards."""
    is_shifted: bool = False
    """Whether its cells are not in the columns that they were written for, so that none of them is read."""
    labels: dict[str, str] = field(default_factory=dict)
    """The codes that labels mean, by the column of codes, where that says another."""
    outcome: str = Outcome.UNCHANGED
    ref: str = ""
    present: dict[str, str] | None = None
    """What the export of the record says now, by header; None for a new one."""
    given: dict[str, str] = field(default_factory=dict)
    """The cells that set something: of a record on file, those that differ from it."""
    messages: list[dict] = field(default_factory=list)
    """What is wrong with it, as ImportRow.messages holds it."""
    notices: list[str] = field(default_factory=list)
    """What somebody should know of a row that can be taken."""
    changes: list[dict] = field(default_factory=list)
    repeats: bool = False
    """Whether an earlier row is of the same record."""
    record: Record | None = None
    """What is to be saved, with the new values on it."""
    values: dict = field(default_factory=dict)
    related: dict[str, list] = field(default_factory=dict)
    kept: dict | None = None
    version: int | None = None
    whole: str = ""
    development: Development | None = None
    """What raises a new item."""
    effects: list[Effect] = field(default_factory=list)
    citations: list[Citation] = field(default_factory=list)
    process_id: int | None = None
    reason: str = ""
    note: str = ""

    @property
    def writes(self) -> bool:
        """Whether there is anything to be written."""
        return self.outcome in (Outcome.CREATED, Outcome.CHANGED)

    @property
    def is_new_item(self) -> bool:
        """Whether it makes an item, which a development raises."""
        return self.outcome == Outcome.CREATED and isinstance(self.record, Item)

    def refuse(self, column: str, rule: str, outcome: str = Outcome.WRONG, value: str | None = None) -> None:
        """Say what is wrong, and where; nothing of the row is written then."""
        value = self.cells.get(column, "") if value is None else value
        self.messages.append({"column": column, "value": value[:500], "rule": rule})
        if self.outcome != Outcome.WRONG:
            self.outcome = outcome

    def take(self, error: ValidationError) -> None:
        """What the one door refused, at the columns of the fields that it names."""
        for name, message in placed(self.record, error):
            column = next((one for one in (name, f"{name}_id", f"{name}_ids") if one in self.cells), name)
            self.refuse(column, message)

    def keep_refs(self, ref: str, whole: str) -> None:
        """Let what is new have the references that it was shown with."""
        self.ref, self.whole = ref, whole
        if isinstance(self.record, Effect | Citation):
            return
        self.record.ref = ref
        if self.development is not None:
            self.development.ref = whole

    def stored(self, run) -> ImportRow:
        """The same as a row of the import `run`."""
        return ImportRow(
            run=run,
            number=self.row.number,
            cells=self.row.cells,
            outcome=self.outcome,
            ref=self.ref,
            whole=self.whole,
            version=self.version,
            changes=self.changes,
            messages=self.messages
            or [{"column": "", "value": "", "rule": notice} for notice in self.notices],
            kept=self.kept,
        )
