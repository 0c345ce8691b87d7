"""Validates rows: finds the records that they mean, their changes, and all errors."""

from collections.abc import Iterator

from tracker.files.importing import related
from tracker.files.importing.cells import CellReader
from tracker.files.importing.columns import Columns
from tracker.files.importing.existing import ExistingRecords, refuse_move, settle_labels
from tracker.files.importing.matching import Matcher
from tracker.files.importing.predecessors import name_rows
from tracker.files.importing.resolve import Names
from tracker.files.importing.rights import Rights
from tracker.files.importing.row_result import WRITTEN, Outcome, RowResult
from tracker.files.importing.spellings import CLEARED
from tracker.files.importing.unlikely import ask_about_dates
from tracker.files.importing.values import ParsedCells, process_of, put
from tracker.files.importing.wordings_alone import leave_out_parties, name_development
from tracker.files.spreadsheet.rows import SpreadsheetRow
from tracker.models import Citation, Development, Effect, ImportRow, ImportRun, Record
from tracker.models.base import new_ref
from tracker.models.vocabularies import CorrectionReason


class Validator:
    """Validates the rows of one file, many at a time, for the user of its import; it writes nothing."""

    def __init__(self, columns: Columns, header: list[str], run: ImportRun):
        self.columns, self.model, self.run = columns, columns.model, run
        self.cells = CellReader(columns, header, run)
        seen: dict[str | int, int] = dict(_written(run)) if run.parts_written else {}
        """The row in which each record was met first, by its id or the hash of all that tells it apart."""
        self.names = Names(run.by, {*seen})
        self.rights = Rights(columns, run.by)
        self.existing = ExistingRecords(columns, self.cells.spellers, run.by, seen)
        self.matcher = Matcher(columns, self.cells, run, seen)

    def validate(self, rows: list[SpreadsheetRow]) -> list[RowResult]:
        """The outcome of each of `rows`."""
        everything = [self.cells.read(row) for row in rows]
        results = [result for result in everything if not result.is_shifted]
        identified = [result for result in results if "id" in result.cells]
        unidentified = [result for result in results if "id" not in result.cells]
        self.existing.compare(identified)
        for result in unidentified:
            if result.labels:
                settle_labels(result, {})
            result.given = {name: text for name, text in result.cells.items() if name in self.columns.own}
        if self.columns.has_relations:
            self.names.learn_rows(self.columns, results)
        self.existing.fetch(identified)
        for result in results:
            if result.record is not None:
                self._parse(result, result.record)
            elif "id" not in result.cells:
                self._parse_new(result)
        self.matcher.keep_together(unidentified)
        self._match([result for result in unidentified if not result.messages])
        if self.model is Development:
            name_rows(results, self.names.predecessors)
        self._finish([result for result in results if result.record is not None])
        for result in results:
            first = result.joined_with
            if first is not None and first.outcome == Outcome.CREATED:
                result.outcome, result.ref, result.whole = first.outcome, first.ref, first.whole
                result.process_id = first.process_id
        return everything

    def validate_again(self, shown: list[ImportRow]) -> list[RowResult]:
        """Validate rows `shown` in a preview again; refuse those whose result would now differ."""
        results = self.validate([SpreadsheetRow(row.number, row.cells) for row in shown])
        for row, result in zip(shown, results, strict=True):
            if result.outcome not in WRITTEN:
                continue
            outcome = (result.outcome, result.changes, result.version)
            if outcome != (row.outcome, row.changes, row.version):
                rule = "The record has changed since this was shown."
                result.refuse("", rule, Outcome.CONFLICTING)
            elif result.outcome == Outcome.CREATED:
                self._keep_refs(result, row)
        return results

    def _keep_refs(self, result: RowResult, shown: ImportRow) -> None:
        """Keep the references that new records had in the preview."""
        result.ref, result.whole = shown.ref, shown.whole
        if result.record is not None and not isinstance(result.record, Effect | Citation):
            result.record.ref = shown.ref
            if result.development is not None:
                result.development.ref = shown.whole

    def _parse_new(self, result: RowResult) -> None:
        """Create the unsaved record of a row from its cells."""
        if self.model in (Effect, Development):
            leave_out_parties(self.names, self.columns, result)
        parsed = self._parsed(result, result.cells, None)
        if self.model is Effect:
            name_development(self.names, self.columns, result, parsed.values)
        result.record = record = self.model(ref=new_ref(self.model.prefix))
        self._put(result, record)
        if self.columns.parts:
            related.complete(self.names, self.columns, result, record)
        elif self.columns.needed - parsed.values.keys():
            rule = f"A new {self.columns.label} needs it."
            related.require(self.columns.own.values(), result, parsed.values, rule)

    def _parse(self, result: RowResult, record: Record) -> None:
        """Apply the changes of a row to the existing `record`."""
        parsed = self._parsed(result, result.present or {}, record)
        self.existing.note_changes(result, record, parsed)
        self._put(result, record)

    def _parsed(self, result: RowResult, other_cells: dict[str, str], record: Record | None) -> ParsedCells:
        parsed = ParsedCells(self.names, self.columns.own, result.given, other_cells, record)
        for header, value, rule in parsed.wrong:
            result.refuse(header, rule, value=value)
        result.values = parsed.values
        return parsed

    def _put(self, result: RowResult, record: Record) -> None:
        for name, value in result.values.items():
            put(record, name, value)
            if name in self.columns.many:
                result.related[name] = value

    def _match(self, results: list[RowResult]) -> None:
        """Match new rows with existing records."""
        matched = self.matcher.match(results)
        exported = self.existing.exported(matched.keys())
        for ref, (result, record) in matched.items():
            present = exported.get(ref)
            if present is None:
                continue
            result.ref, result.present, result.record, result.related = ref, present, record, {}
            result.effects, result.citations, result.development = [], [], None
            result.given = {name: text for name, text in result.given.items() if text != present[name]}
            for name in self.columns.moved & result.cells.keys():
                if result.cells[name] not in (present[name], CLEARED):
                    refuse_move(result, name, present[name])
            if not result.messages:
                self._parse(result, record)

    def _finish(self, results: list[RowResult]) -> None:
        """Set the outcome of rows with a record, if they have no errors."""
        writing = []
        for result in results:
            process = process_of(result.record)
            result.process_id = process.pk if process else None
            if result.present is None or result.changes:
                writing.append(result)
            else:
                result.record = None
        self.rights.require(writing)
        for result in writing:
            is_new = result.present is None
            if self.columns.is_versioned and not (is_new and self.model is Development):
                self._require_reason(result)
            if result.messages or result.record is None:
                continue
            result.ref = result.record.ref
            result.outcome = Outcome.CREATED if is_new else Outcome.CHANGED
            if self.columns.is_versioned:
                result.kept = None
                self._note_version(result, result.record)
        if self.columns.has_dates:
            ask_about_dates(self.columns, (result for result in writing if not result.messages))

    def _require_reason(self, result: RowResult) -> None:
        result.reason = result.cells.get("correction_reason") or self.run.reason
        result.reason_note = result.cells.get("correction_note") or self.run.note or f"Import {self.run.ref}"
        if result.reason not in CorrectionReason.values:
            codes = ", ".join(CorrectionReason.values)
            rule = f"A correction says why: choose from {codes}, here or for the whole import."
            result.refuse("correction_reason", rule)

    def _note_version(self, result: RowResult, record: Record) -> None:
        """Store the development that a row records, or the version that it corrects."""
        if isinstance(record, Development):
            result.whole = record.ref
            result.version = int(result.present["version"]) if result.present is not None else None
        elif isinstance(record, Effect | Citation):
            development = record.development
            result.whole, result.version = development.ref, development.version
            seen = result.cells.get(self.columns.version, "")
            if result.present is None and seen.isdecimal() and int(seen) < development.version:
                rule = (
                    f"Its development has been corrected since: version {development.version} is on record."
                )
                result.refuse("development_version", rule, Outcome.CONFLICTING)


def _written(run: ImportRun) -> Iterator[tuple[str, int]]:
    """(id, row) of what the written parts of `run` have recorded: rows of later parts do not mean these records."""
    rows = run.rows.filter(part__lte=run.parts_written, outcome=Outcome.CREATED)
    return rows.values_list("ref", "number").iterator()
