"""How far an import has come, in a file beside the upload, held locked by the process that is at it."""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from tracker.models import ImportRun
from tracker.write_lock import announced


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


def hold(run: ImportRun) -> int:
    """Hold `run` by an open file, for this process or one that inherits it; raises Busy where another does.

    The system lets go of it when the last process that has it open ends, however it ends.
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
    """Hold `run` while this lasts, by the open file `held` where that was inherited; gives the Progress.

    Raises Busy where another process is at it.
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
