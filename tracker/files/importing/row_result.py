"""The outcome of one row of a file: what it would create or change, or why it cannot, and in which processes."""

from dataclasses import dataclass, field

from django.db.models import Q, QuerySet

from tracker.files.spreadsheet.rows import SpreadsheetRow
from tracker.models import Citation, Development, Effect, ImportRow, ImportRun, Process, Record

Outcome = ImportRow.Outcome
WRITTEN = (Outcome.CREATED, Outcome.CHANGED)
"""The outcomes of rows that are written."""
NOT_TAKEN = (Outcome.WRONG, Outcome.CONFLICTING)
"""The outcomes of rows that cannot be imported."""
NOT_WRITTEN = (*NOT_TAKEN, Outcome.LEFT)
"""The outcomes of rows that are given back once the others are written."""
BATCH = 500
PROCESS_COLUMNS = ("process_id", "from_process_id", "to_process_id")
"""The columns with the process of a record."""


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


class TouchedProcesses:
    """Collects the processes of rows: only users who may see all of them see the import."""

    def __init__(self) -> None:
        self.keys: set[int] = set()
        self.refs: set[str] = set()
        self.talks: set[str] = set()

    def add(self, results: list[RowResult]) -> None:
        """Add the processes of `results`."""
        for result in results:
            if result.process_id:
                self.keys.add(result.process_id)
            if result.present:
                is_process = result.present["id"].startswith(Process.prefix)
                for name in ("id",) if is_process else PROCESS_COLUMNS:
                    if ref := result.present.get(name):
                        self.refs.add(ref)
                if talk := result.present.get("talk_id"):
                    self.talks.add(talk)

    def processes(self) -> QuerySet[Process]:
        """The collected processes."""
        items = Q()
        refs = sorted(self.talks)
        for start in range(0, len(refs), BATCH):
            items |= Q(items__ref__in=refs[start : start + BATCH])
        wanted = Q(pk__in=self.keys) | Q(ref__in=self.refs)
        return Process.objects.filter(wanted | items if refs else wanted).distinct()
