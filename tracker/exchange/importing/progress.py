"""How far an import has come, in a file beside the upload, held locked by the process that is at it."""

import contextlib
import fcntl
import os
from pathlib import Path

from django.conf import settings

from tracker.models import ImportRun


class Busy(Exception):
    """Another process is at this import."""


def folder() -> Path:
    """Where uploads wait until they are read."""
    path = Path(settings.VAR_DIR) / "imports"
    path.mkdir(mode=0o700, exist_ok=True)
    return path


def upload(run: ImportRun) -> Path:
    """Where the file of `run` waits."""
    return folder() / f"{run.ref}.upload"


def _lock(run: ImportRun) -> Path:
    return folder() / f"{run.ref}.progress"


class Progress:
    """Says how many rows are done; the database itself cannot, while one transaction holds all that is written."""

    def __init__(self, handle: int):
        self._handle = handle

    def tell(self, done: int) -> None:
        """`done` rows are behind us."""
        os.pwrite(self._handle, f"{done:<20}".encode(), 0)


@contextlib.contextmanager
def at_work(run: ImportRun):
    """Hold `run` for this process, which the system lets go of when the process ends, however it ends.

    Gives the Progress; raises Busy where another process is at it.
    """
    handle = os.open(_lock(run), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        raise Busy from None
    try:
        yield Progress(handle)
        with contextlib.suppress(FileNotFoundError):
            _lock(run).unlink()
    finally:
        os.close(handle)


def is_held(run: ImportRun) -> bool:
    """Whether a process is at `run` now."""
    try:
        handle = os.open(_lock(run), os.O_RDWR)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(handle)
    return False


def done(run: ImportRun) -> int:
    """How many rows are done, as last told."""
    try:
        return int(_lock(run).read_text().strip() or 0)
    except (FileNotFoundError, ValueError):
        return 0
