"""What was sent to be imported, as it was received, and how far its import is."""

import contextlib
import hashlib
import secrets
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.db import connection

from tracker.files.drafts import write_draft
from tracker.files.spreadsheet.rows import UnreadableSpreadsheet
from tracker.models import DatasetLoad, ImportRun
from tracker.models.queued import Queued
from tracker.write_lock import holding, publish, work_folder

ABANDONED = 24 * 3600
"""Seconds after which a file that was never received whole is deleted."""
PIECE = 1024**2


class Changed(UnreadableSpreadsheet):
    """Raised if an upload is not as it was received."""


def upload(run: ImportRun | Queued) -> Path:
    """The path of the uploaded file of `run`, if it has one."""
    return Path(settings.UPLOAD_DIR) / f"{run.ref}.upload"


def receive(run: ImportRun | DatasetLoad, chunks: Iterable[bytes]) -> None:
    """Keep the file in `chunks` as the upload of the new `run`, and save both: the whole file, or neither.

    Raises OSError if there is no room for it.
    """
    folder = work_folder()
    _sweep(folder)
    draft = folder / f"{secrets.token_hex(8)}.part"
    try:
        run.size, run.sha256 = write_draft(draft, chunks)
        run.save()
        draft.rename(upload(run))
    finally:
        draft.unlink(missing_ok=True)


def opened(run: ImportRun | DatasetLoad) -> BinaryIO:
    """The upload of `run`, open at its beginning; raises Changed if it is not what was received.

    Raises FileNotFoundError if it is gone.
    """
    digest, size = hashlib.sha256(), 0
    file = upload(run).open("rb")
    while piece := file.read(PIECE):
        digest.update(piece)
        size += len(piece)
    file.seek(0)
    if run.size is not None and (size, digest.hexdigest()) != (run.size, run.sha256):
        file.close()
        raise Changed(
            f"The file that was kept is not the one that was sent ({size:,} bytes of {run.size:,}): "
            "upload it again."
        )
    return file


def _sweep(folder: Path) -> None:
    """Delete what was never received whole."""
    for left in folder.glob("*.part"):
        try:
            if left.stat().st_mtime < time.time() - ABANDONED:
                left.unlink()
        except FileNotFoundError:
            # Another process has deleted it.
            continue


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
        publish(self._handle, done)
        if not ImportRun.objects.filter(pk=self._run.pk, state=self._run.state).exists():
            raise Cancelled


@contextlib.contextmanager
def at_work(run: ImportRun, held: int | None = None) -> Iterator[Progress]:
    """Lock `run` during the block, with the inherited file descriptor `held` if given; yields the Progress.

    Raises Busy if another process has the lock.
    """
    with holding(run.ref, held, "an import") as handle:
        yield Progress(run, handle)
