"""The steps of an import: preview, and writing after confirmation; each is all or nothing."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from functools import partial
from itertools import chain
from operator import itemgetter
from typing import TypeVar

from django.conf import settings
from django.db import IntegrityError
from django.db.models import Count, F
from django.utils import timezone

from tracker.files.importing.ahead import SMALL_ROWS, Write, write_ahead
from tracker.files.importing.apply import write
from tracker.files.importing.checking import find_all
from tracker.files.importing.columns import Columns
from tracker.files.importing.parts import part_written, parts_left
from tracker.files.importing.row_result import NOT_TAKEN, WRITTEN, RowResult, TouchedProcesses, import_rows
from tracker.files.importing.undo import undo
from tracker.files.importing.uploads import (
    Cancelled,
    Progress,
    at_work,
    opened,
    receive,
    renew,
    require_wanted,
    upload,
)
from tracker.files.importing.validate import Validator
from tracker.files.spreadsheet.opening import read_table
from tracker.files.spreadsheet.rows import SpreadsheetRow, UnreadableSpreadsheet
from tracker.models import Development, ImportRow, ImportRun, User
from tracker.recording.meanwhile import NamedMeanwhile, Overtaken
from tracker.recording.timestamps import ClockBehind, one_instant
from tracker.register.types import RecordType

State = ImportRun.State
BATCH = 500
CAUSES, ROWS_OF_A_CAUSE = 50, 30
"""The maximum number of stored causes of invalid rows, and of row numbers for each."""

Row = TypeVar("Row")
Handler = Callable[[User, Validator, list[SpreadsheetRow]], list[RowResult]]


class _Rollback(Exception):
    """Raised to roll back a transaction."""


class _Differs(Exception):
    """Raised if the result of rows differs from the preview."""


def begin(
    by: User, record_type: RecordType, file_name: str, chunks: Iterable[bytes], **options: str
) -> ImportRun:
    """Create an import of the file in `chunks`, which `work` reads next; nothing is kept of a file that ends early.

    `options`: profile, reason and note of the run.
    """
    run = ImportRun(by=by, record_type=record_type.url_name, file_name=file_name[-200:], **options)
    receive(run, chunks)
    return run


def work(run: ImportRun, record_type: RecordType, held: int | None = None) -> None:
    """Do the next step of `run`; a step interrupted in another process is restarted.

    `held`: the file descriptor if this process already has the lock. Raises `lock.Busy` if another process has it.
    """
    columns = Columns(record_type)
    with at_work(run, held) as progress, suppress(Cancelled):
        ImportRun.objects.filter(pk=run.pk).update(attempts=F("attempts") + 1, attempted_at=timezone.now())
        run.refresh_from_db()
        hidden = {*(run.undone_by or run.by).hidden_process_ids}
        run.hidden = sorted(hidden if run.state == State.READING else hidden & {*run.hidden})
        ImportRun.objects.filter(pk=run.pk).update(hidden=run.hidden)
        if run.state == State.READING:
            _read(run, columns, progress)
        elif run.state == State.WRITING:
            _write(run, columns, progress)
        elif run.state == State.UNDOING:
            undo(run, columns, progress)


def _read(run: ImportRun, columns: Columns, progress: Progress) -> None:
    run.rows.all().delete()
    try:
        store_results(run, columns, progress, _previewed)
    except Cancelled:
        run.rows.all().delete()
        return
    except FileNotFoundError:
        require_wanted(run)
        _refuse(run, ["The uploaded file is gone: upload it again."])
        return
    except UnreadableSpreadsheet as error:
        _refuse(run, str(error).splitlines())
    else:
        sum_up(run)
    upload(run).unlink()


def store_results(run: ImportRun, columns: Columns, progress: Progress, handle: Handler) -> None:
    """Read the upload, and store every row with the result of `handle`."""
    touched, done = TouchedProcesses(), 0
    with opened(run) as file:
        run.header, rows = read_table(file, run.file_name, settings.IMPORT_LIMIT_MB * 1024**2)
        columns.require(run.header)
        validator = Validator(columns, run.header, run)
        same = columns.other_cells(run.header)
        for batch in _batches(_beside(rows, same) if same else rows, same):
            results = handle(run.by, validator, batch)
            ImportRow.objects.bulk_create(import_rows(run, results))
            touched.add(results)
            done += len(batch)
            progress.tell(done)
    if not done:
        raise UnreadableSpreadsheet("There are no rows below the header.")
    run.processes.set(touched.processes())


def _previewed(by: User, validator: Validator, rows: list[SpreadsheetRow]) -> list[RowResult]:
    """The results of `rows`, including errors from a trial write, which is rolled back."""
    results = validator.validate(rows)
    if any(result.outcome in WRITTEN for result in results):
        with suppress(_Rollback), one_instant():
            write(by, results)
            raise _Rollback
    for result in results:
        if result.messages and result.record is not None and not result.repeats:
            find_all(validator.columns, result)
    return results


def _refuse(run: ImportRun, problems: list[str]) -> None:
    run.rows.all().delete()
    run.state, run.problems, run.counts, run.causes = State.REFUSED, problems, {}, []
    run.save()


def sum_up(run: ImportRun, state: str = State.READY, problems: Iterable[str] = ()) -> None:
    """Store what is to be said of all rows: of a preview, which waits for confirmation, or of what is written."""
    run.state, run.problems = state, list(problems)
    # It may have been set by a step that was refused after that.
    run.written_at = timezone.now() if state == State.DONE else None
    count(run)
    run.save()


def count(run: ImportRun) -> None:
    """Set how many rows have which outcome, and what is wrong with them."""
    counts = run.rows.order_by().values_list("outcome").annotate(Count("pk"))
    run.counts, run.causes = dict(counts), _causes(run)


def _causes(run: ImportRun) -> list[dict]:
    """The value of ImportRun.causes: why rows of `run` cannot be imported, or only with an answer."""
    numbers_by_cause: dict[tuple[str, str, bool], list[int]] = {}
    # What is written in parts needs no answer any more.
    left = run.rows.exclude(messages=[]).exclude(part__lte=run.parts_written)
    rows = left.order_by("number").values_list("number", "outcome", "messages")
    for number, outcome, messages in rows.iterator(chunk_size=BATCH):
        for message in messages:
            asks = "asks" in message
            if asks or outcome in NOT_TAKEN:
                numbers_by_cause.setdefault((message["column"], message["rule"], asks), []).append(number)
    frequent = sorted(numbers_by_cause.items(), key=lambda pair: -len(pair[1]))[:CAUSES]
    return [
        {"column": column, "rule": rule, "rows": numbers[:ROWS_OF_A_CAUSE], "count": len(numbers)}
        | ({"asks": "dates"} if asks else {})
        for (column, rule, asks), numbers in frequent
    ]


def _write(run: ImportRun, columns: Columns, progress: Progress) -> None:
    try:
        if run.parts is None:
            _write_together(run, columns, progress)
            return
        for part in parts_left(run, partial(_shown, run, columns)):
            _write_together(run, columns, progress, part)
        sum_up(run, State.DONE)
    except (_Differs, NamedMeanwhile, Overtaken):
        run.refresh_from_db()
        _preview_again(run, columns, progress)
    except ClockBehind as error:
        run.refresh_from_db()
        sum_up(run, problems=error.messages)


def _write_together(run: ImportRun, columns: Columns, progress: Progress, part: int | None = None) -> None:
    """Write all rows, or those of a `part`, in one transaction, and store in it that they are written."""
    write_rows, finish = partial(_write_rows, run, columns, progress, part), partial(_finish, run, part)
    if columns.model is Development and (part or run.count("created") > SMALL_ROWS):
        try:
            write_ahead(run, write_rows, finish)
            return
        except IntegrityError as error:
            renew(run, State.WRITING)
            if part:
                # The preview finds out which of them the database refuses, and locks nobody out for long.
                raise _Differs from error
        # Written one by one, they tell which of them that is.
    with one_instant():
        finish(write_rows(write))


def _write_rows(
    run: ImportRun, columns: Columns, progress: Progress, part: int | None, write: Write
) -> Iterator[RowResult]:
    """Write the previewed rows with `write`; yields the results of those that are not written."""
    validator, done = Validator(columns, run.header, run), run.rows_written if part else 0
    for shown in _shown(run, columns, part):
        results = validator.validate_again(shown)
        write(run.by, results)
        yield from (result for result in results if result.outcome not in WRITTEN)
        done += len(shown)
        progress.tell(done)


def _finish(run: ImportRun, part: int | None, not_written: Iterable[RowResult]) -> None:
    """Mark `run` or its `part` as written but for rows `not_written`; raises _Differs unless these may be skipped."""
    skipped = 0
    for result in not_written:
        if not run.only_valid:
            raise _Differs
        run.rows.filter(number=result.row.number).update(
            outcome=result.outcome, messages=result.messages, changes=result.changes, part=None
        )
        skipped += 1
    if part:
        part_written(run, part, skipped)
    else:
        sum_up(run, State.DONE)


def _shown(
    run: ImportRun, columns: Columns, part: int | None = None, size: int | None = None
) -> Iterator[list[ImportRow]]:
    """The previewed rows that are to be written, in batches of `size`: those that are left, or those of a `part`."""
    rows = run.rows.filter(part=part) if part else run.rows.exclude(part__lte=run.parts_written)
    rows = rows.filter(outcome__in=WRITTEN)
    # Keep the parts of one development together, since they form one correction.
    order = ["whole", "number"] if columns.is_part else ["pk" if columns.text_language else "number"]
    # An open query would hold SQLite to what was there when it began, and nothing can be written after others have.
    keys = list(rows.order_by(*order).values_list("pk", "whole"))
    batches = _batches(keys, itemgetter(1), size)
    if columns.model is Development and "follows" in columns.canonical(run.header):
        # A row can name another one of the batch in which both were read, whatever rows of that are left out.
        wanted = {pk for pk, _ in keys}
        every = list(run.rows.order_by("pk").values_list("pk", "whole"))
        batches = ([key for key in batch if key[0] in wanted] for batch in _batches(every, itemgetter(1)))
    for batch in filter(None, batches):
        yield list(run.rows.filter(pk__in=[pk for pk, _ in batch]).order_by(*order))


def _preview_again(run: ImportRun, columns: Columns, progress: Progress) -> None:
    validator, done = Validator(columns, run.header, run), 0
    for shown in _shown(run, columns):
        results = _previewed(run.by, validator, [SpreadsheetRow(row.number, row.cells) for row in shown])
        fresh = import_rows(run, results)
        for row, new in zip(shown, fresh, strict=True):
            new.pk = row.pk
        ImportRow.objects.bulk_update(
            fresh, ["outcome", "ref", "whole", "version", "changes", "messages", "kept"], batch_size=100
        )
        done += len(shown)
        progress.tell(done)
    nothing = "no more" if run.parts_written else "nothing"
    rule = f"The record changed after this was shown, so {nothing} was written. Here is how it is now."
    sum_up(run, problems=[rule])


def _beside(rows: Iterable[Row], same: Callable[[Row], str]) -> Iterator[Row]:
    """`rows` with those beside each other for which `same` returns the same text; all of them are in memory."""
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(same(row), []).append(row)
    return chain.from_iterable(groups.values())


def _batches(
    rows: Iterable[Row], together: Callable[[Row], str] | None = None, size: int | None = None
) -> Iterator[list[Row]]:
    """`rows` in lists of `size`, or longer, to keep neighbours together for which `together` returns the same text."""
    batch: list[Row] = []
    for row in rows:
        if len(batch) >= (size or BATCH) and not (
            together and together(row) and together(row) == together(batch[-1])
        ):
            yield batch
            batch = []
        batch.append(row)
    if batch:
        yield batch
