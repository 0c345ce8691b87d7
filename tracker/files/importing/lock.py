"""The lock and the progress of an import, in a file beside the upload."""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from tracker.files.importing.uploads import folder
from tracker.models import ImportRun
from tracker.write_lock import announced


class Busy(Exception):
    """Raised if another process is working on the import."""


def _lock(run: ImportRun) -> Path:
    return folder() / f"{run.ref}.progress"


class Progress:
    """Publishes the number of finished rows in the lock file, since the database transaction is not committed yet."""

    def __init__(self, handle: int):
        self._handle = handle

    def tell(self, done: int) -> None:
        """Publish that `done` rows are finished."""
        os.pwrite(self._handle, f"{done:<20}".encode(), 0)


def hold(run: ImportRun) -> int:
    """Lock `run`, and return the open file descriptor, which a child may inherit; raises Busy if it is locked.

    The operating system releases the lock when the last process that has the file open ends.
    """
    handle = os.open(_lock(run), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        raise Busy from None
    return handle


@contextlib.contextmanager
def at_work(run: ImportRun, held: int | None = None) -> Iterator[Progress]:
    """Lock `run` during the block, with the inherited file descriptor `held` if given; yields the Progress.

    Raises Busy if another process has the lock.
    """
    handle = hold(run) if held is None else held
    try:
        with announced("an import", run.ref):
            yield Progress(handle)
        with contextlib.suppress(FileNotFoundError):
            _lock(run).unlink()
    finally:
        os.close(handle)


def is_held(run: ImportRun) -> bool:
    """Whether a process is working on `run`."""
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
    """The last published number of finished rows."""
    try:
        return int(_lock(run).read_text().strip() or 0)
    except (FileNotFoundError, ValueError):
        return 0
