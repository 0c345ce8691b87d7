"""The folder of uploads: what was sent to be imported, and beside it a file with its lock and progress."""

import contextlib
import fcntl
import hashlib
import os
import secrets
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from django.conf import settings
from django.db import connection

from tracker.files.spreadsheet.rows import UnreadableSpreadsheet
from tracker.models import ImportRun
from tracker.write_lock import announced

ABANDONED = 24 * 3600
"""Seconds after which a file that was never received whole is deleted."""
PIECE = 1024**2


class Changed(UnreadableSpreadsheet):
    """Raised if an upload is not as it was received."""


def folder() -> Path:
    """The folder of uploads, which all servers of an installation must share."""
    path = Path(settings.UPLOAD_DIR)
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def upload(run: ImportRun) -> Path:
    """The path of the uploaded file of `run`."""
    return folder() / f"{run.ref}.upload"


def receive(run: ImportRun, chunks: Iterable[bytes]) -> None:
    """Keep the file in `chunks` as the upload of the new `run`, and save both: the whole file, or neither.

    Raises OSError if there is no room for it.
    """
    _sweep()
    draft = folder() / f"{secrets.token_hex(8)}.part"
    digest, size = hashlib.sha256(), 0
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            for chunk in chunks:
                file.write(chunk)
                digest.update(chunk)
                size += len(chunk)
            file.flush()
            os.fsync(file.fileno())
        run.size, run.sha256 = size, digest.hexdigest()
        run.save()
        draft.rename(upload(run))
    finally:
        draft.unlink(missing_ok=True)


def require_unchanged(run: ImportRun) -> None:
    """Raise Changed if the upload of `run` is not what was received, FileNotFoundError if it is gone."""
    digest, size = hashlib.sha256(), 0
    with upload(run).open("rb") as file:
        while piece := file.read(PIECE):
            digest.update(piece)
            size += len(piece)
    if run.size is not None and (size, digest.hexdigest()) != (run.size, run.sha256):
        raise Changed(
            f"The file that was kept is not the one that was sent ({size:,} bytes of {run.size:,}): "
            "bring it in once more."
        )


def _sweep() -> None:
    """Delete what was never received whole."""
    for left in folder().glob("*.part"):
        try:
            if left.stat().st_mtime < time.time() - ABANDONED:
                left.unlink()
        except FileNotFoundError:
            # Another process has deleted it.
            continue


class Busy(Exception):
    """Raised if another process is working on the import."""


def _lock(run: ImportRun) -> Path:
    return folder() / f"{run.ref}.progress"


class Cancelled(Exception):
    """Raised if somebody has given the import up."""


def require_wanted(run: ImportRun) -> None:
    """Raise Cancelled if `run` is no longer in the state in which its step began; in a transaction it then stays so."""
    rows = ImportRun.objects.filter(pk=run.pk, state=run.state)
    if not (rows.select_for_update() if connection.in_atomic_block else rows).values("pk").first():
        raise Cancelled


def renew(run: ImportRun, state: str) -> None:
    """Read `run` anew, after a step that began in `state` was rolled back; raises Cancelled if it left that since."""
    run.refresh_from_db()
    if run.state != state:
        raise Cancelled


class Progress:
    """Publishes the number of finished rows in the lock file, since the database transaction is not committed yet."""

    def __init__(self, run: ImportRun, handle: int):
        self._run, self._handle = run, handle

    def tell(self, done: int) -> None:
        """Publish that `done` rows are finished; raises Cancelled if the others are no longer wanted."""
        os.pwrite(self._handle, f"{done:<20}".encode(), 0)
        if not ImportRun.objects.filter(pk=self._run.pk, state=self._run.state).exists():
            raise Cancelled


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
            yield Progress(run, handle)
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
        return int(_lock(run).read_text())
    # Nothing is published yet, or no longer.
    except (ValueError, FileNotFoundError):
        return 0
