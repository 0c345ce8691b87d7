"""Where files lie that are prepared in the background: with the uploads, for the owner of the server alone to read."""

import contextlib
import datetime as dt
import os
import time
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

from tracker.files.drafts import write_draft
from tracker.models import PreparedFile
from tracker.write_lock import work_folder


def _path(file: PreparedFile) -> Path:
    return work_folder() / f"{file.ref}.prepared"


def write(file: PreparedFile, pieces: Iterable[bytes], expires_at: dt.datetime) -> tuple[int, str]:
    """Write `pieces` to the disk as the content of `file`; return its size and SHA-256.

    It is whole or not there. Raises OSError if there is no room for it.
    """
    draft = work_folder() / f"{file.ref}.part"
    # A process that was killed may have left one.
    draft.unlink(missing_ok=True)
    try:
        written = write_draft(draft, pieces)
        # By its own time it is known when to remove it, whatever becomes of the database.
        os.utime(draft, (expires_at.timestamp(),) * 2)
        draft.rename(_path(file))
    finally:
        draft.unlink(missing_ok=True)
    return written


def is_there(file: PreparedFile) -> bool:
    """Whether the content of `file` is there."""
    return _path(file).exists()


def opened(file: PreparedFile) -> BinaryIO | None:
    """The content of `file`, open at its beginning; None if it is not there, or not all of it."""
    try:
        content = _path(file).open("rb")
    except FileNotFoundError:
        return None
    if os.fstat(content.fileno()).st_size != file.size:
        content.close()
        return None
    return content


def remove(file: PreparedFile) -> None:
    """Remove the content of `file`, if it is there."""
    _path(file).unlink(missing_ok=True)


def remove_expired() -> None:
    """Remove the content of all files whose time is over."""
    for path in work_folder().glob("*.prepared"):
        with contextlib.suppress(FileNotFoundError):
            if path.stat().st_mtime <= time.time():
                path.unlink()
