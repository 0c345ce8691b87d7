"""Starts an import: within the request if it is small, else in a background process."""

from django.db import OperationalError

from tracker.files.importing.ahead import SMALL_ROWS
from tracker.files.importing.runs import work
from tracker.jobs import background
from tracker.models import ImportRun
from tracker.register.types import RecordType
from tracker.write_lock import Busy, is_locked_out

SMALL_BYTES = 64 * 1024
"""The maximum size of a file that is read within the request."""


def start(run: ImportRun, record_type: RecordType) -> None:
    """Do the next step of `run`, or start a process for it; do nothing if another process is working on it."""
    if run.state == ImportRun.State.READING:
        small = run.size is not None and run.size <= SMALL_BYTES
    else:
        small = run.count("created", "changed") <= SMALL_ROWS
    try:
        if small:
            work(run, record_type)
        else:
            hand_over(run)
    except Busy:
        pass
    except OperationalError as error:
        # Its page offers to continue when the other writer has finished.
        if not is_locked_out(error):
            raise


def hand_over(run: ImportRun) -> None:
    """Start a process for the next step of `run`; raises Busy if another one is working on it."""
    background.hand_over(run.ref, "import_run", run.ref)
