"""Backups of a PostgreSQL database, with the programs pg_dump, pg_restore and psql."""

import contextlib
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from django.db import connection, transaction
from psycopg import sql
from psycopg.pq import Conninfo

from tracker.backup.checksum import MARK, checksum
from tracker.backup.errors import BackupError

SIGNATURE = b"PGDMP"
DATABASE = "a PostgreSQL database"
BEGINS, ENDS = re.compile(rb'COPY [^. ]+\."?([^" ]+)"? .*FROM stdin;$'), b"\\.\n"
"""The lines before and after the rows of a table."""


def copy_into(draft: Path) -> dict[str, int]:
    """Dump the database, as it is at this moment of the transaction around, into `draft`; return its rows by table.

    Raises BackupError where pg_dump fails, or the dump does not have the rows of the database.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_export_snapshot()")
        (snapshot,) = cursor.fetchone()
    counts = _rows_by_table()
    options = ["--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}"]
    _run("pg_dump", *options, f"--file={draft}")
    if counts != _rows_in(draft):
        raise BackupError("The dump does not have the rows of the database.")
    return counts


def own_files() -> set[Path]:
    """None: the database is the server's."""
    return set()


@contextlib.contextmanager
def proving(draft: Path) -> Iterator[None]:
    """Let the block check what was dumped: what is read in the transaction around is of the same moment."""
    yield


def migrations_of(file: Path) -> set[tuple[str, str]]:
    """The migrations, as (application, name), that the database in `file` has had."""
    options = ["--data-only", "--table=django_migrations", "--file=-", str(file)]
    with _started("pg_restore", *options, stdout=subprocess.PIPE) as restored:
        rows = [line.decode().split("\t") for line in restored.stdout if line.count(b"\t") == 3]
    return {(application, name) for _, application, name, _ in rows}


def require_whole(file: Path) -> None:
    """Raise BackupError where `file` is cut short or damaged."""
    try:
        _run("pg_restore", "--file=/dev/null", str(file))
    except BackupError as error:
        raise BackupError(f"{file} is damaged. {error}") from error
    # Only the rows have checksums of pg_dump, and not what the tables are like.
    seal_at = file.stat().st_size - 4
    with file.open("rb") as opened:
        opened.seek(seal_at - len(MARK))
        mark, found = opened.read(len(MARK)), opened.read()
    if mark == MARK and found != checksum(file, seal_at):
        raise BackupError(f"{file} is damaged: it is not as it was written.")


def seal(file: Path) -> None:
    """Write behind the end of the backup `file`, which pg_restore passes over, that by which changes are noticed."""
    size = file.stat().st_size
    with file.open("ab") as opened:
        opened.write(MARK)
        opened.flush()
        opened.write(checksum(file, size + len(MARK)))


def keep_present(kept: Path) -> Path | None:
    """Dump the present database, if there is one, into the file `kept`; raises BackupError where that fails."""
    if not connection.introspection.table_names():
        return None
    draft = Path(f"{kept}.part")
    try:
        os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        _run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={draft}")
        draft.rename(kept)
    finally:
        draft.unlink(missing_ok=True)
    return kept


@contextlib.contextmanager
def bringing_in(file: Path, kept: Path | None) -> Iterator[None]:
    """Replace the present database by that in `file`, all of it or nothing; run the block, and if it fails bring back
    what is `kept`.

    Raises BackupError where programs are connected to the database, or a line of the dump fails.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
        )
        (others,) = cursor.fetchone()
    if others:
        raise BackupError(f"{others} connections to the database are open. Stop what uses it first.")
    _replace_by(file)
    try:
        yield
    except BaseException as error:
        if kept is None:
            raise BackupError(
                f"What was there before was discarded, and the backup cannot be used: {error}"
            ) from error
        _replace_by(kept)
        raise


def _replace_by(file: Path) -> None:
    beginning = _drop_tables()
    connection.close()
    restore = ["pg_restore", "--clean", "--if-exists", "--no-owner", "--no-privileges", "--file=-", str(file)]
    write = ["psql", "--quiet", "--no-psqlrc", "--set=ON_ERROR_STOP=1"]
    with (
        _started(*write, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL) as script,
        contextlib.suppress(BrokenPipeError),
        script.stdin,
    ):
        script.stdin.write(b"BEGIN;\n" + beginning)
        with _started(*restore, stdout=subprocess.PIPE) as lines:
            shutil.copyfileobj(lines.stdout, script.stdin)
        # Whatever ends before this line, this process too, leaves the database as it was.
        script.stdin.write(b"COMMIT;\n")


@contextlib.contextmanager
def at_one_moment() -> Iterator[None]:
    """Let all that the block reads be of the moment at which it first reads."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield


def _drop_tables() -> bytes:
    """SQL that drops every table; a later release may have some that a dump does not know of."""
    tables = [sql.Identifier(name) for name in connection.introspection.table_names()]
    if not tables:
        return b""
    statement = sql.SQL("DROP TABLE IF EXISTS {} CASCADE;\n").format(sql.SQL(", ").join(tables))
    return statement.as_string(connection.connection).encode()


def _rows_by_table() -> dict[str, int]:
    counts = {}
    with connection.cursor() as cursor:
        for name in connection.introspection.table_names():
            cursor.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(name)))
            counts[name] = cursor.fetchone()[0]
    return counts


def _rows_in(file: Path) -> dict[str, int]:
    """The rows of each table in the dump `file`, counted in what a restore would write."""
    counts: dict[str, int] = {}
    table = None
    with _started("pg_restore", "--data-only", "--file=-", str(file), stdout=subprocess.PIPE) as restored:
        for line in restored.stdout:
            if table is None:
                if begins := BEGINS.match(line):
                    table = begins[1].decode()
                    counts[table] = 0
            elif line == ENDS:
                table = None
            else:
                counts[table] += 1
    return counts


@contextlib.contextmanager
def _started(program: str, *arguments: str, **streams: int) -> Iterator[subprocess.Popen]:
    """Run a program of PostgreSQL beside the block; raises BackupError if it cannot be run, or fails."""
    with tempfile.TemporaryFile() as complaints:
        try:
            process = subprocess.Popen(
                [program, *arguments], env=_environment(), stderr=complaints, **streams
            )
        except FileNotFoundError:
            raise BackupError(f"{program} is missing (on Debian: apt install postgresql-client).") from None
        with process:
            yield process
        complaints.seek(0)
        if process.returncode:
            raise BackupError(f"{program} failed: {complaints.read().decode(errors='replace').strip()}")


def _run(program: str, *arguments: str) -> None:
    with _started(program, *arguments):
        pass


def _environment() -> dict[str, str]:
    """What tells the programs of PostgreSQL which database Django uses, out of sight of other users."""
    variables = {option.keyword.decode(): option.envvar for option in Conninfo.get_defaults()}
    given = connection.get_connection_params()
    return os.environ | {
        envvar.decode(): str(given[keyword])
        for keyword, envvar in variables.items()
        if envvar and given.get(keyword) is not None
    }
