"""Setting an import to work: at once where it is small, else in a process of its own that outlives the browser."""

import os
import subprocess
import sys

from django.conf import settings
from django.db import OperationalError

from tracker.files.importing.lock import Busy, hold, upload
from tracker.files.importing.runs import work
from tracker.models import ImportRun
from tracker.register.types import RecordType
from tracker.write_lock import is_locked_out

SMALL_BYTES = 64 * 1024
SMALL_ROWS = 300
"""What is done while the page waits for it."""


def start(run: ImportRun, record_type: RecordType) -> None:
    """Do what the state of `run` asks for, or see to it that it is being done; nothing where somebody is at it."""
    if run.state == ImportRun.State.READING:
        path = upload(run)
        small = not path.exists() or path.stat().st_size <= SMALL_BYTES
    else:
        small = run.count("created", "changed") <= SMALL_ROWS
    try:
        if small:
            work(run, record_type)
        else:
            _hand_over(run)
    except Busy:
        pass
    except OperationalError as error:
        # Its page offers to go on with it, once whoever is writing has finished.
        if not is_locked_out(error):
            raise


def _hand_over(run: ImportRun) -> None:
    """Start a process for `run`, which has hold of it from its first moment: nobody takes it for interrupted."""
    held = hold(run)
    try:
        command = [
            sys.executable,
            str(settings.BASE_DIR / "manage.py"),
            "import_run",
            run.ref,
            f"--held={held}",
        ]
        subprocess.Popen(
            command,
            pass_fds=[held],
            start_new_session=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
        )
    finally:
        os.close(held)
