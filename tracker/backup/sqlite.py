"""Backups of a SQLite database: a copy of its file that SQLite itself makes."""

import contextlib
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import IO

from django.db import connection

from tracker.backup.checksum import MARK, checksum
from tracker.backup.errors import BackupError

SIGNATURE = b"SQLite format 3\0"
DATABASE = "a SQLite database"
BESIDE = ("-wal", "-shm")
"""What the names of the files end with that SQLite keeps beside an open database."""
SEAL_AT, MARK_AT = 60, 68
"""Where a SQLite file has its `user_version` and `application_id`, which are left to applications: a backup has its
checksum and MARK there.
"""


def copy_into(draft: Path) -> dict[str, int]:
    """Copy the database, as it is at one moment, into the empty file `draft`; return its rows by table.

    Others may write meanwhile. Raises BackupError where the copy is not what was copied, or breaks a rule.
    """
    try:
        with _reading(Path(connection.settings_dict["NAME"])) as source:
            # The counts and the copy are of one moment, which others' writing does not move.
            source.execute("BEGIN")
            counts = _rows_by_table(source)
            _copy(source, draft)
        with closing(sqlite3.connect(draft)) as copy:
            copied = _rows_by_table(copy)
    except sqlite3.Error as error:
        raise BackupError(f"The database cannot be read: {error}.") from error
    if counts != copied:
        raise BackupError("The copy does not have the rows of the database.")
    return counts


def migrations_of(file: Path) -> set[tuple[str, str]]:
    """The migrations, as (application, name), that the database in `file` has had."""
    with _reading(file) as database:
        if not database.execute("SELECT 1 FROM sqlite_master WHERE name = 'django_migrations'").fetchone():
            return set()
        return set(database.execute("SELECT app, name FROM django_migrations"))


def require_whole(file: Path) -> None:
    """Raise BackupError where `file` is cut short or damaged."""
    try:
        with _reading(file) as database:
            messages = [row[0] for row in database.execute("PRAGMA integrity_check(5)")]
    except sqlite3.DatabaseError as error:
        messages = [str(error)]
    if messages != ["ok"]:
        raise BackupError(f"{file} is damaged: {'; '.join(messages)}")
    # SQLite notices nothing of a changed letter in a text that no index has.
    with file.open("rb") as opened:
        header = opened.read(MARK_AT + 4)
    if header[MARK_AT:] == MARK and header[SEAL_AT:][:4] != checksum(file, SEAL_AT):
        raise BackupError(
            f"{file} is damaged: it is not as it was written. If it was changed on purpose: "
            f'sqlite3 {file} "PRAGMA application_id = 0"'
        )


def seal(file: Path) -> None:
    """Write into the backup `file`, which nobody has open, that by which changes are noticed."""
    with file.open("r+b") as opened:
        opened.seek(MARK_AT)
        opened.write(MARK)
        opened.flush()
        opened.seek(SEAL_AT)
        opened.write(checksum(file, SEAL_AT))


def keep_present(kept: Path) -> Path | None:
    """Keep the present database, if there is one, as `kept` as well; return that path.

    Raises BackupError where a program has it open. A damaged one is kept as it is, with the files beside it.
    """
    path = Path(connection.settings_dict["NAME"])
    connection.close()
    if not path.exists():
        return None
    _make_one_file(path)
    for suffix in ("", *BESIDE):
        if Path(f"{path}{suffix}").exists():
            draft = Path(f"{kept}{suffix}.part")
            try:
                with open(f"{path}{suffix}", "rb") as old, _for_its_owner(draft) as copy:
                    shutil.copyfileobj(old, copy)
                draft.rename(f"{kept}{suffix}")
            finally:
                # On a full disk it would take the last of the room.
                draft.unlink(missing_ok=True)
    return kept


def own_files() -> set[Path]:
    """The files of the database itself."""
    path = Path(connection.settings_dict["NAME"]).resolve()
    return {path, *(Path(f"{path}{suffix}") for suffix in BESIDE)}


@contextlib.contextmanager
def at_one_moment() -> Iterator[None]:
    """Nothing is needed around a copy, which is of one moment by itself."""
    yield


@contextlib.contextmanager
def bringing_in(file: Path, kept: Path | None) -> Iterator[None]:
    """Let the block see the database in `file` in place of the present one; it takes its place if the block ends well.

    Raises BackupError, leaving everything as it was, where a program has the present database open.
    """
    path = Path(connection.settings_dict["NAME"])
    draft = path.with_name(f".{path.name}.restored")
    try:
        draft.unlink(missing_ok=True)
        with _for_its_owner(draft), _reading(file) as source:
            _copy(source, draft)
        with closing(sqlite3.connect(draft, isolation_level=None)) as database:
            # It is about to change.
            database.execute("PRAGMA application_id = 0")
            database.execute("PRAGMA user_version = 0")
        with proving(draft):
            yield
        if path.exists():
            _make_one_file(path)
        for suffix in BESIDE:
            # The journal of a damaged database would be taken for that of the new one.
            Path(f"{path}{suffix}").unlink(missing_ok=True)
        os.replace(draft, path)
    finally:
        for left in draft.parent.glob(f"{draft.name}*"):
            left.unlink()


@contextlib.contextmanager
def proving(path: Path) -> Iterator[None]:
    """Let Django read and write the SQLite file at `path` during the block; afterwards it is one file again."""
    connection.close()
    kept = connection.settings_dict["NAME"]
    connection.settings_dict["NAME"] = path
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = kept
    _make_one_file(path)


def _for_its_owner(path: Path) -> IO[bytes]:
    """A new file at `path` that nobody else may read, open to be written."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def _copy(source: sqlite3.Connection, draft: Path) -> None:
    with closing(sqlite3.connect(draft)) as target:
        source.backup(target)


def _make_one_file(path: Path) -> None:
    """Bring all that was written to the database at `path` into its file, without another beside it.

    Raises BackupError where a program has it open, which SQLite then refuses; leaves a damaged one alone.
    """
    with closing(sqlite3.connect(path, isolation_level=None, timeout=1)) as database:
        try:
            database.execute("PRAGMA journal_mode = DELETE").fetchone()
        except sqlite3.OperationalError as error:
            raise BackupError(f"{path} is in use: {error}. Stop what uses it first.") from error
        except sqlite3.DatabaseError:
            pass


@contextlib.contextmanager
def _reading(file: Path) -> Iterator[sqlite3.Connection]:
    with closing(
        sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None)
    ) as database:
        yield database


def _rows_by_table(database: sqlite3.Connection) -> dict[str, int]:
    tables = database.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
        " AND sql NOT LIKE 'CREATE VIRTUAL%'"
    )
    names = [name for (name,) in tables]
    return {name: database.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names}
