"""What keeps the database or the disk from working, as told by an error."""

import errno
import sqlite3
from enum import Enum

from django.db import InterfaceError, InternalError, OperationalError


class Outage(Enum):
    """Why nothing can be written, or read, until an operator does something."""

    FULL = "The disk of the server is full."
    READ_ONLY = "The record can only be read at the moment."
    AWAY = "The database does not answer."


_SQLITE = {
    sqlite3.SQLITE_FULL: Outage.FULL,
    sqlite3.SQLITE_READONLY: Outage.READ_ONLY,
    sqlite3.SQLITE_CANTOPEN: Outage.AWAY,
    sqlite3.SQLITE_IOERR: Outage.AWAY,
}
_POSTGRESQL = {"53100": Outage.FULL, "25006": Outage.READ_ONLY}
_CONNECTION_FAILED, _NO_MORE_CONNECTIONS, _SHUT_DOWN = "08", "53300", "57P"
_ERRORS_OF_FILES = {
    errno.ENOSPC: Outage.FULL,
    errno.EDQUOT: Outage.FULL,
    errno.EROFS: Outage.READ_ONLY,
}


def outage_of(error: BaseException | None) -> Outage | None:
    """What `error` says is out of order; None for any other error, such as a lock or a fault of the application.

    The codes are those of SQLite (https://sqlite.org/rescode.html), of PostgreSQL (its appendix A) and of POSIX.
    """
    if isinstance(error, OSError):
        return _ERRORS_OF_FILES.get(error.errno or 0)
    if not isinstance(error, OperationalError | InterfaceError | InternalError):
        return None
    cause = error.__cause__
    if isinstance(cause, sqlite3.Error):
        # The lowest byte is the error itself; the others say in which situation.
        return _SQLITE.get((getattr(cause, "sqlite_errorcode", None) or 0) & 0xFF)
    state = getattr(cause, "sqlstate", None)
    if state is None:
        return None if isinstance(error, InternalError) else Outage.AWAY
    if state == _NO_MORE_CONNECTIONS or state.startswith((_CONNECTION_FAILED, _SHUT_DOWN)):
        return Outage.AWAY
    return _POSTGRESQL.get(state)
