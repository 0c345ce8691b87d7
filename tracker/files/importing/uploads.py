"""The files that people send to be imported, kept until they have been read."""

import hashlib
import os
import secrets
import time
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings

from tracker.files.spreadsheet.rows import UnreadableSpreadsheet
from tracker.models import ImportRun

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
