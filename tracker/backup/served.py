"""Whether the application is being served, so that nobody replaces the database under it."""

import contextlib
import fcntl
import os
from collections.abc import Iterator

from django.conf import settings

from tracker.backup.errors import BackupError


@contextlib.contextmanager
def served() -> Iterator[None]:
    """Say during the block, and for as long as a process lives that was forked in it, that this machine serves."""
    handle = _open()
    try:
        fcntl.flock(handle, fcntl.LOCK_SH)
        yield
    finally:
        os.close(handle)


@contextlib.contextmanager
def stopped() -> Iterator[None]:
    """Keep servers from starting during the block; raises BackupError where one runs."""
    handle = _open()
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BackupError("The server is running. Stop it first, then restore.") from None
        yield
    finally:
        os.close(handle)


def _open() -> int:
    return os.open(settings.VAR_DIR / "served.lock", os.O_RDWR | os.O_CREAT, 0o600)
