"""Imports a file without a preview, where every row of it is valid."""

from functools import partial

from tracker.files.importing.apply import write
from tracker.files.importing.columns import Columns
from tracker.files.importing.row_result import RowResult
from tracker.files.importing.runs import State, store_results, sum_up
from tracker.files.importing.uploads import at_work, upload
from tracker.files.importing.validate import Validator
from tracker.files.spreadsheet.rows import SpreadsheetRow, UnreadableSpreadsheet
from tracker.models import ImportRun, User
from tracker.recording.meanwhile import NamedMeanwhile
from tracker.recording.timestamps import ClockBehind, one_instant
from tracker.register.types import RecordType


class _NotAllValid(Exception):
    """Raised to roll back where a row is invalid."""


def work_at_once(run: ImportRun, record_type: RecordType, dates_are_right: bool = False) -> bool:
    """Import a new run without a preview if every row is valid; otherwise write nothing. Returns whether it did.

    Parts of developments are left to `runs.work`, since several of them form one correction, and so are unlikely dates
    unless `dates_are_right`.
    """
    columns = Columns(record_type)
    if columns.is_part:
        return False
    with at_work(run) as progress:
        run.hidden = sorted(run.by.hidden_process_ids)
        try:
            with one_instant():
                store_results(run, columns, progress, partial(_written, dates_are_right=dates_are_right))
                sum_up(run, State.DONE)
        except (_NotAllValid, NamedMeanwhile, ClockBehind, UnreadableSpreadsheet):
            run.refresh_from_db()
            return False
    upload(run).unlink()
    return True


def _written(
    by: User, validator: Validator, rows: list[SpreadsheetRow], dates_are_right: bool = False
) -> list[RowResult]:
    """Validate and write `rows`; raises _NotAllValid if one of them is invalid, or has a question about a date."""
    results = validator.validate(rows)
    write(by, results)
    if any(result.messages or (result.asks and not dates_are_right) for result in results):
        raise _NotAllValid
    return results
