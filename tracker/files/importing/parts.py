"""Writes an import in parts, each whole and at an instant of its own, so that others can save between them."""

import time
from collections.abc import Callable, Iterable, Iterator
from math import ceil

from django.db import connection

from tracker.files.importing.ahead import SECONDS_EACH_AHEAD, seconds_locked
from tracker.files.importing.row_result import Outcome
from tracker.files.importing.uploads import Cancelled, renew
from tracker.models import Development, ImportRow, ImportRun
from tracker.register import BY_URL_NAME
from tracker.write_lock import SECONDS_EACH

LONG = 2
"""Seconds for which others may be kept from saving before it is offered to write an import in parts."""
PART_SECONDS = 1.0
"""For about how long a part keeps others from saving."""
PAUSE = 0.3
"""Seconds between two parts on SQLite, where whoever waits looks ten times a second whether it is free."""
PIECE = 50
"""How many rows are added to a part at once."""

Shown = Callable[..., Iterable[list[ImportRow]]]


def parts_offered(run: ImportRun) -> int:
    """In about how many parts the previewed `run` can be written; 0 where others hardly wait if it is written at once.

    On PostgreSQL they do not: they wait for the last moments alone, and each part would have such moments.
    """
    seconds = seconds_locked(run)
    return ceil(seconds / PART_SECONDS) if seconds > LONG else 0


def parts_left(run: ImportRun, shown: Shown) -> Iterator[int]:
    """The numbers of the parts of `run` to be written, from 1; after each it has to be stored that it is.

    `shown`: returns the rows that are left, in batches of at least `size` rows that must not be in different parts.
    Raises Cancelled if the import was given up.
    """
    if len(run.parts or []) == run.parts_written:
        _cut(run, shown(size=PIECE))
    while run.parts_written < len(run.parts or []):
        yield run.parts_written + 1
        # This lets its author be read anew as well.
        run.refresh_from_db()
        if run.parts_written < len(run.parts or []):
            if connection.vendor == "sqlite":
                time.sleep(PAUSE)
            renew(run, ImportRun.State.WRITING)


def part_written(run: ImportRun, part: int, skipped: int) -> None:
    """Store, in the transaction that writes it, that a `part` is written, but for so many rows of it.

    Raises Cancelled if the import was given up meanwhile.
    """
    parts = [*(run.parts or [])]
    parts[part - 1] -= skipped
    rows = ImportRun.objects.filter(pk=run.pk, state=ImportRun.State.WRITING)
    # Whoever ended its process before, the next part is begun for the first time.
    if not rows.update(parts=parts, parts_written=part, attempts=0):
        raise Cancelled


def _cut(run: ImportRun, batches: Iterable[list[ImportRow]]) -> None:
    """Share out the rows that are left among parts, and store them."""
    run.rows.filter(part__gt=run.parts_written).update(part=None)
    sizes, seconds = (run.parts or [])[: run.parts_written], PART_SECONDS
    for batch in batches:
        longer = sum(_seconds(run, row) for row in batch)
        if round(seconds + longer, 6) > PART_SECONDS:
            sizes.append(0)
            seconds = 0.0
        seconds += longer
        sizes[-1] += len(batch)
        run.rows.filter(pk__in=[row.pk for row in batch]).update(part=len(sizes))
    run.parts = sizes
    if not ImportRun.objects.filter(pk=run.pk, state=ImportRun.State.WRITING).update(parts=sizes):
        raise Cancelled


def _seconds(run: ImportRun, row: ImportRow) -> float:
    """For how long the writing of `row` locks SQLite."""
    is_ahead = row.outcome == Outcome.CREATED and BY_URL_NAME[run.record_type].model is Development
    return SECONDS_EACH_AHEAD if is_ahead else SECONDS_EACH
