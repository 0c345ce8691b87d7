"""What makes a backup and brings one back, whatever the database."""

import io
import os
import re
import tempfile
import time
from pathlib import Path

from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from tracker.backup import postgresql, sqlite
from tracker.backup.errors import BackupError
from tracker.backup.served import stopped

A_DAY = 24 * 3600
OF_MKSTEMP = r"[a-z0-9_]{8}(-wal|-shm|-journal)?"
"""What `tempfile` adds to the name of a draft, and SQLite to that of a database which it has open."""
KINDS = {"sqlite": sqlite, "postgresql": postgresql}


def back_up(file: Path, anyway: bool = False) -> str:
    """Write the whole database to `file`, for its owner alone to read; return what was proved of it, in a sentence.

    The file has its name only when it is whole and proved; one of that name before is then replaced. Kept `anyway`, it
    may hold a record that does not follow its rules. Raises BackupError where it cannot be made or proved.
    """
    if not file.parent.is_dir():
        raise BackupError(f"There is no folder {file.parent}.")
    if file.exists() and not file.is_file():
        raise BackupError(f"{file} is not a file.")
    kind = KINDS[connection.vendor]
    if file.resolve() in kind.own_files():
        raise BackupError(f"{file} is the database itself.")
    _sweep(file)
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    os.close(handle)
    draft = Path(name)
    try:
        with kind.at_one_moment():
            counts = kind.copy_into(draft)
            with kind.proving(draft):
                checked = _checked(anyway)
        kind.require_whole(draft)
        kind.seal(draft)
        with draft.open("rb") as written:
            os.fsync(written.fileno())
        os.replace(draft, file)
    finally:
        for left in _drafts(file):
            if left.name.startswith(draft.name):
                left.unlink()
    return f"{sum(counts.values()):,} rows of {len(counts)} tables. {checked}"


def restore(file: Path, kept: Path | None, anyway: bool = False) -> tuple[str, Path | None]:
    """Replace the database by the backup `file`; return what was proved of it, and where the old one is kept.

    It is kept as `kept` unless that is None. Restored `anyway`, the record may not follow its rules. Raises
    BackupError, with everything as it was, where `file` is not a whole backup of this kind of database and of this
    release or an earlier one, or where the server runs.
    """
    kind = KINDS[connection.vendor]
    _require_kind(file, kind)
    kind.require_whole(file)
    _require_known(kind.migrations_of(file))
    with stopped():
        old = kind.keep_present(kept) if kept else None
        with kind.bringing_in(file, old):
            call_command("migrate", verbosity=0, interactive=False)
            checked = _checked(anyway)
    return checked, old


def _require_kind(file: Path, kind) -> None:
    try:
        with file.open("rb") as opened:
            beginning = opened.read(16)
    except OSError as error:
        raise BackupError(f"{file} cannot be read: {error.strerror}.") from error
    for other in KINDS.values():
        if beginning.startswith(other.SIGNATURE):
            if other is kind:
                return
            raise BackupError(
                f"{file} is of {other.DATABASE}, and this installation has {kind.DATABASE}. "
                "To move between the two, use a data package: export_package there, import_package here."
            )
    raise BackupError(f"{file} is not a backup.")


def _require_known(applied: set[tuple[str, str]]) -> None:
    known = MigrationLoader(None, ignore_no_migrations=True).disk_migrations.keys()
    if later := sorted(name for application, name in applied - known if application == "tracker"):
        raise BackupError(f"The backup is of a later release, which has {later[-1]}: upgrade first.")
    if not any(application == "tracker" for application, _ in applied):
        raise BackupError("The backup has no record in it.")


def _sweep(file: Path) -> None:
    """Delete what backups to `file` left that were killed more than a day ago."""
    for left in _drafts(file):
        if left.stat().st_mtime < time.time() - A_DAY:
            left.unlink()


def _drafts(file: Path) -> list[Path]:
    """The drafts of `file` that there are, and what SQLite keeps beside them."""
    named = re.compile(rf"\.{re.escape(file.name)}\.{OF_MKSTEMP}")
    return [path for path in file.parent.iterdir() if named.fullmatch(path.name) and path.is_file()]


def _checked(anyway: bool = False) -> str:
    """What check_standing says of the database; raises BackupError where it finds anything wrong, unless `anyway`."""
    said = io.StringIO()
    try:
        call_command("check_standing", stdout=said)
    except CommandError as error:
        if not anyway:
            raise BackupError(f"{said.getvalue()}{error}") from error
        return f"{said.getvalue()}{error} It was kept all the same."
    return said.getvalue().strip()
