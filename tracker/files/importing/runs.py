"""The way of one import: read and judged, then written when somebody says so, each step whole or not at all."""

from collections.abc import Iterable, Iterator

from django.conf import settings
from django.db.models import Count, Q
from django.utils import timezone

from tracker.files.importing.apply import write
from tracker.files.importing.checking import find_all
from tracker.files.importing.columns import Columns
from tracker.files.importing.lock import Progress, at_work, upload
from tracker.files.importing.row_result import Outcome, RowResult
from tracker.files.importing.undo import undo
from tracker.files.importing.validate import Validator
from tracker.files.spreadsheet.opening import read_table
from tracker.files.spreadsheet.rows import SpreadsheetRow, UnreadableSpreadsheet
from tracker.models import Citation, Effect, ImportRow, ImportRun, Process
from tracker.recording.timestamps import one_instant
from tracker.register.types import RecordType

State = ImportRun.State
BATCH = 500
WRITTEN = (Outcome.CREATED, Outcome.CHANGED)
NOT_TAKEN = (Outcome.WRONG, Outcome.CONFLICTING)
CAUSES, ROWS_OF_A_CAUSE = 50, 30
"""How many causes are kept why rows cannot be taken, and of each, how many of its rows are named."""
OF_PROCESS = ("process_id", "from_process_id", "to_process_id")
"""The columns that tell of which process a record is."""


class _Back(Exception):
    """Leaves a transaction of which nothing is to be kept."""


def begin(by, record_type: RecordType, file_name: str, chunks: Iterable[bytes], **options) -> ImportRun:
    """A new import of the file that `chunks` hold, which `work` is to read next.

    `options`: profile, reason and note of the run.
    """
    run = ImportRun.objects.create(
        by=by, record_type=record_type.url_name, file_name=file_name[-200:], **options
    )
    with upload(run).open("wb") as file:
        for chunk in chunks:
            file.write(chunk)
    return run


def work(run: ImportRun, record_type: RecordType, held: int | None = None) -> None:
    """Do what the state of `run` asks for; what another process left undone is begun anew.

    `held`: the open file by which this process holds it already. Raises `progress.Busy` where another process does.
    """
    columns = Columns(record_type)
    with at_work(run, held) as progress:
        run.refresh_from_db()
        if run.state == State.READING:
            _read(run, columns, progress)
        elif run.state == State.WRITING:
            _write(run, columns, progress)
        elif run.state == State.UNDOING:
            _undo(run, columns, progress)


def work_at_once(run: ImportRun, record_type: RecordType) -> bool:
    """Read and write in one go what is new to `work`, if every row can be taken; else write nothing.

    Returns whether it was written. Parts of developments, of which many make one correction, are left to `work`.
    """
    columns = Columns(record_type)
    if columns.model in (Effect, Citation):
        return False
    with at_work(run) as progress:
        try:
            with one_instant():
                _bring(run, columns, progress, _insisted)
                _close(run)
        except (_Back, UnreadableSpreadsheet):
            run.refresh_from_db()
            return False
    upload(run).unlink()
    return True


def _read(run: ImportRun, columns: Columns, progress: Progress) -> None:
    run.rows.all().delete()
    try:
        _bring(run, columns, progress, _tried)
    except FileNotFoundError:
        _refuse(run, ["The upload is gone: bring the file in once more."])
        return
    except UnreadableSpreadsheet as error:
        _refuse(run, str(error).splitlines())
    else:
        _await(run)
    upload(run).unlink()


def _bring(run: ImportRun, columns: Columns, progress: Progress, handle) -> None:
    """Read the upload and keep every row, with what `handle` (run, judge, rows) finds that it comes to."""
    seen, done = _Touched(), 0
    with upload(run).open("rb") as file:
        run.header, rows = read_table(file, run.file_name, settings.IMPORT_LIMIT_MB * 1024**2)
        columns.require(run.header)
        judge = Validator(columns, run.header, run)
        for some in _batches(rows):
            judged = handle(run, judge, some)
            ImportRow.objects.bulk_create([one.stored(run) for one in judged])
            seen.add(judged)
            done += len(some)
            progress.tell(done)
    if not done:
        raise UnreadableSpreadsheet("There are no rows below the header.")
    run.processes.set(seen.processes())


def _insisted(run: ImportRun, judge: Validator, rows: list[SpreadsheetRow]) -> list[RowResult]:
    """What `rows` come to, written; leaves the transaction where one of them cannot be."""
    judged = judge.judge(rows)
    write(run.by, judged)
    if any(one.messages for one in judged):
        raise _Back
    return judged


def _refuse(run: ImportRun, problems: list[str]) -> None:
    run.rows.all().delete()
    run.state, run.problems, run.counts, run.causes = State.REFUSED, problems, {}, []
    run.save()


def _await(run: ImportRun, problems=()) -> None:
    """Show what would happen, and wait for somebody's word."""
    counts = run.rows.order_by().values_list("outcome").annotate(Count("pk"))
    run.state, run.counts, run.problems = State.READY, dict(counts), list(problems)
    run.causes = causes(run) if run.count(*NOT_TAKEN) else []
    run.save()


def causes(run: ImportRun) -> list[dict]:
    """Why rows of `run` cannot be taken, as ImportRun.causes holds it."""
    found: dict[tuple[str, str], list[int]] = {}
    rows = run.rows.filter(outcome__in=NOT_TAKEN).order_by("number").values_list("number", "messages")
    for number, messages in rows.iterator(chunk_size=BATCH):
        for message in messages:
            found.setdefault((message["column"], message["rule"]), []).append(number)
    frequent = sorted(found.items(), key=lambda pair: -len(pair[1]))[:CAUSES]
    return [
        {"column": column, "rule": rule, "rows": numbers[:ROWS_OF_A_CAUSE], "count": len(numbers)}
        for (column, rule), numbers in frequent
    ]


def _close(run: ImportRun) -> None:
    """Say that it is written."""
    _await(run)
    run.state, run.written_at = State.DONE, timezone.now()
    run.save()


def _tried(run: ImportRun, judge: Validator, rows: list[SpreadsheetRow]) -> list[RowResult]:
    """What `rows` come to, as the one door has it: written, and taken back at once."""
    judged = judge.judge(rows)
    if any(one.writes for one in judged):
        try:
            with one_instant():
                write(run.by, judged)
                raise _Back
        except _Back:
            pass
    for one in judged:
        if one.messages and one.record is not None and not one.repeats:
            find_all(judge.columns, one)
    return judged


class _Differs(Exception):
    """What was shown is no longer what would happen."""


def _write(run: ImportRun, columns: Columns, progress: Progress) -> None:
    try:
        with one_instant():
            judge, done = Validator(columns, run.header, run), 0
            for stored in _batches(_to_write(run, columns), lambda row: row.whole):
                failed = _written(run, judge, stored)
                if failed and not run.only_valid:
                    raise _Differs
                for row in failed:
                    row.save()
                done += len(stored)
                progress.tell(done)
            _close(run)
    except _Differs:
        _judge_again(run, columns, progress)


def _to_write(run: ImportRun, columns: Columns):
    rows = run.rows.filter(outcome__in=WRITTEN)
    # What is said of one development comes together, since it is one correction.
    order = ("whole", "number") if columns.model in (Effect, Citation) else ("number",)
    return rows.order_by(*order).iterator(chunk_size=BATCH)


def _written(run: ImportRun, judge: Validator, stored: list[ImportRow]) -> list[ImportRow]:
    """Write `stored` rows as they were shown; those that were not to be written after all, with the reasons."""
    judged = judge.judge([SpreadsheetRow(row.number, row.cells) for row in stored])
    for row, one in zip(stored, judged, strict=True):
        if one.writes and (one.outcome, one.changes, one.version) != (row.outcome, row.changes, row.version):
            one.refuse("", "The record has changed since this was shown.", Outcome.CONFLICTING)
        elif one.outcome == Outcome.CREATED:
            one.keep_refs(row.ref, row.whole)
    write(run.by, judged)
    failed = []
    for row, one in zip(stored, judged, strict=True):
        if not one.writes:
            row.outcome, row.messages, row.changes = one.outcome, one.messages, one.changes
            failed.append(row)
    return failed


def _judge_again(run: ImportRun, columns: Columns, progress: Progress) -> None:
    judge, done = Validator(columns, run.header, run), 0
    for stored in _batches(_to_write(run, columns), lambda row: row.whole):
        judged = _tried(run, judge, [SpreadsheetRow(row.number, row.cells) for row in stored])
        fresh = [one.stored(run) for one in judged]
        for row, new in zip(stored, fresh, strict=True):
            new.pk = row.pk
        ImportRow.objects.bulk_update(
            fresh, ["outcome", "ref", "whole", "version", "changes", "messages", "kept"], batch_size=100
        )
        done += len(stored)
        progress.tell(done)
    _await(run, ["The record changed after this was shown, so nothing was written. Here is how it is now."])


def _undo(run: ImportRun, columns: Columns, progress: Progress) -> None:
    with one_instant():
        run.problems = undo(run, columns, progress)
        run.state = State.DONE if run.problems else State.UNDONE
        run.undone_at = None if run.problems else timezone.now()
        run.save()


def _batches(rows: Iterable, together=None) -> Iterator[list]:
    """`rows` in lists of BATCH, and more where neighbours belong together, of which it gives one text."""
    some: list = []
    for row in rows:
        if len(some) >= BATCH and not (together and together(row) and together(row) == together(some[-1])):
            yield some
            some = []
        some.append(row)
    if some:
        yield some


class _Touched:
    """The processes that rows belong to."""

    def __init__(self):
        self.keys: set[int] = set()
        self.refs: set[str] = set()
        self.talks: set[str] = set()

    def add(self, judged: list[RowResult]) -> None:
        """Take in more rows."""
        for one in judged:
            if one.process_id:
                self.keys.add(one.process_id)
            if one.present:
                names = OF_PROCESS if not one.present["id"].startswith(Process.prefix) else ("id",)
                self.refs.update(ref for name in names if (ref := one.present.get(name)))
                self.talks.update(ref for name in ("talk_id",) if (ref := one.present.get(name)))

    def processes(self):
        """All of them."""
        items = Q()
        refs = sorted(self.talks)
        for start in range(0, len(refs), BATCH):
            items |= Q(items__ref__in=refs[start : start + BATCH])
        wanted = Q(pk__in=self.keys) | Q(ref__in=self.refs)
        return Process.objects.filter(wanted | items if refs else wanted).distinct()
