"""The report of a load, row by row, and its table of totals."""

import csv
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tracker.files.export.reports import cell_text

READ, MADE, CHANGED, UNCHANGED, ASIDE = "read", "made", "changed", "unchanged", "set aside"
GONE, NOTE = "gone", "note"
COUNTED = (READ, MADE, CHANGED, UNCHANGED, ASIDE)
HEADS = {
    ASIDE: "Set aside, because",
    GONE: "On record from an earlier release, and no longer in the file",
    NOTE: "Noticed",
}
"""{outcome: what stands above its reasons in the table}"""
COLUMNS = ("row", "upstream_id", "outcome", "reason", "detail", "record")


@dataclass(frozen=True)
class LoadLine:
    """The outcome of one row, or a notice about it: `reason` groups similar lines, `detail` is specific."""

    row: int | None
    upstream_id: str
    outcome: str
    reason: str = ""
    detail: str = ""
    record: str = ""


@dataclass
class LoadReport:
    """The lines of one load."""

    lines: list[LoadLine] = field(default_factory=list)

    def add(self, *values, **named) -> None:
        """Add a LoadLine."""
        self.lines.append(LoadLine(*values, **named))

    def count(self, outcome: str) -> int:
        """The number of rows with `outcome`."""
        if outcome == READ:
            return sum(self.count(counted) for counted in COUNTED[1:])
        return sum(line.outcome == outcome for line in self.lines)

    def table(self) -> list[str]:
        """The lines of the table: counts by outcome, by reason, and of notices."""
        lines = [f"{outcome:<12}{self.count(outcome):>7,}" for outcome in COUNTED]
        if not self.count(MADE) and not self.count(CHANGED):
            lines += ["", "Nothing is new: no record was made or changed."]
        for head, reasons in self.reasons():
            lines += ["", f"{head}:"]
            lines += [f"  {count:>7,}  {reason}" for reason, count in reasons]
        return lines

    def reasons(self) -> list[tuple[str, list[tuple[str, int]]]]:
        """The headings of the table, each with its reasons and how often each was given, the most frequent first."""
        counted = [
            (head, Counter(line.reason for line in self.lines if line.outcome == outcome))
            for outcome, head in HEADS.items()
        ]
        return [(head, reasons.most_common()) for head, reasons in counted if reasons]

    def write(self, path: Path) -> None:
        """Write every line to `path` as CSV, in UTF-8 with BOM; raises OSError."""
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            self.write_to(file)

    def write_to(self, file: Any) -> None:
        """Write every line to `file` as CSV for spreadsheets, with no formulas in it."""
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for line in self.lines:
            writer.writerow([cell_text(getattr(line, name)) for name in COLUMNS])
