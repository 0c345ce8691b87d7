"""Who is writing: the write lock of the database, announcements of long writes, and locks on work in the background."""

import contextlib
import datetime as dt
import fcntl
import json
import os
import secrets
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import OperationalError, connection

PATIENCE = 5
"""Seconds that a page waits: an ordinary save takes a tenth of one, so whoever still writes then writes for long."""
IN_BACKGROUND = 600
"""Seconds that work waits in the background, where nobody waits for it: as long as other such work may take."""
SECONDS_EACH = 0.004
"""How long SQLite is locked for each record that is written or changed on its own, at most, as decision 30 measured."""
LOCK_NOT_AVAILABLE, DEADLOCK_DETECTED = "55P03", "40P01"


def is_locked_out(error: Exception) -> bool:
    """Whether `error` says that others hold a lock, and nothing else."""
    if not isinstance(error, OperationalError):
        return False
    cause = error.__cause__
    # The lowest byte is the error itself; the others say in which situation.
    sqlite_code = (getattr(cause, "sqlite_errorcode", None) or 0) & 0xFF
    return sqlite_code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED) or getattr(
        cause, "sqlstate", None
    ) in (
        LOCK_NOT_AVAILABLE,
        DEADLOCK_DETECTED,
    )


def wait_briefly(connection, **signal) -> None:
    """Let a new connection wait no longer than PATIENCE; for the processes that answer pages."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"PRAGMA busy_timeout = {PATIENCE * 1000}")
        else:
            cursor.execute(f"SET lock_timeout = {PATIENCE * 1000}")


def wait_in_turn() -> None:
    """Let work in the background wait IN_BACKGROUND for the write lock of SQLite, rather than fail."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA busy_timeout = {IN_BACKGROUND * 1000}")


@contextlib.contextmanager
def unless_locked() -> Iterator[None]:
    """Leave out what the block writes where another process is writing on SQLite, rather than wait or fail.

    For marginal notes such as the day on which a token was last used.
    """
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        yield
        return
    connection.ensure_connection()
    driver = connection.connection
    (waits,) = driver.execute("PRAGMA busy_timeout").fetchone()
    driver.execute("PRAGMA busy_timeout = 0")
    try:
        yield
    except OperationalError as error:
        if not is_locked_out(error):
            raise
    finally:
        driver.execute(f"PRAGMA busy_timeout = {waits}")


@dataclass(frozen=True)
class LongWrite:
    """A command or an import that may hold the lock for minutes."""

    what: str
    """In words that everybody may read, such as: load_mend."""
    import_ref: str
    """The import or job that it is, or empty: what an import is called is told only to those who may read it."""
    since: dt.datetime


@contextlib.contextmanager
def announced(what: str, import_ref: str = "") -> Iterator[None]:
    """Announce a long write while the block lasts; the announcement ends with the process, however that ends."""
    content = {"what": what, "import_ref": import_ref, "since": dt.datetime.now(dt.UTC).isoformat()}
    path = _folder() / f"{os.getpid()}-{secrets.token_hex(4)}.json"
    draft = path.with_suffix(".draft")
    with draft.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        json.dump(content, file)
        file.flush()
        # Readers take what nobody holds for left over, so they see the file only now.
        draft.rename(path)
        try:
            yield
        finally:
            path.unlink(missing_ok=True)


def long_writes() -> list[LongWrite]:
    """The long writes that are under way on this machine, the oldest first."""
    writes = []
    for path in _folder().glob("*.json"):
        with contextlib.suppress(FileNotFoundError), path.open() as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                content = json.load(file)
                writes.append(LongWrite(**content | {"since": dt.datetime.fromisoformat(content["since"])}))
            else:
                path.unlink(missing_ok=True)
    return sorted(writes, key=lambda write: write.since)


def _folder() -> Path:
    path = Path(settings.VAR_DIR) / "writing"
    path.mkdir(mode=0o700, exist_ok=True)
    return path


class Busy(Exception):
    """Raised if another process is at the work."""


def work_folder() -> Path:
    """The folder of uploads and of the locks on background work, which all servers of an installation must share."""
    path = Path(settings.UPLOAD_DIR)
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def _work_lock(ref: str) -> Path:
    return work_folder() / f"{ref}.progress"


def hold(ref: str) -> int:
    """Lock the work `ref`, and return the open file descriptor, which a child may inherit; raises Busy if it is locked.

    The operating system releases the lock when the last process that has the file open ends.
    """
    handle = os.open(_work_lock(ref), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        raise Busy from None
    return handle


@contextlib.contextmanager
def holding(ref: str, held: int | None = None, what: str = "") -> Iterator[int]:
    """Lock the work `ref` during the block, with the inherited file descriptor `held` if given; yields the descriptor.

    Where `what` says what it is, as in LongWrite, it is announced. Raises Busy if another process has the lock.
    """
    handle = hold(ref) if held is None else held
    try:
        with announced(what, ref) if what else contextlib.nullcontext():
            yield handle
        with contextlib.suppress(FileNotFoundError):
            _work_lock(ref).unlink()
    finally:
        os.close(handle)


def is_held(ref: str) -> bool:
    """Whether a process is at the work `ref`."""
    try:
        handle = os.open(_work_lock(ref), os.O_RDWR)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(handle)
    return False


def publish(handle: int, done: int) -> None:
    """Publish, for `done`, how many rows or records are finished by the process that has the lock `handle`."""
    os.pwrite(handle, f"{done:<20}".encode(), 0)


def rows_done(ref: str) -> int:
    """The last published number of finished rows or records."""
    try:
        return int(_work_lock(ref).read_text())
    # Nothing is published yet, or no longer.
    except (ValueError, FileNotFoundError):
        return 0
