"""Writes an import of many new developments: they are made ready while others record, and then recorded at once."""

from collections.abc import Callable, Iterable
from functools import partial

from django.db import connection

from tracker.files.importing.apply import record_new, write
from tracker.files.importing.row_result import WRITTEN, Outcome, RowResult
from tracker.files.importing.uploads import renew, require_wanted
from tracker.models import ImportRun, User
from tracker.recording.booking import wait_for
from tracker.recording.meanwhile import Overtaken
from tracker.recording.stage import Stage
from tracker.recording.timestamps import one_instant
from tracker.write_lock import SECONDS_EACH

SMALL_ROWS = 300
"""The maximum number of rows imported within the request, and written or undone in one long transaction."""
ATTEMPTS = 3
"""How often a step is tried before it is given up, if others keep recording what matters to it."""

A_CHANGE = 20
"""As how many new developments one that is corrected counts, where the time to write them is reckoned."""

SECONDS_EACH_AHEAD = 0.0002
"""How long SQLite is locked for a new development that was made ready (decision 34)."""

Write = Callable[[User, list[RowResult]], None]


def write_ahead(
    run: ImportRun,
    write_rows: Callable[[Write], Iterable[RowResult]],
    finish: Callable[[Iterable[RowResult]], None],
) -> None:
    """Write the rows of `run` with `write_rows`, and `finish` it with those that were not written.

    Raises Overtaken if others have recorded too much in the meantime, Cancelled if it was given up, IntegrityError
    if the database refuses a row; then nothing is written.
    """

    def attempt(number: int) -> None:
        # With the rights of now.
        run.by = User.objects.get(pk=run.by_id)
        stage = Stage(run.by)
        changes: list[RowResult] = []
        not_written = list(write_rows(partial(_make_ready, stage, changes)))
        with one_instant() as pending:
            stage.record(pending, margin=number, more=len(changes) * A_CHANGE)
            write(run.by, changes)
            if pending.booked:
                wait_for(pending.booked, len(pending.items), number)
            require_wanted(run)
            finish([*not_written, *(result for result in changes if result.outcome not in WRITTEN)])

    until_recorded(run, attempt)


def seconds_locked(run: ImportRun) -> float:
    """For about how many seconds writing `run` at once, or undoing it, keeps others from saving; 0 on PostgreSQL."""
    if connection.vendor != "sqlite":
        return 0
    created, changed = run.count(Outcome.CREATED), run.count(Outcome.CHANGED)
    ahead = created if run.record_type == "development" and created > SMALL_ROWS else 0
    return ahead * SECONDS_EACH_AHEAD + (created - ahead + changed) * SECONDS_EACH


def until_recorded(run: ImportRun, attempt: Callable[[int], None]) -> None:
    """Call `attempt` with its number, from 1, until it records a step of `run` that nobody has overtaken.

    Raises Overtaken after ATTEMPTS of them, Cancelled if the import was given up meanwhile.
    """
    state = run.state
    for number in range(1, ATTEMPTS + 1):
        try:
            attempt(number)
            return
        except Overtaken:
            renew(run, state)
            if number == ATTEMPTS:
                raise


def _make_ready(stage: Stage, changes: list[RowResult], by: User, results: list[RowResult]) -> None:
    """Put the new developments of `results` on the `stage`, and add the others that are to be written to `changes`."""
    record_new(by, [result for result in results if result.outcome == Outcome.CREATED], stage.add)
    changes += (result for result in results if result.outcome == Outcome.CHANGED)
